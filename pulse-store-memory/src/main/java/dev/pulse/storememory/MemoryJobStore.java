package dev.pulse.storememory;

import dev.pulse.model.Assignment;
import dev.pulse.model.BulkAction;
import dev.pulse.model.Caller;
import dev.pulse.model.Job;
import dev.pulse.model.JobCounts;
import dev.pulse.model.JobFacts;
import dev.pulse.model.JobFilter;
import dev.pulse.model.JobPage;
import dev.pulse.model.JobStatus;
import dev.pulse.model.Limits;
import dev.pulse.model.ReportAnswer;
import dev.pulse.model.Standing;
import dev.pulse.model.Submission;
import dev.pulse.model.Transition;
import dev.pulse.store.Acted;
import dev.pulse.store.Claim;
import dev.pulse.store.Decider;
import dev.pulse.store.Ended;
import dev.pulse.store.Inserted;
import dev.pulse.store.JobStore;
import dev.pulse.store.Lane;
import dev.pulse.store.LimitedClaim;
import dev.pulse.store.LimitedGrant;
import dev.pulse.store.Promoted;
import dev.pulse.store.Report;
import dev.pulse.storememory.Tables.TypedKey;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/** The jobs. Stops 3, 5, 9 and 11 of the path; any thread. Keeps I2, I3, I4, I5 and I9. */
final class MemoryJobStore implements JobStore {
    private final Tables tables;
    private final MemoryAuditStore audit;
    private final MemoryClaims claims;

    MemoryJobStore(Tables tables, RandomGenerator random, MemoryAuditStore audit) {
        this.tables = tables;
        this.audit = audit;
        this.claims = new MemoryClaims(tables, random);
    }

    @Override
    public List<Inserted> insert(List<Submission> batch, boolean atomic) {
        return tables.locked(() -> new Insertion(tables).run(batch, atomic));
    }

    @Override
    public List<Assignment> claim(Claim claim) {
        return tables.locked(() -> claims.claim(claim));
    }

    @Override
    public LimitedGrant claimLimited(LimitedClaim claim) {
        return tables.locked(() -> claims.claim(claim));
    }

    @Override
    public List<Ended> end(List<Report> reports, Decider decider) {
        return tables.locked(
                () -> reports.stream().map(report -> end(report, decider)).toList());
    }

    private Ended end(Report report, Decider decider) {
        StoredJob job = tables.jobs.get(report.jobId());
        if (job == null) {
            return refused(report, ReportAnswer.UNKNOWN);
        }
        if (job.grant != null && job.grant.token().equals(report.token())) {
            return tables.end(job, job.grant, report.outcome(), decider);
        }
        boolean repeated = job.endedBy(report.token(), report.outcome().kind());
        return refused(report, repeated ? ReportAnswer.APPLIED : ReportAnswer.STALE);
    }

    private static Ended refused(Report report, ReportAnswer answer) {
        return new Ended(report.jobId(), report.token(), answer, null, null);
    }

    @Override
    public Promoted promote(int limit) {
        return tables.locked(() -> {
            Instant now = tables.now();
            Set<Integer> lanes = new TreeSet<>();
            int count = 0;
            while (count < limit
                    && !tables.due.isEmpty()
                    && !tables.due.first().dueAt().isAfter(now)) {
                StoredJob job = tables.due.first();
                makeReady(job, Transition.PROMOTE, now);
                lanes.add(job.lane.number());
                count++;
            }
            Duration untilNext = tables.due.isEmpty()
                    ? null
                    : Duration.between(now, tables.due.first().dueAt());
            return new Promoted(count, lanes, untilNext);
        });
    }

    /** Behind all that is ready; a job that lost its worker twice in a row in the suspects' lane. */
    private void makeReady(StoredJob job, Transition transition, Instant now) {
        tables.move(job, transition, JobStatus.PENDING, () -> {
            JobFacts facts = job.facts;
            job.lane = tables.lane(facts.queue(), facts.type(), facts.priority(), job.isSuspect());
            job.seq = tables.nextSeq();
            job.readyAt = now;
            job.runAt = null;
        });
    }

    @Override
    public Acted cancel(UUID id, Caller by) {
        return audited(BulkAction.CANCEL, id, by);
    }

    /** Within a unit of work that holds the lock. */
    Acted cancelLocked(StoredJob job, String by) {
        return switch (job.status) {
            case SCHEDULED, PENDING, RETRYING -> cancelWaiting(job, by);
            case RUNNING -> requestCancel(job);
            case COMPLETED, DEAD_LETTERED, CANCELED -> new Acted.Illegal(job.status);
        };
    }

    private Acted cancelWaiting(StoredJob job, String by) {
        Instant now = tables.now();
        tables.move(job, Transition.CANCEL, JobStatus.CANCELED, () -> {
            job.runAt = null;
            job.finishedAt = now;
            job.noteCancel(by, now);
        });
        return done(job);
    }

