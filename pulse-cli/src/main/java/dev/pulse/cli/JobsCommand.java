package dev.pulse.cli;

import dev.pulse.model.BulkAction;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The commands about stored jobs. */
@Command(name = "jobs", description = "List, show and act on jobs.", synopsisSubcommandLabel = "COMMAND")
final class JobsCommand {
    private JobsCommand() {}

    static CommandLine of(Shell shell) {
        return new CommandLine(new JobsCommand())
                .addSubcommand(new JobsListCommand(shell))
                .addSubcommand(new JobsGetCommand(shell))
                .addSubcommand(new JobsLogsCommand(shell))
                .addSubcommand(new JobsWaitCommand(shell))
                .addSubcommand(
                        "cancel", act(shell, BulkAction.CANCEL, "Cancel a job; a running one ends by its worker."))
                .addSubcommand("run-now", act(shell, BulkAction.RUN_NOW, "Run a scheduled or retrying job now."))
                .addSubcommand("requeue", act(shell, BulkAction.REQUEUE, "Run a final job again, with a fresh budget."))
                .addSubcommand("delete", act(shell, BulkAction.DELETE, "Delete a job; not while it runs."));
    }

    private static CommandLine act(Shell shell, BulkAction action, String help) {
        CommandLine line = new CommandLine(new JobsActCommand(shell, action));
        line.getCommandSpec().usageMessage().description(help + " With --all: every job that matches the filter.");
        return line;
    }
}
