package dev.pulse.storememory;

import dev.pulse.model.Attempt;
import dev.pulse.model.AttemptError;
import dev.pulse.model.AttemptState;
import dev.pulse.model.Job;
import dev.pulse.model.JobFacts;
import dev.pulse.model.JobStatus;
import dev.pulse.model.LeaseToken;
import dev.pulse.model.OutcomeKind;
import dev.pulse.model.OutcomePolicy;
import dev.pulse.model.Payload;
import dev.pulse.store.Lane;
import dev.pulse.storememory.Tables.TypedKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** One job: what was submitted, where it stands, and what happened to it. Touched under the lock of {@link Tables}. */
final class StoredJob {
    final JobFacts facts;
    /** What a repeated submission is compared with. */
    final UUID contentHash;

    JobStatus status;
    /** Where it waits, or waited last. */
    Lane lane;
    /** Its place among all ready jobs, 0 before the first. */
    long seq;
    /** When it got its place. */
    Instant readyAt;
    /** When a waiting job is due. */
    @Nullable
    Instant runAt;
    /** The number of the last attempt; only grows (I4). */
    int attempt;
    /** Attempts charged since submission or the last requeue. */
    int charged;
    /** Lapses in a row. */
    int crashes;

    /** When the key is free again, whatever the status; null: when the job is final. */
    @Nullable
    Instant keyUntil;

    @Nullable
    Grant grant;

    @Nullable
    Instant finishedAt;

    @Nullable
    Payload result;

    boolean cancelRequested;

    private final List<Past> history = new ArrayList<>();

    StoredJob(JobFacts facts, UUID contentHash, @Nullable Instant keyUntil, JobStatus status, Lane lane) {
        this.facts = facts;
        this.contentHash = contentHash;
        this.keyUntil = keyUntil;
        this.status = status;
        this.lane = lane;
        this.readyAt = facts.createdAt();
    }

    /** The right to end the attempt that runs. */
    record Grant(UUID session, String worker, LeaseToken token, Instant startedAt) {}

    /**
     * A line of the history.
     *
     * @param token what the attempt was ended by; null for the cancel of a waiting job
     */
    private record Past(Attempt attempt, @Nullable LeaseToken token) {}

    UUID id() {
        return facts.id();
    }

    /** The grant of a running job (I7). */
    Grant liveGrant() {
        if (grant == null) {
            throw new IllegalStateException("runs without a grant: job=" + id());
        }
        return grant;
    }

    Instant dueAt() {
        if (runAt == null) {
            throw new IllegalStateException("waits for no moment: job=" + id() + " status=" + status);
        }
        return runAt;
    }

    @Nullable
    TypedKey key() {
        return facts.key() == null ? null : new TypedKey(facts.type(), facts.key());
    }

    boolean holdsKeyAt(Instant now) {
        return keyUntil == null ? !status.isFinal() : now.isBefore(keyUntil);
    }

    boolean isSuspect() {
        return crashes >= OutcomePolicy.SUSPECT_FROM;
    }

    AttemptState attemptState() {
        return new AttemptState(facts.policy(), charged, crashes, cancelRequested);
    }

    /** Whether this very report ended one of the job's attempts. */
    boolean endedBy(LeaseToken token, OutcomeKind outcome) {
        return history.stream().anyMatch(past -> token.equals(past.token) && past.attempt.outcome() == outcome);
    }

    /** Which attempt that token is or was the right to. */
    OptionalInt attemptOf(LeaseToken token) {
        if (grant != null && grant.token().equals(token)) {
            return OptionalInt.of(attempt);
        }
        return history.stream()
                .filter(past -> token.equals(past.token))
                .mapToInt(past -> past.attempt.number())
                .findFirst();
    }

    /** Writes down how the running attempt ended. */
    void noteEnd(Grant ended, Instant now, OutcomeKind outcome, @Nullable AttemptError error) {
        history.add(
                new Past(new Attempt(attempt, ended.worker(), ended.startedAt(), now, outcome, error), ended.token()));
    }

    /** Writes down who canceled the job while it waited. */
    void noteCancel(String by, Instant now) {
        AttemptError error = AttemptError.of("canceled", "canceled by " + by);
        history.add(new Past(new Attempt(attempt, null, null, now, OutcomeKind.CANCELED, error), null));
    }

    Job snapshot() {
        List<Attempt> attempts = new ArrayList<>();
        history.forEach(past -> attempts.add(past.attempt));
        if (grant != null) {
            attempts.add(new Attempt(attempt, grant.worker(), grant.startedAt(), null, null, null));
        }
        return listed(attempts);
    }

    /** As lists show it: without the history. */
    Job listed() {
        return listed(List.of());
    }

    private Job listed(List<Attempt> attempts) {
        return new Job(facts, status, attempt, runAt, startedAt(), finishedAt, lastFailure(), result, attempts);
    }

    private @Nullable Instant startedAt() {
        if (grant != null) {
            return grant.startedAt();
        }
        return history.reversed().stream()
                .map(past -> past.attempt.startedAt())
                .filter(started -> started != null)
                .findFirst()
                .orElse(null);
    }

    /** A cancel of a waiting job is no failure: what went wrong before it still stands. */
    @Nullable
    AttemptError lastFailure() {
        return history.reversed().stream()
                .filter(past -> past.token != null)
                .map(past -> past.attempt.error())
                .filter(error -> error != null)
                .findFirst()
                .orElse(null);
    }
}
