package dev.pulse.storememory;

import dev.pulse.model.BundleTree;
import dev.pulse.model.ErrorCode;
import dev.pulse.model.JobFacts;
import dev.pulse.model.JobKey;
import dev.pulse.model.JobStatus;
import dev.pulse.model.PulseException;
import dev.pulse.model.Submission;
import dev.pulse.model.Violation;
import dev.pulse.model.When;
import dev.pulse.store.Inserted;
import dev.pulse.store.Lane;
import dev.pulse.storememory.Tables.TypedKey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One batch of submissions. Stop 3 of the path; runs under the lock of {@link Tables}. Judges one after the other, as if
 * each had come alone, and stores nothing before the last is judged: so a refusal can still refuse all.
 */
final class Insertion {
    private final Tables tables;
    private final Instant now;
    private final Map<UUID, StoredJob> fresh = new LinkedHashMap<>();
    private final Map<TypedKey, StoredJob> freshKeys = new HashMap<>();

    Insertion(Tables tables) {
        this.tables = tables;
        this.now = tables.now();
    }

    List<Inserted> run(List<Submission> batch, boolean atomic) {
        List<Inserted> answers =
                batch.stream().map(submission -> judge(submission, null)).toList();
        if (atomic) {
            refuseAllForOne(answers);
        }
        commit();
        return answers;
    }

    private void commit() {
        fresh.values().forEach(tables::add);
        freshKeys.forEach(tables::takeKey);
    }

    /**
     * Stores the jobs of a bundle, or nothing: a job that is there already is no member of it.
     *
     * @return one answer per member, in their order
     */
    List<Inserted.Stored> members(BundleTree tree) {
        List<Violation> taken = new ArrayList<>();
        ErrorCode code = ErrorCode.ID_CONFLICT;
        for (BundleTree.Node node : tree.nodes()) {
            if (tables.bundles.containsKey(node.bundle().id())) {
                taken.add(new Violation(node.path() + "id", node.bundle().id() + " is the id of another bundle"));
            }
        }
        List<Inserted.Stored> stored = new ArrayList<>();
        for (BundleTree.Member member : tree.members()) {
            boolean sameId = withId(member.job().id()) != null;
            if (judge(member.job(), member.bundle()) instanceof Inserted.Stored job) {
                stored.add(job);
            } else {
                code = sameId ? code : ErrorCode.KEY_CONFLICT;
                taken.add(new Violation(
                        member.path() + (sameId ? "id" : "key"),
                        "is that of a job that is there already, and so no member of this bundle"));
            }
        }
        if (!taken.isEmpty()) {
            throw PulseException.of(code, taken);
        }
        commit();
        return stored;
    }

    private static void refuseAllForOne(List<Inserted> answers) {
        List<Violation> violations = new ArrayList<>();
        ErrorCode code = null;
        for (int i = 0; i < answers.size(); i++) {
            if (answers.get(i) instanceof Inserted.Refused(PulseException reason)) {
                code = code == null ? reason.code() : code;
                for (Violation violation : reason.violations()) {
                    violations.add(new Violation("jobs[" + i + "]." + violation.field(), violation.message()));
                }
            }
        }
        if (code != null) {
            throw PulseException.of(code, violations);
        }
    }

    private Inserted judge(Submission submission, @Nullable UUID bundle) {
        StoredJob sameId = withId(submission.id());
        if (sameId != null) {
            return known(submission, sameId, ErrorCode.ID_CONFLICT, "id");
        }
        JobKey key = submission.key();
        if (key == null) {
            return store(submission, null, bundle);
        }
        TypedKey typedKey = new TypedKey(submission.type(), key.value());
        StoredJob sameKey = holderOf(typedKey);
        return sameKey == null
                ? store(submission, typedKey, bundle)
                : known(submission, sameKey, ErrorCode.KEY_CONFLICT, "key");
    }

    private @Nullable StoredJob withId(UUID id) {
        StoredJob job = fresh.get(id);
        return job != null ? job : tables.jobs.get(id);
    }

    private @Nullable StoredJob holderOf(TypedKey key) {
        StoredJob holder = freshKeys.get(key);
        return holder != null ? holder : tables.keyHolder(key, now);
    }

    private static Inserted known(Submission submission, StoredJob known, ErrorCode conflict, String field) {
        if (known.contentHash.equals(submission.contentHash())) {
            return new Inserted.Duplicate(known.id());
        }
        Violation violation = new Violation(
                field, "taken by job " + known.id() + " with other content; send the same content or another " + field);
        return new Inserted.Refused(PulseException.of(conflict, List.of(violation)));
    }

    private Inserted store(Submission submission, @Nullable TypedKey typedKey, @Nullable UUID bundle) {
        Instant due = dueAt(submission.when());
        boolean ready = !due.isAfter(now);
        Lane lane = tables.lane(submission.queue(), submission.type(), submission.priority(), false);
        StoredJob job = new StoredJob(
                facts(submission, bundle),
                submission.contentHash(),
                keyUntil(submission.key()),
                ready ? JobStatus.PENDING : JobStatus.SCHEDULED,
                lane);
        if (ready) {
            job.seq = tables.nextSeq();
        } else {
            job.runAt = due;
        }
        fresh.put(job.id(), job);
        if (typedKey != null) {
            freshKeys.put(typedKey, job);
        }
        Duration dueIn = ready ? null : Duration.between(now, due);
        return new Inserted.Stored(job.id(), job.status, lane.number(), job.seq, now, job.runAt, dueIn);
    }

    private Instant dueAt(When when) {
        return switch (when) {
            case When.Now() -> now;
            case When.At(Instant at) -> Tables.stored(at);
            case When.After(Duration delay) -> Tables.stored(now.plus(delay));
        };
    }

    private @Nullable Instant keyUntil(@Nullable JobKey key) {
        Duration ttl = key == null ? null : key.ttl();
        return ttl == null ? null : Tables.stored(now.plus(ttl));
    }

    private JobFacts facts(Submission submission, @Nullable UUID bundle) {
        JobKey key = submission.key();
        return new JobFacts(
                submission.id(),
                submission.type(),
                submission.queue(),
                submission.priority(),
                submission.payload(),
                submission.labels(),
                submission.policy(),
                key == null ? null : key.value(),
                now,
                bundle);
    }
}
