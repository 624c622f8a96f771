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
            return of(shell).execute(arguments);
        } catch (Error e) {
            // The parser hands exceptions to Faults, but not these: a broken class path, no memory.
            return new Faults(shell).defect(e);
        }
    }

    static CommandLine of(Shell shell) {
        CommandLine line = new CommandLine(new CommandTree())
                .addSubcommand(DevCommand.of(shell))
                .addSubcommand(ServerCommand.of(shell))
                .addSubcommand(MigrateCommand.of(shell))
                .addSubcommand(new SubmitCommand(shell))
                .addSubcommand(JobsCommand.of(shell))
                .addSubcommand(BulkCommand.of(shell))
                .addSubcommand(AuditCommand.of(shell))
                .addSubcommand(BundlesCommand.of(shell))
                .addSubcommand(SchedulesCommand.of(shell))
                .addSubcommand(new WorkCommand(shell))
                .addSubcommand(DispatchCommand.of(shell))
                .addSubcommand(LinesCommand.queues(shell))
                .addSubcommand(LinesCommand.types(shell))
                .addSubcommand(new StatsCommand(shell))
                .addSubcommand(new ThroughputCommand(shell))
                .addSubcommand(new EventsCommand(shell))
                .addSubcommand(WorkersCommand.of(shell))
                .addSubcommand(ServersCommand.of(shell))
                .addSubcommand(new HealthCommand(shell))
                .addSubcommand(new PasswdCommand(shell))
                .addSubcommand(new VersionCommand(shell));
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
