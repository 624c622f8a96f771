package dev.pulse.model;

import java.time.Duration;
import java.time.Instant;
import java.util.UUID;

/**
 * One occurrence that made a job.
 *
 * @param occurrence the planned instant; for a fire by hand the moment of the act
 * @param firedAt when its job was stored
 * @param coalesced how many missed occurrences this job makes up for besides its own
 * @param manual whether somebody asked for it, beside the rule
 */
public record Fire(Instant occurrence, Instant firedAt, UUID jobId, long coalesced, boolean manual) {
    /** How long after the planned instant the job was stored; zero where the clock says it was before. */
    public Duration lag() {
        Duration lag = Duration.between(occurrence, firedAt);
        return lag.isNegative() ? Duration.ZERO : lag;
    }
}
