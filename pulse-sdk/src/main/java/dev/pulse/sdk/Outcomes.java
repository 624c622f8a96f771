package dev.pulse.sdk;

import dev.pulse.model.AttemptError;
import dev.pulse.model.Outcome;
import java.time.Duration;

/** What a {@link ReturningHandler} may say. */
public final class Outcomes {
    private Outcomes() {}

    /** Done. */
    public static Outcome ack() {
        return new Outcome.Ack(null);
    }

    /** Done in the sense that nobody wants it any more. */
    public static Outcome drop() {
        return new Outcome.Drop();
    }

    /** Run again after the job's backoff; charges an attempt. */
    public static Outcome retry(String why) {
        return new Outcome.Retry(null, AttemptError.of("retry", why));
    }

    /** Run again after the given wait; charges an attempt. */
    public static Outcome retry(Duration after, String why) {
        return new Outcome.Retry(after, AttemptError.of("retry", why));
    }

    /** No further attempt can help: a person has to look. */
    public static Outcome deadLetter(String reason) {
        return new Outcome.DeadLetter(AttemptError.of("dead_letter", reason));
    }

    /** Not now: run again after the given wait; charges nothing. */
    public static Outcome snooze(Duration wait) {
        return new Outcome.Snooze(wait);
    }
}
