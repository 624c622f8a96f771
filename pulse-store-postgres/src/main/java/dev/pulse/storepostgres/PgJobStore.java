package dev.pulse.storepostgres;

import dev.pulse.model.Assignment;
import dev.pulse.model.Attempt;
import dev.pulse.model.BulkAction;
import dev.pulse.model.Caller;
import dev.pulse.model.Job;
import dev.pulse.model.JobCounts;
import dev.pulse.model.JobFilter;
import dev.pulse.model.JobPage;
import dev.pulse.model.JobStatus;
import dev.pulse.model.LeaseToken;
import dev.pulse.model.OutcomePolicy;
import dev.pulse.model.Standing;
import dev.pulse.model.Submission;
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
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Jobs in PostgreSQL. Stops 3, 5, 9 and 11 of the path; runs on the caller's thread. Keeps I1 to I5 and I7; each statement
 * says in its header how.
 */
final class PgJobStore implements JobStore {
    private final Database data;
    private final Database queries;
    private final JobLister lister;
    private final LaneRegistry lanes;
    private final JobInserter inserter;
    private final AttemptEnder ender;
    private final JobActs acts = new JobActs();

    PgJobStore(Database data, Database queries, LaneRegistry lanes, JobInserter inserter, AttemptEnder ender) {
        this.data = data;
        this.queries = queries;
        this.lister = new JobLister(queries, JobLister.Bounds.DEFAULT);
        this.lanes = lanes;
        this.inserter = inserter;
        this.ender = ender;
    }

    @Override
    public List<Inserted> insert(List<Submission> batch, boolean atomic) {
        return batch.isEmpty() ? List.of() : inserter.insert(batch, atomic);
    }

    @Override
    public List<Assignment> claim(Claim claim) {
        if (claim.from().isEmpty() || claim.slots().isEmpty()) {
            return List.of();
        }
        return data.write(calls -> calls.sql(Statement.JOB_CLAIM)
                .setColumn("lanes", "int4", claim.from(), Claim.LaneStart::lane)
                .setColumn("priorities", "int4", claim.from(), Claim.LaneStart::priority)
                .setColumn("seqs", "int8", claim.from(), Claim.LaneStart::seq)
                .setUuids("sessions", new HashSet<>(claim.slots()))
                .setUuids("slots", claim.slots())
                .set("limit", (long) claim.slots().size())
                .set("switches", claim.switches())
                .list(PgJobStore::assignment));
    }

    @Override
    public LimitedGrant claimLimited(LimitedClaim claim) {
        if (claim.claim().from().isEmpty() || claim.claim().slots().isEmpty()) {
            return new LimitedGrant(List.of(), Map.of());
        }
        return data.transact(calls -> LimitedClaims.claim(calls, claim));
    }

    @Override
    public List<Ended> end(List<Report> reports, Decider decider) {
        if (reports.isEmpty()) {
            return List.of();
        }
        Database.Work<List<Ended>> work = calls -> ender.end(calls, reports, decider);
        return AttemptEnder.isPlain(reports) ? data.write(work) : data.transact(work);
    }

    @Override
    public Promoted promote(int limit) {
        Set<Integer> woken = new HashSet<>();
        List<Integer> moved = data.write(calls -> calls.sql(Statement.JOB_PROMOTE)
                .setUuids("ids", null)
                .set("limit", (long) limit)
                .list(row -> {
                    woken.add(row.getInt("lane"));
                    return row.getInt("jobs");
                }));
        int count = moved.stream().mapToInt(Integer::intValue).sum();
        Long next =
                data.<@Nullable Long>read(calls -> calls.sql(Statement.DUE_NEXT).first(row -> row.getLong("ms")));
        return new Promoted(count, woken, next == null ? null : Duration.ofMillis(next));
    }

    @Override
    public Acted cancel(UUID id, Caller by) {
        return one(id, BulkAction.CANCEL, by, calls -> acts.cancel(calls, List.of(id), by.name()));
    }

    @Override
    public Acted requeue(UUID id, Caller by) {
        return one(id, BulkAction.REQUEUE, by, calls -> acts.requeue(calls, List.of(id)));
    }

    @Override
    public Acted runNow(UUID id, Caller by) {
        return one(id, BulkAction.RUN_NOW, by, calls -> acts.runNow(calls, List.of(id)));
    }

    @Override
    public Acted delete(UUID id, Caller by) {
        return one(id, BulkAction.DELETE, by, calls -> acts.delete(calls, List.of(id)));
    }

    private Acted one(UUID id, BulkAction action, Caller by, Database.Work<Map<UUID, JobActs.Change>> act) {
        return data.transact(calls -> {
            JobActs.Change change = Objects.requireNonNull(act.on(calls).get(id));
            AuditLog.act(calls, by, action, id, change);
            return change.acted();
        });
    }

    @Override
    public Optional<Job> find(UUID id) {
        return data.read(calls -> {
            List<Attempt> attempts = new ArrayList<>(
                    calls.sql(Statement.ATTEMPT_LIST).set("id", id).list(JobRow::attempt));
            Job job = calls.sql(Statement.JOB_FIND).set("id", id).first(row -> {
                if (JobRow.status(row.getString("status")) == JobStatus.RUNNING) {
                    attempts.add(new Attempt(
                            row.getInt("attempt"),
                            row.getString("worker"),
                            Sql.instant(row, "since"),
                            null,
                            null,
                            null));
                }
                return JobRow.job(row, attempts);
            });
            return Optional.ofNullable(job);
        });
    }

    @Override
    public Optional<Standing> standing(UUID id) {
        return queries.read(calls -> Standings.of(calls, id));
    }

    @Override
    public JobPage list(JobFilter filter, int limit, @Nullable String cursor) {
        return lister.list(filter, limit, cursor);
    }

    @Override
    public Set<UUID> finished(Set<UUID> ids) {
        return ids.isEmpty()
                ? Set.of()
                : data.read(calls ->
                        calls.sql(Statement.JOB_FINISHED).setUuids("ids", ids).set(row -> Sql.uuid(row, "id")));
    }

    @Override
    public JobCounts counts() {
        return queries.read(calls -> {
            SortedMap<String, Map<JobStatus, Long>> byType = new TreeMap<>();
            calls.sql(Statement.JOB_COUNTS).list(row -> {
                long n = row.getLong("n");
                Map<JobStatus, Long> counts =
                        byType.computeIfAbsent(row.getString("type"), type -> new EnumMap<>(JobStatus.class));
                return n <= 0 ? n : counts.merge(JobRow.status(row.getString("status")), n, Long::sum);
            });
            byType.values().removeIf(Map::isEmpty);
            Long oldest = calls.sql(Statement.OLDEST_PENDING).first(row -> row.getLong("ms"));
            return new JobCounts(byType, oldest == null ? null : Duration.ofMillis(oldest));
        });
    }

    @Override
    public List<Lane> lanes() {
        return lanes.refresh();
    }

    static Assignment assignment(ResultSet row) throws SQLException {
        return new Assignment(
                JobRow.facts(row),
                new LeaseToken(row.getInt("lane"), row.getLong("seq"), Sql.uuid(row, "token")),
                Sql.uuid(row, "session"),
                row.getInt("attempt"),
                row.getInt("crashes") >= OutcomePolicy.SUSPECT_FROM,
                Duration.of(row.getLong("waited_us"), ChronoUnit.MICROS));
    }
}
