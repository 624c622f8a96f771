package dev.pulse.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import picocli.CommandLine;

/**
 * The commands below another one, in the order of its help. Only the one that the words ask for is made: the parser reads
 * each command by reflection, and reading all of them takes longer than a call to a server. Where the words ask for none of
 * them, those of this level are made, for the help and for the nearest name.
 */
final class Branches {
    private final Map<String, Function<Words, Object>> commands = new LinkedHashMap<>();

    /** A command without others below it. */
    Branches with(String name, Supplier<Object> command) {
        return group(name, words -> command.get());
    }

    /** A command that is told the words behind its own. */
    Branches group(String name, Function<Words, Object> command) {
        commands.put(name, command);
        return this;
    }

    CommandLine below(Object parent, Words words) {
        CommandLine line = new CommandLine(parent);
        if (words == Words.NONE) {
            return line;
        }
        Function<Words, Object> wanted = commands.get(words.first());
        if (wanted == null) {
            Words deeper = words == Words.ALL ? Words.ALL : Words.NONE;
            commands.forEach((name, command) -> line.addSubcommand(name, command.apply(deeper)));
        } else {
            line.addSubcommand(words.first(), wanted.apply(words.rest()));
        }
        return line;
    }
}
