package dev.pulse.engine;

import dev.pulse.model.ErrorCode;
import dev.pulse.model.Event;
import dev.pulse.model.EventCursor;
import dev.pulse.model.EventPage;
import dev.pulse.model.PulseException;
import dev.pulse.store.EventStore;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * One follower of the feed: every event that its filter lets through, in the order of the feed, from its place on. What lies
 * behind it reads from the store itself, page by page; what comes then it gets from the server's one reader, through a bounded
 * backlog. A follower that is too slow for that is cut off, and may come back with the last id that it saw. One thread polls;
 * the reader offers.
 */
public final class EventWatch implements AutoCloseable {
    private final EventStore store;
    private final EventTail tail;
    private final Predicate<Event> filter;
    private final int chunk;
    private final int backlogMax;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final ArrayDeque<Event> backlog = new ArrayDeque<>();
    private @Nullable EventCursor joinedAt;
    private boolean overrun;
    private boolean closed;
    private @Nullable Runnable onCutOff;

    /** The first place that this follower needs. Written by the polling thread, until it joins the reader. */
    private volatile EventCursor next;

    private boolean joined;
    private boolean gap;

    EventWatch(EventStore store, EventTail tail, Predicate<Event> filter, EventCursor next, int chunk, int backlogMax) {
        this.store = store;
        this.tail = tail;
        this.filter = filter;
        this.next = next;
        this.chunk = chunk;
        this.backlogMax = backlogMax;
    }

    /**
     * The next events; waits for the first one. One thread at a time.
     *
     * @return empty when the time is over
     * @throws PulseException LIMIT_REACHED where this follower was cut off because it was too slow, SHUTTING_DOWN where the
     *     server leaves, DATABASE_UNAVAILABLE
     */
    public List<Event> poll(Duration timeout) throws InterruptedException {
        if (!joined) {
            List<Event> behind = readBehind();
            if (!behind.isEmpty() || !joined) {
                return behind;
            }
        }
        return await(timeout.toNanos());
    }

    /** Whether events were dropped, because their time was over, before those polled last. Asking forgets it. */
    public boolean takeGap() {
        boolean was = gap;
        gap = false;
        return was;
    }

    /** Called once, on the reader's thread, when this follower is cut off: to end a write that blocks. Must not block. */
    public void onCutOff(Runnable action) {
        lock.lock();
        try {
            onCutOff = action;
        } finally {
            lock.unlock();
        }
    }

    /** Whether this follower was too slow. */
    public boolean isCutOff() {
        lock.lock();
        try {
            return overrun;
        } finally {
            lock.unlock();
        }
    }

    /** What a follower is told that was cut off. */
    public PulseException tooSlow() {
        return new PulseException(
                ErrorCode.LIMIT_REACHED,
                "too slow: more than " + backlogMax + " events waited to be read; come back with the last id seen");
    }

    /** Reads from the store what lies behind; joins the reader when that is not far any more, and reads up to it. */
    private List<Event> readBehind() throws InterruptedException {
        EventPage page = store.read(next, chunk);
        gap |= page.gap();
        if (page.more()) {
            next = page.next();
            return page.events().stream().filter(filter).toList();
        }
        joined = true;
        EventCursor meeting = tail.join(this);
        List<Event> found = new ArrayList<>();
        EventCursor at = next;
        for (boolean more = true; more && at.compareTo(meeting) < 0; ) {
            EventPage rest = store.read(at, chunk);
            rest.events().stream()
                    .filter(event -> event.id().compareTo(meeting) < 0 && filter.test(event))
                    .forEach(found::add);
            at = rest.next();
            more = rest.more();
        }
        // What this read beyond the meeting the reader offers as well, so our place is not where the reading ended.
        return found;
    }

    private List<Event> await(long nanos) throws InterruptedException {
        lock.lock();
        try {
            long left = nanos;
            while (backlog.isEmpty() && !overrun && !closed && left > 0) {
                left = changed.awaitNanos(left);
            }
            if (overrun) {
                throw tooSlow();
            }
            if (closed) {
                throw Trouble.shuttingDown();
            }
            List<Event> events = List.copyOf(backlog);
            backlog.clear();
            return events;
        } finally {
            lock.unlock();
        }
    }

    // ---- the reader's side

    /** Where the reader stands when it begins to offer. */
    void joinedAt(EventCursor place) {
        lock.lock();
        try {
            joinedAt = place;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    EventCursor awaitJoined(Duration within) throws InterruptedException {
        lock.lock();
        try {
            long left = within.toNanos();
            while (joinedAt == null && !closed && left > 0) {
                left = changed.awaitNanos(left);
            }
            if (joinedAt == null) {
                throw closed
                        ? Trouble.shuttingDown()
                        : new PulseException(
                                ErrorCode.DATABASE_UNAVAILABLE,
                                "the feed could not be read within " + within.toSeconds() + "s");
            }
            return joinedAt;
        } finally {
            lock.unlock();
        }
    }

    /** Takes what its filter lets through; false where that was too much. */
    boolean offer(List<Event> events) {
        Runnable cutOff = null;
        lock.lock();
        try {
            for (Event event : events) {
                if (event.id().compareTo(next) >= 0 && filter.test(event)) {
                    backlog.add(event);
                }
            }
            if (backlog.size() > backlogMax) {
                backlog.clear();
                overrun = true;
                cutOff = onCutOff;
            }
            changed.signalAll();
            return !overrun;
        } finally {
            lock.unlock();
            if (cutOff != null) {
                cutOff.run();
            }
        }
    }

    /** The server leaves. */
    void end() {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        tail.leave(this);
        end();
    }
}
