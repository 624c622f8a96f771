package dev.pulse.json;

import dev.pulse.model.Attempt;
import dev.pulse.model.AttemptError;
import dev.pulse.model.Durations;
import dev.pulse.model.Job;
import dev.pulse.model.JobCounts;
import dev.pulse.model.JobFacts;
import dev.pulse.model.JobPage;
import dev.pulse.model.JobProgress;
import dev.pulse.model.JobStatus;
import dev.pulse.model.PulseException;
import dev.pulse.model.Submission;
import dev.pulse.model.WaitReason;
import dev.pulse.store.Inserted;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Jobs as JSON. What a job does not have is null, but {@code result}: a handler may well have returned null. */
public final class JobJson {
    private JobJson() {}

    /**
     * A job with its history, as {@code GET /jobs/{id}} shows it.
     *
     * @param progress of the job's last attempt, or null
     * @param waiting what keeps it waiting; empty for one that does not wait
     */
    public static byte[] full(Job job, @Nullable JobProgress progress, List<WaitReason> waiting) {
        return Out.object(out -> {
            write(out, job);
            LogJson.progress(out, progress);
            SwitchJson.waiting(out, waiting);
            out.objects("attempts", job.attempts(), JobJson::write);
        });
    }

    /** A job as actions and waits answer it. */
    public static byte[] job(Job job) {
        return Out.object(out -> write(out, job));
    }

    public static byte[] page(JobPage page) {
        return Out.page(page.items(), page.nextCursor(), JobJson::write);
    }

    /** The answer to one submission. */
    public static byte[] submitted(Submitted submitted) {
        return Out.object(out -> write(out, submitted));
    }

    /** The answers to a batch, in its order; a refused place holds its problem. */
    public static byte[] batch(List<Submitted> items) {
        return Out.object(out -> out.objects("items", items, JobJson::write));
    }

    /** What became of one submission. */
    public sealed interface Submitted {
        record Stored(Job job) implements Submitted {}

        record Duplicate(Job job) implements Submitted {}

        record Refused(PulseException reason) implements Submitted {}
    }

    /** The job that a submission has just become, without asking the store again. */
    public static Job stored(Submission submission, Inserted.Stored stored) {
        JobFacts facts = new JobFacts(
                submission.id(),
                submission.type(),
                submission.queue(),
                submission.priority(),
                submission.payload(),
                submission.labels(),
                submission.policy(),
                submission.key() == null ? null : submission.key().value(),
                stored.createdAt());
        return new Job(facts, stored.status(), 0, stored.runAt(), null, null, null, null, List.of());
    }

    public static byte[] counts(JobCounts counts) {
        return Out.object(out -> {
            write(out, counts.total());
            Duration oldest = counts.oldestPending();
            if (oldest == null) {
                out.nothing("oldest_pending_age_s");
            } else {
                out.seconds("oldest_pending_age_s", oldest);
            }
            out.objects("types", counts.byType().entrySet(), (item, type) -> {
                item.text("type", type.getKey());
                write(item, type.getValue());
            });
        });
    }

    private static void write(Out out, Map<JobStatus, Long> counts) {
        long total = 0;
        for (JobStatus status : JobStatus.values()) {
            long count = counts.getOrDefault(status, 0L);
            out.number(status.wireName(), count);
            total += count;
        }
        out.number("total", total);
    }

    private static void write(Out out, Submitted submitted) {
        switch (submitted) {
            case Submitted.Stored(Job job) -> write(out, job);
            case Submitted.Duplicate(Job job) -> {
                write(out, job);
                out.bool("duplicate", true);
            }
            case Submitted.Refused(PulseException reason) ->
                out.object("error", problem -> ProblemJson.write(problem, reason));
        }
    }

    private static void write(Out out, Job job) {
        facts(out, job.facts());
        out.text("status", job.status().wireName());
        out.number("attempt", job.attempt());
        out.instant("run_at", job.runAt());
        out.instant("started_at", job.startedAt());
        out.instant("finished_at", job.finishedAt());
        error(out, job.error());
        if (job.result() != null) {
            out.payload("result", job.result());
            if (!job.result().isJson()) {
                out.text("result_content_type", job.result().contentType());
            }
        }
    }

    /** What was stored of the submission. */
    static void facts(Out out, JobFacts facts) {
        out.text("id", facts.id().toString());
        out.text("type", facts.type());
        out.text("queue", facts.queue());
        out.payload("payload", facts.payload());
        if (!facts.payload().isJson()) {
            out.text("content_type", facts.payload().contentType());
        }
        out.texts("headers", facts.labels().headers());
        out.texts("tags", facts.labels().tags());
        out.number("priority", facts.priority());
        out.number("max_attempts", facts.policy().maxAttempts());
        out.text("backoff", facts.policy().backoff().format());
        Duration timeout = facts.policy().timeout();
        out.text("timeout", timeout == null ? null : Durations.format(timeout));
        out.text("key", facts.key());
        out.text("origin", facts.labels().origin());
        out.text("bundle_id", facts.bundleId() == null ? null : facts.bundleId().toString());
        out.text(
                "schedule_id",
                facts.scheduleId() == null ? null : facts.scheduleId().toString());
        out.text("occurrence", facts.occurrence());
        out.instant("created_at", facts.createdAt());
    }

    private static void write(Out out, Attempt attempt) {
        out.number("attempt", attempt.number());
        out.text("worker", attempt.worker());
        out.instant("started_at", attempt.startedAt());
        out.instant("ended_at", attempt.endedAt());
        out.text("outcome", attempt.outcome() == null ? null : attempt.outcome().wireName());
        error(out, attempt.error());
    }

    private static void error(Out out, @Nullable AttemptError error) {
        if (error == null) {
            out.nothing("error");
            return;
        }
        out.object("error", fields -> {
            fields.text("type", error.type());
            fields.text("message", error.message());
            fields.text("stack", error.stack());
        });
    }
}
