package dev.pulse.localpostgres;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

/**
 * A pgbouncer in transaction mode before a server, for tests: each transaction may run on another server connection, and
 * nothing that is set outside one can be relied on. The program is the machine's own ({@code apt-get install pgbouncer});
 * the configuration is made here, with as few server connections as make their changing sure. One thread at a time.
 */
final class Pgbouncer implements AutoCloseable {
    private static final Duration STARTS_WITHIN = Duration.ofSeconds(30);
    private static final Duration STOPS_WITHIN = Duration.ofSeconds(10);
    private static final Duration LOOK = Duration.ofMillis(20);
    private static final String DEBIAN_FOLDER = "/usr/sbin/pgbouncer";

    private final Process process;
    private final int port;

    private Pgbouncer(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    /**
     * Starts one.
     *
     * @param folder an empty folder for its configuration and its log
     * @param password of the server's superuser, who may look up the others'
     */
    static Pgbouncer start(Path folder, int serverPort, String password, LongSupplier ticker) {
        try {
            int port = freePort();
            Path configuration = write(folder, serverPort, port, password);
            ProcessBuilder command = new ProcessBuilder(command(folder, configuration))
                    .redirectErrorStream(true)
                    .redirectOutput(folder.resolve("log").toFile());
            Pgbouncer started = new Pgbouncer(command.start(), port);
            started.awaitReady(folder, ticker);
            return started;
        } catch (IOException e) {
            throw new LocalPostgresException("Cannot start pgbouncer: " + Failures.reason(e), e);
        }
    }

    /** The same database through the pooler. The driver must prepare nothing at the server. */
    String route(String jdbcUrl) {
        URI address = URI.create(jdbcUrl.substring("jdbc:".length()));
        String query = address.getRawQuery();
        return "jdbc:postgresql://127.0.0.1:" + port + address.getRawPath() + (query == null ? "?" : "?" + query + "&")
                + "prepareThreshold=0";
    }

    private static Path write(Path folder, int serverPort, int port, String password) throws IOException {
        Path users = folder.resolve("users.txt");
        Files.writeString(users, "\"" + DataFolder.SUPERUSER + "\" \"" + password + "\"\n");
        Path configuration = folder.resolve("pgbouncer.ini");
        Files.writeString(configuration, """
            [databases]
            * = host=127.0.0.1 port=%d

            [pgbouncer]
            listen_addr = 127.0.0.1
            listen_port = %d
            unix_socket_dir =
            auth_type = scram-sha-256
            auth_user = %s
            auth_file = %s
            pool_mode = transaction
            default_pool_size = 20
            max_client_conn = 1000
            max_db_connections = 30
            server_idle_timeout = 2
            server_round_robin = 1
            ignore_startup_parameters = extra_float_digits
            """.formatted(serverPort, port, DataFolder.SUPERUSER, users));
        for (Path file : List.of(users, configuration)) {
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        }
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        return configuration;
    }

    /** It refuses to run as root, as PostgreSQL does; it is gone with the thread that started it. */
    private static List<String> command(Path folder, Path configuration) {
        String program = Commands.find("pgbouncer").orElseGet(() -> fallback());
        List<String> command = new ArrayList<>();
        Commands.find("setpriv").ifPresent(setpriv -> {
            command.add(setpriv);
            if (isRoot(folder)) {
                command.addAll(List.of("--reuid=65534", "--regid=65534", "--clear-groups"));
            }
            command.addAll(List.of("--pdeathsig", "KILL"));
        });
        command.addAll(List.of(program, "-q", configuration.toString()));
        return command;
    }

    private static String fallback() {
        if (Files.isExecutable(Path.of(DEBIAN_FOLDER))) {
            return DEBIAN_FOLDER;
        }
        throw new LocalPostgresException("pgbouncer is not installed: apt-get install pgbouncer");
    }

    private static boolean isRoot(Path own) {
        try {
            return Files.getAttribute(own, "unix:uid").equals(0);
        } catch (IOException e) {
            throw new LocalPostgresException("Cannot tell who owns " + own + ": " + Failures.reason(e), e);
        }
    }

    private void awaitReady(Path folder, LongSupplier ticker) throws IOException {
        long deadline = ticker.getAsLong() + STARTS_WITHIN.toNanos();
        while (!answers()) {
            if (!process.isAlive() || ticker.getAsLong() - deadline > 0) {
                close();
                throw new LocalPostgresException("pgbouncer did not start: "
                        + Files.readString(folder.resolve("log")).strip());
            }
            LockSupport.parkNanos(LOOK.toNanos());
        }
    }

    private boolean answers() {
        try (Socket unused = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return true;
        } catch (IOException notYet) {
            return false;
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(STOPS_WITHIN.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
