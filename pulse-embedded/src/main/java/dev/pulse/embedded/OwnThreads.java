package dev.pulse.embedded;

import dev.pulse.model.ErrorCode;
import dev.pulse.model.PulseException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Real threads: one for each line, the caller's own for waiting. Any thread. */
final class OwnThreads implements Turns {
    private static final Logger LOG = LoggerFactory.getLogger(OwnThreads.class);

    @Override
    public Line line(String name) {
        return new ThreadLine(name);
    }

    @Override
    public <T> T await(CompletableFuture<T> answer, Duration patience) {
        try {
            return answer.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw Trouble.of(e);
        } catch (TimeoutException e) {
            throw new PulseException(ErrorCode.TIMED_OUT, "no answer within " + patience.toSeconds() + "s", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new PulseException(ErrorCode.SHUTTING_DOWN, "interrupted while waiting for the engine", e);
        }
    }

    private static final class ThreadLine implements Line {
        private final ScheduledThreadPoolExecutor thread;

        ThreadLine(String name) {
            thread = new ScheduledThreadPoolExecutor(
                    1, Thread.ofPlatform().name(name).daemon().factory());
            thread.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        }

        @Override
        public boolean execute(Runnable task) {
            try {
                thread.execute(guarded(task));
                return true;
            } catch (RejectedExecutionException closed) {
                return false;
            }
        }

        @Override
        public void after(Duration wait, Runnable task) {
            try {
                thread.schedule(guarded(task), wait.toNanos(), TimeUnit.NANOSECONDS);
            } catch (RejectedExecutionException closed) {
                LOG.debug("a line was closed before its wait began", closed);
            }
        }

        /** The executor keeps what a task throws to itself; a defect has to be heard. */
        private static Runnable guarded(Runnable task) {
            return () -> {
                try {
                    task.run();
                } catch (RuntimeException | Error defect) {
                    LOG.error("a step of an embedded session failed", defect);
                }
            };
        }

        @Override
        public void close() {
            thread.shutdown();
        }
    }
}
