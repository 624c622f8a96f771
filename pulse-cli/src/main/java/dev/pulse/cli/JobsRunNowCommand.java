package dev.pulse.cli;

import dev.pulse.client.PulseClient;
import dev.pulse.json.JobJson;
import dev.pulse.model.Job;
import java.util.UUID;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Makes a waiting job ready at once. */
@Command(name = "run-now", description = "Run a scheduled or retrying job now.")
final class JobsRunNowCommand implements Callable<Integer> {
    private final Shell shell;

    @Mixin
    private Remote remote = new Remote();

    @Mixin
    private Json json = new Json();

    @Parameters(paramLabel = "ID", description = "The job's id.")
    private UUID id;

    @SuppressWarnings("NullAway.Init") // picocli requires the id
    JobsRunNowCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() {
        try (PulseClient client = remote.connect(shell)) {
            Job job = client.runNow(id);
            if (json.wanted()) {
                Json.print(shell.out(), JobJson.job(job));
            } else {
                shell.out().println(id + " " + job.status().wireName());
            }
            return Exit.OK;
        }
    }
}
