package dev.pulse.server;

import dev.pulse.model.ErrorCode;
import dev.pulse.model.PulseException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Waits for the engine on a virtual thread. */
final class Waiting {
    /** Far beyond what the engine's own bounds allow: only a defect can reach it. */
    private static final Duration LONGEST = Duration.ofSeconds(60);

    private Waiting() {}

    static <T> T on(CompletableFuture<T> future) {
        return on(future, LONGEST);
    }

    /**
     * Waits for a call that itself may take a while.
     *
     * @param patience how long the call may take by its own rules
     */
    static <T> T onLongCall(CompletableFuture<T> future, Duration patience) {
        return on(future, patience.plus(LONGEST));
    }

    private static <T> T on(CompletableFuture<T> future, Duration longest) {
        try {
            return future.get(longest.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw Failures.of(e);
        } catch (TimeoutException e) {
            throw new PulseException(ErrorCode.TIMED_OUT, "no answer within " + longest.toSeconds() + "s", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new PulseException(ErrorCode.SHUTTING_DOWN, "this server is shutting down", e);
        }
    }
}