    private static Acted requestCancel(StoredJob job) {
        job.cancelRequested = true;
        return new Acted.Done(JobStatus.RUNNING, 0, job.liveGrant().session());
    }

    @Override
    public Acted requeue(UUID id, Caller by) {
        return audited(BulkAction.REQUEUE, id, by);
    }

    private Acted requeue(StoredJob job) {
        Instant now = tables.now();
        TypedKey key = job.key();
        StoredJob holder = key == null ? null : tables.keyHolder(key, now);
        if (key != null && holder != null && holder != job) {
            return new Acted.KeyTaken(key.key(), holder.id());
        }
        if (key != null && holder == null) {
            job.keyUntil = null; // a time to live that is over begins no second time
            tables.takeKey(key, job);
        }
        job.charged = 0;
        job.crashes = 0;
        job.finishedAt = null;
        job.result = null;
        makeReady(job, Transition.REQUEUE, now);
        return new Acted.Done(job.status, job.lane.number(), null);
    }

    @Override
    public Acted runNow(UUID id, Caller by) {
        return audited(BulkAction.RUN_NOW, id, by);
    }

    private Acted runNow(StoredJob job) {
        return switch (job.status) {
            case SCHEDULED, RETRYING -> {
                makeReady(job, Transition.PROMOTE, tables.now());
                yield new Acted.Done(job.status, job.lane.number(), null);
            }
            case PENDING -> done(job);
            case RUNNING, COMPLETED, DEAD_LETTERED, CANCELED -> new Acted.Illegal(job.status);
        };
    }

    @Override
    public Acted delete(UUID id, Caller by) {
        return audited(BulkAction.DELETE, id, by);
    }

    private Acted delete(StoredJob job) {
        if (job.status == JobStatus.RUNNING) {
            return new Acted.Illegal(job.status);
        }
        tables.remove(job);
        return done(job);
    }

    private static Acted done(StoredJob job) {
        return new Acted.Done(job.status, 0, null);
    }

    private Acted audited(BulkAction action, UUID id, Caller by) {
        return tables.locked(() -> {
            StoredJob job = tables.jobs.get(id);
            JobStatus was = job == null ? null : job.status;
            Acted acted = act(action, id, by);
            audit.act(by, action, id, acted, was);
            return acted;
        });
    }

    /** Under the lock. */
    Acted act(BulkAction action, UUID id, Caller by) {
        StoredJob job = tables.jobs.get(id);
        if (job == null) {
            return new Acted.NotFound();
        }
        return switch (action) {
            case CANCEL -> cancelLocked(job, by.name());
            case REQUEUE -> job.status.isFinal() ? requeue(job) : new Acted.Illegal(job.status);
            case RUN_NOW -> runNow(job);
            case DELETE -> delete(job);
        };
    }

    @Override
    public Optional<Job> find(UUID id) {
        return tables.locked(() -> Optional.ofNullable(tables.jobs.get(id)).map(StoredJob::snapshot));
    }

    @Override
    public Optional<Standing> standing(UUID id) {
        return tables.locked(() -> Optional.ofNullable(tables.jobs.get(id)).flatMap(new Standings(tables)::of));
    }

    @Override
    public JobPage list(JobFilter filter, int limit, @Nullable String cursor) {
        return tables.locked(() -> JobListing.page(tables.jobs.values(), filter, limit, cursor));
    }

    @Override
    public Set<UUID> finished(Set<UUID> ids) {
        if (ids.size() > Limits.MAX_BATCH) {
            throw new IllegalArgumentException("at most " + Limits.MAX_BATCH + " jobs in one call, got " + ids.size());
        }
        return tables.locked(() -> ids.stream().filter(this::isFinished).collect(Collectors.toUnmodifiableSet()));
    }

    private boolean isFinished(UUID id) {
        StoredJob job = tables.jobs.get(id);
        return job == null || job.status.isFinal();
    }

    @Override
    public JobCounts counts() {
        return tables.locked(() -> {
            SortedMap<String, Map<JobStatus, Long>> byType = new TreeMap<>();
            Instant oldest = null;
            for (StoredJob job : tables.jobs.values()) {
                byType.computeIfAbsent(job.facts.type(), type -> new EnumMap<>(JobStatus.class))
                        .merge(job.status, 1L, Long::sum);
                if (job.status == JobStatus.PENDING && (oldest == null || job.readyAt.isBefore(oldest))) {
                    oldest = job.readyAt;
                }
            }
            return new JobCounts(byType, oldest == null ? null : Duration.between(oldest, tables.now()));
        });
    }

    @Override
    public List<Lane> lanes() {
        return tables.locked(
                () -> StreamSupport.stream(tables.lanes().spliterator(), false).toList());
    }
}
