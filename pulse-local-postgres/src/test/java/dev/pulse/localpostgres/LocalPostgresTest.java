package dev.pulse.localpostgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One server in this JVM: what it is like while it runs, what it refuses, what it leaves behind. */
class LocalPostgresTest {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final Waits WAITS = new Waits(System::nanoTime);

    @TempDir
    Path temporary;

    @Test
    void dataIsKeptBetweenStartsAlsoInAFolderWithSpaces() {
        LocalPostgresConfig config = LocalPostgresConfig.in(temporary.resolve("a folder/of mine"));
        try (LocalPostgres first = LocalPostgres.start(config)) {
            Sql.run(first.jdbcUrl(), "create table kept as select 42 as answer");
        }
        try (LocalPostgres second = LocalPostgres.start(config)) {
            assertThat(Sql.get(second.jdbcUrl(), "select answer from kept")).isEqualTo("42");
        }
    }

    @Test
    void aRunningServerIsDurablePrivateAndTunable() throws IOException {
        LocalPostgresConfig config =
                LocalPostgresConfig.in(temporary.resolve("data")).withSettings(Map.of("work_mem", "7MB"));
        try (LocalPostgres server = LocalPostgres.start(config)) {
            String url = server.jdbcUrl();
            for (String setting : new String[] {"fsync", "synchronous_commit", "full_page_writes", "data_checksums"}) {
                assertThat(Sql.get(url, "show " + setting)).as(setting).isEqualTo("on");
            }
            assertThat(Sql.get(url, "show listen_addresses")).isEqualTo("127.0.0.1");
            assertThat(Sql.get(url, "show unix_socket_directories")).isEmpty();
            assertThat(Sql.get(url, "show password_encryption")).isEqualTo("scram-sha-256");
            assertThat(Sql.get(url, "show work_mem")).isEqualTo("7MB");
            assertThat(Sql.get(url, "show server_encoding")).isEqualTo("UTF8");
            assertThat(Sql.get(url, "show max_connections")).isEqualTo("200");

            assertThat(modeOf("data/password")).isEqualTo("rw-------");
            assertThat(modeOf("data/pgdata")).isEqualTo("rwx------");
            String stranger = url.substring(0, url.indexOf("&password="));
            assertThatThrownBy(() -> DriverManager.getConnection(stranger + "&password=guess"))
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("password authentication failed");
        }
    }

    @Test
    void databasesAreMadeCopiedAndDroppedWhateverTheirNames() throws SQLException {
        LocalPostgres server = SharedPostgres.server();
        server.createDatabase("odd \"name\" ä");
        Sql.run(server.jdbcUrl("odd \"name\" ä"), "create table seed as select 'grown' as state");
        server.createDatabase("copy", "odd \"name\" ä");
        assertThat(Sql.get(server.jdbcUrl("copy"), "select state from seed")).isEqualTo("grown");

        try (Connection user = DriverManager.getConnection(server.jdbcUrl("copy"))) {
            server.dropDatabase("copy");
            assertThat(user.isValid(10)).isFalse();
        }
        assertThat(Sql.answers(server.jdbcUrl("copy"))).isFalse();
        assertThatThrownBy(() -> server.createDatabase("odd \"name\" ä"))
                .isInstanceOf(LocalPostgresException.class)
                .hasMessageContaining("already exists");
        server.dropDatabase("odd \"name\" ä");
    }

    @Test
    void closeStopsTheServerAndMayBeRepeated() throws IOException {
        LocalPostgres server = LocalPostgres.start(Folders.made(temporary.resolve("data")));
        long pid = server.postmasterPid();
        assertThat(OsProcesses.alive(pid)).isTrue();

        server.close();
        server.close();

        assertThat(OsProcesses.alive(pid)).isFalse();
        assertThat(temporary.resolve("data/pgdata/postmaster.pid")).doesNotExist();
    }

    @Test
    void closeOnAnInterruptedThreadStillStopsTheServer() throws IOException {
        LocalPostgres server = LocalPostgres.start(Folders.made(temporary.resolve("data")));
        long pid = server.postmasterPid();

        Thread.currentThread().interrupt();
        server.close();

        assertThat(Thread.interrupted()).isTrue();
        assertThat(OsProcesses.alive(pid)).isFalse();
        assertThat(temporary.resolve("data/pgdata/postmaster.pid")).doesNotExist();
    }

    @Test
    void aKilledServerComesBackOnItsPortWithAllThatWasCommitted() throws IOException {
        try (LocalPostgres server = LocalPostgres.start(Folders.made(temporary.resolve("data")))) {
            long killed = server.postmasterPid();
            Sql.run(server.jdbcUrl(), "create table kept as select 42 as answer");

            OsProcesses.signal("KILL", killed);

            assertThat(WAITS.until(LIMIT, () -> server.postmasterPid() != killed && Sql.answers(server.jdbcUrl())))
                    .as("the server is back within " + LIMIT)
                    .isTrue();
            assertThat(Sql.get(server.jdbcUrl(), "select answer from kept")).isEqualTo("42");
        }
    }

