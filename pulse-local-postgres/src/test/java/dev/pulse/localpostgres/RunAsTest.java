package dev.pulse.localpostgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Every way of running the server that the user of this test run has: root has several, and can also be an ordinary
 * user for a while; an ordinary user has one.
 */
class RunAsTest {
    private static final String NOBODY = "65534";

    private static Path cache;

    private Path root;

    @BeforeAll
    static void sharedCache() throws IOException {
        cache = Folders.open("run-as-cache");
    }

    @AfterAll
    static void removeCache() {
        BinariesCache.remove(cache);
    }

    @BeforeEach
    void folder() throws IOException {
        root = Folders.open("run-as");
    }

    @AfterEach
    void remove() {
        BinariesCache.remove(root);
    }

    @Test
    void anOrdinaryUserStartsKeepsAndStops() throws IOException {
        Path home = Files.createDirectory(root.resolve("home"));
        ChildJvm.Plan plan = ChildJvm.Plan.of(home.resolve("data"), home.resolve("cache"));
        if (Folders.isRoot()) {
            give(home, NOBODY);
            plan = plan.withClassPath(ChildJvm.readableClassPath(Files.createDirectory(root.resolve("classes"))))
                    .behind("setpriv", "--reuid=" + NOBODY, "--regid=" + NOBODY, "--clear-groups");
        }
        assertKeepsData(plan, plan);
    }

    @Test
    void rootWithoutUserNamespacesUsesASystemUser() throws IOException {
        Path programs = ChildJvm.programs(root.resolve("programs"), "setpriv", "setsid", "id", "chown");
        ChildJvm.Plan plan = ChildJvm.Plan.of(root.resolve("data"), cache);
        assertKeepsData(plan.withPrograms(programs), plan.withPrograms(programs));
        assertThat(ownerOf(root.resolve("data/pgdata"))).isEqualTo(Folders.isRoot() ? systemUser() : ownerOf(root));
    }

    @Test
    void theSystemUserReachesFoldersThatOnlyRootMayPass() throws IOException {
        Path programs = ChildJvm.programs(root.resolve("programs"), "setpriv", "setsid", "id", "chown");
        Path closed = Files.createDirectory(
                root.resolve("closed"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        ChildJvm.Plan plan = ChildJvm.Plan.of(closed.resolve("data"), closed.resolve("cache"));
        assertKeepsData(plan.withPrograms(programs), plan.withPrograms(programs));
    }

    @Test
    void dataChangesHandsWhenRootsWayChanges() throws IOException {
        Path programs = ChildJvm.programs(root.resolve("programs"), "setpriv", "setsid", "id", "chown");
        ChildJvm.Plan all = ChildJvm.Plan.of(root.resolve("data"), cache);
        assertKeepsData(all, all.withPrograms(programs));
        assertKeepsData(all.withPrograms(programs), all);
    }

    @Test
    void rootWithoutAnyWayIsToldWhatToDo() throws IOException {
        Path programs = ChildJvm.programs(root.resolve("programs"), "id");
        try (ChildJvm pulse = ChildJvm.Plan.of(root.resolve("data"), cache)
                .withPrograms(programs)
                .start()) {
            assertThat(pulse.greeting())
                    .startsWith(Folders.isRoot() ? "failed PostgreSQL does not run as root" : "up ");
        }
    }

    private static void assertKeepsData(ChildJvm.Plan first, ChildJvm.Plan second) throws IOException {
        try (ChildJvm pulse = first.start()) {
            Sql.run(pulse.url(), "drop table if exists kept");
            Sql.run(pulse.url(), "create table kept as select 42 as answer");
        }
        try (ChildJvm pulse = second.start()) {
            assertThat(Sql.get(pulse.url(), "select answer from kept")).isEqualTo("42");
            pulse.kill();
            long postmaster = pulse.postmasterPid();
            assertThat(new Waits(System::nanoTime).until(Duration.ofSeconds(60), () -> !OsProcesses.alive(postmaster)))
                    .as("the server dies with its Pulse, whatever user it runs as")
                    .isTrue();
        }
    }

    private static void give(Path path, String user) {
        Commands.Result changed =
                Commands.run(Duration.ofSeconds(10), List.of("chown", user + ":" + user, path.toString()));
        assertThat(changed.ok()).as(changed.output()).isTrue();
    }

    private static int ownerOf(Path path) throws IOException {
        return (Integer) Files.getAttribute(path, "unix:uid");
    }

    private static int systemUser() throws IOException {
        String wanted = Files.readString(Path.of("/etc/passwd")).contains("\npostgres:") ? "postgres:" : "nobody:";
        return Files.readAllLines(Path.of("/etc/passwd")).stream()
                .filter(line -> line.startsWith(wanted))
                .map(line -> Integer.parseInt(line.split(":", -1)[2]))
                .findFirst()
                .orElseThrow();
    }
}
