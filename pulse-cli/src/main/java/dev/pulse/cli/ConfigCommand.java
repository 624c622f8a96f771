package dev.pulse.cli;

import dev.pulse.json.ClientJson;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** The commands about this person's configuration. */
@Command(name = "config", description = "Show where commands go, and as whom.", synopsisSubcommandLabel = "COMMAND")
final class ConfigCommand {
    private ConfigCommand() {}

    static CommandLine of(Shell shell) {
        return new CommandLine(new ConfigCommand()).addSubcommand(new View(shell));
    }

    /** What holds, and where it comes from. */
    @Command(
            name = "view",
            description =
                    "Show the address and the credentials that commands use, and where they come from; no secrets.")
    static final class View implements Callable<Integer> {
        private static final String HIDDEN = "********";

        private final Shell shell;

        @Mixin
        private Json json = new Json();

        View(Shell shell) {
            this.shell = shell;
        }

        @Override
        public Integer call() {
            SavedConfig saved = SavedConfig.read(shell);
            List<ClientJson.Value> values = new ArrayList<>();
            values.add(value("addr", "PULSE_ADDR", saved.address(), Remote.DEFAULT, false));
            values.add(value("user", "PULSE_USER", saved.user(), null, false));
            values.add(value("password", "PULSE_PASSWORD", saved.password(), null, true));
            values.add(value("api_key", "PULSE_API_KEY", saved.apiKey(), null, true));
            String file = SavedConfig.file(shell).toString();
            if (json.wanted()) {
                Json.print(shell.out(), ClientJson.config(file, values));
                return Exit.OK;
            }
            Table table = new Table("SETTING", "VALUE", "FROM");
            for (ClientJson.Value value : values) {
                table.row(value.name(), value.value() == null ? "-" : value.value(), value.from());
            }
            table.print(shell);
            shell.out().println("saved in " + Table.oneLine(file));
            return Exit.OK;
        }

        private ClientJson.Value value(
                String name, String variable, @Nullable String kept, @Nullable String standard, boolean secret) {
            String given = shell.variable(variable, "");
            if (!given.isEmpty()) {
                return new ClientJson.Value(name, secret ? HIDDEN : given, variable);
            }
            return kept != null
                    ? new ClientJson.Value(name, secret ? HIDDEN : kept, "saved")
                    : new ClientJson.Value(name, standard, standard == null ? "not set" : "default");
        }
    }
}
