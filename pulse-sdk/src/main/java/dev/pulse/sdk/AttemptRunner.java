package dev.pulse.sdk;

import dev.pulse.model.AttemptError;
import dev.pulse.model.Durations;
import dev.pulse.model.JobFacts;
import dev.pulse.model.Limits;
import dev.pulse.model.Outcome;
import dev.pulse.model.Payload;
import dev.pulse.model.PulseException;
import dev.pulse.sdk.PayloadUse.Part;
import java.lang.System.Logger.Level;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Stop 7 of the path: decode, call the handler, and turn whatever comes out into an outcome. Runs on the attempt's own
 * virtual thread. Whatever the user's code does, an outcome comes out: it catches everything, errors of the JVM too,
 * because an attempt without a report would hold its slot until the lease ends.
 */
final class AttemptRunner {
    private static final System.Logger LOG = System.getLogger("dev.pulse.worker");

    private final Map<String, Handler<?>> handlers;
    private final Map<String, FailureRules> rules = new HashMap<>();
    private final Codecs codecs;
    private final Tracing tracing;

    AttemptRunner(Map<String, Handler<?>> handlers, Codecs codecs) {
        this(handlers, codecs, Tracing.NONE);
    }

    AttemptRunner(Map<String, Handler<?>> handlers, Codecs codecs, Tracing tracing) {
        this(handlers, codecs, tracing, warning -> LOG.log(Level.WARNING, warning));
    }

    private AttemptRunner(Map<String, Handler<?>> handlers, Codecs codecs, Tracing tracing, Consumer<String> log) {
        this.tracing = tracing;
        this.handlers = Map.copyOf(handlers);
        this.codecs = codecs;
        handlers.forEach((type, handler) -> rules.put(type, new FailureRules(handler.type(), log)));
    }

    Outcome run(RunningAttempt attempt) {
        StopReason before = attempt.stopReason();
        if (before != null) {
            return stopped(attempt, before);
        }
        try (Tracing.Span span = tracing.attempt(attempt.context())) {
            Outcome outcome = decoded(attempt);
            span.ended(outcome, attempt.thrown());
            return outcome;
        }
    }

    private Outcome decoded(RunningAttempt attempt) {
        JobFacts facts = attempt.context().facts();
        Handler<?> handler = handlers.get(facts.type());
        if (handler == null) {
            return parked(AttemptError.NO_HANDLER, "this worker has no handler for " + facts.type());
        }
        Handler.Call call;
        try {
            Payload plain = codecs.plain(facts.payload(), new PayloadUse(facts.type(), Part.PAYLOAD, false));
            call = handler.prepare(facts, plain);
        } catch (Throwable thrown) {
            attempt.threw(thrown);
            return unread(thrown);
        }
        return called(call, attempt);
    }

    /**
     * No attempt of the same code can read what this one could not, so the job is parked at once, where people look, and
     * the rest of its budget is not spent. What may pass is an ordinary failure: no memory, or a key server that is away.
     */
    private static Outcome unread(Throwable thrown) {
        boolean mayPass = thrown instanceof VirtualMachineError
                || (thrown instanceof PulseException trouble && trouble.code().retryable());
        AttemptError error = named(AttemptError.UNREADABLE_PAYLOAD, thrown);
        return mayPass ? new Outcome.Fail(error) : new Outcome.DeadLetter(error);
    }

    private static Outcome parked(String type, String message) {
        return new Outcome.DeadLetter(AttemptError.of(type, message));
    }

    private Outcome called(Handler.Call call, RunningAttempt attempt) {
        JobContext before = JobContext.enter(attempt.context());
        try {
            Object returned = call.on(attempt.context());
            // Ack and Drop count even after a cancel; but work cut short by the timeout may look like a plain return.
            return attempt.stopReason() == StopReason.TIMEOUT
                    ? stopped(attempt, StopReason.TIMEOUT)
                    : outcome(returned, attempt);
        } catch (Throwable thrown) {
            StopReason reason = attempt.stopReason();
            if (reason != null) {
                return stopped(attempt, reason);
            }
            attempt.threw(thrown);
            return failed(attempt, thrown);
        } finally {
            JobContext.enter(before);
        }
    }

    private Outcome failed(RunningAttempt attempt, Throwable thrown) {
        FailureRules own = rules.get(attempt.context().type());
        return own == null ? new Outcome.Fail(AttemptError.of(thrown)) : own.outcome(attempt.context(), thrown);
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

    /** A charged failure: whoever ends the process ends the work of others with it. */
    static Outcome exited() {
        return fail("exit_called", "the handler called System.exit and ended its worker");
    }

    private static String timeout(RunningAttempt attempt) {
        var timeout = attempt.context().facts().policy().timeout();
        return timeout == null ? "allowed" : Durations.format(timeout);
    }

    private Outcome outcome(@Nullable Object returned, RunningAttempt attempt) {
        return switch (returned) {
            case null -> new Outcome.Ack(null);
            case Outcome said -> allowed(said, attempt);
            default -> acked(returned, attempt);
        };
    }

    private Outcome allowed(Outcome said, RunningAttempt attempt) {
        return switch (said) {
            case Outcome.Ack(Payload result) -> result == null ? said : acked(result, attempt);
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

    private Outcome acked(Object result, RunningAttempt attempt) {
        try {
            Payload plain = codecs.forClass(result.getClass()).encode(result);
            return fits(codecs.coded(plain, new PayloadUse(attempt.context().type(), Part.RESULT, false)));
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
        return new Outcome.Fail(named(type, thrown));
    }

    private static AttemptError named(String type, Throwable thrown) {
        AttemptError error = AttemptError.of(thrown);
        return new AttemptError(type, error.type() + ": " + error.message(), error.stack());
    }

    private static Outcome fail(String type, String message) {
        return new Outcome.Fail(AttemptError.of(type, message));
    }
}
