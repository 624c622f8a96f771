package dev.pulse.sdk;

import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

/** Real threads: see {@link WorkerThreads#own}. */
final class OwnThreads implements WorkerThreads {
    private static final System.Logger LOG = System.getLogger("dev.pulse.worker");
    private static final long PAUSE_AFTER_DEFECT = Duration.ofSeconds(1).toNanos();

    @Override
    public Runnable turn(String name, LongSupplier step) {
        Thread loop = Thread.ofPlatform().name(name).daemon().start(() -> keepTime(step));
        return () -> LockSupport.unpark(loop);
    }

    private static void keepTime(LongSupplier step) {
        for (long wait = 0; wait >= 0; ) {
            LockSupport.parkNanos(wait);
            try {
                wait = step.getAsLong();
            } catch (RuntimeException | Error defect) {
                // Without this thread the lease would be lost with every job in it.
                LOG.log(Level.ERROR, "worker step failed", defect);
                wait = PAUSE_AFTER_DEFECT;
            }
        }
    }

    @Override
    public void handle(String name, Runnable handler) {
        Thread.ofVirtual().name(name).start(handler);
    }

    @Override
    public void awaitClosed(CountDownLatch closed) throws InterruptedException {
        closed.await();
    }
}
