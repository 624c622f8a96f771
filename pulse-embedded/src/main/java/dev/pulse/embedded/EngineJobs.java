package dev.pulse.embedded;

import dev.pulse.engine.Engine;
import dev.pulse.json.JsonText;
import dev.pulse.model.BulkAction;
import dev.pulse.model.BulkResult;
import dev.pulse.model.Caller;
import dev.pulse.model.ErrorCode;
import dev.pulse.model.Job;
import dev.pulse.model.JobCounts;
import dev.pulse.model.JobFilter;
import dev.pulse.model.JobLog;
import dev.pulse.model.JobPage;
import dev.pulse.model.Limits;
import dev.pulse.model.PulseException;
import dev.pulse.model.Submission;
import dev.pulse.model.Violation;
import dev.pulse.sdk.JobClient;
import dev.pulse.sdk.SubmitResult;
import dev.pulse.sdk.Submitted;
import dev.pulse.store.Acted;
import dev.pulse.store.Inserted;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Jobs as their owners see them, over an engine in the same process. Stop 1 of the path; on the caller's thread. */
final class EngineJobs implements JobClient {
    /** Where these calls come from, in the audit log. */
    static final String ADDRESS = "embedded";

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    /** The engine cuts a longer wait; a caller who wants more asks again here. */
    private static final Duration LONGEST_WAIT = Duration.ofMinutes(5);

    private static final int MAX_PAGE = 1_000;

    private final Engine engine;
    private final Caller caller;
    private final Limits limits;
    private final Turns turns;

    EngineJobs(Engine engine, String actor, Limits limits, Turns turns) {
        this.engine = engine;
        this.caller = new Caller(actor, ADDRESS);
        this.limits = limits;
        this.turns = turns;
    }

    @Override
    public Submitted submit(Submission job) {
        check("", List.of(job));
        return submitted(
                turns.await(engine.submit(List.of(job), false), PATIENCE).getFirst());
    }

    @Override
    public List<Submitted> submitAll(List<Submission> jobs) {
        checkSize(jobs);
        check("jobs", jobs);
        return turns.await(engine.submit(jobs, true), PATIENCE).stream()
                .map(EngineJobs::submitted)
                .toList();
    }

    /** One commit for all that can be stored, unlike the default, which makes one for each. */
    @Override
    public List<SubmitResult> submitEach(List<Submission> jobs) {
        checkSize(jobs);
        List<Submission> good = new ArrayList<>(jobs.size());
        List<Optional<PulseException>> faults = new ArrayList<>(jobs.size());
        for (Submission job : jobs) {
            Optional<PulseException> fault = fault(job);
            faults.add(fault);
            if (fault.isEmpty()) {
                good.add(job);
            }
        }
        Iterator<Inserted> stored = good.isEmpty()
                ? Collections.emptyIterator()
                : turns.await(engine.submit(good, false), PATIENCE).iterator();
        return faults.stream()
                .<SubmitResult>map(fault -> fault.isPresent()
                        ? new SubmitResult.Refused(fault.get())
                        : SubmitResult.of(() -> submitted(stored.next())))
                .toList();
    }

    private Optional<PulseException> fault(Submission job) {
        try {
            check("", List.of(job));
            return Optional.empty();
        } catch (PulseException e) {
            return Optional.of(e);
        }
    }

    static void checkSize(List<Submission> jobs) {
        if (jobs.isEmpty()) {
            throw PulseException.invalid("jobs", "1 to " + Limits.MAX_BATCH + " jobs are allowed, got none");
        }
        if (jobs.size() > Limits.MAX_BATCH) {
            throw new PulseException(
                    ErrorCode.TOO_MANY_ITEMS,
                    "jobs: " + jobs.size() + ", at most " + Limits.MAX_BATCH + " in one call");
        }
    }

    /** What a server's doors check of a payload, this door checks, too: its size, and that JSON is JSON. */
    void check(String list, List<Submission> jobs) {
        List<Violation> oversize = new ArrayList<>();
        List<Violation> faults = new ArrayList<>();
        for (int i = 0; i < jobs.size(); i++) {
            String field = list.isEmpty() ? "payload" : list + "[" + i + "].payload";
            var payload = jobs.get(i).payload();
            if (payload.size() > limits.payloadBytes()) {
                oversize.add(new Violation(field, payload.size() + " bytes, at most " + limits.payloadBytes()));
            } else if (payload.isJson()) {
                JsonText.fault(payload.bytes())
                        .ifPresent(fault -> faults.add(
                                new Violation(field, fault + "; other bytes need a content type of their own")));
            }
        }
        if (!faults.isEmpty()) {
            faults.addAll(oversize);
            throw PulseException.invalid(faults);
        }
        if (!oversize.isEmpty()) {
            throw PulseException.of(ErrorCode.PAYLOAD_TOO_LARGE, oversize);
        }
    }

    static Submitted submitted(Inserted inserted) {
        return switch (inserted) {
            case Inserted.Stored stored -> new Submitted(stored.id(), false, stored.status());
            case Inserted.Duplicate(UUID id) -> new Submitted(id, true, null);
            case Inserted.Refused(PulseException reason) -> throw reason;
        };
    }

    @Override
    public Optional<Job> find(UUID id) {
        return engine.find(id);
    }

    @Override
    public JobLog log(UUID id, long after, int limit) {
        if (after < 0 || limit < 1 || limit > MAX_PAGE) {
            throw PulseException.invalid(
                    "limit", "1 to " + MAX_PAGE + " lines after line 0 or more, got " + limit + " after " + after);
        }
        if (find(id).isEmpty()) {
            throw new PulseException(ErrorCode.JOB_NOT_FOUND, "no job " + id);
        }
        return engine.log(id, after, limit);
    }

    @Override
    public Job await(UUID id, Duration timeout) {
        Duration left = timeout.isNegative() ? Duration.ZERO : timeout;
        while (true) {
            Duration wait = left.compareTo(LONGEST_WAIT) < 0 ? left : LONGEST_WAIT;
            Job job = turns.await(engine.await(id, wait), wait.plus(PATIENCE)).orElseThrow(() -> notFound(id));
            left = left.minus(wait);
            if (job.status().isFinal() || left.isZero()) {
                return job;
            }
        }
    }

    @Override
    public JobPage list(JobFilter filter, int limit, @Nullable String cursor) {
        if (limit < 1 || limit > MAX_PAGE) {
            throw PulseException.invalid("limit", "1 to " + MAX_PAGE + " are allowed, got " + limit);
        }
        return engine.list(filter, limit, cursor);
    }

    @Override
    public Job cancel(UUID id) {
        return after(id, engine.cancel(id, caller), "canceled");
    }

    @Override
    public Job requeue(UUID id) {
        return after(id, engine.requeue(id, caller), "requeued");
    }

    @Override
    public Job runNow(UUID id) {
        return after(id, engine.runNow(id, caller), "run now");
    }

    @Override
    public void delete(UUID id) {
        engine.delete(id, caller).orThrow(id, "deleted");
    }

    private Job after(UUID id, Acted acted, String verb) {
        acted.orThrow(id, verb);
        return engine.find(id).orElseThrow(() -> notFound(id));
    }

    private static PulseException notFound(UUID id) {
        return new PulseException(ErrorCode.JOB_NOT_FOUND, "no job has the id " + id);
    }

    @Override
    public BulkResult bulk(BulkAction action, JobFilter filter, boolean dryRun) {
        return engine.bulk(action, filter, dryRun, caller);
    }

    @Override
    public JobCounts counts() {
        return engine.counts();
    }
}
