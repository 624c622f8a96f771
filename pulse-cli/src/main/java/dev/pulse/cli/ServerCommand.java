package dev.pulse.cli;

import dev.pulse.model.ErrorCode;
import dev.pulse.model.PulseException;
import dev.pulse.server.ServerConfig;
import dev.pulse.server.Setting;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** One replica on a PostgreSQL that is there already. */
@Command(
        name = "server",
        description = {
            "Run a server on your PostgreSQL; start as many replicas as you like.",
            "Prints one line when it accepts work. SIGTERM drains and ends; a second one ends at once.",
            "Settings come from flags, then the environment, then pulse.properties in the current folder."
        })
final class ServerCommand implements Callable<Integer> {
    private final Shell shell;

    @Spec
    private CommandSpec spec;

    @SuppressWarnings("NullAway.Init") // picocli sets the specification
    private ServerCommand(Shell shell) {
        this.shell = shell;
    }

    static CommandLine of(Shell shell) {
        return ServerSettings.flags(
                new ServerCommand(shell), List.copyOf(EnumSet.complementOf(EnumSet.of(Setting.DATA_DIR))));
    }

    @Override
    public Integer call() throws InterruptedException {
        return Serving.untilSignal(shell, withDatabase(ServerSettings.read(spec, shell.environment())));
    }

    static ServerConfig withDatabase(ServerConfig config) {
        if (!config.hasDatabase()) {
            throw new PulseException(
                    ErrorCode.CONFIGURATION,
                    "no database: set PULSE_DATABASE_URL or --database-url to postgres://user:password@host:port/database;"
                            + " pulse dev needs none");
        }
        return config;
    }
}
