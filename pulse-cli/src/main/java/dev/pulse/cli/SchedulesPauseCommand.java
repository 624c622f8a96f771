package dev.pulse.cli;

import dev.pulse.client.PulseClient;
import dev.pulse.json.ScheduleJson;
import dev.pulse.model.Pause;
import dev.pulse.model.ScheduleInfo;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Stops a schedule; jobs that it made go on. */
@Command(name = "pause", description = "Make no jobs until it is resumed; what falls due meanwhile is skipped.")
final class SchedulesPauseCommand implements Callable<Integer> {
    private final Shell shell;

    @Mixin
    private Remote remote = new Remote();

    @Mixin
    private Json json = new Json();

    @Mixin
    private ScheduleWord word = new ScheduleWord();

    @Option(
            names = {"-m", "--reason"},
            paramLabel = "REASON",
            description = "Why, for those who find it paused; at most " + Pause.MAX_REASON + " characters.")
    private @Nullable String reason;

    SchedulesPauseCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() {
        try (PulseClient client = remote.connect(shell)) {
            ScheduleInfo schedule = client.pauseSchedule(word.find(client).id(), reason);
            if (json.wanted()) {
                Json.print(shell.out(), ScheduleJson.schedule(schedule));
            } else {
                shell.out().println(schedule.id() + " paused");
            }
            return Exit.OK;
        }
    }
}
