package dev.pulse.schedules;

import dev.pulse.model.Durations;
import dev.pulse.model.ScheduleRule;
import dev.pulse.model.Timing;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.zone.ZoneOffsetTransition;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What a person may want to know about the occurrences of a preview: what the changes of the clock do to them, which days a rule
 * means and which it has no use for.
 */
final class Notes {
    /** Changes of the clock that are told of at most. */
    private static final int MOST_CHANGES = 20;

    /** Changes that are looked at, touched or not: two a year for the longest preview of a yearly rule would be 2,000. */
    private static final int MOST_LOOKED_AT = 200;

    /** Changes that are told of also when the occurrences shown end before them. */
    private static final int ALWAYS = 2;

    private static final int MOST_NAMED = 3;
    private static final long MONTH_END_DAYS = 1L << 29 | 1L << 30 | 1L << 31;

    private final Timetable table;
    private final Timing timing;
    private final Instant from;
    private final Instant until;
    private final List<String> notes = new ArrayList<>();

    private Notes(Timetable table, Instant from, Instant until) {
        this.table = table;
        this.timing = table.timing();
        this.from = from;
        this.until = until;
    }

    static List<String> of(Timetable table, Instant from, List<Instant> items) {
        Notes notes = new Notes(table, from, items.isEmpty() ? from : items.getLast());
        switch (table.timing().rule()) {
            case ScheduleRule.Cron cron -> notes.cron(CronText.parse(cron.expression()));
            case ScheduleRule.Every every -> notes.every(every);
            case ScheduleRule.At at -> {}
            case ScheduleRule.After after -> {}
        }
        notes.bounds();
        return notes.notes;
    }

    private void cron(CronFields fields) {
        changes(fields);
        boolean days = !Words.isEachDay(fields.monthDays());
        if (days && !Words.isEachDay(fields.weekDays())) {
            notes.add(
                    fields.eitherDay()
                            ? "day-of-month and day-of-week are both set: fires on days that match either"
                            : "one day field begins with * or ?: fires on days that match both");
        }
        monthEnds(fields);
    }

    private void every(ScheduleRule.Every every) {
        if (!table.zone().getRules().isFixedOffset()) {
            notes.add("counts elapsed time: changes of the clock in " + timing.zone() + " do not move it");
        }
        if (every.pace() == ScheduleRule.Pace.FIXED_DELAY) {
            notes.add(
                    "each occurrence counts from the end of the job before: those after the next are the earliest possible");
        }
    }

    private void changes(CronFields fields) {
        WallClock clock = new WallClock(table.zone().getRules());
        WallTimes times = new WallTimes(fields, timing.excluded());
        ZoneOffsetTransition change = clock.changeAfter(from.getEpochSecond());
        int told = 0;
        for (int seen = 0;
                change != null && told < MOST_CHANGES && seen < MOST_LOOKED_AT && isShown(change, seen);
                seen++) {
            List<Long> touched = touched(times, change);
            if (!touched.isEmpty()) {
                notes.add(change(change, touched, fields));
                told++;
            }
            change = clock.changeAfter(change.toEpochSecond());
        }
        if (told == MOST_CHANGES) {
            notes.add("later changes of the clock are left out");
        }
    }

    private boolean isShown(ZoneOffsetTransition change, int seen) {
        Instant end = timing.end();
        return (seen < ALWAYS || !change.getInstant().isAfter(until))
                && (end == null || change.getInstant().isBefore(end));
    }

    /** The first readings of the rule that the change jumps over or makes come twice: one more than are named. */
    private static List<Long> touched(WallTimes times, ZoneOffsetTransition change) {
        LocalDateTime low = change.isGap() ? change.getDateTimeBefore() : change.getDateTimeAfter();
        LocalDateTime high = change.isGap() ? change.getDateTimeAfter() : change.getDateTimeBefore();
        long bound = high.toEpochSecond(ZoneOffset.UTC);
        List<Long> touched = new ArrayList<>();
        long reading = times.next(low.toEpochSecond(ZoneOffset.UTC));
        while (reading != WallTimes.NONE && reading < bound && touched.size() <= MOST_NAMED) {
            touched.add(reading);
            reading = times.next(reading + 1);
        }
        return touched;
    }

