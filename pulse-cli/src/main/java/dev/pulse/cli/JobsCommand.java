package dev.pulse.cli;

import dev.pulse.model.BulkAction;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The commands about stored jobs. */
@Command(name = "jobs", description = "List, show and act on jobs.", synopsisSubcommandLabel = "COMMAND")
final class JobsCommand {
    private JobsCommand() {}

    static CommandLine of(Shell shell, Words words) {
        return new Branches()
                .with("list", () -> new JobsListCommand(shell))
                .with("get", () -> new JobsGetCommand(shell))
                .with("logs", () -> new JobsLogsCommand(shell))
                .with("wait", () -> new JobsWaitCommand(shell))
                .with("cancel", () -> act(shell, BulkAction.CANCEL, "Cancel a job; a running one ends by its worker."))
                .with("run-now", () -> act(shell, BulkAction.RUN_NOW, "Run a scheduled or retrying job now."))
                .with("requeue", () -> act(shell, BulkAction.REQUEUE, "Run a final job again, with a fresh budget."))
                .with("delete", () -> act(shell, BulkAction.DELETE, "Delete a job; not while it runs."))
                .below(new JobsCommand(), words);
    }

    private static CommandLine act(Shell shell, BulkAction action, String help) {
        CommandLine line = new CommandLine(new JobsActCommand(shell, action));
        line.getCommandSpec()
                .usageMessage()
                .description(help + " With --all: every job that matches the filter; exit 4 where none does.");
        return line;
    }
}
