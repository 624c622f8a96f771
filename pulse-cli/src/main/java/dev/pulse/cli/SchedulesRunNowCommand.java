package dev.pulse.cli;

import dev.pulse.client.PulseClient;
import dev.pulse.json.ScheduleJson;
import java.util.UUID;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Makes one job of a schedule beside its rule and prints the job's id, nothing else. */
@Command(name = "run-now", description = "Make one job now, beside the rule; prints the job's id.")
final class SchedulesRunNowCommand implements Callable<Integer> {
    private final Shell shell;

    @Mixin
    private Remote remote = new Remote();

    @Mixin
    private Json json = new Json();

    @Mixin
    private ScheduleWord word = new ScheduleWord();

    SchedulesRunNowCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() {
        try (PulseClient client = remote.connect(shell)) {
            UUID id = word.find(client).id();
            UUID job = client.runScheduleNow(id);
            if (json.wanted()) {
                Json.print(shell.out(), ScheduleJson.fired(id, job));
            } else {
                shell.out().println(job);
            }
            return Exit.OK;
        }
    }
}
