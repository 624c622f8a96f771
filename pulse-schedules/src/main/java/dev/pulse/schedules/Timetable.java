package dev.pulse.schedules;

import dev.pulse.model.PulseException;
import dev.pulse.model.ScheduleRule;
import dev.pulse.model.Timing;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The occurrences of a schedule: the instants that its rule names between its start and its end. What they are is told by
 * {@code docs/schedules.md}. Instants are whole microseconds, as databases keep them; what is finer is cut off.
 *
 * <p>Immutable, for any number of threads. Every method does bounded work, whatever the rule: a cron expression is searched for
 * 28 years from where it is asked, and no further.
 */
public final class Timetable {
    /** Most occurrences that a preview lists. */
    public static final int MAX_PREVIEW = 1_000;

    static final Instant EARLIEST = Instant.parse("1970-01-01T00:00:00Z");
    static final Instant LATEST = Instant.parse("9999-12-31T23:59:59.999999Z");

    private static final long LATEST_MICROS = LATEST.getEpochSecond() * 1_000_000 + 999_999;

    private final Timing timing;
    private final ZoneId zone;
    private final Instant anchor;
    private final Plan plan;
    private final long first;
    private final long last;

    private Timetable(Timing timing, ZoneId zone, Instant anchor) {
        this.timing = timing;
        this.zone = zone;
        this.anchor = anchor;
        Instant end = timing.end();
        Instant start = timing.start();
        if (start != null && !(isDelay(timing.rule()) && !anchor.isBefore(start))) {
            this.first = micros(start);
            this.plan = plan(timing.rule(), start, 0);
        } else {
            this.first = micros(anchor) + 1;
            this.plan = plan(timing.rule(), anchor, 1);
        }
        this.last = end == null ? LATEST_MICROS : micros(end) - 1;
    }

    /** Whether the rule counts from the end of the job before, which is then the anchor, however long ago the start was. */
    private static boolean isDelay(ScheduleRule rule) {
        return rule instanceof ScheduleRule.Every every && every.pace() == ScheduleRule.Pace.FIXED_DELAY;
    }

    private Plan plan(ScheduleRule rule, Instant base, int firstStep) {
        WallClock clock = new WallClock(zone.getRules());
        return switch (rule) {
            case ScheduleRule.At at -> once(micros(at.instant()));
            case ScheduleRule.After after -> once(micros(base) + micros(after.delay()));
            case ScheduleRule.Every every ->
                new EveryPlan(micros(base), firstStep, micros(every.period()), clock, timing.excluded());
            case ScheduleRule.Cron cron -> new CronPlan(CronText.parse(cron.expression()), clock, timing.excluded());
        };
    }

    private Plan once(long micros) {
        LocalDate day = LocalDate.ofInstant(instant(Math.min(micros, LATEST_MICROS)), zone);
        return new OncePlan(timing.excluded().contains(day) ? Plan.NONE : micros);
    }

    /**
     * The timetable of a schedule. What is found wrong depends on the arguments alone: what could be stored once can be loaded
     * ever after, also when its last occurrence is long past, unless the time zone database has lost its zone.
     *
     * @param anchor when the schedule was stored, by the store's clock: what {@code After} and {@code Every} count from where
     *     {@link Timing#start} is null; an earlier instant is no occurrence
     * @throws PulseException {@code INVALID_FIELD} naming at, after, every, cron, time_zone, start, end, jitter or excluded_days; also
     *     when no occurrence exists after the anchor, for cron within 28 years ("never occurs")
     */
    public static Timetable of(Timing timing, Instant anchor) {
        ZoneId zone = TimingCheck.check(timing);
        Timetable timetable = new Timetable(timing, zone, anchor);
        if (timetable.next(anchor) == null) {
            throw timetable.never(anchor);
        }
        return timetable;
    }

    /**
     * The same schedule counted from another instant: for {@code FIXED_DELAY}, whose next occurrence is one period after the end
     * of the job before. Never fails; there may be no occurrence left.
     */
    public Timetable countedFrom(Instant anchor) {
        return new Timetable(timing, zone, anchor);
    }

    /** The first occurrence strictly after that instant; null when none is left, or none in the coming 28 years. */
    public @Nullable Instant next(Instant after) {
        long from = Math.max(first, micros(after) + 1);
        long next = from > last ? Plan.NONE : plan.next(from);
        if (next == Plan.NONE || next > last) {
            return null;
        }
        check(next >= from, next, after);
        return instant(next);
    }

