package dev.pulse.engine;

import java.time.Duration;
import java.time.Instant;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Notices when workers could not have been heard, however well they were: the store was away, this process stood still, or
 * the store's clock jumped. Then every lease is to be pushed forward before anything is swept (E5). Any thread.
 */
final class OutageWatch {
    private final LeaseConfig config;
    private final LongSupplier ticker;
    private boolean started;
    private boolean floorDue;
    private long lastBeat;
    private @Nullable Instant storeTime;
    private long storeTimeAt;
    private boolean heartbeatsFailing;
    private long failingSince;

    OutageWatch(LeaseConfig config, LongSupplier ticker) {
        this.config = config;
        this.ticker = ticker;
    }

    /**
     * A beat was written, and then the store's clock read.
     *
     * @param asked our ticker just before the clock was read
     */
    synchronized void beatWorked(long asked, Instant storeNow) {
        long now = ticker.getAsLong();
        floorDue |= started && now - lastBeat > config.outage().toNanos();
        started = true;
        lastBeat = now;
        floorDue |= jumped(asked, now, storeNow);
    }

    /** A slow answer says nothing about the clock: the sample is skipped. */
    private boolean jumped(long asked, long answered, Instant storeNow) {
        long jump = config.clockJump().toNanos();
        if (answered - asked > jump / 2) {
            return false;
        }
        Instant before = storeTime;
        long ours = answered - storeTimeAt;
        storeTime = storeNow;
        storeTimeAt = answered;
        return before != null && Math.abs(Duration.between(before, storeNow).toNanos() - ours) > jump;
    }

    /** Time was moved on purpose: what lies between is no outage. */
    synchronized void forget() {
        started = false;
        storeTime = null;
    }

    synchronized void heartbeatsFailed() {
        if (!heartbeatsFailing) {
            heartbeatsFailing = true;
            failingSince = ticker.getAsLong();
        }
    }

    /** {@code oldest} is when the heartbeat that waited longest came in. */
    synchronized void heartbeatsWorked(long oldest) {
        long since = heartbeatsFailing ? Math.min(failingSince, oldest) : oldest;
        heartbeatsFailing = false;
        floorDue |= ticker.getAsLong() - since > config.outage().toNanos();
    }

    synchronized boolean isFloorDue() {
        return floorDue;
    }

    synchronized void floorRaised() {
        floorDue = false;
    }

    /** Whether all is calm enough to take a silent worker for a dead one. */
    synchronized boolean isCalm() {
        boolean fresh =
                started && ticker.getAsLong() - lastBeat <= config.outage().toNanos();
        return fresh && !floorDue && !heartbeatsFailing;
    }

    /** Nanoseconds since the last written beat; {@code Long.MAX_VALUE} before the first. */
    synchronized long sinceBeat() {
        return started ? ticker.getAsLong() - lastBeat : Long.MAX_VALUE;
    }
}
