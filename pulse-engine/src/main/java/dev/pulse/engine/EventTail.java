package dev.pulse.engine;

import dev.pulse.model.ErrorCode;
import dev.pulse.model.Event;
import dev.pulse.model.EventCursor;
import dev.pulse.model.EventFilter;
import dev.pulse.model.EventPage;
import dev.pulse.model.PulseException;
import dev.pulse.store.EventStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The one reader of the feed of this server, for however many follow it. An agent; while nobody follows it asks the store
 * nothing. Followers come and go on any thread.
 */
final class EventTail implements Agent {
    private static final Duration JOIN_WITHIN = Duration.ofSeconds(10);

    private final EventStore store;
    private final EventsConfig config;
    private final Wake wake;
    private final ReentrantLock lock = new ReentrantLock();
    private final Set<EventWatch> watches = new LinkedHashSet<>();
    private final List<EventWatch> joining = new ArrayList<>();
    private final Set<Bell> bells = new LinkedHashSet<>();
    private boolean closed;
    /** The next place to read; null while nobody follows. The agent's. */
    private @Nullable EventCursor at;

    private boolean behind;
    private final LongAdder cutOff = new LongAdder();

    EventTail(EventStore store, EventsConfig config, Wake wake) {
        this.store = store;
        this.config = config;
        this.wake = wake;
    }

    /** Rings when an event comes that its filter lets through. For one thread that waits. */
    static final class Bell {
        private final EventFilter filter;
        private final ReentrantLock lock = new ReentrantLock();
        private final Condition rung = lock.newCondition();
        private boolean ringing;

        Bell(EventFilter filter) {
            this.filter = filter;
        }

        void ring() {
            lock.lock();
            try {
                ringing = true;
                rung.signalAll();
            } finally {
                lock.unlock();
            }
        }

        /** Waits until it rings or the time is over, and silences it. */
        void await(long nanos) throws InterruptedException {
            lock.lock();
            try {
                long left = nanos;
                while (!ringing && left > 0) {
                    left = rung.awaitNanos(left);
                }
                ringing = false;
            } finally {
                lock.unlock();
            }
        }
    }

    @Override
    public String name() {
        return "event-tail";
    }

    /** Those who follow now. */
    int followers() {
        lock.lock();
        try {
            return watches.size();
        } finally {
            lock.unlock();
        }
    }

    /** Followers that were cut off since the start. */
    long cutOff() {
        return cutOff.sum();
    }

    /** Lets a follower have all events from the place on that this answers. */
    EventCursor join(EventWatch watch) throws InterruptedException {
        lock.lock();
        try {
            admit();
            watches.add(watch);
            joining.add(watch);
        } finally {
            lock.unlock();
        }
        wake.signal();
        return watch.awaitJoined(JOIN_WITHIN);
    }

    void leave(EventWatch watch) {
        lock.lock();
        try {
            watches.remove(watch);
            joining.remove(watch);
        } finally {
            lock.unlock();
        }
    }

    /** Has the bell rung from now on, and once when the reader has begun to look for it. */
    void hang(Bell bell) {
        lock.lock();
        try {
            admit();
            bells.add(bell);
        } finally {
            lock.unlock();
        }
        wake.signal();
    }

    void take(Bell bell) {
        lock.lock();
        try {
            bells.remove(bell);
        } finally {
            lock.unlock();
        }
    }

    private void admit() {
        if (closed) {
            throw Trouble.shuttingDown();
        }
        if (watches.size() + bells.size() >= config.watchesMax()) {
            throw new PulseException(
                    ErrorCode.LIMIT_REACHED,
                    config.watchesMax() + " calls follow the events of this server already; ask again in a moment");
        }
    }

    @Override
    public int step() {
        if (isDeserted()) {
            at = null;
            behind = false;
            return 0;
        }
        if (at == null) {
            at = store.end();
            ringAll();
        }
        welcome(at);
        EventPage page = store.read(at, config.chunk());
        at = page.next();
        behind = page.more();
        if (!page.events().isEmpty()) {
            tell(page.events());
        }
        return page.events().size();
    }

    private boolean isDeserted() {
        lock.lock();
        try {
            return watches.isEmpty() && bells.isEmpty();
        } finally {
            lock.unlock();
        }
    }

    private void ringAll() {
        lock.lock();
        try {
            bells.forEach(Bell::ring);
        } finally {
            lock.unlock();
        }
    }

    /** Those who came since the last read have everything from here on. */
    private void welcome(EventCursor place) {
        List<EventWatch> fresh;
        lock.lock();
        try {
            fresh = List.copyOf(joining);
            joining.clear();
        } finally {
            lock.unlock();
        }
        fresh.forEach(watch -> watch.joinedAt(place));
    }

    private void tell(List<Event> events) {
        List<EventWatch> present;
        lock.lock();
        try {
            present = watches.stream().filter(watch -> !joining.contains(watch)).toList();
            bells.stream()
                    .filter(bell -> events.stream().anyMatch(bell.filter::matches))
                    .forEach(Bell::ring);
        } finally {
            lock.unlock();
        }
        for (EventWatch watch : present) {
            if (!watch.offer(events)) {
                leave(watch);
                cutOff.increment();
            }
        }
    }

    @Override
    public long rest() {
        return behind || isDeserted() ? 0 : config.every().toNanos();
    }

    @Override
    public long patience(int done) {
        return isDeserted() ? TimeUnit.SECONDS.toNanos(1) : 0;
    }

    /** Sends everybody away. */
    void close() {
        List<EventWatch> left;
        lock.lock();
        try {
            closed = true;
            left = List.copyOf(watches);
            watches.clear();
            joining.clear();
            bells.forEach(Bell::ring);
        } finally {
            lock.unlock();
        }
        left.forEach(EventWatch::end);
    }

    boolean isClosed() {
        lock.lock();
        try {
            return closed;
        } finally {
            lock.unlock();
        }
    }
}
