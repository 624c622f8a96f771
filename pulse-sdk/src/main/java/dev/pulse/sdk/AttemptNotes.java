package dev.pulse.sdk;

import dev.pulse.model.LeaseToken;
import dev.pulse.model.LogLevel;
import dev.pulse.model.Note;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * What a handler has told of its attempt since the last note. Bounded: what comes faster than notes go out is counted and
 * dropped, and so is everything after the attempt's end. Any thread.
 */
final class AttemptNotes {
    /** Notes go out once a second, so this is also how many lines a second. */
    static final int MAX_WAITING = 200;

    private record Entry(LogLevel level, String message, long at) {}

    private final ReentrantLock lock = new ReentrantLock();
    private List<Entry> entries = new ArrayList<>();
    private int told;
    private long lost;
    private @Nullable Integer percent;
    private @Nullable String text;
    private boolean news;
    private boolean closed;

    /** Whether this is the first news since the last note. */
    boolean progress(int now, @Nullable String said) {
        lock.lock();
        try {
            percent = now;
            text = said;
            return isFirst();
        } finally {
            lock.unlock();
        }
    }

    boolean log(LogLevel level, String message, long now) {
        // Cut at once: what waits here must not be larger than what goes out.
        String kept = message.length() > 2 * Note.MAX_MESSAGE ? message.substring(0, 2 * Note.MAX_MESSAGE) : message;
        lock.lock();
        try {
            if (entries.size() < MAX_WAITING && told < Note.MAX_LINES) {
                told++;
                entries.add(new Entry(level, kept, now));
            } else {
                lost++;
            }
            return isFirst();
        } finally {
            lock.unlock();
        }
    }

    private boolean isFirst() {
        boolean first = !news && !closed;
        news = true;
        return first;
    }

    /** The attempt has ended: what comes from here on is nobody's. */
    void close() {
        lock.lock();
        try {
            closed = true;
        } finally {
            lock.unlock();
        }
    }

    /** All that is new, or null. */
    @Nullable
    Note take(UUID job, LeaseToken token, long now) {
        lock.lock();
        try {
            if (!news) {
                return null;
            }
            List<Note.Line> lines = new ArrayList<>(entries.size());
            for (Entry entry : entries) {
                lines.add(new Note.Line(entry.level(), entry.message(), Duration.ofNanos(now - entry.at())));
            }
            Note note = new Note(job, token, percent, text, lines, lost);
            entries = new ArrayList<>();
            percent = null;
            text = null;
            lost = 0;
            news = false;
            return note;
        } finally {
            lock.unlock();
        }
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
