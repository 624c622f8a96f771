package dev.pulse.engine;

import java.time.Duration;

/**
 * How schedules are fired.
 *
 * @param batchMax most schedules in one transaction
 * @param every how often the leader looks for schedules that no timer here knows of
 * @param grace an occurrence that is later than this was missed, and its schedule's misfire policy decides
 * @param hold how often a schedule is looked at that waits for the end of its job before
 * @param backup how long after the leader's time the other servers fire what is still due
 */
public record ScheduleConfig(int batchMax, Duration every, Duration grace, Duration hold, Duration backup) {
    public static final ScheduleConfig DEFAULT = new ScheduleConfig(
            500, Duration.ofSeconds(1), Duration.ofSeconds(5), Duration.ofSeconds(1), Duration.ofMillis(100));

    public ScheduleConfig {
        Check.range("schedule.batch-max", batchMax, 1, 1_000);
        Check.range("schedule.every", every, Duration.ofMillis(10), Duration.ofSeconds(60));
        Check.range("schedule.grace", grace, Duration.ofSeconds(1), Duration.ofHours(1));
        Check.range("schedule.hold", hold, Duration.ofMillis(10), Duration.ofSeconds(60));
        Check.range("schedule.backup", backup, Duration.ofMillis(1), Duration.ofSeconds(60));
    }
}
