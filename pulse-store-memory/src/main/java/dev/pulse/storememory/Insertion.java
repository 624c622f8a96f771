package dev.pulse.storememory;

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
        List<Inserted> answers = batch.stream().map(this::judge).toList();
        if (atomic) {
            refuseAllForOne(answers);
        }
        fresh.values().forEach(tables::add);
        freshKeys.forEach(tables::takeKey);
        return answers;
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

    private Inserted judge(Submission submission) {
        StoredJob sameId = withId(submission.id());
        if (sameId != null) {
            return known(submission, sameId, ErrorCode.ID_CONFLICT, "id");
        }
        JobKey key = submission.key();
        if (key == null) {
            return store(submission, null);
        }
        TypedKey typedKey = new TypedKey(submission.type(), key.value());
        StoredJob sameKey = holderOf(typedKey);
        return sameKey == null
                ? store(submission, typedKey)
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

    private Inserted store(Submission submission, @Nullable TypedKey typedKey) {
        Instant due = dueAt(submission.when());
        boolean ready = !due.isAfter(now);
        Lane lane = tables.lane(submission.queue(), submission.type(), submission.priority(), false);
        StoredJob job = new StoredJob(
                facts(submission),
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

    private JobFacts facts(Submission submission) {
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
                now);
    }
}
