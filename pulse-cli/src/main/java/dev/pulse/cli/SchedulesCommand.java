package dev.pulse.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The commands about schedules. */
@Command(
        name = "schedules",
        description = "Make jobs at, after, every, or by a cron rule; each occurrence once.",
        synopsisSubcommandLabel = "COMMAND")
final class SchedulesCommand {
    private SchedulesCommand() {}

    static CommandLine of(Shell shell, Words words) {
        return new Branches()
                .with("create", () -> new SchedulesCreateCommand(shell))
                .with("list", () -> new SchedulesListCommand(shell))
                .with("get", () -> new SchedulesGetCommand(shell))
                .with("edit", () -> new SchedulesEditCommand(shell))
                .with("pause", () -> new SchedulesPauseCommand(shell))
                .with("resume", () -> new SchedulesResumeCommand(shell))
                .with("run-now", () -> new SchedulesRunNowCommand(shell))
                .with("delete", () -> new SchedulesDeleteCommand(shell))
                .with("fires", () -> new SchedulesFiresCommand(shell))
                .with("jobs", () -> new SchedulesJobsCommand(shell))
                .with("preview", () -> new SchedulesPreviewCommand(shell))
                .below(new SchedulesCommand(), words);
    }

    /** Tells how the next page is had, beside the output. */
    static void more(Shell shell, @Nullable String cursor) {
        if (cursor != null) {
            shell.out().flush();
            shell.err().println("pulse: more with --cursor " + cursor);
        }
    }
}
