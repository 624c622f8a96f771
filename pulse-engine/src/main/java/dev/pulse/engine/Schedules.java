package dev.pulse.engine;

import dev.pulse.model.Caller;
import dev.pulse.model.ErrorCode;
import dev.pulse.model.FirePage;
import dev.pulse.model.IdSource;
import dev.pulse.model.Misfire;
import dev.pulse.model.Pause;
import dev.pulse.model.PulseException;
import dev.pulse.model.QueueSet;
import dev.pulse.model.ScheduleCounts;
import dev.pulse.model.ScheduleFilter;
import dev.pulse.model.ScheduleInfo;
import dev.pulse.model.SchedulePage;
import dev.pulse.model.SchedulePreview;
import dev.pulse.model.ScheduleSpec;
import dev.pulse.model.ScheduleStatus;
import dev.pulse.model.Submission;
import dev.pulse.model.Timing;
import dev.pulse.model.When;
import dev.pulse.schedules.Timetable;
import dev.pulse.store.Fired;
import dev.pulse.store.Inserted;
import dev.pulse.store.ScheduleStore;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Schedules as the doors see them. Any thread; asks the store on the caller's thread and may block. */
public final class Schedules {
    private static final Logger log = LoggerFactory.getLogger(Schedules.class);
    private static final int MOST_PREVIEWED = 1_000;

    private final ScheduleStore store;
    private final OccurrencePlanner planner;
    private final DueTimer timer;
    private final Arrivals arrivals;
    private final IdSource ids;
    private final InstantSource clock;

    Schedules(
            ScheduleStore store,
            OccurrencePlanner planner,
            DueTimer timer,
            Arrivals arrivals,
            IdSource ids,
            InstantSource clock) {
        this.store = store;
        this.planner = planner;
        this.timer = timer;
        this.arrivals = arrivals;
        this.ids = ids;
        this.clock = clock;
    }

    /**
     * Stores a schedule; returns after the commit.
     *
     * @throws PulseException INVALID_FIELD for a rule that can never fire, or is wrong otherwise; NAME_CONFLICT for a name
     *     that is another schedule's
     */
    public ScheduleInfo create(ScheduleSpec spec, Caller by) {
        return create(spec, null, by);
    }

    private ScheduleInfo create(ScheduleSpec spec, ScheduleInfo.@Nullable Declared declared, Caller by) {
        UUID id = ids.next();
        ScheduleInfo created = store.create(now -> opened(id, spec, declared, now), by);
        wake(created);
        return created;
    }

    private static ScheduleInfo opened(
            UUID id, ScheduleSpec spec, ScheduleInfo.@Nullable Declared declared, Instant now) {
        Timetable timetable = Timetable.of(spec.timing(), now);
        Instant cursor = cursor(spec, timetable, now);
        return new ScheduleInfo(
                id,
                1,
                spec,
                ScheduleStatus.ACTIVE,
                null,
                null,
                now,
                cursor,
                first(timetable, cursor),
                false,
                ScheduleCounts.NONE,
                declared,
                now,
                now);
    }

    private static Instant first(Timetable timetable, Instant cursor) {
        Instant first = timetable.next(cursor);
        if (first == null) {
            throw PulseException.invalid("end", "never occurs: no occurrence is left after " + cursor);
        }
        return first;
    }

    /** From where occurrences count: from now on; with fire_all also those between a start in the past and now. */
    private static Instant cursor(ScheduleSpec spec, Timetable timetable, Instant now) {
        Instant start = spec.timing().start();
        if (start == null || !start.isBefore(now) || spec.misfire().policy() != Misfire.Policy.FIRE_ALL) {
            return now;
        }
        Instant cursor = start.minus(1, ChronoUnit.MICROS);
        long missed = timetable.count(cursor, now);
        if (missed > spec.misfire().limit()) {
            throw PulseException.invalid(
                    "start",
                    missed + " occurrences lie between start and now, and misfire_limit allows "
                            + spec.misfire().limit() + "; start later, or raise the limit");
        }
        return cursor;
    }

    private void wake(ScheduleInfo schedule) {
        if (schedule.nextAt() != null) {
            Duration next = store.untilNext();
            if (next != null) {
                timer.dueIn(next);
            }
        }
    }

    public Optional<ScheduleInfo> find(UUID id) {
        return store.find(id);
    }

    /** The schedule; throws SCHEDULE_NOT_FOUND where there is none. */
    public ScheduleInfo require(UUID id) {
        return store.find(id).orElseThrow(() -> notFound(id));
    }

    public Optional<ScheduleInfo> named(String name) {
        return store.named(name);
    }

    public SchedulePage list(ScheduleFilter filter, int limit, @Nullable String cursor) {
        return store.list(filter, limit, cursor);
    }

    /** One page of what a schedule fired, the latest occurrence first. */
    public FirePage fires(UUID id, int limit, @Nullable String cursor) {
        require(id);
        return store.fires(id, limit, cursor);
    }

