package dev.pulse.engine;

import dev.pulse.model.Assignment;
import dev.pulse.model.Scope;
import dev.pulse.model.Setting;
import dev.pulse.model.Switches;
import dev.pulse.store.Lane;
import dev.pulse.store.LimitedGrant.Room;
import dev.pulse.store.SwitchStore;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/**
 * The claimer's memory of pauses and limits. The claimer's thread only, but for {@link #isLimited}.
 *
 * <p>At the start it fails closed: nothing is claimed before the switches were read once. Later it fails open: while they
 * cannot be read, the last ones that were known hold on. Either way a claim names the version that it was made for, and the
 * store grants nothing under another: what is remembered here saves claims and decides none.
 *
 * <p>A limit that leaves no room, or whose lanes have no work, is <em>closed</em> for a while, and plain claims go on without
 * its lanes: so lanes without limits pay for those of others only while there is something to claim there.
 */
final class SwitchBoard {
    /** How a limit is: open, or not worth asking before a moment. */
    private static final class Line {
        private long closedUntil;
        private long backoff;
        /** Closed because there was no work, not because there was no room. */
        private boolean dry;

        private boolean closed;

        private void close(long now, long nanos, boolean forWork) {
            closed = true;
            dry = forWork;
            closedUntil = now + nanos;
        }

        private void open(long pollMin) {
            closed = false;
            dry = false;
            backoff = pollMin;
        }
    }

    /** A limit is not asked more often than this: starts gather meanwhile. */
    private static final long LEAST = Duration.ofMillis(10).toNanos();

    private final SwitchStore store;
    private final ClaimConfig config;
    private final FaultLog faults;
    private Switches known = Switches.UNREAD;
    private Map<Scope, Setting> settings = Map.of();
    private final Map<Scope, Line> lines = new HashMap<>();
    private final Map<Integer, Set<Scope>> limits = new ConcurrentHashMap<>();
    private boolean stale = true;
    private long readAt;

    SwitchBoard(SwitchStore store, ClaimConfig config, LongSupplier ticker) {
        this.store = store;
        this.config = config;
        this.faults = new FaultLog("switches", ticker);
        this.readAt = ticker.getAsLong();
    }

    // ---- what is known

    /** Somebody changed something. */
    void changed() {
        stale = true;
    }

    /**
     * Reads again where it is time or something was changed.
     *
     * @throws RuntimeException the store's trouble, where nothing was ever read
     */
    void refresh(long now) {
        if (!stale && now - readAt < 0) {
            return;
        }
        Switches read;
        try {
            read = store.read();
            faults.worked();
        } catch (RuntimeException e) {
            if (known == Switches.UNREAD) {
                throw e;
            }
            faults.failed(e);
            read = known;
        }
        stale = false;
        readAt = now + config.lanesEvery().toNanos();
        if (read.version() != known.version()) {
            learn(read);
        }
    }

    private void learn(Switches read) {
        known = read;
        settings = read.byScope();
        limits.clear();
        lines.keySet().retainAll(settings.keySet());
        lines.values().forEach(line -> line.open(config.pollMin().toNanos()));
    }

    /** When it is time to read again, whatever signals come. */
    long readAt() {
        return readAt;
    }

    /** The version that a claim is made for. */
    long version() {
        return known.version();
    }

    boolean isPaused(Lane lane) {
        return isPaused(lane.queue(), lane.type());
    }

    private boolean isPaused(String queue, String type) {
        return isPaused(Scope.DISPATCH) || isPaused(Scope.queue(queue)) || isPaused(Scope.type(type));
    }

    private boolean isPaused(Scope scope) {
        Setting setting = settings.get(scope);
        return setting != null && setting.isPaused();
    }

    /** Those of the jobs that may not start any more. */
    List<Assignment> paused(List<Assignment> granted) {
        return granted.stream()
                .filter(job -> isPaused(job.facts().queue(), job.facts().type()))
                .toList();
    }

    /** The limits that the lanes stand under; only lanes with any are named. */
    Map<Integer, Set<Scope>> limits(Collection<LaneBook.Entry> lanes) {
        if (settings.values().stream().allMatch(setting -> setting.limits().isNone())) {
            return Map.of();
        }
        Map<Integer, Set<Scope>> limited = new HashMap<>();
        for (LaneBook.Entry entry : lanes) {
            Set<Scope> of = new TreeSet<>();
            for (Scope scope : List.of(Scope.queue(entry.lane.queue()), Scope.type(entry.lane.type()))) {
                Setting setting = settings.get(scope);
                if (setting != null && !setting.limits().isNone()) {
                    of.add(scope);
                }
            }
            if (!of.isEmpty()) {
                limited.put(entry.lane.number(), of);
                limits.put(entry.lane.number(), of);
            }
        }
        return limited;
    }

    /** Whether the end of a job of that lane may make room for another. Any thread. */
    boolean isLimited(int lane) {
        return limits.containsKey(lane);
    }

    // ---- what is worth asking

    boolean isOpen(Set<Scope> scopes, long now) {
        for (Scope scope : scopes) {
            Line line = lines.get(scope);
            if (line != null && line.closed && now - line.closedUntil < 0) {
                return false;
            }
        }
        return true;
    }

    /** How long until the first of the closed limits opens: zero or less where its time is over; else {@code otherwise}. */
    long untilOpen(Collection<Set<Scope>> scopes, long now, long otherwise) {
        long first = otherwise;
        for (Set<Scope> some : scopes) {
            for (Scope scope : some) {
                Line line = lines.get(scope);
                if (line != null && line.closed) {
                    first = Math.min(first, line.closedUntil - now);
                }
            }
        }
        return first;
    }

    /** A lane got work; whether it is worth asking for it now. */
    boolean ready(int lane, long now) {
        Set<Scope> scopes = limits.getOrDefault(lane, Set.of());
        for (Scope scope : scopes) {
            Line line = lines.get(scope);
            if (line != null && line.dry) {
                line.open(config.pollMin().toNanos());
            }
        }
        return isOpen(scopes, now);
    }

    /** A job of a limited lane has ended here. */
    void freed(int lane) {
        for (Scope scope : limits.getOrDefault(lane, Set.of())) {
            Line line = lines.get(scope);
            Setting setting = settings.get(scope);
            if (line != null && setting != null && setting.limits().rate() == null) {
                line.open(config.pollMin().toNanos());
            }
        }
    }

    /** A claim under limits came back. */
    void claimed(Map<Scope, Room> rooms, List<Assignment> granted, Map<Integer, Set<Scope>> limitsOf, long now) {
        Map<Scope, Integer> started = new TreeMap<>();
        for (Assignment job : granted) {
            limitsOf.getOrDefault(job.token().lane(), Set.of()).forEach(scope -> started.merge(scope, 1, Integer::sum));
        }
        rooms.forEach((scope, room) -> {
            Line line = lines.computeIfAbsent(scope, unseen -> new Line());
            if (started.containsKey(scope) || line.backoff == 0) {
                line.open(config.pollMin().toNanos());
            }
            if (room.left() <= 0 && !room.again().isZero()) {
                line.close(now, Math.max(LEAST, room.again().toNanos()), false);
            } else if (room.left() <= 0 || !started.containsKey(scope)) {
                line.close(now, line.backoff, room.left() > 0);
                line.backoff = Math.min(line.backoff * 2, config.pollMax().toNanos());
            }
        });
    }
}