    /** The last occurrence at or before that instant; null when there is none, or none in the 28 years before. */
    public @Nullable Instant previous(Instant until) {
        long to = Math.min(last, micros(until));
        long previous = to < first ? Plan.NONE : plan.previous(to);
        if (previous == Plan.NONE || previous < first) {
            return null;
        }
        check(previous <= to, previous, until);
        return instant(previous);
    }

    /** Whoever walks from one occurrence to the next relies on getting ahead: better no occurrence than one for ever. */
    private void check(boolean ahead, long found, Instant asked) {
        if (!ahead) {
            throw new IllegalStateException(
                    "%s: asked at %s, found %s on the wrong side".formatted(timing, asked, instant(found)));
        }
    }

    /** How many occurrences there are after the first and up to the second instant; fast also for each second over years. */
    public long count(Instant after, Instant until) {
        long from = Math.max(first, micros(after) + 1);
        long to = Math.min(last, micros(until));
        return from > to ? 0 : plan.count(from, to);
    }

    /** The rule in words, for example {@code at 07:00 on Monday to Friday, Europe/Vienna} or {@code every 90 s}. */
    public String words() {
        return Words.of(timing);
    }

    /**
     * The next occurrences after an instant, and what a person may want to know about them.
     *
     * @param count 1 to {@value #MAX_PREVIEW}
     */
    public Preview preview(Instant from, int count) {
        if (count < 1 || count > MAX_PREVIEW) {
            throw PulseException.invalid("count", "1 to " + MAX_PREVIEW + " are allowed, got " + count);
        }
        List<Instant> items = new ArrayList<>();
        Instant next = next(from);
        while (next != null && items.size() < count) {
            items.add(next);
            next = next(next);
        }
        return new Preview(items, Notes.of(this, from, items));
    }

    /** Some occurrences, in their order, and sentences about them. */
    public record Preview(List<Instant> items, List<String> notes) {
        public Preview {
            items = List.copyOf(items);
            notes = List.copyOf(notes);
        }
    }

    public Timing timing() {
        return timing;
    }

    /** Why there is no occurrence: the rule, or else what bounds it. */
    private PulseException never(Instant anchor) {
        Instant unbounded = null;
        if (timing.end() != null || !timing.excluded().isEmpty()) {
            Timing alone = new Timing(
                    timing.rule(),
                    timing.zone(),
                    timing.start(),
                    null,
                    timing.jitter(),
                    Collections.emptyNavigableSet());
            unbounded = new Timetable(alone, zone, anchor).next(anchor);
        }
        if (unbounded == null) {
            return switch (timing.rule()) {
                case ScheduleRule.At at ->
                    PulseException.invalid(
                            "at", "never occurs: %s is %s".formatted(at.instant(), tooEarly(at, anchor)));
                case ScheduleRule.After after ->
                    PulseException.invalid("after", "never occurs: it ends after the year 9999");
                case ScheduleRule.Every every ->
                    PulseException.invalid("every", "never occurs: no instant is left before the year 10000");
                case ScheduleRule.Cron cron ->
                    PulseException.invalid(
                            "cron", "never occurs: no day matches within " + WallTimes.SEARCH_YEARS + " years");
            };
        }
        Timetable all = withoutExclusions();
        return all.next(anchor) == null
                ? PulseException.invalid(
                        "end",
                        "never occurs: the first occurrence, %s, is not before the end, %s"
                                .formatted(unbounded, timing.end()))
                : PulseException.invalid("excluded_days", "never occurs: each occurrence is on an excluded day");
    }

    private String tooEarly(ScheduleRule.At at, Instant anchor) {
        Instant start = timing.start();
        return start != null && at.instant().isBefore(start) && at.instant().isAfter(anchor)
                ? "before the start, " + start
                : "not in the future, it is " + anchor;
    }

    /** The same without excluded days. */
    Timetable withoutExclusions() {
        Timing all = new Timing(
                timing.rule(),
                timing.zone(),
                timing.start(),
                timing.end(),
                timing.jitter(),
                Collections.emptyNavigableSet());
        return new Timetable(all, zone, anchor);
    }

    ZoneId zone() {
        return zone;
    }

    /** Cut to a microsecond, and to the years that there can be occurrences in. */
    private static long micros(Instant instant) {
        if (instant.isBefore(EARLIEST)) {
            return -1;
        }
        return instant.isAfter(LATEST)
                ? LATEST_MICROS
                : instant.getEpochSecond() * 1_000_000 + instant.getNano() / 1_000;
    }

    private static long micros(Duration duration) {
        return duration.toNanos() / 1_000;
    }

    private static Instant instant(long micros) {
        return Instant.ofEpochSecond(Math.floorDiv(micros, 1_000_000L), Math.floorMod(micros, 1_000_000L) * 1_000);
    }
}