    /**
     * Changes what a schedule does. A changed timing counts anew from now; what fell due before is not made up for. A parked
     * schedule tries again.
     *
     * @param version the version that the caller saw, or null to change whatever is there
     * @throws PulseException SCHEDULE_NOT_FOUND; VERSION_CONFLICT where somebody changed it since; as {@link #create}
     */
    public ScheduleInfo edit(UUID id, @Nullable Long version, UnaryOperator<ScheduleSpec> change, Caller by) {
        ScheduleInfo edited = store.change(
                        id,
                        "schedule.edit",
                        (schedule, now) -> {
                            requireVersion(schedule, version);
                            ScheduleSpec spec = change.apply(schedule.spec());
                            return isSame(spec, schedule.spec()) ? schedule : replaced(schedule, spec, now);
                        },
                        by)
                .orElseThrow(() -> notFound(id));
        wake(edited);
        return edited;
    }

    private static void requireVersion(ScheduleInfo schedule, @Nullable Long version) {
        if (version != null && version != schedule.version()) {
            throw new PulseException(
                    ErrorCode.VERSION_CONFLICT,
                    "version: schedule " + schedule.id() + " is at version " + schedule.version() + " and not at "
                            + version + " any more");
        }
    }

    /** A template has an id and a time of its own, which are not used. */
    private static boolean isSame(ScheduleSpec a, ScheduleSpec b) {
        return Objects.equals(a.name(), b.name())
                && a.timing().equals(b.timing())
                && a.misfire().equals(b.misfire())
                && a.overlap() == b.overlap()
                && a.job().contentHash().equals(timeless(b, a))
                && a.job().policy().equals(b.job().policy())
                && a.job().labels().equals(b.job().labels());
    }

    private static UUID timeless(ScheduleSpec spec, ScheduleSpec like) {
        return withTime(spec, like.job().when()).contentHash();
    }

    private static Submission withTime(ScheduleSpec spec, When when) {
        Submission job = spec.job();
        return new Submission(
                job.id(),
                job.type(),
                job.queue(),
                job.priority(),
                job.payload(),
                when,
                job.policy(),
                null,
                job.labels());
    }

    private static ScheduleInfo replaced(ScheduleInfo schedule, ScheduleSpec spec, Instant now) {
        ScheduleInfo edited = schedule.edited(spec, now);
        boolean sameTiming = spec.timing().equals(schedule.spec().timing());
        if (sameTiming && schedule.status() != ScheduleStatus.PARKED) {
            return edited;
        }
        Timetable timetable = Timetable.of(spec.timing(), edited.anchor());
        Instant next = first(timetable, now);
        return schedule.status() == ScheduleStatus.PAUSED ? edited : edited.moved(ScheduleStatus.ACTIVE, now, next);
    }

    /**
     * Stops a schedule; jobs that it made go on. What falls due until it is resumed is skipped and counted. Pausing it again
     * changes the reason only.
     *
     * @param reason for people; null for none
     * @throws PulseException SCHEDULE_NOT_FOUND, or ILLEGAL_STATUS for one that has ended
     */
    public ScheduleInfo pause(UUID id, @Nullable String reason, Caller by) {
        String said = Pause.reason(reason);
        return store.change(
                        id,
                        "schedule.pause",
                        (schedule, now) -> {
                            requireUnended(schedule, "paused");
                            Pause old = schedule.pause();
                            if (old != null && said == null) {
                                return schedule;
                            }
                            return schedule.paused(new Pause(said, by.name(), old == null ? now : old.since()));
                        },
                        by)
                .orElseThrow(() -> notFound(id));
    }

    private static void requireUnended(ScheduleInfo schedule, String verb) {
        if (schedule.status() == ScheduleStatus.ENDED) {
            throw new PulseException(
                    ErrorCode.ILLEGAL_STATUS,
                    "schedule " + schedule.id() + " has ended and cannot be " + verb
                            + "; edit its rule to start it again");
        }
    }

    /**
     * Lets a paused schedule go on with its next occurrence, and a parked one try again; nothing happens to an active one.
     *
     * @throws PulseException SCHEDULE_NOT_FOUND; ILLEGAL_STATUS for one that has ended; INVALID_FIELD where its rule is as
     *     broken as before
     */
    public ScheduleInfo resume(UUID id, Caller by) {
        ScheduleInfo resumed = store.change(
                        id,
                        "schedule.resume",
                        (schedule, now) -> {
                            requireUnended(schedule, "resumed");
                            return schedule.status() == ScheduleStatus.ACTIVE ? schedule : goneOn(schedule, now);
                        },
                        by)
                .orElseThrow(() -> notFound(id));
        wake(resumed);
        return resumed;
    }

