package dev.pulse.testing;

import dev.pulse.engine.Bulk;
import dev.pulse.model.BulkAction;
import dev.pulse.model.BulkOperation;
import dev.pulse.model.BulkResult;
import dev.pulse.model.Caller;
import dev.pulse.model.ErrorCode;
import dev.pulse.model.Job;
import dev.pulse.model.JobCounts;
import dev.pulse.model.JobFilter;
import dev.pulse.model.JobLog;
import dev.pulse.model.JobPage;
import dev.pulse.model.PulseException;
import dev.pulse.model.Submission;
import dev.pulse.sdk.JobClient;
import dev.pulse.sdk.SubmitResult;
import dev.pulse.sdk.Submitted;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The jobs of a test: notes what is enqueued, leaves out what is ignored, and tells when something came in. */
final class TestJobs implements JobClient {
    private static final Caller CALLER = new Caller("test", "test");

    private final JobClient jobs;
    private final Recorder recorder;
    private final Bulk bulk;
    private final Driver driver;
    private final Runnable onSubmitted;
    private final Runnable onAwait;

    /**
     * Over the real jobs.
     *
     * @param bulk acts on many jobs, which {@code driver} carries out at once: the engine's own wait has a clock that moves
     * @param onSubmitted something that is not ignored came in, and is durable
     * @param onAwait somebody waits for a job
     */
    TestJobs(JobClient jobs, Recorder recorder, Bulk bulk, Driver driver, Runnable onSubmitted, Runnable onAwait) {
        this.jobs = jobs;
        this.recorder = recorder;
        this.bulk = bulk;
        this.driver = driver;
        this.onSubmitted = onSubmitted;
        this.onAwait = onAwait;
    }

    @Override
    public Submitted submit(Submission job) {
        return through(
                        List.of(job),
                        some -> List.of(jobs.submit(some.getFirst())),
                        Function.identity(),
                        submitted -> !submitted.duplicate())
                .getFirst();
    }

    @Override
    public List<Submitted> submitAll(List<Submission> batch) {
        return through(batch, jobs::submitAll, Function.identity(), submitted -> !submitted.duplicate());
    }

    @Override
    public List<SubmitResult> submitEach(List<Submission> batch) {
        return through(
                batch,
                jobs::submitEach,
                SubmitResult.Stored::new,
                result -> result instanceof SubmitResult.Stored(Submitted submitted) && !submitted.duplicate());
    }

    private <R> List<R> through(
            List<Submission> batch,
            Function<List<Submission>, List<R>> send,
            Function<Submitted, R> leftOut,
            Predicate<R> isNew) {
        List<Boolean> ignored = batch.stream().map(recorder::isIgnored).toList();
        List<Submission> wanted = new ArrayList<>();
        for (int i = 0; i < batch.size(); i++) {
            if (!ignored.get(i)) {
                wanted.add(batch.get(i));
            }
        }
        Iterator<R> answers = (wanted.isEmpty() && !batch.isEmpty() ? List.<R>of() : send.apply(wanted)).iterator();
        List<R> results = new ArrayList<>();
        for (int i = 0; i < batch.size(); i++) {
            Submission job = batch.get(i);
            R result = ignored.get(i) ? leftOut.apply(new Submitted(job.id(), false, null)) : answers.next();
            if (ignored.get(i) || isNew.test(result)) {
                recorder.note(job, ignored.get(i));
            }
            results.add(result);
        }
        if (!wanted.isEmpty()) {
            onSubmitted.run();
        }
        return results;
    }

    private <T> T real(UUID id, Function<UUID, T> act) {
        for (Recorder.Entry entry : recorder.entries()) {
            if (entry.ignored() && entry.job().id().equals(id)) {
                throw new PulseException(
                        ErrorCode.JOB_NOT_FOUND,
                        "this test ignored " + entry.job().type() + " " + id + ": there is no such job");
            }
        }
        return act.apply(id);
    }

    @Override
    public Optional<Job> find(UUID id) {
        return jobs.find(id);
    }

    /** Waiting takes no time here: what is ready runs, and then the job is answered as it stands. */
    @Override
    public Job await(UUID id, Duration timeout) {
        return real(id, known -> {
            onAwait.run();
            return jobs.find(known)
                    .orElseThrow(() -> new PulseException(ErrorCode.JOB_NOT_FOUND, "no job has the id " + known));
        });
    }

    @Override
    public JobLog log(UUID id, long after, int limit) {
        return real(id, known -> jobs.log(known, after, limit));
    }

    @Override
    public JobPage list(JobFilter filter, int limit, @Nullable String cursor) {
        return jobs.list(filter, limit, cursor);
    }

    @Override
    public Job cancel(UUID id) {
        return real(id, jobs::cancel);
    }

    @Override
    public Job requeue(UUID id) {
        return real(id, jobs::requeue);
    }

    @Override
    public Job runNow(UUID id) {
        return real(id, jobs::runNow);
    }

    @Override
    public void delete(UUID id) {
        jobs.delete(id);
    }

    @Override
    public BulkResult bulk(BulkAction action, JobFilter filter, boolean dryRun) {
        if (dryRun) {
            return bulk.count(filter, false);
        }
        BulkOperation started = bulk.start(action, filter, false, null, CALLER);
        driver.settle(false);
        return bulk.await(started.id(), Duration.ZERO).orElse(started).result();
    }

    @Override
    public JobCounts counts() {
        return jobs.counts();
    }
}
