package dev.pulse.storepostgres;

import dev.pulse.model.JobStatus;
import dev.pulse.store.Acted;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What operators do to jobs, in the caller's transaction: one statement a step for any number of jobs, so that one job and
 * a thousand go the same way. Locks are taken in the order of docs/locking.md. Every job named gets an answer.
 */
final class JobActs {
    /** An act that met a claim or a promotion on its way looks again; each round somebody else made progress. */
    private static final int MAX_LOOKS = 5;

    private final KeyKeeper keys = new KeyKeeper();

    /** One try of an act on jobs: it answers for those that stood as it needs them, or are refused for a reason of its own. */
    @FunctionalInterface
    private interface Act {
        Map<UUID, Change> on(Database.Calls calls, List<UUID> ids) throws SQLException;
    }

    /**
     * What became of one job.
     *
     * @param was the status before the act; null where nothing was done
     */
    record Change(Acted acted, @Nullable JobStatus was) {}

    private record Facts(UUID id, String type, @Nullable String key, UUID contentHash) {}

    /** A key within its type. */
    private record Scoped(String type, String key) {}

    Map<UUID, Change> cancel(Database.Calls calls, List<UUID> ids, String by) throws SQLException {
        return look(calls, ids, status -> !status.isFinal(), (on, open) -> {
            Map<UUID, Change> done = new HashMap<>();
            on.sql(Statement.JOB_CANCEL)
                    .setUuids("ids", open)
                    .set("by", by)
                    .list(row -> done.put(
                            Sql.uuid(row, "job_id"),
                            new Change(
                                    new Acted.Done(JobStatus.CANCELED, 0, null), JobRow.status(row.getString("was")))));
            List<UUID> others = without(open, done.keySet());
            if (!others.isEmpty()) {
                on.sql(Statement.CANCEL_ASK)
                        .setUuids("ids", others)
                        .set("by", by)
                        .list(row -> done.put(
                                Sql.uuid(row, "job_id"),
                                new Change(
                                        new Acted.Done(JobStatus.RUNNING, 0, Sql.uuid(row, "session")),
                                        JobStatus.RUNNING)));
            }
            return done;
        });
    }

    Map<UUID, Change> runNow(Database.Calls calls, List<UUID> ids) throws SQLException {
        return look(calls, ids, JobStatus::isDue, (on, open) -> {
            Map<UUID, Change> done = new HashMap<>();
            Map<UUID, Integer> lanes = new HashMap<>();
            Map<UUID, JobStatus> was = new HashMap<>();
            on.sql(Statement.JOB_PROMOTE)
                    .setUuids("ids", open)
                    .set("limit", (long) open.size())
                    .list(row -> {
                        UUID id = Sql.uuid(row, "job_id");
                        String before = row.getString("was");
                        return before == null
                                ? lanes.put(id, row.getInt("lane")) == null
                                : was.put(id, JobRow.status(before)) == null;
                    });
            lanes.forEach((id, lane) ->
                    done.put(id, new Change(new Acted.Done(JobStatus.PENDING, lane, null), was.get(id))));
            List<UUID> others = without(open, done.keySet());
            statuses(on, others).forEach((id, status) -> {
                if (status == JobStatus.PENDING) {
                    done.put(id, new Change(new Acted.Done(JobStatus.PENDING, 0, null), status));
                }
            });
            return done;
        });
    }

    /** They queue in the order in which they are named. */
    Map<UUID, Change> requeue(Database.Calls calls, List<UUID> ids) throws SQLException {
        return look(calls, ids, JobStatus::isFinal, (on, open) -> {
            Map<UUID, Facts> facts = lock(on, open);
            Map<UUID, JobStatus> before = statuses(on, facts.keySet());
            List<UUID> ready = open.stream()
                    .filter(id -> before.containsKey(id)
                            && Objects.requireNonNull(before.get(id)).isFinal())
                    .toList();
            Map<UUID, Change> answers = retakeKeys(on, ready, facts);
            List<UUID> rest = without(ready, answers.keySet());
            if (!rest.isEmpty()) {
                on.sql(Statement.JOB_REQUEUE).setUuids("ids", rest).list(row -> {
                    UUID id = Sql.uuid(row, "job_id");
                    return answers.put(
                            id,
                            new Change(new Acted.Done(JobStatus.PENDING, row.getInt("lane"), null), before.get(id)));
                });
            }
            return answers;
        });
    }

