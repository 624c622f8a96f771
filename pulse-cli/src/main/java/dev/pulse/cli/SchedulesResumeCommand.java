package dev.pulse.cli;

import dev.pulse.client.PulseClient;
import dev.pulse.json.ScheduleJson;
import dev.pulse.model.ScheduleInfo;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Lets a schedule go on. */
@Command(name = "resume", description = "Go on with its next occurrence; a parked one tries again.")
final class SchedulesResumeCommand implements Callable<Integer> {
    private final Shell shell;

    @Mixin
    private Remote remote = new Remote();

    @Mixin
    private Json json = new Json();

    @Mixin
    private ScheduleWord word = new ScheduleWord();

    SchedulesResumeCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() {
        try (PulseClient client = remote.connect(shell)) {
            ScheduleInfo schedule = client.resumeSchedule(word.find(client).id());
            if (json.wanted()) {
                Json.print(shell.out(), ScheduleJson.schedule(schedule));
            } else {
                shell.out()
                        .println(schedule.id() + " " + schedule.status().wireName()
                                + (schedule.nextAt() == null ? "" : ", next at " + schedule.nextAt()));
            }
            return Exit.OK;
        }
    }
}
