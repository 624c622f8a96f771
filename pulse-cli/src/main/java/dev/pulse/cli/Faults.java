package dev.pulse.cli;

import dev.pulse.json.Nearest;
import dev.pulse.json.ProblemJson;
import dev.pulse.localpostgres.LocalPostgresException;
import dev.pulse.model.ErrorCode;
import dev.pulse.model.PulseException;
import java.util.Set;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** What went wrong, as one line on stderr and an exit code. A stack trace is for defects, and only when asked for. */
final class Faults implements IExecutionExceptionHandler, IParameterExceptionHandler {
    private final Shell shell;

    Faults(Shell shell) {
        this.shell = shell;
    }

    @Override
    public int handleExecutionException(Exception e, CommandLine line, ParseResult result) {
        return switch (e) {
            case PulseException trouble -> say(trouble, wantsJson(line));
            case LocalPostgresException trouble -> say(String.valueOf(trouble.getMessage()), Exit.OTHER);
            case InterruptedException interrupted -> say("interrupted", Exit.OTHER);
            default -> defect(e);
        };
    }

    @Override
    public int handleParseException(ParameterException e, String[] arguments) {
        String nearest = e instanceof UnmatchedArgumentException unmatched ? nearest(unmatched) : "";
        String name = e.getCommandLine().getCommandSpec().qualifiedName(" ");
        return say(e.getMessage() + nearest + " (see " + name + " --help)", Exit.USAGE);
    }

    /** A mistyped flag or command; words beyond those that a command takes resemble nothing. */
    private static String nearest(UnmatchedArgumentException e) {
        String word = e.getUnmatched().getFirst();
        CommandLine line = e.getCommandLine();
        Set<String> known = word.startsWith("-")
                ? line.getCommandSpec().optionsMap().keySet()
                : line.getSubcommands().keySet();
        return known.isEmpty() ? "" : "; " + Nearest.hint(word, known);
    }

    int defect(Throwable e) {
        if (!shell.variable("PULSE_DEBUG", "").isEmpty()) {
            e.printStackTrace(shell.err());
        }
        return say(
                ErrorCode.INTERNAL.wireName() + " " + e + "; this is a defect in Pulse, PULSE_DEBUG=1 shows where",
                Exit.OTHER);
    }

    /** A script that asked for JSON gets the problem of the REST API, still on stderr and on one line. */
    private int say(PulseException trouble, boolean json) {
        int exit = Exit.of(trouble.code());
        if (!json) {
            return say(trouble.code().wireName() + " " + trouble.getMessage(), exit);
        }
        shell.out().flush();
        Json.print(shell.err(), ProblemJson.problem(trouble));
        shell.err().flush();
        return exit;
    }

    private static boolean wantsJson(CommandLine line) {
        return line.getParseResult() != null && line.getParseResult().hasMatchedOption("--json");
    }

    private int say(String sentence, int exit) {
        shell.out().flush();
        shell.err().println("pulse: " + Table.oneLine(sentence));
        shell.err().flush();
        return exit;
    }
}
