package dev.pulse.localpostgres;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;

/**
 * A process of its own that runs a local server, for tests that kill processes. Prints {@code up PID URL} and stops
 * when its input ends, or {@code failed MESSAGE}. On SIGINT it writes to its database first, as a draining Pulse would.
 */
final class ChildPulse {
    private ChildPulse() {}

    public static void main(String[] args) throws IOException {
        LocalPostgresConfig config = LocalPostgresConfig.in(Path.of(args[0])).withBinariesCache(Path.of(args[1]));
        try {
            LocalPostgres server = LocalPostgres.start(config);
            Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(() -> {
                Sql.run(server.jdbcUrl(), "create table if not exists drained ()");
                server.close();
            }));
            System.out.println("up " + server.postmasterPid() + " " + server.jdbcUrl());
            System.in.transferTo(OutputStream.nullOutputStream());
        } catch (LocalPostgresException e) {
            System.out.println("failed " + e.getMessage());
        }
    }
}
