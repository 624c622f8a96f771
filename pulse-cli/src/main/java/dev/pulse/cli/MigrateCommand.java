package dev.pulse.cli;

import dev.pulse.server.ServerConfig;
import dev.pulse.server.Setting;
import dev.pulse.storepostgres.PgStores;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Brings a database to this version, for those who do not let the server do it at its start. */
@Command(name = "migrate", description = "Make or update Pulse's tables, as a server does at its start.")
final class MigrateCommand implements Callable<Integer> {
    private final Shell shell;

    @Spec
    private CommandSpec spec;

    @Option(names = "--print", description = "Print the SQL for somebody else to run, and touch no database.")
    private boolean print;

    @Option(
            names = "--from",
            paramLabel = "VERSION",
            defaultValue = "1",
            description = "With --print: the first version that is missing; 1 for a new schema.")
    private int from;

    @Option(
            names = "--role",
            paramLabel = "ROLE",
            description = "With --print: grant this role what an application needs.")
    private @Nullable String role;

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
        if (print) {
            return printed();
        }
        ServerConfig config = ServerCommand.withDatabase(ServerSettings.read(spec, shell.environment()));
        shell.out().println("migrations applied: " + PgStores.migrate(config.database()));
        return Exit.OK;
    }

    private int printed() {
        String schema =
                ServerSettings.read(spec, shell.environment()).database().schema();
        LocalDate today = shell.clock().instant().atOffset(ZoneOffset.UTC).toLocalDate();
        shell.out().print(PgStores.script(schema, from, role, today));
        return Exit.OK;
    }
}
