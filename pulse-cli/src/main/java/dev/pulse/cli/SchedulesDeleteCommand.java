package dev.pulse.cli;

import dev.pulse.client.PulseClient;
import java.util.UUID;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Removes a schedule. */
@Command(name = "delete", description = "Delete a schedule; the jobs that it made stay.")
final class SchedulesDeleteCommand implements Callable<Integer> {
    private final Shell shell;

    @Mixin
    private Remote remote = new Remote();

    @Mixin
    private ScheduleWord word = new ScheduleWord();

    SchedulesDeleteCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() {
        try (PulseClient client = remote.connect(shell)) {
            UUID id = word.find(client).id();
            client.deleteSchedule(id);
            shell.out().println(id + " deleted");
            return Exit.OK;
        }
    }
}
