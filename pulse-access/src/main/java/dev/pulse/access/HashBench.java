package dev.pulse.access;

import dev.pulse.model.ErrorCode;
import dev.pulse.model.PulseException;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Where slow hashes are made: few threads of their own, because a virtual thread that computes lets no other run, and a flood
 * of wrong passwords is not to take the machine. Any thread may ask and waits for the answer.
 */
final class HashBench implements AutoCloseable {
    private static final int MAX_WAITING = 64;
    private static final long IDLE_SECONDS = 10;

    private final ThreadPoolExecutor threads;

    HashBench(int parallel) {
        this.threads = new ThreadPoolExecutor(
                parallel,
                parallel,
                IDLE_SECONDS,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(MAX_WAITING),
                Thread.ofPlatform().name("pulse-sign-in-", 0).daemon().factory());
        threads.allowCoreThreadTimeOut(true);
    }

    /**
     * What the work makes.
     *
     * @throws PulseException LIMIT_REACHED where too many are waiting
     */
    <T> T ask(Callable<T> work) {
        Future<T> answer;
        try {
            answer = threads.submit(work);
        } catch (RejectedExecutionException e) {
            throw new PulseException(
                    ErrorCode.LIMIT_REACHED, MAX_WAITING + " sign-ins are being checked; try again in a moment", e);
        }
        try {
            return answer.get();
        } catch (InterruptedException e) {
            answer.cancel(false);
            Thread.currentThread().interrupt();
            throw new PulseException(ErrorCode.SHUTTING_DOWN, "the server is stopping", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
