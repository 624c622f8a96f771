package dev.pulse.store;

import dev.pulse.model.JobStatus;
import dev.pulse.model.LeaseToken;
import dev.pulse.model.ReportAnswer;
import java.time.Duration;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What became of one report.
 *
 * @param status the status reached by this very call; null where the answer is a repeat's, stale or unknown
 * @param delay how long a retrying or scheduled job waits from now
 * @param bundle the bundle whose counts this call changed, or null
 */
public record Ended(
        UUID jobId,
        LeaseToken token,
        ReportAnswer answer,
        @Nullable JobStatus status,
        @Nullable Duration delay,
        @Nullable UUID bundle) {
    /** Of a job outside any bundle. */
    public Ended(
            UUID jobId, LeaseToken token, ReportAnswer answer, @Nullable JobStatus status, @Nullable Duration delay) {
        this(jobId, token, answer, status, delay, null);
    }
}
