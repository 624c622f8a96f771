package dev.pulse.model;

import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * The jobs stored now.
 *
 * @param byType per type, in the order of its name, how many jobs stand in each status; absent means none
 * @param oldestPending how long the oldest ready job has waited; null when none waits
 */
public record JobCounts(
        SortedMap<String, Map<JobStatus, Long>> byType,
        @Nullable Duration oldestPending) {
    /** The sum over all types. */
    public Map<JobStatus, Long> total() {
        Map<JobStatus, Long> total = new EnumMap<>(JobStatus.class);
        byType.values().forEach(counts -> counts.forEach((status, n) -> total.merge(status, n, Long::sum)));
        return total;
    }
}