    private static ScheduleInfo goneOn(ScheduleInfo schedule, Instant now) {
        Timing timing = schedule.spec().timing();
        Timetable timetable = Timetable.of(timing, schedule.anchor());
        long skipped = OccurrencePlanner.isFixedDelay(timing) ? 0 : timetable.count(schedule.cursor(), now);
        Instant cursor = now.isAfter(schedule.cursor()) ? now : schedule.cursor();
        Instant next = timetable.next(cursor);
        return schedule.moved(next == null ? ScheduleStatus.ENDED : ScheduleStatus.ACTIVE, cursor, next)
                .counted(new ScheduleCounts(0, 0, skipped, 0));
    }

    /**
     * Makes a job of the schedule now, beside its rule, in whatever status it is.
     *
     * @return the job's id
     * @throws PulseException SCHEDULE_NOT_FOUND
     */
    public UUID runNow(UUID id, Caller by) {
        Fired fired = store.runNow(
                        id, (schedule, occurrence) -> planner.job(schedule, occurrence, occurrence, When.NOW), by)
                .orElseThrow(() -> notFound(id));
        List<Inserted.Stored> jobs = fired.jobs();
        arrivals.follow(jobs);
        return jobs.getFirst().id();
    }

    /** Removes a schedule; its jobs stay. Returns it as it was; throws SCHEDULE_NOT_FOUND. */
    public ScheduleInfo delete(UUID id, Caller by) {
        return store.delete(id, by).orElseThrow(() -> notFound(id));
    }

    /**
     * Brings what an application declares in its code into the store: each named schedule is made, or edited where it is not
     * as declared. Safe from many replicas at once. Those of this application that are not declared any more are marked, and
     * go on.
     *
     * @param by the application
     * @return those that are missing in the code
     * @throws PulseException as {@link #create}, with fields such as {@code schedules[nightly].cron}; what was stored before
     *     stays
     */
    public List<ScheduleInfo> declare(String by, List<ScheduleSpec> specs, Caller caller) {
        return declare(by, specs, QueueSet.ALL, caller);
    }

    /**
     * As above, for an application that may use some queues only.
     *
     * @param within schedules whose jobs go elsewhere are neither edited nor marked: their names are taken
     */
    public List<ScheduleInfo> declare(String by, List<ScheduleSpec> specs, QueueSet within, Caller caller) {
        for (ScheduleSpec spec : specs) {
            try {
                declareOne(by, spec, within, caller);
            } catch (PulseException e) {
                throw e.within("schedules[" + spec.name() + "].");
            }
        }
        Set<String> names = specs.stream()
                .map(spec -> Objects.requireNonNull(spec.name(), "a declared schedule has a name"))
                .collect(Collectors.toUnmodifiableSet());
        List<ScheduleInfo> missing = store.declared(by, names, within);
        missing.forEach(schedule -> log.warn(
                "schedule {} ({}) was declared by {} and is not in its code any more; it goes on until it is deleted",
                schedule.spec().name(),
                schedule.id(),
                by));
        return missing;
    }

    private void declareOne(String by, ScheduleSpec spec, QueueSet within, Caller caller) {
        String name = Objects.requireNonNull(spec.name());
        ScheduleInfo.Declared declared = new ScheduleInfo.Declared(by, null);
        ScheduleInfo there = store.named(name).orElse(null);
        if (there == null) {
            try {
                create(spec, declared, caller);
                return;
            } catch (PulseException e) {
                if (e.code() != ErrorCode.NAME_CONFLICT) {
                    throw e;
                }
                there = store.named(name).orElseThrow(() -> e); // another replica came first
            }
        }
        UUID id = there.id();
        store.change(
                        id,
                        "schedule.declare",
                        (schedule, now) -> {
                            if (!within.covers(schedule.spec().job().queue())) {
                                throw new PulseException(
                                        ErrorCode.NAME_CONFLICT, "name: " + name + " is another schedule's");
                            }
                            ScheduleInfo same =
                                    isSame(spec, schedule.spec()) ? schedule : replaced(schedule, spec, now);
                            return declared.equals(schedule.declared()) ? same : same.declaredBy(declared);
                        },
                        caller)
                .ifPresent(this::wake);
    }

    /**
     * What a rule would do, without storing it.
     *
     * @param from after which instant; null for now
     * @param count 1 to 1000
     * @throws PulseException INVALID_FIELD as {@link #create}
     */
    public SchedulePreview preview(Timing timing, @Nullable Instant from, int count) {
        if (count < 1 || count > MOST_PREVIEWED) {
            throw PulseException.invalid("count", "1 to " + MOST_PREVIEWED + " are allowed, got " + count);
        }
        Instant start = from == null ? clock.instant() : from;
        Timetable timetable = Timetable.of(timing, start);
        Timetable.Preview preview = timetable.preview(start, count);
        return new SchedulePreview(preview.items(), preview.notes(), timetable.words());
    }

    /** The refusal of an id that names no schedule. */
    public static PulseException notFound(UUID id) {
        return new PulseException(ErrorCode.SCHEDULE_NOT_FOUND, "no schedule has the id " + id);
    }
}
