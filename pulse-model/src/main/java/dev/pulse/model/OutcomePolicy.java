package dev.pulse.model;

import java.time.Duration;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Decides what an outcome means for a job. Stop 9 of the path; pure but for the dice that spread a backoff. */
public final class OutcomePolicy {
    /** A job that lost its worker this often in a row is taken for the killer. */
    public static final int CRASH_LIMIT = 3;
    /** From this many lapses in a row on, a job runs beside no other of its kind. */
    public static final int SUSPECT_FROM = 2;

    private static final Duration LAPSE_WAIT = Duration.ofSeconds(1);

    /** A dead letter always says why, also where a handler asked for a retry and gave no reason. */
    private static final AttemptError NONE_LEFT =
            AttemptError.of("no_attempt_left", "the handler asked for another attempt and none was left");

    private final RandomGenerator random;

    public OutcomePolicy(RandomGenerator random) {
        this.random = random;
    }

    /** The decision that needs no state: Ack and Drop complete, whatever was asked for meanwhile. */
    public static Decision completed(OutcomeKind outcome, @Nullable Payload result) {
        return new Decision(Transition.COMPLETE, JobStatus.COMPLETED, outcome, null, 0, 0, null, result);
    }

    /** What becomes of a running job whose attempt ended so. */
    public Decision decide(AttemptState state, Outcome outcome) {
        return switch (outcome) {
            case Outcome.Ack(Payload result) -> completed(OutcomeKind.ACK, result);
            case Outcome.Drop() -> completed(OutcomeKind.DROP, null);
            case Outcome.Release() ->
                state.cancelRequested()
                        ? aborted(state, outcome.kind(), null)
                        : new Decision(
                                Transition.RELEASE,
                                JobStatus.PENDING,
                                OutcomeKind.RELEASE,
                                null,
                                state.charged() - 1,
                                state.crashes(),
                                null,
                                null);
            case Outcome.Snooze(Duration wait) ->
                state.cancelRequested()
                        ? aborted(state, outcome.kind(), null)
                        : new Decision(
                                Transition.SNOOZE,
                                JobStatus.SCHEDULED,
                                OutcomeKind.SNOOZE,
                                wait,
                                state.charged() - 1,
                                0,
                                null,
                                null);
            case Outcome.DeadLetter(AttemptError error) ->
                state.cancelRequested()
                        ? aborted(state, outcome.kind(), error)
                        : buried(state, OutcomeKind.DEAD_LETTER, 0, error);
            case Outcome.Canceled() -> canceled(state);
            case Outcome.Retry(Duration after, AttemptError error) -> failed(state, outcome.kind(), after, error);
            case Outcome.Fail(AttemptError error) -> failed(state, outcome.kind(), null, error);
            case Outcome.Timeout(AttemptError error) -> failed(state, outcome.kind(), null, error);
            case Outcome.Lapse() -> lapsed(state);
        };
    }

    private Decision failed(
            AttemptState state, OutcomeKind kind, @Nullable Duration after, @Nullable AttemptError error) {
        if (state.cancelRequested()) {
            return aborted(state, kind, error);
        }
        if (state.charged() >= state.policy().maxAttempts()) {
            return buried(state, kind, 0, error != null ? error : NONE_LEFT);
        }
        Duration wait = after != null ? after : state.policy().backoff().delay(state.charged(), random);
        return new Decision(Transition.RETRY, JobStatus.RETRYING, kind, wait, state.charged(), 0, error, null);
    }

    /** A worker that reports canceled without a request stopped for reasons of its own: that is a failure. */
    private Decision canceled(AttemptState state) {
        if (state.cancelRequested()) {
            return aborted(state, OutcomeKind.CANCELED, null);
        }
        AttemptError error = AttemptError.of("canceled", "the worker canceled the attempt; nobody had asked for it");
        return failed(state, OutcomeKind.CANCELED, null, error);
    }

    private Decision lapsed(AttemptState state) {
        int crashes = state.crashes() + 1;
        if (state.cancelRequested()) {
            return aborted(state, OutcomeKind.LAPSE, lost(crashes));
        }
        if (crashes >= CRASH_LIMIT || state.charged() >= state.policy().maxAttempts()) {
            return buried(state, OutcomeKind.LAPSE, crashes, lost(crashes));
        }
        return new Decision(
                Transition.LAPSE,
                JobStatus.RETRYING,
                OutcomeKind.LAPSE,
                LAPSE_WAIT.multipliedBy(crashes),
                state.charged(),
                crashes,
                lost(crashes),
                null);
    }

    private static AttemptError lost(int crashes) {
        String message = crashes >= CRASH_LIMIT
                ? "worker lost " + crashes + " times in a row: the job is taken for the cause"
                : "worker lost: its lease ended before a report came (" + crashes + " in a row)";
        return AttemptError.of("worker_lost", message);
    }

    private static Decision buried(AttemptState state, OutcomeKind kind, int crashes, @Nullable AttemptError error) {
        return new Decision(
                Transition.BURY, JobStatus.DEAD_LETTERED, kind, null, state.charged(), crashes, error, null);
    }

    private static Decision aborted(AttemptState state, OutcomeKind kind, @Nullable AttemptError error) {
        return new Decision(Transition.ABORT, JobStatus.CANCELED, kind, null, state.charged(), 0, error, null);
    }
}
