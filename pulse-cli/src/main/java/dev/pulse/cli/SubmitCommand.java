package dev.pulse.cli;

import dev.pulse.client.PulseClient;
import dev.pulse.model.Backoff;
import dev.pulse.model.IdSource;
import dev.pulse.model.Job;
import dev.pulse.model.JobStatus;
import dev.pulse.model.Limits;
import dev.pulse.model.Submission;
import dev.pulse.model.SubmissionBuilder;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Makes one job durable and prints its id, nothing else. Stop 1 of the path. */
@Command(name = "submit", description = "Submit one job; prints its id.")
final class SubmitCommand implements Callable<Integer> {
    private final Shell shell;

    @Mixin
    private Remote remote = new Remote();

    @Mixin
    private JobWords words = new JobWords();

    @Option(names = "--id", paramLabel = "UUID", description = "The job's id; the same id and content is the same job.")
    private @Nullable UUID id;

    @Option(names = "--queue", paramLabel = "QUEUE", description = "Default: default.")
    private @Nullable String queue;

    @Option(names = "--priority", paramLabel = "N", description = "Higher first; default 0.")
    private int priority;

    @Option(names = "--delay", paramLabel = "DURATION", description = "Start this much later: 90s, 5m, 1h30m.")
    private @Nullable Duration delay;

    @Option(
            names = "--at",
            paramLabel = "TIME",
            description = "Start then: RFC 3339, for example 2026-12-01T07:00:00Z.")
    private @Nullable Instant at;

    @Option(names = "--max-attempts", paramLabel = "N", description = "1 to 1000; default 20.")
    private @Nullable Integer maxAttempts;

    @Option(names = "--backoff", paramLabel = "RULE", description = "For example \"exponential 1s x 2 cap 1h\".")
    private @Nullable String backoff;

    @Option(names = "--timeout", paramLabel = "DURATION", description = "Longest run of one attempt; default none.")
    private @Nullable Duration timeout;

    @Option(names = "--key", paramLabel = "KEY", description = "Idempotency key: one unfinished job a type and key.")
    private @Nullable String key;

    @Option(names = "--key-ttl", paramLabel = "DURATION", description = "The key lives this long instead.")
    private @Nullable Duration keyTtl;

    @Option(names = "--tag", paramLabel = "K=V", description = "Label to filter by; repeat for several.")
    private Map<String, String> tags = new LinkedHashMap<>();

    @Option(names = "--header", paramLabel = "K=V", description = "Travels to the handler; repeat for several.")
    private Map<String, String> headers = new LinkedHashMap<>();

    @Option(names = "--origin", paramLabel = "TEXT", description = "Who submits.")
    private @Nullable String origin;

    @Option(names = "--wait", description = "Wait until the job is final; exit 1 unless it completed.")
    private boolean wait;

    SubmitCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() {
        Submission submission = submission();
        try (PulseClient client = remote.connect(shell)) {
            UUID stored = client.submit(submission).id();
            shell.out().println(stored);
            shell.out().flush();
            return wait ? waitFor(client, stored) : Exit.OK;
        }
    }

    private int waitFor(PulseClient client, UUID id) {
        Job job = Waiting.untilFinal(client, id, null);
        if (job.status() == JobStatus.COMPLETED) {
            return Exit.OK;
        }
        shell.err().println("pulse: job " + id + " ended " + job.status().wireName() + Waiting.because(job));
        return Exit.OTHER;
    }

    private Submission submission() {
        SubmissionBuilder builder = new SubmissionBuilder(new Limits(Limits.HARD_PAYLOAD_BYTES))
                .priority(priority)
                .tags(tags)
                .headers(headers);
        builder.type(words.type()).payload(words.payload(shell));
        given(id, builder::id);
        given(queue, builder::queue);
        given(delay, builder::delay);
        given(at, builder::runAt);
        given(maxAttempts, builder::maxAttempts);
        given(timeout, builder::timeout);
        given(key, builder::key);
        given(keyTtl, builder::keyTtl);
        given(origin, builder::origin);
        given(backoff, text -> backoff(builder, text));
        return builder.build(new IdSource(shell.clock(), new SecureRandom()));
    }

    private static void backoff(SubmissionBuilder builder, String text) {
        try {
            builder.backoff(Backoff.parse(text));
        } catch (IllegalArgumentException e) {
            builder.violation("backoff", String.valueOf(e.getMessage()));
        }
    }

    private static <T> void given(@Nullable T value, Consumer<T> set) {
        if (value != null) {
            set.accept(value);
        }
    }
}
