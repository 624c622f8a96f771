package dev.pulse.sdk;

import dev.pulse.model.ErrorCode;
import dev.pulse.model.Event;
import dev.pulse.model.EventCursor;
import dev.pulse.model.EventDelivery;
import dev.pulse.model.PulseException;
import dev.pulse.model.SubscriptionSpec;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One consumer of a durable subscription: takes events, hands them to its handler one after the other on a virtual thread of
 * its own, and says what became of them. Several consumers of one name, in one process or in many, share the events. A second
 * thread keeps the lease while the handler works, however long that takes.
 */
public final class EventSubscription implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger("dev.pulse.events");
    private static final Duration WAIT = Duration.ofSeconds(20);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);
    private static final Duration HAND_BACK = Duration.ofSeconds(1);
    private static final Duration AFTER_INTERRUPT = Duration.ofSeconds(1);
    private static final int MAX_ERROR = 2_000;

    private final EventClient client;
    private final SubscriptionSpec spec;
    private final String consumer;
    private final SubscriptionOptions options;
    private final EventHandler handler;
    private final LongSupplier ticker;
    private final AtomicLong handled = new AtomicLong();
    private final AtomicLong failed = new AtomicLong();
    private final CountDownLatch ended = new CountDownLatch(1);
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Thread worker;
    private final Thread keeper;

    /** The delivery under way, its next place, and whether it is still ours. Under the lock. */
    private @Nullable UUID token;

    private EventCursor next = EventCursor.START;
    private boolean stopping;
    private boolean inHandler;

    EventSubscription(
            EventClient client,
            SubscriptionSpec spec,
            String consumer,
            SubscriptionOptions options,
            EventHandler handler,
            LongSupplier ticker) {
        this.client = client;
        this.spec = spec;
        this.consumer = consumer;
        this.options = options;
        this.handler = handler;
        this.ticker = ticker;
        this.worker = Thread.ofVirtual().name("pulse-events-" + spec.name()).unstarted(this::run);
        this.keeper =
                Thread.ofVirtual().name("pulse-events-keeper-" + spec.name()).unstarted(this::keep);
    }

    void start() {
        worker.start();
        keeper.start();
    }

    public String name() {
        return spec.name();
    }

    /** Events that this consumer's handler returned from. */
    public long handled() {
        return handled.get();
    }

    /** Calls of the handler that threw. */
    public long failed() {
        return failed.get();
    }

    /** Whether this consumer has ended: closed, or its subscription was deleted. */
    public boolean isEnded() {
        return ended.getCount() == 0;
    }

    // ---- the worker's thread

    private void run() {
        try {
            Duration pause = FIRST_PAUSE;
            while (!isStopping()) {
                try {
                    Optional<EventDelivery> delivery =
                            client.lease(spec.name(), consumer, options.chunk(), options.leaseTtl(), WAIT);
                    pause = FIRST_PAUSE;
                    delivery.ifPresent(this::work);
                } catch (PulseException e) {
                    if (isStopping()) {
                        return;
                    }
                    if (e.code() == ErrorCode.SUBSCRIPTION_NOT_FOUND) {
                        LOG.log(
                                System.Logger.Level.ERROR,
                                "subscription " + spec.name() + " was deleted; no more events");
                        return;
                    }
                    LOG.log(System.Logger.Level.WARNING, "subscription " + spec.name() + ": " + e.getMessage());
                    rest(pause);
                    pause = min(pause.multipliedBy(2), LONGEST_PAUSE);
                }
            }
        } finally {
            stop();
            ended.countDown();
        }
    }

    private static Duration min(Duration a, Duration b) {
        return a.compareTo(b) < 0 ? a : b;
    }

    private void work(EventDelivery delivery) {
        begin(delivery);
        try {
            if (delivery.gap()) {
                tellGap();
            }
            for (Event event : delivery.events()) {
                if (!mayHandle()) {
                    return;
                }
                handle(delivery, event);
            }
            tell(delivery, () -> client.settle(spec.name(), delivery.token()));
        } finally {
            finish(delivery);
        }
    }

    private void tellGap() {
        LOG.log(
                System.Logger.Level.ERROR,
                "subscription " + spec.name() + " fell behind by more than is kept: events were dropped unread");
        try {
            handler.gap();
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.WARNING, "subscription " + spec.name() + ": gap() threw", e);
        }
    }

    private void handle(EventDelivery delivery, Event event) {
        @Nullable Throwable thrown = null;
        try {
            handler.handle(event);
        } catch (Throwable e) { // the border to the user's code
            thrown = e;
        }
        boolean interrupted = leaveHandler();
        if (thrown == null) {
            handled.incrementAndGet();
            moveTo(event.id().next());
            return;
        }
        if (interrupted && thrown instanceof InterruptedException) {
            return; // we ended it: it is nobody's fault, and comes again
        }
        failed.incrementAndGet();
        String error = thrown.toString();
        String cut = error.length() > MAX_ERROR ? error.substring(0, MAX_ERROR) : error;
        LOG.log(
                System.Logger.Level.WARNING,
                "subscription " + spec.name() + ": event " + event.id() + " failed",
                thrown);
        tell(delivery, () -> client.fail(spec.name(), delivery.token(), event.id(), cut));
        moveTo(event.id().next());
        if (thrown instanceof VirtualMachineError fatal) {
            throw fatal;
        }
    }

    private interface Word {
        boolean say();
    }

    /** Said again while the server is away, until the lease has surely gone to another consumer. */
    private void tell(EventDelivery delivery, Word word) {
        long deadline = ticker.getAsLong() + options.leaseTtl().toNanos();
        Duration pause = FIRST_PAUSE;
        while (true) {
            try {
                if (!word.say()) {
                    lose(delivery);
                }
                return;
            } catch (PulseException e) {
                if (!e.code().retryable() || ticker.getAsLong() - deadline > 0) {
                    LOG.log(System.Logger.Level.WARNING, "subscription " + spec.name() + ": " + e.getMessage());
                    lose(delivery);
                    return;
                }
                if (!rest(pause)) {
                    return;
                }
                pause = min(pause.multipliedBy(2), LONGEST_PAUSE);
            }
        }
    }

    /** The rest of what was taken goes to others at once, when we are asked to stop in the middle. */
    private void finish(EventDelivery delivery) {
        EventCursor left;
        boolean ours;
        lock.lock();
        try {
            ours = delivery.token().equals(token);
            left = next;
            token = null;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        if (ours && isStopping() && left.compareTo(delivery.events().getLast().id()) <= 0) {
            boolean interrupted = Thread.interrupted();
            try {
                client.extend(spec.name(), delivery.token(), left, HAND_BACK);
            } catch (PulseException e) {
                LOG.log(System.Logger.Level.DEBUG, "the lease will end by itself", e);
            } finally {
                if (interrupted) {
                    Thread.currentThread().interrupt();
                }
            }
        }
    }

    // ---- the keeper's thread

    private void keep() {
        try {
            while (!isStopping() || isBusy()) {
                @Nullable UUID held;
                EventCursor from;
                lock.lock();
                try {
                    if (changed.await(options.leaseTtl().toNanos() / 3, TimeUnit.NANOSECONDS)) {
                        continue; // a delivery began or ended: its lease is fresh
                    }
                    held = token;
                    from = next;
                } finally {
                    lock.unlock();
                }
                if (held != null) {
                    extend(held, from);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void extend(UUID held, EventCursor from) {
        try {
            if (!client.extend(spec.name(), held, from, options.leaseTtl())) {
                lock.lock();
                try {
                    if (held.equals(token)) {
                        token = null;
                    }
                } finally {
                    lock.unlock();
                }
            }
        } catch (PulseException e) {
            LOG.log(System.Logger.Level.DEBUG, "subscription " + spec.name() + ": lease not extended", e);
        }
    }

    // ---- shared

    private void begin(EventDelivery delivery) {
        lock.lock();
        try {
            token = delivery.token();
            next = delivery.events().getFirst().id();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private boolean mayHandle() {
        lock.lock();
        try {
            inHandler = !stopping && token != null;
            return inHandler;
        } finally {
            lock.unlock();
        }
    }

    /** Whether we had to interrupt the handler. */
    private boolean leaveHandler() {
        lock.lock();
        try {
            inHandler = false;
            return stopping;
        } finally {
            lock.unlock();
        }
    }

    private void moveTo(EventCursor place) {
        lock.lock();
        try {
            next = place;
        } finally {
            lock.unlock();
        }
    }

    private void lose(EventDelivery delivery) {
        lock.lock();
        try {
            if (delivery.token().equals(token)) {
                token = null;
            }
        } finally {
            lock.unlock();
        }
    }

    private boolean isStopping() {
        lock.lock();
        try {
            return stopping;
        } finally {
            lock.unlock();
        }
    }

    private boolean isBusy() {
        lock.lock();
        try {
            return token != null;
        } finally {
            lock.unlock();
        }
    }

    /** False where it was told to stop meanwhile. */
    private boolean rest(Duration time) {
        lock.lock();
        try {
            long left = time.toNanos();
            while (!stopping && left > 0) {
                left = changed.awaitNanos(left);
            }
            return !stopping;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            lock.unlock();
        }
    }

    /** Takes nothing more; true where no handler is under way. */
    private boolean stop() {
        lock.lock();
        try {
            stopping = true;
            changed.signalAll();
            return !inHandler;
        } finally {
            lock.unlock();
        }
    }

    /** Lets the handler finish its event for a while, then interrupts it; what was not handled goes to other consumers. */
    void close(Duration drain) {
        if (stop()) {
            worker.interrupt(); // it waits for events
        }
        boolean interrupted = false;
        try {
            if (!ended.await(drain.toNanos(), TimeUnit.NANOSECONDS)) {
                worker.interrupt();
                ended.await(AFTER_INTERRUPT.toNanos(), TimeUnit.NANOSECONDS);
            }
        } catch (InterruptedException e) {
            interrupted = true;
            worker.interrupt();
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        close(Duration.ofSeconds(10));
    }
}
