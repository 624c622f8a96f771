package dev.pulse.sdk;

import dev.pulse.model.AttemptError;
import dev.pulse.model.Durations;
import dev.pulse.model.Limits;
import dev.pulse.model.Outcome;
import dev.pulse.model.Payload;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Stop 7 of the path: decode, call the handler, and turn whatever comes out into an outcome. Runs on the attempt's own
 * virtual thread. Whatever the user's code does, an outcome comes out: it catches everything, errors of the JVM too,
 * because an attempt without a report would hold its slot until the lease ends.
 */
final class AttemptRunner {
    private final Map<String, Handler<?>> handlers;
    private final Codecs codecs;

    AttemptRunner(Map<String, Handler<?>> handlers, Codecs codecs) {
        this.handlers = Map.copyOf(handlers);
        this.codecs = codecs;
    }

    Outcome run(RunningAttempt attempt) {
        StopReason before = attempt.stopReason();
        if (before != null) {
            return stopped(attempt, before);
        }
        Handler<?> handler = handlers.get(attempt.context().type());
        if (handler == null) {
            return fail(
                    "no_handler",
                    "this worker has no handler for " + attempt.context().type());
        }
        Handler.Call call;
        try {
            call = handler.prepare(attempt.context().facts().payload());
        } catch (Throwable thrown) {
            return fail("unreadable_payload", thrown);
        }
        return called(call, attempt);
    }

    private Outcome called(Handler.Call call, RunningAttempt attempt) {
        try {
            Object returned = call.on(attempt.context());
            // Ack and Drop count even after a cancel; but work cut short by the timeout may look like a plain return.
            return attempt.stopReason() == StopReason.TIMEOUT
                    ? stopped(attempt, StopReason.TIMEOUT)
                    : outcome(returned);
        } catch (Throwable thrown) {
            StopReason reason = attempt.stopReason();
            return reason == null ? new Outcome.Fail(AttemptError.of(thrown)) : stopped(attempt, reason);
        }
    }

    /** What an attempt is that ended because it was told to. */
    static Outcome stopped(RunningAttempt attempt, StopReason reason) {
        return switch (reason) {
            case CANCEL -> new Outcome.Canceled();
            case DRAIN -> new Outcome.Release();
            case TIMEOUT -> new Outcome.Timeout(AttemptError.of("timeout", "ran longer than " + timeout(attempt)));
            case LEASE_LOST -> fail("lease_lost", "the lease was lost while the handler ran");
        };
    }

    private static String timeout(RunningAttempt attempt) {
        var timeout = attempt.context().facts().policy().timeout();
        return timeout == null ? "allowed" : Durations.format(timeout);
    }

    private Outcome outcome(@Nullable Object returned) {
        return switch (returned) {
            case null -> new Outcome.Ack(null);
            case Outcome said -> allowed(said);
            default -> acked(returned);
        };
    }

    private static Outcome allowed(Outcome said) {
        return switch (said) {
            case Outcome.Ack(Payload result) -> result == null ? said : fits(result);
            case Outcome.Drop drop -> drop;
            case Outcome.Retry retry -> retry;
            case Outcome.DeadLetter deadLetter -> deadLetter;
            case Outcome.Snooze snooze -> snooze;
            case Outcome.Fail fail -> fail;
            case Outcome.Timeout timeout -> notForHandlers(timeout);
            case Outcome.Release release -> notForHandlers(release);
            case Outcome.Canceled canceled -> notForHandlers(canceled);
            case Outcome.Lapse lapse -> notForHandlers(lapse);
        };
    }

    private static Outcome notForHandlers(Outcome said) {
        return fail(
                "illegal_outcome",
                "a handler may say ack, drop, retry, dead_letter, snooze or fail, not "
                        + said.kind().wireName());
    }

    private Outcome acked(Object result) {
        try {
            return fits(codecs.forClass(result.getClass()).encode(result));
        } catch (Throwable thrown) {
            return fail("unwritable_result", thrown);
        }
    }

    /** No server takes more than the hard limit, so such a report could only be repeated for ever. */
    private static Outcome fits(Payload result) {
        return result.size() <= Limits.HARD_PAYLOAD_BYTES
                ? new Outcome.Ack(result)
                : fail(
                        "result_too_large",
                        "the result has " + result.size() + " bytes, at most " + Limits.HARD_PAYLOAD_BYTES
                                + " are allowed");
    }

    private static Outcome fail(String type, Throwable thrown) {
        AttemptError error = AttemptError.of(thrown);
        return new Outcome.Fail(new AttemptError(type, error.type() + ": " + error.message(), error.stack()));
    }

    private static Outcome fail(String type, String message) {
        return new Outcome.Fail(AttemptError.of(type, message));
    }
}
