package dev.pulse.engine;

import dev.pulse.model.IdSource;
import dev.pulse.model.Labels;
import dev.pulse.model.Misfire;
import dev.pulse.model.Overlap;
import dev.pulse.model.PulseException;
import dev.pulse.model.ScheduleCounts;
import dev.pulse.model.ScheduleInfo;
import dev.pulse.model.ScheduleRule;
import dev.pulse.model.ScheduleStatus;
import dev.pulse.model.Submission;
import dev.pulse.model.Timing;
import dev.pulse.model.When;
import dev.pulse.schedules.Timetable;
import dev.pulse.store.Due;
import dev.pulse.store.Firing;
import dev.pulse.store.FiringDecider;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides which occurrences of a schedule make jobs: the law of misfire and overlap. Pure but for dice and a cache; any
 * thread. A schedule that cannot be evaluated is parked with the reason, so that it stops nobody else.
 *
 * <p>An occurrence is decided once: made, coalesced, skipped or overlapped. When the first one that is not decided is later
 * than the grace, the schedule was not looked at for a while, and its misfire policy decides about all that is due by now.
 */
final class OccurrencePlanner implements FiringDecider {
    private static final Logger log = LoggerFactory.getLogger(OccurrencePlanner.class);

    /** What the store can tell apart. */
    private static final Duration MICRO = Duration.of(1, ChronoUnit.MICROS);

    private final ScheduleConfig config;
    private final RandomGenerator random;
    private final Timetables timetables = new Timetables();

    OccurrencePlanner(ScheduleConfig config, RandomGenerator random) {
        this.config = config;
        this.random = random;
    }

    @Override
    public Firing decide(Due due) {
        ScheduleInfo schedule = due.schedule();
        try {
            return isFixedDelay(schedule.spec().timing()) ? paced(due) : planned(due);
        } catch (PulseException e) {
            return parked(due, String.valueOf(e.getMessage()));
        } catch (RuntimeException e) {
            log.error("schedule {} cannot be evaluated", schedule.id(), e);
            return parked(due, "cannot be evaluated: " + e);
        }
    }

    static boolean isFixedDelay(Timing timing) {
        return timing.rule() instanceof ScheduleRule.Every every && every.pace() == ScheduleRule.Pace.FIXED_DELAY;
    }

    private static Firing parked(Due due, String fault) {
        ScheduleInfo schedule = due.schedule();
        log.error("schedule {} is parked: {}", schedule.id(), fault);
        return new Firing(
                List.of(),
                ScheduleCounts.NONE,
                ScheduleStatus.PARKED,
                fault,
                schedule.anchor(),
                schedule.cursor(),
                null,
                false,
                null);
    }

    // ---- rules whose instants are known beforehand

    private Firing planned(Due due) {
        ScheduleInfo schedule = due.schedule();
        Timetable timetable = timetables.of(schedule);
        Instant now = due.now();
        // Computed again rather than read: the time zone data may have changed since.
        Instant first = timetable.next(schedule.cursor());
        if (first == null || first.isAfter(now)) {
            return moved(due, List.of(), ScheduleCounts.NONE, schedule.cursor(), first);
        }
        Instant last = timetable.previous(now);
        if (last == null || last.isBefore(first)) {
            throw new IllegalStateException("no occurrence at or before " + now + ", and one at " + first);
        }
        long count = timetable.count(schedule.cursor(), now);
        if (isBlocked(due)) {
            return blocked(due, timetable, last, count);
        }
        if (schedule.spec().overlap() != Overlap.ALLOW) {
            return single(due, timetable, first, last, count);
        }
        boolean missed = isMissed(first, now);
        Misfire misfire = schedule.spec().misfire();
        Misfire.Policy policy = missed ? misfire.policy() : Misfire.Policy.FIRE_ALL;
        int limit = missed ? misfire.limit() : Firing.MOST;
        return switch (policy) {
            case FIRE_ONCE ->
                moved(due, List.of(made(due, last, count - 1, null)), coalesced(count - 1), last, timetable.next(last));
            case SKIP -> moved(due, List.of(), skipped(count), last, timetable.next(last));
            case FIRE_ALL -> all(due, timetable, last, count, limit, missed ? misfire.rate() : null);
        };
    }

    private boolean isMissed(Instant first, Instant now) {
        return Duration.between(first, now).compareTo(config.grace()) > 0;
    }

    private static boolean isBlocked(Due due) {
        return due.schedule().spec().overlap() != Overlap.ALLOW
                && due.before() != null
                && due.before().live();
    }

    /** The job before is not done. */
    private Firing blocked(Due due, Timetable timetable, Instant last, long count) {
        if (due.schedule().spec().overlap() == Overlap.SKIP) {
            return moved(due, List.of(), overlapped(count), last, timetable.next(last));
        }
        return new Firing(
                List.of(),
                overlapped(count - 1),
                ScheduleStatus.ACTIVE,
                null,
                due.schedule().anchor(),
                last.minus(MICRO),
                last,
                true,
                config.hold());
    }

