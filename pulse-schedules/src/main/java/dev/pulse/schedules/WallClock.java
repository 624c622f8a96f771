package dev.pulse.schedules;

import java.time.Instant;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import org.jspecify.annotations.Nullable;

/**
 * The clock on the wall of a zone. Instants are seconds since 1970 of elapsed time, readings are seconds since 1970-01-01 00:00
 * as the clock shows them. Between two changes of the offset a reading is the instant plus the offset; everything else here
 * follows from that, whatever the size or the reason of a change.
 */
final class WallClock {
    /** No zone is further from UTC. */
    private static final long FURTHEST = 18 * 3600;

    /** How far back a change can lie that set the clock back to what it still repeats: none was ever larger than a day. */
    private static final long LONGEST_REPEAT = 2 * 86_400;

    private final ZoneRules rules;

    WallClock(ZoneRules rules) {
        this.rules = rules;
    }

    boolean neverChanges() {
        return rules.isFixedOffset();
    }

    long offset(long instant) {
        return rules.getOffset(Instant.ofEpochSecond(instant)).getTotalSeconds();
    }

    /** The first change of the clock after that instant, or null. */
    @Nullable
    ZoneOffsetTransition changeAfter(long instant) {
        return rules.nextTransition(Instant.ofEpochSecond(instant));
    }

    /** When the offset of that instant ends: the offset holds before it. */
    long end(long instant) {
        ZoneOffsetTransition change = changeAfter(instant);
        return change == null ? Long.MAX_VALUE : change.toEpochSecond();
    }

    /** When the offset of that instant began. */
    long start(long instant) {
        ZoneOffsetTransition change = changeUpTo(instant);
        return change == null ? Long.MIN_VALUE : change.toEpochSecond();
    }

    private @Nullable ZoneOffsetTransition changeUpTo(long instant) {
        return rules.previousTransition(Instant.ofEpochSecond(instant + 1));
    }

    /** The lowest reading that the clock has not shown or jumped over up to that instant. */
    long unreached(long instant) {
        long unreached = instant + offset(instant) + 1;
        if (neverChanges()) {
            return unreached;
        }
        ZoneOffsetTransition change = changeUpTo(instant);
        while (change != null && change.toEpochSecond() > instant - LONGEST_REPEAT) {
            // Set back: what it showed before is reached already, though it shows it again.
            unreached = Math.max(
                    unreached, change.toEpochSecond() + change.getOffsetBefore().getTotalSeconds());
            change = changeUpTo(change.toEpochSecond() - 1);
        }
        return unreached;
    }

    /** The first instant at which the clock shows that reading or a later one. */
    long reach(long reading) {
        long instant = reading - FURTHEST;
        if (neverChanges()) {
            return reading - offset(instant);
        }
        while (true) {
            long offset = offset(instant);
            if (instant + offset >= reading) {
                return instant;
            }
            long end = end(instant);
            if (reading - offset < end) {
                return reading - offset;
            }
            instant = end;
        }
    }
}
