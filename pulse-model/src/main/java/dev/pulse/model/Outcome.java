package dev.pulse.model;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What became of one attempt: said by the handler, or by the runtime where the handler could not. */
public sealed interface Outcome {
    OutcomeKind kind();

    /** Done; an optional result is stored with the job. */
    record Ack(@Nullable Payload result) implements Outcome {
        @Override
        public OutcomeKind kind() {
            return OutcomeKind.ACK;
        }
    }

    /** Done in the sense that nobody wants it any more: completes without a result. */
    record Drop() implements Outcome {
        @Override
        public OutcomeKind kind() {
            return OutcomeKind.DROP;
        }
    }

    /** Run again, after the given wait or, where it is null, after the job's backoff. Charged. */
    record Retry(@Nullable Duration after, @Nullable AttemptError error) implements Outcome {
        public Retry {
            if (after != null) {
                requireWait("after", after);
            }
        }

        @Override
        public OutcomeKind kind() {
            return OutcomeKind.RETRY;
        }
    }

    /** The handler threw. Charged; waits the job's backoff. */
    record Fail(AttemptError error) implements Outcome {
        @Override
        public OutcomeKind kind() {
            return OutcomeKind.FAIL;
        }
    }

    /** The attempt ran longer than the job's timeout. Charged; waits the job's backoff. */
    record Timeout(AttemptError error) implements Outcome {
        @Override
        public OutcomeKind kind() {
            return OutcomeKind.TIMEOUT;
        }
    }

    /** No further attempt can help: a person has to look. */
    record DeadLetter(AttemptError error) implements Outcome {
        @Override
        public OutcomeKind kind() {
            return OutcomeKind.DEAD_LETTER;
        }
    }

    /** Not now: run again after the given wait. Charges nothing. */
    record Snooze(Duration delay) implements Outcome {
        public Snooze {
            requireWait("delay", delay);
        }

        @Override
        public OutcomeKind kind() {
            return OutcomeKind.SNOOZE;
        }
    }

    /** Handed back unstarted. Charges nothing. */
    record Release() implements Outcome {
        @Override
        public OutcomeKind kind() {
            return OutcomeKind.RELEASE;
        }
    }

    /** The worker stopped the handler because a cancel was asked for. */
    record Canceled() implements Outcome {
        @Override
        public OutcomeKind kind() {
            return OutcomeKind.CANCELED;
        }
    }

    /** The session's lease ended before a report came. Said by the sweeper only. */
    record Lapse() implements Outcome {
        @Override
        public OutcomeKind kind() {
            return OutcomeKind.LAPSE;
        }
    }

    private static void requireWait(String name, Duration wait) {
        if (wait.isNegative() || wait.compareTo(Durations.MAX) > 0) {
            throw new IllegalArgumentException(name + ": " + Durations.RANGE + ", got " + wait);
        }
    }
}
