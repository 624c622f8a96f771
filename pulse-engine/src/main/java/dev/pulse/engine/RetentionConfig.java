package dev.pulse.engine;

import dev.pulse.model.Durations;
import dev.pulse.model.SessionSpec;
import dev.pulse.store.Retention;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How long the past is kept. Finished jobs go by the day of their submission: a job stays at least as long as is said here,
 * and at most two days longer.
 *
 * @param completed how long completed jobs stay
 * @param canceled how long canceled jobs stay
 * @param deadLettered how long dead letters stay that nobody treats; null: for ever
 * @param throughput how long the sums of each minute stay
 * @param audit how long what operators did stays in the audit log
 * @param every how often the leader looks whether something is due
 * @param batchMax most jobs in one statement
 */
public record RetentionConfig(
        Duration completed,
        Duration canceled,
        @Nullable Duration deadLettered,
        Duration throughput,
        Duration audit,
        Duration every,
        int batchMax) {
    /** The longest lease: a report may be repeated that long, and its attempt has to be found then. */
    public static final Duration KEPT_MIN = SessionSpec.MAX_LEASE;

    public static final Duration THROUGHPUT_MIN = Duration.ofDays(1);

    public static final Duration AUDIT_MIN = Duration.ofDays(1);

    public static final RetentionConfig DEFAULT = new RetentionConfig(
            Duration.ofDays(30),
            Duration.ofDays(30),
            null,
            Duration.ofDays(400),
            Duration.ofDays(400),
            Duration.ofMinutes(10),
            1_000);

    /** With the default for the audit log. */
    public RetentionConfig(
            Duration completed,
            Duration canceled,
            @Nullable Duration deadLettered,
            Duration throughput,
            Duration every,
            int batchMax) {
        this(completed, canceled, deadLettered, throughput, DEFAULT.audit, every, batchMax);
    }

    public RetentionConfig {
        Check.range("retention.completed", completed, KEPT_MIN, Durations.MAX);
        Check.range("retention.canceled", canceled, KEPT_MIN, Durations.MAX);
        if (deadLettered != null) {
            Check.range("retention.dead-lettered", deadLettered, KEPT_MIN, Durations.MAX);
        }
        Check.range("retention.throughput", throughput, THROUGHPUT_MIN, Durations.MAX);
        Check.range("retention.audit", audit, AUDIT_MIN, Durations.MAX);
        Check.range("retention.every", every, Duration.ofSeconds(1), Duration.ofDays(1));
        Check.range("retention.batch-max", batchMax, 1, 10_000);
    }

    /**
     * The duration, when nothing that it lets go is needed any more.
     *
     * @throws IllegalArgumentException saying what is allowed, and why
     */
    public static Duration atLeast(Duration min, Duration kept) {
        if (kept.compareTo(min) >= 0) {
            return kept;
        }
        throw new IllegalArgumentException("at least " + Durations.format(min)
                + (min.equals(KEPT_MIN) ? ", the longest lease, because a report may be repeated that long," : "")
                + " is allowed, got " + Durations.format(kept));
    }

    Retention retention() {
        return new Retention(completed, canceled, deadLettered, throughput, batchMax);
    }
}
