package dev.pulse.sdk;

import dev.pulse.model.AttemptError;
import dev.pulse.model.Durations;
import dev.pulse.model.Outcome;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What a type makes of an exception. Its rules are the user's code: whatever they do, an outcome comes out, and what they
 * do wrong is logged once, not at every failure. Any thread.
 */
final class FailureRules {
    private final String type;
    private final JobType.Failures rules;
    private final Consumer<String> log;
    private final Set<String> logged = ConcurrentHashMap.newKeySet();

    FailureRules(JobType<?> type, Consumer<String> log) {
        this.type = type.name();
        this.rules = type.failures();
        this.log = log;
    }

    Outcome outcome(JobContext job, Throwable thrown) {
        AttemptError error = AttemptError.of(thrown);
        if (isFinal(thrown)) {
            return new Outcome.DeadLetter(error);
        }
        Duration wait = wait(job, thrown);
        return wait == null ? new Outcome.Fail(error) : new Outcome.Retry(wait, error);
    }

    private boolean isFinal(Throwable thrown) {
        if (thrown instanceof NonRetryableException) {
            return true;
        }
        for (Predicate<? super Throwable> rule : rules.nonRetryable()) {
            try {
                if (rule.test(thrown)) {
                    return true;
                }
            } catch (Throwable defect) {
                once("its rule for what is not retried threw "
                        + defect.getClass().getName() + "; the job is retried");
            }
        }
        return false;
    }

    /** Null where the job's own backoff is to count. */
    private @Nullable Duration wait(JobContext job, Throwable thrown) {
        RetryBackoff backoff = rules.backoff();
        if (backoff == null) {
            return null;
        }
        @Nullable Duration wait;
        try {
            wait = backoff.after(job, thrown);
        } catch (Throwable defect) {
            once("its backoff threw " + defect.getClass().getName() + "; the job's own counts");
            return null;
        }
        if (wait == null || wait.isNegative() || wait.compareTo(Durations.MAX) > 0) {
            once("its backoff returned " + wait + ", 0s to " + Durations.MAX.toDays()
                    + "d are allowed; the job's own counts");
            return null;
        }
        return wait;
    }

    private void once(String what) {
        // By the first words: a backoff that returns another wrong value each time is one defect.
        if (logged.add(what.substring(0, 18))) {
            log.accept("job type " + type + ": " + what);
        }
    }
}
