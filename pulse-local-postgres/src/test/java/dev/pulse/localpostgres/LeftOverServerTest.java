package dev.pulse.localpostgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a start finds after a Pulse, a server, or both were killed with -9. */
class LeftOverServerTest {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final Waits WAITS = new Waits(System::nanoTime);

    @TempDir
    Path temporary;

    private Path data;

    @BeforeEach
    void folder() throws IOException {
        // The real path, because a pid file is compared with the real one.
        data = temporary.toRealPath().resolve("data");
        Folders.made(data);
    }

    @Test
    void aServerDiesWithItsPulseAndTheDataOutlivesBoth() throws IOException {
        long postmaster;
        try (ChildJvm pulse = ChildJvm.Plan.of(data, Folders.CACHE).start()) {
            postmaster = pulse.postmasterPid();
            Sql.run(pulse.url(), "create table kept as select 42 as answer");
            pulse.kill();
        }
        if (Commands.find("setpriv").isPresent()) {
            assertThat(WAITS.until(LIMIT, () -> !OsProcesses.alive(postmaster)))
                    .as("the server is gone within " + LIMIT)
                    .isTrue();
        }
        assertKept();
    }

    @Test
    void aServerThatOutlivedItsPulseIsStoppedAndItsDataKept() throws IOException {
        // Without setpriv on the path the kernel is not asked to end the server, as on macOS.
        Path programs = ChildJvm.programs(temporary.resolve("programs"), "unshare", "id");
        long postmaster;
        try (ChildJvm pulse =
                ChildJvm.Plan.of(data, Folders.CACHE).withPrograms(programs).start()) {
            postmaster = pulse.postmasterPid();
            Sql.run(pulse.url(), "create table kept as select 42 as answer");
            pulse.kill();
        }
        assertThat(OsProcesses.isPostmasterOf(postmaster, data.resolve("pgdata")))
                .as("the server outlived its Pulse")
                .isTrue();

        assertKept();
        assertThat(OsProcesses.alive(postmaster)).isFalse();
    }

    @Test
    void aServerKilledTogetherWithItsPulseRecovers() throws IOException {
        Path programs = ChildJvm.programs(temporary.resolve("programs"), "unshare", "id");
        try (ChildJvm pulse =
                ChildJvm.Plan.of(data, Folders.CACHE).withPrograms(programs).start()) {
            Sql.run(pulse.url(), "create table kept as select 42 as answer");
            pulse.kill();
            OsProcesses.signal("KILL", pulse.postmasterPid());
        }
        assertThat(data.resolve("pgdata/postmaster.pid")).exists();
        assertKept();
    }

    @Test
    void aZombieOrAStrangerInThePidFileDoesNotStopTheStart() throws IOException {
        Process parent = new ProcessBuilder("/bin/sh", "-c", "sleep 0 & echo $!; exec sleep 1000").start();
        try (BufferedReader output = parent.inputReader(StandardCharsets.UTF_8)) {
            long zombie = Long.parseLong(String.valueOf(output.readLine()));
            assertThat(WAITS.until(LIMIT, () -> !OsProcesses.alive(zombie))).isTrue();
            assertThat(ProcessHandle.of(zombie))
                    .as("a zombie still has its pid")
                    .isPresent();
            for (long pid :
                    new long[] {zombie, parent.pid(), ProcessHandle.current().pid()}) {
                Files.writeString(
                        data.resolve("pgdata/postmaster.pid"), pid + "\n" + data + "/pgdata\n1\n5432\n\n127.0.0.1\n");
                LocalPostgres.start(LocalPostgresConfig.in(data)).close();
            }
            assertThat(parent.isAlive()).as("strangers are left alone").isTrue();
        } finally {
            parent.destroyForcibly();
        }
    }

    @Test
    void aServerOnAnotherFolderIsNoneOfOurs() {
        LocalPostgres other = SharedPostgres.server();
        assertThat(OsProcesses.isPostmasterOf(other.postmasterPid(), data.resolve("pgdata")))
                .isFalse();
    }

    @Test
    void anInterruptFromTheTerminalReachesPulseFirstAndItsServerLast() throws IOException {
        try (ChildJvm pulse = ChildJvm.Plan.of(data, Folders.CACHE)
                .behind("setsid", "env", "--default-signal=INT") // a job in the background would ignore it
                .start()) {
            assertThat(pulse.postmasterPid()).isPositive();
            pulse.signalGroup("INT");
        }
        try (LocalPostgres next = LocalPostgres.start(LocalPostgresConfig.in(data))) {
            assertThat(Sql.get(next.jdbcUrl(), "select count(*) from pg_tables where tablename = 'drained'"))
                    .as("the ending Pulse could still write")
                    .isEqualTo("1");
        }
    }

    private void assertKept() {
        try (LocalPostgres next = LocalPostgres.start(LocalPostgresConfig.in(data))) {
            assertThat(Sql.get(next.jdbcUrl(), "select answer from kept")).isEqualTo("42");
        }
    }
}