    @Test
    void aSecondStartOnTheSameFolderIsRefusedAndLeavesTheFirstItsLock() throws IOException {
        Path data = temporary.resolve("data");
        try (LocalPostgres first = LocalPostgres.start(Folders.made(data))) {
            assertThatThrownBy(() -> LocalPostgres.start(LocalPostgresConfig.in(data)))
                    .isInstanceOf(LocalPostgresException.class)
                    .hasMessageContainingAll(
                            data.toString(), "pid " + ProcessHandle.current().pid(), "PULSE_DATA_DIR");

            // The refused start must not have dropped the operating system's lock: another process still sees it.
            try (ChildJvm other = ChildJvm.Plan.of(data, Folders.CACHE).start()) {
                assertThat(other.greeting())
                        .startsWith("failed The data folder " + data + " is in use by another Pulse (pid "
                                + ProcessHandle.current().pid() + ").");
            }
            assertThat(Sql.answers(first.jdbcUrl())).isTrue();
        }
    }

    @Test
    void aTakenPortIsNamed() throws IOException {
        LocalPostgresConfig config = Folders.made(temporary.resolve("data"));
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByAddress(new byte[] {127, 0, 0, 1}))) {
            int port = taken.getLocalPort();
            assertThatThrownBy(() -> LocalPostgres.start(config.withPort(port)))
                    .isInstanceOf(LocalPostgresException.class)
                    .hasMessageContaining("Port " + port + " on 127.0.0.1");
        }
        // The refusal left nothing behind that would be in the way of the next start.
        try (LocalPostgres server = LocalPostgres.start(config)) {
            assertThat(Sql.answers(server.jdbcUrl())).isTrue();
        }
    }

    @Test
    void aGivenPortIsUsed() throws IOException {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getByAddress(new byte[] {127, 0, 0, 1}))) {
            port = free.getLocalPort();
        }
        LocalPostgresConfig config = Folders.made(temporary.resolve("data")).withPort(port);
        try (LocalPostgres server = LocalPostgres.start(config)) {
            assertThat(server.port()).isEqualTo(port);
            assertThat(server.jdbcUrl()).startsWith("jdbc:postgresql://127.0.0.1:" + port + "/pulse?user=");
        }
    }

    @Test
    void dataOfAnotherMajorVersionIsRefusedUntouched() throws IOException {
        LocalPostgresConfig config = Folders.made(temporary.resolve("data"));
        LocalPostgres.start(config).close();
        Path version = temporary.resolve("data/pgdata/PG_VERSION");
        Files.writeString(version, "12\n");

        assertThatThrownBy(() -> LocalPostgres.start(config))
                .isInstanceOf(LocalPostgresException.class)
                .hasMessageContainingAll("written by PostgreSQL 12", "data/pgdata", "PULSE_DATA_DIR");
        assertThat(version).hasContent("12");
    }

    @Test
    void aFolderThatHoldsSomethingElseIsRefused() throws IOException {
        Files.createDirectories(temporary.resolve("data/pgdata/photos"));
        assertThatThrownBy(() -> LocalPostgres.start(LocalPostgresConfig.in(temporary.resolve("data"))))
                .isInstanceOf(LocalPostgresException.class)
                .hasMessageContaining("is not a PostgreSQL data folder");
    }

    @Test
    void aFolderThatCannotBeWrittenIsNamed() throws IOException {
        Path file = Files.createFile(temporary.resolve("file"));
        for (Path impossible : new Path[] {file, file.resolve("below"), Path.of("/proc/pulse")}) {
            assertThatThrownBy(() -> LocalPostgres.start(LocalPostgresConfig.in(impossible)))
                    .isInstanceOf(LocalPostgresException.class)
                    .hasMessageContainingAll("Cannot keep data in " + impossible, "PULSE_DATA_DIR");
        }
    }

    @Test
    void aServerThatEndsWhileStartingIsQuoted() throws IOException {
        LocalPostgresConfig config =
                Folders.made(temporary.resolve("data")).withSettings(Map.of("shared_buffers", "plenty"));
        assertThatThrownBy(() -> LocalPostgres.start(config))
                .isInstanceOf(LocalPostgresException.class)
                .hasMessageContainingAll("ended while starting", "postgres.log", "shared_buffers", "plenty");
    }

    @Test
    void whatAKilledInitdbLeftIsReplaced() throws IOException {
        Files.createDirectories(temporary.resolve("data/pgdata.new/base"));
        Files.writeString(temporary.resolve("data/pgdata.new/PG_VERSION"), "18\n");
        Files.writeString(temporary.resolve("data/password.new"), "half");

        try (LocalPostgres server = LocalPostgres.start(LocalPostgresConfig.in(temporary.resolve("data")))) {
            assertThat(Sql.answers(server.jdbcUrl())).isTrue();
            assertThat(temporary.resolve("data/pgdata.new")).doesNotExist();
        }
    }

    @Test
    void aLostPasswordIsExplained() throws IOException {
        LocalPostgresConfig config = Folders.made(temporary.resolve("data"));
        LocalPostgres.start(config).close();
        Files.delete(temporary.resolve("data/password"));

        assertThatThrownBy(() -> LocalPostgres.start(config))
                .isInstanceOf(LocalPostgresException.class)
                .hasMessageContainingAll("Cannot read the database password", "data/password");
        assertThat(temporary.resolve("data/pgdata/postmaster.pid")).doesNotExist();
    }

    private String modeOf(String path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(temporary.resolve(path)));
    }
}