    /** Where jobs must not overlap, what is due together makes one. */
    private Firing single(Due due, Timetable timetable, Instant first, Instant last, long count) {
        ScheduleInfo schedule = due.schedule();
        Instant next = timetable.next(last);
        if (schedule.waiting() || !isMissed(first, due.now())) {
            return moved(due, List.of(made(due, last, 0, null)), overlapped(count - 1), last, next);
        }
        return switch (schedule.spec().misfire().policy()) {
            case FIRE_ONCE -> moved(due, List.of(made(due, last, count - 1, null)), coalesced(count - 1), last, next);
            case SKIP -> moved(due, List.of(), skipped(count), last, next);
            case FIRE_ALL -> moved(due, List.of(made(due, last, 0, null)), overlapped(count - 1), last, next);
        };
    }

    /** The latest ones up to the limit, in their order. */
    private Firing all(Due due, Timetable timetable, Instant last, long count, int limit, @Nullable Double rate) {
        List<Instant> instants = new ArrayList<>();
        Instant at = last;
        while (at != null && at.isAfter(due.schedule().cursor()) && instants.size() < limit) {
            instants.addFirst(at);
            at = timetable.previous(at.minusNanos(1));
        }
        List<Firing.Occurrence> made = new ArrayList<>();
        for (Instant instant : instants) {
            Duration pause = rate == null ? Duration.ZERO : Duration.ofNanos((long) (made.size() / rate * 1e9));
            made.add(made(due, instant, 0, pause.isZero() ? null : due.now().plus(pause)));
        }
        return moved(due, made, skipped(count - made.size()), last, timetable.next(last));
    }

    // ---- a rule that counts from the end of the job before

    private Firing paced(Due due) {
        ScheduleInfo schedule = due.schedule();
        Due.Before before = due.before();
        Instant ended = before == null ? null : before.finishedAt();
        if (before != null && ended == null) {
            return new Firing(
                    List.of(),
                    ScheduleCounts.NONE,
                    ScheduleStatus.ACTIVE,
                    null,
                    schedule.anchor(),
                    schedule.cursor(),
                    schedule.nextAt(),
                    true,
                    config.hold());
        }
        Instant anchor = ended == null ? schedule.anchor() : ended;
        Instant at = afterEnd(schedule, anchor, ended != null);
        if (at == null || at.isAfter(due.now())) {
            return moved(due, List.of(), ScheduleCounts.NONE, schedule.cursor(), at);
        }
        // The next one is judged when this job has ended; the look after a period only asks whether it has.
        Instant look =
                due.now().plus(((ScheduleRule.Every) schedule.spec().timing().rule()).period());
        return moved(due, List.of(made(due, at, 0, null)), ScheduleCounts.NONE, at, look);
    }

    /** The first instant a period after the job before, which the bounds of the timing allow. */
    private @Nullable Instant afterEnd(ScheduleInfo schedule, Instant anchor, boolean follows) {
        Timetable timetable = timetables.of(schedule);
        return follows ? timetable.countedFrom(anchor).next(anchor) : timetable.next(schedule.cursor());
    }

    // ---- what comes of it

    private static Firing moved(
            Due due, List<Firing.Occurrence> made, ScheduleCounts more, Instant cursor, @Nullable Instant next) {
        return new Firing(
                made,
                more,
                next == null ? ScheduleStatus.ENDED : ScheduleStatus.ACTIVE,
                null,
                due.schedule().anchor(),
                cursor,
                next,
                false,
                null);
    }

    private static ScheduleCounts coalesced(long count) {
        return new ScheduleCounts(0, count, 0, 0);
    }

    private static ScheduleCounts skipped(long count) {
        return new ScheduleCounts(0, 0, count, 0);
    }

    private static ScheduleCounts overlapped(long count) {
        return new ScheduleCounts(0, 0, 0, count);
    }

    private Firing.Occurrence made(Due due, Instant at, long coalesced, @Nullable Instant notBefore) {
        ScheduleInfo schedule = due.schedule();
        Instant start = at.plus(jitter(schedule, at));
        Instant runAt = notBefore != null && notBefore.isAfter(start) ? notBefore : start;
        When when = runAt.isAfter(due.now()) ? new When.At(runAt) : When.NOW;
        return new Firing.Occurrence(at, coalesced, job(schedule, at, due.now(), when));
    }

    /** The same for the same occurrence, whoever asks: it must not depend on dice that another replica throws otherwise. */
    private static Duration jitter(ScheduleInfo schedule, Instant at) {
        long most = schedule.spec().timing().jitter().toMillis();
        if (most == 0) {
            return Duration.ZERO;
        }
        long mixed = schedule.id().getLeastSignificantBits() ^ (at.toEpochMilli() * 0x9E3779B97F4A7C15L);
        mixed = (mixed ^ (mixed >>> 32)) * 0xD6E8FEB86659FD93L;
        return Duration.ofMillis(Long.remainderUnsigned(mixed ^ (mixed >>> 32), most + 1));
    }

    /** The job of an occurrence; the id's time is the store's, whatever this machine's clock says. */
    Submission job(ScheduleInfo schedule, Instant occurrence, Instant now, When when) {
        Submission template = schedule.spec().job();
        Map<String, String> headers = new LinkedHashMap<>(template.labels().headers());
        headers.put(ScheduleInfo.HEADER_ID, schedule.id().toString());
        headers.put(ScheduleInfo.HEADER_OCCURRENCE, occurrence.toString());
        return new Submission(
                new IdSource(() -> now, random).next(),
                template.type(),
                template.queue(),
                template.priority(),
                template.payload(),
                when,
                template.policy(),
                null,
                new Labels(headers, template.labels().tags(), template.labels().origin()));
    }
}
