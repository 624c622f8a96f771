package dev.pulse.model;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * What happened to jobs over time, whatever became of them since.
 *
 * @param bucket the length of each bucket
 * @param buckets oldest first, without gaps; the last one is still under way
 */
public record Throughput(Duration bucket, List<Bucket> buckets) {
    /** The shortest bucket, which is what is kept. */
    public static final Duration MIN_BUCKET = Duration.ofMinutes(1);
    /** The longest window: a leap year. */
    public static final Duration MAX_WINDOW = Duration.ofDays(366);
    /** Most buckets in one answer; a day of minutes. */
    public static final int MAX_BUCKETS = 1_440;

    public static final Duration DEFAULT_WINDOW = Duration.ofHours(1);
    public static final Duration DEFAULT_BUCKET = MIN_BUCKET;

    public Throughput {
        buckets = List.copyOf(buckets);
    }

    /**
     * One stretch of time.
     *
     * @param start its first moment, a multiple of the bucket since 1970
     * @param completed jobs that completed
     * @param deadLettered jobs that became dead letters
     * @param retried attempts that were followed by a backoff: failures, retries, timeouts, lapses
     */
    public record Bucket(Instant start, long completed, long deadLettered, long retried) {}

    /**
     * Refuses what cannot be answered.
     *
     * @throws PulseException INVALID_QUERY naming {@code window} or {@code bucket} and what is allowed
     */
    public static void check(Duration window, Duration bucket) {
        if (bucket.compareTo(MIN_BUCKET) < 0 || bucket.toMillis() % MIN_BUCKET.toMillis() != 0) {
            throw refused("bucket", "whole minutes are expected, 1m at least, got " + Durations.format(bucket));
        }
        if (window.compareTo(bucket) < 0 || window.compareTo(MAX_WINDOW) > 0) {
            throw refused(
                    "window",
                    "one bucket (" + Durations.format(bucket) + ") to " + Durations.format(MAX_WINDOW)
                            + " are allowed, got " + Durations.format(window));
        }
        if (window.toMillis() / bucket.toMillis() > MAX_BUCKETS) {
            throw refused(
                    "bucket",
                    "a window of " + Durations.format(window) + " has more than " + MAX_BUCKETS + " buckets of "
                            + Durations.format(bucket) + ": ask for longer buckets or a shorter window");
        }
    }

    private static PulseException refused(String field, String message) {
        return PulseException.of(ErrorCode.INVALID_QUERY, List.of(new Violation(field, message)));
    }
}
