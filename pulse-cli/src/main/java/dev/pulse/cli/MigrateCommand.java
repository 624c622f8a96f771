package dev.pulse.cli;

import dev.pulse.server.ServerConfig;
import dev.pulse.server.Setting;
import dev.pulse.storepostgres.PgStores;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Brings a database to this version, for those who do not let the server do it at its start. */
@Command(name = "migrate", description = "Make or update Pulse's tables, as a server does at its start.")
final class MigrateCommand implements Callable<Integer> {
    private final Shell shell;

    @Spec
    private CommandSpec spec;

    @SuppressWarnings("NullAway.Init") // picocli sets the specification
    private MigrateCommand(Shell shell) {
        this.shell = shell;
    }

    static CommandLine of(Shell shell) {
        return ServerSettings.flags(
                new MigrateCommand(shell),
                List.of(Setting.DATABASE_URL, Setting.DATABASE_SCHEMA, Setting.ALLOW_UNSAFE_DURABILITY));
    }

    @Override
    public Integer call() {
        ServerConfig config = ServerCommand.withDatabase(ServerSettings.read(spec, shell.environment()));
        shell.out().println("migrations applied: " + PgStores.migrate(config.database()));
        return Exit.OK;
    }
}
