package dev.pulse.cli;

import dev.pulse.client.PulseClient;
import dev.pulse.json.JobJson;
import dev.pulse.model.Job;
import dev.pulse.model.JobStatus;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Waits for a job's end and prints its status. */
@Command(name = "wait", description = "Wait until a job is final; exit 1 unless it completed.")
final class JobsWaitCommand implements Callable<Integer> {
    private final Shell shell;

    @Mixin
    private Remote remote = new Remote();

    @Mixin
    private Json json = new Json();

    @Parameters(paramLabel = "ID", description = "The job's id.")
    private UUID id;

    @Option(names = "--timeout", paramLabel = "DURATION", description = "Give up after this long; default never.")
    private @Nullable Duration timeout;

    @SuppressWarnings("NullAway.Init") // picocli requires the id
    JobsWaitCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() {
        try (PulseClient client = remote.connect(shell)) {
            Job job = Waiting.untilFinal(client, id, timeout);
            if (json.wanted()) {
                Json.print(shell.out(), JobJson.job(job));
            } else {
                shell.out().println(job.status().wireName() + Waiting.because(job));
            }
            return job.status() == JobStatus.COMPLETED ? Exit.OK : Exit.OTHER;
        }
    }
}
