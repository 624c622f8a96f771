package dev.pulse.engine;

import dev.pulse.model.Caller;
import dev.pulse.store.AuditStore;
import dev.pulse.store.Denied;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/**
 * Writes down who asked for what they may not do. The first of a kind at once, those that follow within the time of one
 * entry counted in the next one, so that no flood fills the audit log. Nobody waits for it; what the store cannot take is
 * told with the next. An agent; noted by any thread.
 */
final class DenialBook implements Agent {
    private static final Key OTHERS = new Key("(others)", "(others)");

    private record Key(String actor, String action) {}

    private final AuditStore store;
    private final DenialConfig config;
    private final LongSupplier ticker;
    private final Wake wake;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<Key, Denied> waiting = new LinkedHashMap<>();
    /** When each kind was told last. */
    private final Map<Key, Long> told = new HashMap<>();

    DenialBook(AuditStore store, DenialConfig config, LongSupplier ticker, Wake wake) {
        this.store = store;
        this.config = config;
        this.ticker = ticker;
        this.wake = wake;
    }

    @Override
    public String name() {
        return "denial-book";
    }

    void note(Caller by, String action, String target) {
        Key key = new Key(by.name(), action);
        boolean fresh;
        lock.lock();
        try {
            boolean known = waiting.containsKey(key) || told.containsKey(key);
            boolean fits = known || waiting.size() + told.size() < config.kindsMax();
            Key kind = fits ? key : OTHERS;
            Denied one = fits
                    ? new Denied(by, action, target, 1)
                    : new Denied(new Caller(OTHERS.actor, by.from()), OTHERS.action, "", 1);
            fresh = !told.containsKey(kind);
            waiting.merge(
                    kind, one, (old, last) -> new Denied(last.by(), last.action(), last.target(), old.times() + 1));
        } finally {
            lock.unlock();
        }
        if (fresh) {
            wake.signal();
        }
    }

    @Override
    public int step() {
        long now = ticker.getAsLong();
        Map<Key, Denied> due = new LinkedHashMap<>();
        lock.lock();
        try {
            told.values().removeIf(at -> now - at >= config.every().toNanos());
            waiting.forEach((key, denied) -> {
                if (!told.containsKey(key)) {
                    due.put(key, denied);
                }
            });
            due.keySet().forEach(key -> {
                waiting.remove(key);
                told.put(key, now);
            });
        } finally {
            lock.unlock();
        }
        if (!due.isEmpty()) {
            write(due);
        }
        return due.size();
    }

    private void write(Map<Key, Denied> due) {
        try {
            store.denied(List.copyOf(due.values()));
        } catch (RuntimeException e) {
            lock.lock();
            try {
                due.forEach((key, denied) -> waiting.merge(
                        key,
                        denied,
                        (later, first) ->
                                new Denied(later.by(), later.action(), later.target(), later.times() + first.times())));
            } finally {
                lock.unlock();
            }
            throw e;
        }
    }

    @Override
    public long patience(int done) {
        lock.lock();
        try {
            long now = ticker.getAsLong();
            long next = told.values().stream()
                    .mapToLong(at -> at + config.every().toNanos() - now)
                    .min()
                    .orElse(Long.MAX_VALUE);
            return Math.clamp(next, 1, config.every().toNanos());
        } finally {
            lock.unlock();
        }
    }
}
