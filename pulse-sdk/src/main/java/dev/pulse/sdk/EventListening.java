package dev.pulse.sdk;

import dev.pulse.model.Event;
import dev.pulse.model.EventCursor;
import dev.pulse.model.EventFilter;
import dev.pulse.model.EventKind;
import dev.pulse.model.PulseException;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One listener in this process. It gets events as they commit, in their order, on a virtual thread of its own, through a
 * bounded queue: a slow one loses events, which are counted, and holds up nobody. After a lost connection it goes on behind the
 * last event that it heard. What must not be lost is a matter for {@link Pulse#subscribe}.
 */
public final class EventListening implements AutoCloseable {
    /** Events that may wait for a slow listener. */
    public static final int QUEUE = 1_000;

    private static final System.Logger LOG = System.getLogger("dev.pulse.events");
    private static final Duration POLL = Duration.ofSeconds(10);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

    private static final Event END =
            new Event(EventCursor.START, Instant.EPOCH, EventKind.DELETED, new UUID(0, 0), "", null, 0);

    private final EventClient client;
    private final EventFilter filter;
    private final Consumer<Event> listener;
    private final BlockingQueue<Event> queue = new ArrayBlockingQueue<>(QUEUE);
    private final AtomicLong dropped = new AtomicLong();
    private final AtomicLong heard = new AtomicLong();
    private final Thread reader;
    private final Thread caller;
    private volatile boolean stopping;
    /** Opened and not followed yet. */
    private volatile @Nullable LiveEvents live;

    private volatile @Nullable LiveEvents current;
    private @Nullable EventCursor last;

    EventListening(EventClient client, EventFilter filter, Consumer<Event> listener) {
        this.client = client;
        this.filter = filter;
        this.listener = listener;
        this.reader = Thread.ofVirtual().name("pulse-events-reader").unstarted(this::read);
        this.caller = Thread.ofVirtual().name("pulse-events-listener").unstarted(this::call);
    }

    /** Follows from this moment on: what commits after it returns is heard. */
    void start() {
        live = client.watch(filter, null);
        caller.start();
        reader.start();
    }

    /** Events that the listener did not get because it was too slow. */
    public long dropped() {
        return dropped.get();
    }

    /** Events that the listener was called with. */
    public long heard() {
        return heard.get();
    }

    private void read() {
        Duration pause = FIRST_PAUSE;
        while (!stopping) {
            try (LiveEvents now = follow()) {
                while (!stopping) {
                    for (Event event : now.poll(POLL)) {
                        pause = FIRST_PAUSE;
                        last = event.id();
                        if (!queue.offer(event)) {
                            dropped.incrementAndGet();
                        }
                    }
                }
            } catch (PulseException e) {
                if (!stopping) {
                    LOG.log(System.Logger.Level.DEBUG, "events are followed again in a moment", e);
                    LockSupport.parkNanos(pause.toNanos()); // ends early when this is closed
                    pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0 ? pause.multipliedBy(2) : LONGEST_PAUSE;
                }
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private LiveEvents follow() {
        LiveEvents begun = live;
        if (begun == null) {
            begun = client.watch(filter, last);
        }
        live = null;
        current = begun;
        if (stopping) {
            begun.close(); // closed while it was opened
        }
        return begun;
    }

    private void call() {
        while (true) {
            try {
                Event event = queue.take();
                if (event.equals(END) || stopping) {
                    return;
                }
                heard.incrementAndGet();
                listener.accept(event);
            } catch (InterruptedException e) {
                return;
            } catch (RuntimeException e) { // the border to the user's code
                LOG.log(System.Logger.Level.WARNING, "a listener threw; it goes on with the next event", e);
            }
        }
    }

    /**
     * Ends the listening: nothing that commits from now on is heard. A call of the listener that runs is let finish. Nobody is
     * interrupted, because an interrupt may break a connection of the listener's.
     */
    @Override
    public void close() {
        stopping = true;
        LiveEvents followed = current;
        if (followed != null) {
            followed.close();
        }
        LockSupport.unpark(reader);
        while (!queue.offer(END)) {
            queue.clear();
        }
    }
}
