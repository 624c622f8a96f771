package dev.pulse.cli;

import dev.pulse.model.Backoff;
import dev.pulse.model.Durations;
import dev.pulse.model.IdSource;
import dev.pulse.model.Payload;
import dev.pulse.model.ScheduleSpec;
import dev.pulse.model.Submission;
import dev.pulse.model.SubmissionBuilder;
import dev.pulse.schedules.ScheduleDraft;
import java.security.SecureRandom;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What a schedule can be told to be, at its creation and in an edit. */
final class ScheduleOptions {
    @Option(
            names = "--name",
            paramLabel = "NAME",
            description = "Unique among all schedules; taken in place of the id.")
    private @Nullable String name;

    @Mixin
    private TimingOptions timing = new TimingOptions();

    @Option(
            names = "--misfire",
            paramLabel = "POLICY",
            description = "What becomes of missed occurrences: fire_once (default), skip, fire_all.")
    private @Nullable String misfire;

    @Option(
            names = "--misfire-limit",
            paramLabel = "N",
            description = "With fire_all: most jobs that are made up for; default 100.")
    private @Nullable Integer misfireLimit;

    @Option(
            names = "--misfire-rate",
            paramLabel = "N",
            description = "With fire_all: how many of them start a second; default all at once.")
    private @Nullable Double misfireRate;

    @Option(
            names = "--overlap",
            paramLabel = "POLICY",
            description = "While the job before is not done: allow (default), skip, queue_one.")
    private @Nullable String overlap;

    @Option(names = "--queue", paramLabel = "QUEUE", description = "The queue of its jobs; default: default.")
    private @Nullable String queue;

    @Option(names = "--priority", paramLabel = "N", description = "Higher first; default 0.")
    private @Nullable Integer priority;

    @Option(names = "--max-attempts", paramLabel = "N", description = "1 to 1000; default 20.")
    private @Nullable Integer maxAttempts;

    @Option(names = "--backoff", paramLabel = "RULE", description = "For example \"exponential 1s x 2 cap 1h\".")
    private @Nullable String backoff;

    @Option(names = "--timeout", paramLabel = "DURATION", description = "Longest run of one attempt; default none.")
    private @Nullable String timeout;

    @Option(names = "--tag", paramLabel = "K=V", description = "Label to filter by; repeat for several.")
    private Map<String, String> tags = new LinkedHashMap<>();

    @Option(names = "--header", paramLabel = "K=V", description = "Travels to the handler; repeat for several.")
    private Map<String, String> headers = new LinkedHashMap<>();

    @Option(names = "--origin", paramLabel = "TEXT", description = "Who submits.")
    private @Nullable String origin;

    /**
     * The schedule that the options make of these two.
     *
     * @throws dev.pulse.model.PulseException naming every fault
     */
    ScheduleSpec fill(
            ScheduleDraft draft, SubmissionBuilder job, @Nullable String type, @Nullable Payload payload, Shell shell) {
        given(name, draft::name);
        timing.fill(draft.timing());
        given(misfire, draft::misfire);
        given(misfireLimit, draft::misfireLimit);
        given(misfireRate, draft::misfireRate);
        given(overlap, draft::overlap);
        given(type, job::type);
        given(payload, job::payload);
        given(queue, job::queue);
        given(priority, job::priority);
        given(maxAttempts, job::maxAttempts);
        given(origin, job::origin);
        parsed("backoff", backoff, Backoff::parse, job::backoff, job);
        parsed("timeout", timeout, Durations::parse, job::timeout, job);
        if (!tags.isEmpty()) {
            job.tags(tags);
        }
        if (!headers.isEmpty()) {
            job.headers(headers);
        }
        draft.violations().forEach(fault -> job.violation(fault.field(), fault.message()));
        Submission template = job.build(new IdSource(shell.clock(), new SecureRandom()));
        return draft.build(template);
    }

    private static <T> void given(@Nullable T value, Consumer<T> set) {
        TimingOptions.given(value, set);
    }

    private static <T> void parsed(
            String field, @Nullable String text, Function<String, T> reading, Consumer<T> set, SubmissionBuilder job) {
        if (text == null) {
            return;
        }
        try {
            set.accept(reading.apply(text));
        } catch (IllegalArgumentException e) {
            job.violation(field, String.valueOf(e.getMessage()));
        }
    }
}
