package dev.pulse.cli;

import dev.pulse.client.PulseClient;
import dev.pulse.model.Limits;
import dev.pulse.model.ScheduleSpec;
import dev.pulse.model.SubmissionBuilder;
import dev.pulse.schedules.ScheduleDraft;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Stores a schedule and prints its id, nothing else. */
@Command(
        name = "create",
        description = "Make a schedule; prints its id. One of --cron, --every, --at, --after is required.")
final class SchedulesCreateCommand implements Callable<Integer> {
    private final Shell shell;

    @Mixin
    private Remote remote = new Remote();

    @Mixin
    private JobWords words = new JobWords();

    @Mixin
    private ScheduleOptions options = new ScheduleOptions();

    SchedulesCreateCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() {
        ScheduleSpec wanted = options.fill(
                new ScheduleDraft(),
                new SubmissionBuilder(new Limits(Limits.HARD_PAYLOAD_BYTES)),
                words.type(),
                words.payload(shell),
                shell);
        try (PulseClient client = remote.connect(shell)) {
            shell.out().println(client.createSchedule(wanted).id());
            return Exit.OK;
        }
    }
}
