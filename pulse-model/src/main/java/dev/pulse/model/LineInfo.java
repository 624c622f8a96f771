package dev.pulse.model;

import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A queue or a type as operators see it.
 *
 * @param counts of the jobs that wait, run, or are dead letters; absent means none. Finished jobs are not counted here
 * @param oldestPending how long its oldest ready job has waited; null when none waits
 */
public record LineInfo(
        Setting setting,
        Map<JobStatus, Long> counts,
        @Nullable Duration oldestPending) {
    public LineInfo {
        counts = Map.copyOf(counts);
    }
}
