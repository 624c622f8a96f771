package dev.pulse.server;

import dev.pulse.access.Access;
import dev.pulse.engine.Engine;
import dev.pulse.model.ErrorCode;
import dev.pulse.model.Job;
import dev.pulse.model.JobFilter;
import dev.pulse.model.JobLog;
import dev.pulse.model.JobPage;
import dev.pulse.model.JobProgress;
import dev.pulse.model.PulseException;
import dev.pulse.model.Submission;
import dev.pulse.model.WaitReason;
import dev.pulse.store.Acted;
import dev.pulse.store.Inserted;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Jobs, the same at both doors: an act, then the job as it stands. A job in a queue that is not the caller's is answered like
 * one that is not there. Runs on the caller's thread, and may block but for {@link #submit}.
 */
final class JobDesk {
    private final Engine engine;
    private final Access access;

    JobDesk(Engine engine, Access access) {
        this.engine = engine;
        this.access = access;
    }

    /**
     * Stores jobs, as {@link Engine#submit}.
     *
     * @param atomic whether one job for a foreign queue refuses all; otherwise it is refused alone
     */
    CompletableFuture<List<Inserted>> submit(List<Submission> batch, boolean atomic) {
        if (access.queues().isAll()) {
            return engine.submit(batch, atomic);
        }
        if (atomic) {
            List<QueueRights.Place> places = new ArrayList<>(batch.size());
            for (Submission job : batch) {
                places.add(new QueueRights.Place("jobs[" + places.size() + "].", job));
            }
            QueueRights.requireAll(access, places);
            return engine.submit(batch, true);
        }
        List<Submission> own =
                batch.stream().filter(job -> access.sees(job.queue())).toList();
        if (own.size() < batch.size()) {
            engine.denied(access.caller(), "job.submit", "");
        }
        CompletableFuture<List<Inserted>> stored =
                own.isEmpty() ? CompletableFuture.completedFuture(List.of()) : engine.submit(own, false);
        return stored.thenApply(answers -> inPlace(batch, answers.iterator()));
    }

    private List<Inserted> inPlace(List<Submission> batch, Iterator<Inserted> answers) {
        List<Inserted> all = new ArrayList<>(batch.size());
        for (Submission job : batch) {
            all.add(access.sees(job.queue()) ? answers.next() : refused(job));
        }
        return all;
    }

    private Inserted refused(Submission job) {
        try {
            QueueRights.requireAll(access, List.of(new QueueRights.Place("", job)));
            throw new AssertionError("queue " + job.queue() + " is allowed");
        } catch (PulseException forbidden) {
            return new Inserted.Refused(forbidden);
        }
    }

    Job cancel(UUID id) {
        requireMine(id);
        return after(id, engine.cancel(id, access.caller()), "canceled");
    }

    Job requeue(UUID id) {
        requireMine(id);
        return after(id, engine.requeue(id, access.caller()), "requeued");
    }

    Job runNow(UUID id) {
        requireMine(id);
        return after(id, engine.runNow(id, access.caller()), "run now");
    }

    /** Deletes the job and returns it as it was. */
    Job delete(UUID id) {
        Job job = find(id);
        engine.delete(id, access.caller()).orThrow(id, "deleted");
        return job;
    }

    Job find(UUID id) {
        return engine.find(id).filter(job -> access.sees(job.facts().queue())).orElseThrow(() -> notFound(id));
    }

    /** The job once it is final, or as it stands when the time is over. */
    CompletableFuture<Job> await(UUID id, Duration timeout) {
        requireMine(id); // at once: how long an answer takes would tell what is there
        return engine.await(id, timeout).thenApply(found -> found.orElseThrow(() -> notFound(id)));
    }

    JobPage list(JobFilter filter, int limit, @Nullable String cursor) {
        return engine.list(QueueRights.narrowed(access, filter), limit, cursor);
    }

    /** How far the last attempt of a job that was found here has come; null where it told nothing. */
    @Nullable
    JobProgress progress(Job job) {
        return engine.log(job.facts().id(), 0, 1).progressOf(job.attempt());
    }

    /** What keeps a job that was found here waiting. */
    List<WaitReason> waiting(Job job) {
        return engine.waiting(job);
    }

    /** What the attempts of the job told; an unknown job is not found, not an empty log. */
    JobLog log(UUID id, long after, int limit) {
        find(id);
        return engine.log(id, after, limit);
    }

    private static PulseException notFound(UUID id) {
        return new PulseException(ErrorCode.JOB_NOT_FOUND, "no job has the id " + id);
    }

    /** A job's queue never changes: what is found here is what is acted on. Whoever may use every queue pays nothing. */
    private void requireMine(UUID id) {
        if (!access.queues().isAll()) {
            find(id);
        }
    }

    private Job after(UUID id, Acted acted, String verb) {
        acted.orThrow(id, verb);
        return find(id);
    }
}