    Map<UUID, Change> delete(Database.Calls calls, List<UUID> ids) throws SQLException {
        return look(calls, ids, status -> status != JobStatus.RUNNING, (on, open) -> {
            Set<UUID> there = lock(on, open).keySet();
            if (there.isEmpty()) {
                return Map.of();
            }
            Map<UUID, JobStatus> before = statuses(on, there);
            Map<UUID, Change> done = new HashMap<>();
            on.sql(Statement.JOB_DELETE).setUuids("ids", there).list(row -> {
                UUID id = Sql.uuid(row, "id");
                JobStatus was = Objects.requireNonNull(before.get(id));
                return done.put(id, new Change(new Acted.Done(was, 0, null), was));
            });
            return done;
        });
    }

    /** Takes the keys of these jobs again; answers for those whose key another job holds, one of these jobs included. */
    private Map<UUID, Change> retakeKeys(Database.Calls calls, List<UUID> ids, Map<UUID, Facts> facts)
            throws SQLException {
        Map<Scoped, KeyKeeper.Wish> wishes = new LinkedHashMap<>();
        for (UUID id : ids) {
            Facts job = Objects.requireNonNull(facts.get(id));
            if (job.key() != null) {
                wishes.putIfAbsent(
                        new Scoped(job.type(), job.key()),
                        new KeyKeeper.Wish(job.type(), job.key(), id, job.contentHash(), null));
            }
        }
        if (wishes.isEmpty()) {
            return new HashMap<>();
        }
        Map<Scoped, UUID> owners = new HashMap<>();
        List<KeyKeeper.Wish> asked = List.copyOf(wishes.values());
        List<KeyKeeper.@Nullable Holder> holders = keys.take(calls, asked);
        for (int i = 0; i < asked.size(); i++) {
            KeyKeeper.Wish wish = asked.get(i);
            KeyKeeper.Holder holder = holders.get(i);
            owners.put(new Scoped(wish.type(), wish.key()), holder == null ? wish.jobId() : holder.jobId());
        }
        Map<UUID, Change> refused = new HashMap<>();
        for (UUID id : ids) {
            Facts job = Objects.requireNonNull(facts.get(id));
            UUID owner = job.key() == null ? id : owners.get(new Scoped(job.type(), job.key()));
            if (job.key() != null && owner != null && !owner.equals(id)) {
                refused.put(id, new Change(new Acted.KeyTaken(job.key(), owner), null));
            }
        }
        return refused;
    }

    /** Tries the act; where it found nothing although the status is one it takes, somebody moved the job: look again. */
    private static Map<UUID, Change> look(Database.Calls calls, List<UUID> ids, Predicate<JobStatus> takes, Act act)
            throws SQLException {
        Map<UUID, Change> answers = new LinkedHashMap<>();
        Map<UUID, JobStatus> open = Map.of();
        List<UUID> left = ids;
        for (int look = 0; look < MAX_LOOKS && !left.isEmpty(); look++) {
            answers.putAll(act.on(calls, left));
            List<UUID> unanswered = without(left, answers.keySet());
            open = statuses(calls, unanswered);
            List<UUID> again = new ArrayList<>();
            for (UUID id : unanswered) {
                JobStatus status = open.get(id);
                if (status == null) {
                    answers.put(id, new Change(new Acted.NotFound(), null));
                } else if (takes.test(status)) {
                    again.add(id);
                } else {
                    answers.put(id, new Change(new Acted.Illegal(status), null));
                }
            }
            left = again;
        }
        for (UUID id : left) {
            answers.put(id, new Change(new Acted.Illegal(Objects.requireNonNull(open.get(id))), null));
        }
        return answers;
    }

    private static List<UUID> without(List<UUID> ids, Set<UUID> done) {
        Set<UUID> seen = new HashSet<>(done);
        return ids.stream().filter(id -> !seen.contains(id)).toList();
    }

    private static Map<UUID, Facts> lock(Database.Calls calls, List<UUID> ids) throws SQLException {
        Map<UUID, Facts> found = new HashMap<>();
        calls.sql(Statement.JOB_LOCK).setUuids("ids", ids).list(row -> {
            UUID id = Sql.uuid(row, "id");
            return found.put(
                    id, new Facts(id, row.getString("type"), row.getString("key"), Sql.uuid(row, "content_hash")));
        });
        return found;
    }

    private static Map<UUID, JobStatus> statuses(Database.Calls calls, Collection<UUID> ids) throws SQLException {
        Map<UUID, JobStatus> statuses = new HashMap<>();
        if (!ids.isEmpty()) {
            calls.sql(Statement.JOB_STATUS)
                    .setUuids("ids", ids)
                    .list(row -> statuses.put(Sql.uuid(row, "id"), JobRow.status(row.getString("status"))));
        }
        return statuses;
    }
}
