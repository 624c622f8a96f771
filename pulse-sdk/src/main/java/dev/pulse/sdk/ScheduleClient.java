package dev.pulse.sdk;

import dev.pulse.model.FirePage;
import dev.pulse.model.PulseException;
import dev.pulse.model.ScheduleFilter;
import dev.pulse.model.ScheduleInfo;
import dev.pulse.model.SchedulePage;
import dev.pulse.model.SchedulePreview;
import dev.pulse.model.ScheduleSpec;
import dev.pulse.model.Timing;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Schedules as their owners see them. Every method blocks until the answer is there and throws {@link PulseException} with a
 * stable code. Thread-safe. The jobs of a schedule are listed with {@link dev.pulse.model.JobFilter#ofSchedule}.
 */
public interface ScheduleClient {
    /** Stores a schedule; returns after the commit. A name that is another schedule's is refused with NAME_CONFLICT. */
    ScheduleInfo createSchedule(ScheduleSpec spec);

    Optional<ScheduleInfo> findSchedule(UUID id);

    /**
     * One page, newest first.
     *
     * @param limit 1 to 1,000
     * @param cursor of the page before, or null for the first
     */
    SchedulePage listSchedules(ScheduleFilter filter, int limit, @Nullable String cursor);

    /**
     * Replaces what a schedule does.
     *
     * @param version the version that was read; VERSION_CONFLICT where somebody changed it since
     */
    ScheduleInfo editSchedule(UUID id, long version, ScheduleSpec spec);

    /**
     * Stops a schedule; jobs that it made go on. What falls due until it is resumed is skipped and counted.
     *
     * @param reason for people, at most 500 characters; null for none
     */
    ScheduleInfo pauseSchedule(UUID id, @Nullable String reason);

    /** Goes on with the next occurrence; a parked schedule tries again. */
    ScheduleInfo resumeSchedule(UUID id);

    /** Makes a job of the schedule now, beside its rule; returns the job's id. */
    UUID runScheduleNow(UUID id);

    /** Its jobs stay. */
    void deleteSchedule(UUID id);

    /** One page of what it fired, the latest occurrence first. */
    FirePage listFires(UUID id, int limit, @Nullable String cursor);

    /**
     * What a rule would do, without storing it.
     *
     * @param from after which instant; null for now
     * @param count 1 to 1,000
     */
    SchedulePreview previewSchedule(Timing timing, @Nullable Instant from, int count);

    /**
     * Makes the schedules that an application declares in its code what they are there; safe from many replicas at once.
     * Those that it declared before and does not any more are marked, and go on.
     *
     * @param by the application, 1 to 100 characters
     * @param specs each with a name; at most 1,000
     * @return those that are missing in the code
     */
    List<ScheduleInfo> declareSchedules(String by, List<ScheduleSpec> specs);
}
