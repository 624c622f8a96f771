package dev.pulse.cli;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** All commands of {@code pulse} and how they are parsed. */
@Command(
        name = "pulse",
        description = "Background jobs for Java teams, durable in PostgreSQL.",
        synopsisSubcommandLabel = "COMMAND",
        footer = {
            "",
            "Exit codes: 0 ok, 1 other, 2 usage, 3 not allowed, 4 not found, 5 conflict, 6 unreachable, 7 limit"
        })
final class CommandTree {
    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            scope = CommandLine.ScopeType.INHERIT,
            description = "Show this help and exit.")
    private boolean help;

    private CommandTree() {}

    /** Parses, runs, and returns the exit code. */
    static int run(Shell shell, String... arguments) {
        try {
            return of(shell, Words.of(arguments)).execute(arguments);
        } catch (Error e) {
            // The parser hands exceptions to Faults, but not these: a broken class path, no memory.
            return new Faults(shell).defect(e);
        }
    }

    /** The commands that these words need. */
    static CommandLine of(Shell shell, Words words) {
        CommandLine line = new Branches()
                .with("dev", () -> DevCommand.of(shell))
                .with("server", () -> ServerCommand.of(shell))
                .with("migrate", () -> MigrateCommand.of(shell))
                .with("submit", () -> new SubmitCommand(shell))
                .group("jobs", rest -> JobsCommand.of(shell, rest))
                .group("bulk", rest -> BulkCommand.of(shell, rest))
                .with("audit", () -> AuditCommand.of(shell))
                .with("keys", () -> KeysCommand.of(shell))
                .group("bundles", rest -> BundlesCommand.of(shell, rest))
                .group("schedules", rest -> SchedulesCommand.of(shell, rest))
                .with("work", () -> new WorkCommand(shell))
                .group("dispatch", rest -> DispatchCommand.of(shell, rest))
                .group("queues", rest -> LinesCommand.queues(shell, rest))
                .group("types", rest -> LinesCommand.types(shell, rest))
                .with("stats", () -> new StatsCommand(shell))
                .with("throughput", () -> new ThroughputCommand(shell))
                .with("events", () -> new EventsCommand(shell))
                .with("workers", () -> WorkersCommand.of(shell))
                .with("servers", () -> ServersCommand.of(shell))
                .with("health", () -> new HealthCommand(shell))
                .group("bench", rest -> BenchCommand.of(shell, rest))
                .with("save", () -> SaveCommand.of(shell))
                .with("config", () -> ConfigCommand.of(shell))
                .with("passwd", () -> new PasswdCommand(shell))
                .with("completion", () -> new CompletionCommand(shell))
                .with("version", () -> new VersionCommand(shell))
                .below(new CommandTree(), words);
        Faults faults = new Faults(shell);
        Values.registerOn(line);
        // A payload may be @file; the parser must not read it as a file of arguments.
        return line.setExpandAtFiles(false)
                .setOut(new PrintWriter(shell.out(), true, StandardCharsets.UTF_8))
                .setErr(new PrintWriter(shell.err(), true, StandardCharsets.UTF_8))
                .setParameterExceptionHandler(faults)
                .setExecutionExceptionHandler(faults)
                .setUsageHelpWidth(110)
                .setUsageHelpLongOptionsMaxWidth(34);
    }
}
