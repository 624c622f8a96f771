package dev.pulse.cli;

import dev.pulse.localpostgres.LocalPostgres;
import dev.pulse.localpostgres.LocalPostgresConfig;
import dev.pulse.server.ServerConfig;
import dev.pulse.server.Setting;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The server with a PostgreSQL of its own, data kept between starts. */
@Command(
        name = "dev",
        description = {
            "Run a server with its own PostgreSQL: nothing to install, data kept between starts.",
            "Prints one line when it accepts work. SIGTERM or Ctrl-C drains and ends; a second one ends at once."
        })
final class DevCommand implements Callable<Integer> {
    private final Shell shell;

    @Spec
    private CommandSpec spec;

    @SuppressWarnings("NullAway.Init") // picocli sets the specification
    private DevCommand(Shell shell) {
        this.shell = shell;
    }

    static CommandLine of(Shell shell) {
        return ServerSettings.flags(new DevCommand(shell), List.of(Setting.values()));
    }

    @Override
    public Integer call() throws InterruptedException {
        ServerConfig config = ServerSettings.read(spec, meantForUs());
        if (config.hasDatabase()) {
            shell.err().println("pulse: using the database that was given, not an own one");
            return Serving.untilSignal(shell, config);
        }
        Path data = config.dataDirectory() == null ? defaultDataDirectory() : config.dataDirectory();
        shell.err().println("pulse: starting PostgreSQL, data in " + data.toAbsolutePath());
        shell.err().flush();
        try (LocalPostgres postgres = LocalPostgres.start(LocalPostgresConfig.in(data))) {
            return Serving.untilSignal(shell, config.withDatabase(postgres.jdbcUrl()));
        }
    }

    /** Other programs' names for their database stay out: a try-out must not make tables where an application lives. */
    private Map<String, String> meantForUs() {
        Map<String, String> environment = new HashMap<>(shell.environment());
        environment.keySet().removeAll(List.of("DATABASE_URL", "DB_HOST"));
        return environment;
    }

    private Path defaultDataDirectory() {
        String xdg = shell.variable("XDG_DATA_HOME", "");
        if (Path.of(xdg).isAbsolute()) {
            return Path.of(xdg, "pulse");
        }
        String home = shell.variable("HOME", System.getProperty("user.home"));
        boolean mac = System.getProperty("os.name").toLowerCase(Locale.ROOT).contains("mac");
        return mac
                ? Path.of(home, "Library", "Application Support", "Pulse")
                : Path.of(home, ".local", "share", "pulse");
    }
}
