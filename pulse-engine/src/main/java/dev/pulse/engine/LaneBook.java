package dev.pulse.engine;

import dev.pulse.store.Claim;
import dev.pulse.store.Lane;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The claimer's memory of the lanes: where each one's next claim starts (E11). The bound follows the highest claimed seq at
 * a distance, so that a claim never walks the dead entries of the index; a full scan from time to time makes it a hint and
 * never a truth. The claimer's thread only, but for {@link #isSuspect}.
 */
final class LaneBook {
    static final class Entry {
        final Lane lane;
        private long bound;
        private long scannedAt;
        private long scanCost;

        Entry(Lane lane, long now) {
            this.lane = lane;
            this.scannedAt = now;
        }

        long bound() {
            return bound;
        }

        private void lower(long seq) {
            bound = Math.min(bound, seq);
        }
    }

    /** One claim's starting places, and the lanes that it looks through from the beginning though they have a bound. */
    record Plan(List<Claim.LaneStart> starts, List<Entry> scanned) {}

    private static final int HUNDRED = 100;
    private static final Comparator<Entry> BEST_FIRST = Comparator.<Entry>comparingInt(entry -> entry.lane.priority())
            .reversed()
            .thenComparingInt(entry -> entry.lane.number());
    private static final Comparator<Entry> LONGEST_UNSCANNED_FIRST = Comparator.comparingLong(entry -> entry.scannedAt);

    private final ScanConfig config;
    private final Map<Integer, Entry> entries = new HashMap<>();
    private volatile Set<Integer> suspects = Set.of();
    private int version;
    private long scanAt;

    LaneBook(ScanConfig config, long now) {
        this.config = config;
        this.scanAt = now;
    }

    /** Adds what is new. */
    void refresh(List<Lane> lanes, long now) {
        Set<Integer> newSuspects = new HashSet<>(suspects);
        boolean changed = false;
        for (Lane lane : lanes) {
            if (!entries.containsKey(lane.number())) {
                entries.put(lane.number(), new Entry(lane, now));
                changed = true;
                if (lane.suspect()) {
                    newSuspects.add(lane.number());
                }
            }
        }
        if (changed) {
            suspects = Set.copyOf(newSuspects);
            version++;
        }
    }

    /** Grows when lanes were added. */
    int version() {
        return version;
    }

    boolean knowsAll(Collection<Integer> lanes) {
        return entries.keySet().containsAll(lanes);
    }

    /** Any thread. */
    boolean isSuspect(int lane) {
        return suspects.contains(lane);
    }

    /** The lane, its bound lowered to a place that got work; null for one not known yet. */
    @Nullable
    Entry lowered(int lane, long seq) {
        Entry entry = entries.get(lane);
        if (entry != null) {
            entry.lower(seq);
        }
        return entry;
    }

    /** The lanes that such sessions serve, best first. */
    List<Entry> matching(DemandGroup.Key key, boolean suspect) {
        return entries.values().stream()
                .filter(entry -> entry.lane.suspect() == suspect && key.serves(entry.lane.type(), entry.lane.queue()))
                .sorted(BEST_FIRST)
                .toList();
    }

    /** Where a claim on these lanes starts. */
    Plan plan(List<Entry> lanes, long now) {
        Set<Entry> scanned = new HashSet<>(dueForScan(lanes, now));
        List<Claim.LaneStart> starts = new ArrayList<>(lanes.size());
        for (Entry entry : lanes) {
            long from = scanned.contains(entry) ? 0 : entry.bound;
            starts.add(new Claim.LaneStart(entry.lane.number(), entry.lane.priority(), from));
            if (entry.bound == 0) {
                entry.scannedAt = now; // as good as a scan
            }
        }
        return new Plan(starts, List.copyOf(scanned));
    }

    /**
     * When it is time by the cost of the last scans: as many lanes as fit into one call, the longest unscanned first. Before
     * that: the one lane, if any, that has waited too long, whatever it costs.
     */
    private List<Entry> dueForScan(List<Entry> lanes, long now) {
        long overdue = now - config.every().toNanos();
        boolean time = now - scanAt >= 0;
        List<Entry> due = lanes.stream()
                .filter(entry -> entry.bound > 0 && (time || entry.scannedAt - overdue <= 0))
                .sorted(LONGEST_UNSCANNED_FIRST)
                .toList();
        if (due.isEmpty()) {
            return due;
        }
        int fit = 1;
        long cost = due.getFirst().scanCost;
        while (time
                && fit < due.size()
                && cost + due.get(fit).scanCost <= config.callMax().toNanos()) {
            cost += due.get(fit).scanCost;
            fit++;
        }
        return due.subList(0, fit);
    }

    /**
     * A claim came back: the bounds follow what was claimed, also downwards where a scan found something below.
     *
     * @param highest the highest seq claimed per lane
     */
    void claimed(Plan plan, Map<Integer, Long> highest, long now, Duration took) {
        Map<Integer, Long> startOf = new HashMap<>();
        plan.starts().forEach(start -> startOf.put(start.lane(), start.seq()));
        highest.forEach((lane, seq) -> {
            Entry entry = entries.get(lane);
            if (entry != null) {
                entry.bound = Math.max(startOf.getOrDefault(lane, 0L), seq - config.slack());
            }
        });
        if (!plan.scanned().isEmpty()) {
            long each = took.toNanos() / plan.scanned().size();
            for (Entry entry : plan.scanned()) {
                entry.scannedAt = now;
                entry.scanCost = each;
            }
            scanAt = now + took.toNanos() * (HUNDRED - config.percent()) / config.percent();
        }
    }
}
