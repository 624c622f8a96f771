package dev.pulse.schedules;

import java.time.LocalDate;
import java.time.zone.ZoneOffsetTransition;
import java.util.NavigableSet;

/**
 * The instants of a cron expression in a zone, by one of two laws:
 *
 * <ul>
 *   <li>A rule that names hours fires at the first instant at which the clock shows the time or a later one. So a time that
 *       the clock jumps over fires when it has jumped, once with whatever else fires then, and a time that comes twice fires the
 *       first time. Readings only grow that way, and so do their instants.
 *   <li>A rule for each hour follows elapsed time: it fires whenever the clock shows the time, and a reading that never comes
 *       has no instant.
 * </ul>
 */
final class CronPlan implements Plan {
    private static final long SECOND = 1_000_000;

    private final WallTimes times;
    private final WallClock clock;
    private final boolean elapsed;

    CronPlan(CronFields fields, WallClock clock, NavigableSet<LocalDate> excluded) {
        this.times = new WallTimes(fields, excluded);
        this.clock = clock;
        this.elapsed = fields.everyHour();
    }

    @Override
    public long next(long from) {
        long second = -Math.floorDiv(-from, SECOND);
        return micros(elapsed ? nextShown(second) : nextReached(second));
    }

    @Override
    public long previous(long until) {
        long second = Math.floorDiv(until, SECOND);
        return micros(elapsed ? previousShown(second) : previousReached(second));
    }

    @Override
    public long count(long from, long until) {
        long first = -Math.floorDiv(-from, SECOND);
        long last = Math.floorDiv(until, SECOND);
        return first > last ? 0 : elapsed ? countShown(first, last) : countReached(first, last);
    }

    private long nextReached(long from) {
        long reading = times.next(clock.unreached(from - 1));
        return reading == WallTimes.NONE ? NONE : clock.reach(reading);
    }

    private long previousReached(long until) {
        long reading = times.previous(clock.unreached(until));
        return reading == WallTimes.NONE ? NONE : clock.reach(reading);
    }

    private long countReached(long from, long until) {
        long count = times.count(clock.unreached(from - 1), clock.unreached(until));
        ZoneOffsetTransition change = clock.changeAfter(from - 1);
        while (change != null && change.toEpochSecond() <= until) {
            if (change.isGap()) {
                count -= Math.max(0, reachedAt(change) - 1);
            }
            change = clock.changeAfter(change.toEpochSecond());
        }
        return count;
    }

    /** How many readings are reached at once when the clock jumps ahead: together they are one occurrence. */
    long reachedAt(ZoneOffsetTransition change) {
        long instant = change.toEpochSecond();
        return times.count(clock.unreached(instant - 1), clock.unreached(instant));
    }

    private long nextShown(long from) {
        long instant = from;
        while (true) {
            long offset = clock.offset(instant);
            long end = clock.end(instant);
            long reading = times.next(instant + offset);
            if (reading == WallTimes.NONE || reading - offset < end) {
                return reading == WallTimes.NONE ? NONE : reading - offset;
            }
            instant = end;
        }
    }

    private long previousShown(long until) {
        long instant = until;
        while (true) {
            long offset = clock.offset(instant);
            long start = clock.start(instant);
            long reading = times.previous(instant + offset + 1);
            if (reading == WallTimes.NONE || reading - offset >= start) {
                return reading == WallTimes.NONE ? NONE : reading - offset;
            }
            instant = start - 1;
        }
    }

    private long countShown(long from, long until) {
        long count = 0;
        long instant = from;
        while (instant <= until) {
            long offset = clock.offset(instant);
            long end = Math.min(clock.end(instant), until + 1);
            count += times.count(instant + offset, end + offset);
            instant = end;
        }
        return count;
    }

    private static long micros(long second) {
        return second == NONE ? NONE : Math.multiplyExact(second, SECOND);
    }
}
