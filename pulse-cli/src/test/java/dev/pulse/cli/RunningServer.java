package dev.pulse.cli;

import dev.pulse.localpostgres.SharedPostgres;
import dev.pulse.server.PulseServer;
import dev.pulse.server.ServerConfig;
import java.nio.file.Path;
import java.util.Map;

/** A real server on a fresh database and free ports, in this process. */
final class RunningServer implements AutoCloseable {
    private final PulseServer server;

    private RunningServer(PulseServer server) {
        this.server = server;
    }

    static RunningServer start() {
        return start(SharedPostgres.freshDatabase());
    }

    /** A replica on that database. */
    static RunningServer start(String database) {
        return start(database, "");
    }

    /** For these users only, on a fresh database. */
    static RunningServer withUsers(String users) {
        return start(SharedPostgres.freshDatabase(), users);
    }

    private static RunningServer start(String database, String users) {
        Map<String, String> flags =
                Map.of("database-url", database, "http-addr", "0", "grpc-addr", "0", "auth-users", users);
        return new RunningServer(PulseServer.start(ServerConfig.read(flags, Map.of(), Path.of("no-file"))));
    }

    String http() {
        return server.httpAddress().toString();
    }

    String grpc() {
        return server.grpcAddress().toString();
    }

    @Override
    public void close() {
        server.close();
    }
}
