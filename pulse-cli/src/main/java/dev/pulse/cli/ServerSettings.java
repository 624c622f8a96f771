package dev.pulse.cli;

import dev.pulse.server.ServerConfig;
import dev.pulse.server.Setting;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** The settings of the server as flags of a command: one for each {@link Setting}, so that none can be forgotten. */
final class ServerSettings {
    private static final Path FILE = Path.of("pulse.properties");

    private ServerSettings() {}

    /** The command with a flag for each of these settings. */
    static CommandLine flags(Object command, List<Setting> settings) {
        CommandLine line = new CommandLine(command);
        for (Setting setting : settings) {
            line.getCommandSpec().addOption(option(setting));
        }
        return line;
    }

    /** Flags over environment over {@code pulse.properties} in the current folder over defaults. */
    static ServerConfig read(CommandSpec spec, Map<String, String> environment) {
        Map<String, String> given = new HashMap<>();
        for (Setting setting : Setting.values()) {
            OptionSpec option = spec.findOption("--" + setting.key());
            if (option != null && option.getValue() != null) {
                given.put(setting.key(), option.getValue());
            }
        }
        return ServerConfig.read(given, environment, FILE);
    }

    private static OptionSpec option(Setting setting) {
        String standard = setting.standard().isEmpty() ? "" : "; default " + setting.standard();
        OptionSpec.Builder option = OptionSpec.builder("--" + setting.key())
                .type(String.class)
                .description(setting.description() + " (" + setting.variables().getFirst() + standard + ").");
        if (setting.standard().equals("false")) {
            return option.arity("0..1")
                    .fallbackValue("true")
                    .paramLabel("true|false")
                    .build();
        }
        return option.paramLabel("VALUE").build();
    }
}
