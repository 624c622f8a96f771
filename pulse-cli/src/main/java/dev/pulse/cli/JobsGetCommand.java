package dev.pulse.cli;

import dev.pulse.client.PulseClient;
import dev.pulse.json.JobJson;
import dev.pulse.model.Attempt;
import dev.pulse.model.AttemptError;
import dev.pulse.model.Durations;
import dev.pulse.model.ExplainedJob;
import dev.pulse.model.Job;
import dev.pulse.model.JobFacts;
import dev.pulse.model.JobProgress;
import dev.pulse.model.Payload;
import dev.pulse.model.WaitReason;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** One job with its history. */
@Command(name = "get", description = "Show one job with its history.")
final class JobsGetCommand implements Callable<Integer> {
    private final Shell shell;

    @Mixin
    private Remote remote = new Remote();

    @Mixin
    private Json json = new Json();

    @Parameters(paramLabel = "ID", description = "The job's id.")
    private UUID id;

    @SuppressWarnings("NullAway.Init") // picocli requires the id
    JobsGetCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() {
        try (PulseClient client = remote.connect(shell)) {
            ExplainedJob explained = Waiting.found(client.explain(id), id);
            Job job = explained.job();
            if (json.wanted()) {
                Json.print(shell.out(), JobJson.full(job, progress(client, job), explained.waiting()));
            } else {
                print(job, progress(client, job), explained.waiting());
            }
            return Exit.OK;
        }
    }

    private @Nullable JobProgress progress(PulseClient client, Job job) {
        return client.log(id, 0, 1).progressOf(job.attempt());
    }

    private static String shown(JobProgress progress) {
        return progress.percent() + " %" + (progress.text() == null ? "" : ", " + progress.text());
    }

    private void print(Job job, @Nullable JobProgress progress, List<WaitReason> waiting) {
        JobFacts facts = job.facts();
        line("id", facts.id());
        line("type", facts.type());
        line("queue", facts.queue());
        line("status", job.status().wireName());
        line("priority", facts.priority());
        line("attempts", job.attempt() + " of " + facts.policy().maxAttempts());
        line("backoff", facts.policy().backoff().format());
        line(
                "timeout",
                facts.policy().timeout() == null
                        ? null
                        : Durations.format(facts.policy().timeout()));
        line("key", facts.key());
        line("origin", facts.labels().origin());
        line("bundle", facts.bundleId());
        line("tags", labels(facts.labels().tags()));
        line("headers", labels(facts.labels().headers()));
        line("submitted", facts.createdAt());
        line("run at", job.runAt());
        line("started", job.startedAt());
        line("finished", job.finishedAt());
        line("payload", shown(facts.payload()));
        line("result", job.result() == null ? null : shown(job.result()));
        line("progress", progress == null ? null : shown(progress));
        line("error", job.error() == null ? null : sentence(job.error()));
        waiting.forEach(reason -> line("waiting", reason.message()));
        if (!job.attempts().isEmpty()) {
            shell.out().println();
            history(job).print(shell);
        }
    }

    private static Table history(Job job) {
        Table table = new Table("ATTEMPT", "WORKER", "STARTED", "ENDED", "OUTCOME", "ERROR");
        for (Attempt attempt : job.attempts()) {
            table.row(
                    attempt.number(),
                    orBlank(attempt.worker()),
                    orBlank(attempt.startedAt()),
                    orBlank(attempt.endedAt()),
                    attempt.outcome() == null ? "running" : attempt.outcome().wireName(),
                    attempt.error() == null ? "" : attempt.error().message());
        }
        return table;
    }

    private void line(String name, @Nullable Object value) {
        if (value != null) {
            shell.out().printf("%-10s %s%n", name, Table.oneLine(value.toString()));
        }
    }

    private static @Nullable String labels(Map<String, String> labels) {
        return labels.isEmpty()
                ? null
                : labels.entrySet().stream()
                        .map(label -> label.getKey() + "=" + label.getValue())
                        .collect(Collectors.joining(" "));
    }

    private static String shown(Payload payload) {
        return payload.isJson() ? payload.text() : payload.size() + " bytes of " + payload.contentType();
    }

    private static String sentence(AttemptError error) {
        return error.type() + ": " + error.message();
    }

    private static Object orBlank(@Nullable Object value) {
        return value == null ? "" : value;
    }
}
