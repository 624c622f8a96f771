package dev.pulse.store;

import dev.pulse.model.Caller;
import dev.pulse.model.FirePage;
import dev.pulse.model.QueueSet;
import dev.pulse.model.ScheduleFilter;
import dev.pulse.model.ScheduleInfo;
import dev.pulse.model.SchedulePage;
import dev.pulse.model.Submission;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Where schedules are kept. At most one job is ever made of one occurrence, because (schedule, instant) is unique and is
 * stored in the unit of work that stores the job and moves the schedule on (I6); whoever asks, and however often.
 */
public interface ScheduleStore {
    /**
     * Stores a schedule.
     *
     * @param open makes it, told the store's clock; what it throws is thrown on
     * @throws dev.pulse.model.PulseException NAME_CONFLICT where the name is another schedule's, ID_CONFLICT for its id,
     *     LIMIT_REACHED where there are too many
     */
    ScheduleInfo create(Function<Instant, ScheduleInfo> open, Caller by);

    Optional<ScheduleInfo> find(UUID id);

    /** The schedule of that name. */
    Optional<ScheduleInfo> named(String name);

    /**
     * One page, newest first.
     *
     * @param limit 1 to 1000
     * @param cursor as the page before gave it, or null for the first page
     * @throws dev.pulse.model.PulseException INVALID_QUERY for a cursor that is not this list's
     */
    SchedulePage list(ScheduleFilter filter, int limit, @Nullable String cursor);

    /** Changes a held schedule. */
    @FunctionalInterface
    interface Change {
        /** The schedule after it; the same object where nothing changes. What it throws is thrown on, nothing is changed. */
        ScheduleInfo on(ScheduleInfo schedule, Instant now);
    }

    /**
     * Changes a schedule and raises its version, unless nothing changed.
     *
     * @param action for the audit log, for example {@code schedule.pause}
     * @return as it is after that; empty for an unknown id
     */
    Optional<ScheduleInfo> change(UUID id, String action, Change change, Caller by);

    /** Removes a schedule and what is known of its fires; its jobs stay. Returns it as it was. */
    Optional<ScheduleInfo> delete(UUID id, Caller by);

    /**
     * One page of what it fired, the latest occurrence first; empty for an unknown id.
     *
     * @param limit 1 to 1000
     * @param cursor as the page before gave it, or null for the first page
     */
    FirePage fires(UUID id, int limit, @Nullable String cursor);

    /**
     * Takes schedules that want a look, the longest waiting first, has each decided and stores what was decided, all in one
     * unit of work. A schedule that another replica holds is left to it; a row that cannot be read is parked with the reason.
     *
     * @param limit most schedules; fewer are taken once their jobs are more than {@link Firing#MOST}
     */
    Fired fire(int limit, FiringDecider decider);

    /**
     * Makes a job now, beside the rule and in whatever status.
     *
     * @param job made of the schedule and the moment, which is its occurrence
     * @return empty for an unknown id
     */
    Optional<Fired> runNow(UUID id, FireByHand job, Caller by);

    /** Makes the job of a fire by hand. */
    @FunctionalInterface
    interface FireByHand {
        Submission job(ScheduleInfo schedule, Instant occurrence);
    }

    /** How long until a schedule wants a look, zero or less for one that does already; null where none will. */
    @Nullable
    Duration untilNext();

    /**
     * Tells which time zone data the replicas have. Where that was another one before, cron rules want a look at once.
     *
     * @return how many do
     */
    int zonesAre(String version);

    /**
     * Notes which schedules an application declares: those of its own that are not named are marked as missing, those that
     * are named are not any more.
     *
     * @param within schedules whose jobs go elsewhere are left alone
     * @return those that are missing
     */
    List<ScheduleInfo> declared(String by, Set<String> names, QueueSet within);

    /**
     * Removes fires, and unnamed schedules that have ended, which are older than the retention.
     *
     * @param limit most of each
     * @return how many were removed; fewer than {@code limit} when none is left, or the term is over
     */
    int forget(Term term, Duration retention, int limit);
}