    private String change(ZoneOffsetTransition change, List<Long> touched, CronFields fields) {
        LocalDateTime before = change.getDateTimeBefore();
        LocalDateTime after = change.getDateTimeAfter();
        String zone = timing.zone();
        LocalDate day = LocalDateTime.ofEpochSecond(touched.getFirst(), 0, ZoneOffset.UTC)
                .toLocalDate();
        String clocks = "(clocks go %s from %s to %s)"
                .formatted(change.isGap() ? "ahead" : "back", reading(before, day), reading(after, day));
        if (fields.everyHour()) {
            return change.isGap()
                    ? "%s: %s in %s %s; follows elapsed time, so nothing is made up for"
                            .formatted(day, named(touched, day, "does not exist", "do not exist"), zone, clocks)
                    : "%s: %s in %s %s; follows elapsed time, so it fires each time"
                            .formatted(day, named(touched, day, "comes twice", "come twice"), zone, clocks);
        }
        return change.isGap()
                ? "%s: %s in %s %s; fires at %s%s%s"
                        .formatted(
                                day,
                                named(touched, day, "does not exist", "do not exist"),
                                zone,
                                clocks,
                                reading(after, day),
                                change.getOffsetAfter(),
                                touched.size() > 1 ? ", once for all" : "")
                : "%s: %s in %s %s; fires the first time only, at %s%s"
                                .formatted(
                                        day,
                                        named(touched, day, "comes twice", "come twice"),
                                        zone,
                                        clocks,
                                        reading(at(touched.getFirst()), day),
                                        change.getOffsetBefore())
                        + (touched.size() > 1 ? " and so on" : "");
    }

    private static String named(List<Long> readings, LocalDate day, String one, String many) {
        if (readings.size() == 1) {
            return reading(at(readings.getFirst()), day) + " " + one;
        }
        List<String> names = readings.stream()
                .limit(MOST_NAMED)
                .map(reading -> reading(at(reading), day))
                .toList();
        String list = readings.size() > MOST_NAMED ? String.join(", ", names) + " and more" : Words.joined(names);
        return list + " " + many;
    }

    private static LocalDateTime at(long reading) {
        return LocalDateTime.ofEpochSecond(reading, 0, ZoneOffset.UTC);
    }

    /** The time, and the day where it is another than the note's. */
    private static String reading(LocalDateTime reading, LocalDate day) {
        LocalTime time = reading.toLocalTime();
        return reading.toLocalDate().equals(day) ? time.toString() : reading.toLocalDate() + " " + time;
    }

    /** A rule for days that not each month has. */
    private void monthEnds(CronFields fields) {
        CronFields.MonthDays days = fields.monthDays();
        boolean alone = days.beforeLast() == 0 && days.nearest() == 0 && !days.lastWorkingDay();
        if (!alone || (days.days() & ~MONTH_END_DAYS) != 0 || fields.eitherDay()) {
            return;
        }
        if (fields.months() == 1L << 2) {
            int first = LocalDate.ofInstant(from, table.zone()).getYear();
            int last = LocalDate.ofInstant(until, table.zone()).getYear();
            List<String> centuries = IntStream.rangeClosed(first, last)
                    .filter(year -> year % 100 == 0 && year % 400 != 0)
                    .mapToObj(Integer::toString)
                    .toList();
            notes.add("29 February exists in leap years only"
                    + (centuries.isEmpty()
                            ? ""
                            : "; " + Words.joined(centuries) + (centuries.size() == 1 ? " is none" : " are none")));
        } else {
            notes.add("months without that day are skipped; L is the last day of each month");
        }
    }

    private void bounds() {
        if (!timing.excluded().isEmpty()) {
            long dropped = table.withoutExclusions().count(from, until) - table.count(from, until);
            notes.add("%d excluded %s: %d %s left out up to the last one shown"
                    .formatted(
                            timing.excluded().size(),
                            timing.excluded().size() == 1 ? "day" : "days",
                            dropped,
                            dropped == 1 ? "occurrence is" : "occurrences are"));
        }
        if (!timing.jitter().isZero()) {
            notes.add("jitter: each job starts within " + Durations.format(timing.jitter()) + " after its occurrence");
        }
        Instant end = timing.end();
        if (end != null) {
            notes.add("no occurrence at or after " + end);
        }
    }
}
