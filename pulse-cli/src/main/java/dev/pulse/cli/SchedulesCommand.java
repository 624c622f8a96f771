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

    static CommandLine of(Shell shell) {
        return new CommandLine(new SchedulesCommand())
                .addSubcommand(new SchedulesCreateCommand(shell))
                .addSubcommand(new SchedulesListCommand(shell))
                .addSubcommand(new SchedulesGetCommand(shell))
                .addSubcommand(new SchedulesEditCommand(shell))
                .addSubcommand(new SchedulesPauseCommand(shell))
                .addSubcommand(new SchedulesResumeCommand(shell))
                .addSubcommand(new SchedulesRunNowCommand(shell))
                .addSubcommand(new SchedulesDeleteCommand(shell))
                .addSubcommand(new SchedulesFiresCommand(shell))
                .addSubcommand(new SchedulesJobsCommand(shell))
                .addSubcommand(new SchedulesPreviewCommand(shell));
    }

    /** Tells how the next page is had, beside the output. */
    static void more(Shell shell, @Nullable String cursor) {
        if (cursor != null) {
            shell.out().flush();
            shell.err().println("pulse: more with --cursor " + cursor);
        }
    }
}
