package dev.pulse.sdk;

import dev.pulse.model.Durations;
import dev.pulse.model.Limits;
import dev.pulse.model.Misfire;
import dev.pulse.model.Overlap;
import dev.pulse.model.ScheduleRule;
import dev.pulse.model.ScheduleRule.Pace;
import dev.pulse.model.ScheduleSpec;
import dev.pulse.model.Submission;
import dev.pulse.model.Timing;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.List;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * When jobs are made again and again, or once at a time to come; what the rules mean is told by {@code docs/schedules.md}.
 * Goes to {@link Pulse#schedule}. Immutable: each method that sets something returns another schedule.
 *
 * <pre>{@code
 * pulse.schedule(DIGEST, digest, Schedule.cron("0 7 * * MON-FRI", ZoneId.of("Europe/Vienna"))
 *         .excluding(LocalDate.of(2027, 12, 24))
 *         .named("morning-digest"));
 * }</pre>
 *
 * <p>What is wrong in itself is refused here with an {@link IllegalArgumentException}: an empty text, a period below a second,
 * an end before the start. Whether a cron expression can be read and a rule can ever fire is known where its instants are
 * computed, by the engine: it refuses when the schedule is declared, naming the field.
 */
public final class Schedule {
    private static final Duration SHORTEST = Duration.ofSeconds(1);

    private final Timing timing;
    private final Misfire misfire;
    private final Overlap overlap;
    private final @Nullable String name;

    private Schedule(Timing timing, Misfire misfire, Overlap overlap, @Nullable String name) {
        this.timing = timing;
        this.misfire = misfire;
        this.overlap = overlap;
        this.name = name;
    }

    private static Schedule of(ScheduleRule rule) {
        return new Schedule(Timing.of(rule), Misfire.FIRE_ONCE, Overlap.ALLOW, null);
    }

    // ---- rules

    /**
     * At the times that a cron expression names, in UTC.
     *
     * @param expression 5 fields, 6 with seconds first, or a name such as {@code @daily}
     */
    public static Schedule cron(String expression) {
        require(!expression.isBlank(), "cron: must not be empty; write for example 0 7 * * MON-FRI");
        return of(new ScheduleRule.Cron(expression));
    }

    /** At the times that a cron expression names, as the clocks of that zone show them. */
    public static Schedule cron(String expression, ZoneId zone) {
        return cron(expression).in(zone);
    }

    /**
     * Again and again at a fixed rate, which never drifts.
     *
     * @param period 1 s to 36500 d, in whole milliseconds
     */
    public static Schedule every(Duration period) {
        return of(new ScheduleRule.Every(within("every", period, SHORTEST), Pace.FIXED_RATE));
    }

    /**
     * Once. A schedule that has fired stays as it is, also where it is declared again; but code that is new to its database
     * cannot be started with an instant in the past.
     */
    public static Schedule at(Instant instant) {
        return of(new ScheduleRule.At(micros(instant)));
    }

    /**
     * Once, this long after the schedule is stored for the first time.
     *
     * @param delay 1 ms to 36500 d, in whole milliseconds
     */
    public static Schedule after(Duration delay) {
        return of(new ScheduleRule.After(within("after", delay, Duration.ofMillis(1))));
    }

    /** The period counted from the end of the job before, which may so never overlap: a fixed delay. Only with {@link #every}. */
    public Schedule afterEnd() {
        if (!(timing.rule() instanceof ScheduleRule.Every every)) {
            throw new IllegalStateException("only every(…) is counted from the end of the job before");
        }
        return with(timed(
                new ScheduleRule.Every(every.period(), Pace.FIXED_DELAY),
                timing.zone(),
                timing.start(),
                timing.end(),
                timing.jitter(),
                timing.excluded()));
    }

    // ---- bounds

    /** What cron fields and excluded days are read in; by default UTC. */
    public Schedule in(ZoneId zone) {
        String id = zone.equals(ZoneOffset.UTC) ? Timing.DEFAULT_ZONE : zone.getId();
        return with(timed(timing.rule(), id, timing.start(), timing.end(), timing.jitter(), timing.excluded()));
    }

    /** No occurrence before this instant; by default, none before the schedule is stored. */
    public Schedule start(Instant first) {
        return with(
                timed(timing.rule(), timing.zone(), micros(first), timing.end(), timing.jitter(), timing.excluded()));
    }

    /** No occurrence at or after this instant. */
    public Schedule end(Instant beyond) {
        return with(timed(
                timing.rule(), timing.zone(), timing.start(), micros(beyond), timing.jitter(), timing.excluded()));
    }

    /**
     * Starts each job at a moment of its own within this long after its occurrence.
     *
     * @param most up to a day, in whole milliseconds
     */
    public Schedule jitter(Duration most) {
        require(
                !most.isNegative() && most.compareTo(Timing.MAX_JITTER) <= 0,
                "jitter: 0s to " + Durations.format(Timing.MAX_JITTER) + " are allowed, got " + Durations.format(most));
        return with(timed(
                timing.rule(), timing.zone(), timing.start(), timing.end(), whole("jitter", most), timing.excluded()));
    }

    /** Days without an occurrence, besides those named before. */
    public Schedule excluding(LocalDate... days) {
        return excluding(List.of(days));
    }

    /** Days without an occurrence, besides those named before; at most {@value Timing#MAX_EXCLUDED} in all. */
    public Schedule excluding(Collection<LocalDate> days) {
        NavigableSet<LocalDate> all = new TreeSet<>(timing.excluded());
        all.addAll(days);
        require(
                all.size() <= Timing.MAX_EXCLUDED,
                "excluded_days: " + all.size() + " days, at most " + Timing.MAX_EXCLUDED);
        return with(timed(timing.rule(), timing.zone(), timing.start(), timing.end(), timing.jitter(), all));
    }

    // ---- policies

    /** What becomes of occurrences that nobody fired in time; by default {@link Misfire#FIRE_ONCE}. */
    public Schedule misfire(Misfire policy) {
        require(
                policy.limit() >= 1 && policy.limit() <= Misfire.MOST_JOBS,
                "misfire_limit: 1 to " + Misfire.MOST_JOBS + " are allowed, got " + policy.limit());
        Double rate = policy.rate();
        require(
                rate == null || (rate > 0 && rate <= Misfire.MOST_RATE),
                "misfire_rate: above 0 to " + Misfire.MOST_RATE + " a second are allowed, got " + rate);
        return new Schedule(timing, policy, overlap, name);
    }

    /** What becomes of an occurrence while the job before is not done; by default {@link Overlap#ALLOW}. */
    public Schedule overlap(Overlap policy) {
        return new Schedule(timing, misfire, Objects.requireNonNull(policy, "policy"), name);
    }

    /**
     * What the schedule is known by, among all schedules of all applications: declaring it again under its name changes it,
     * under another name makes another one. By default the job type's name.
     *
     * @param unique 1 to 128 of {@code A-Z a-z 0-9 . _ : -}
     */
    public Schedule named(String unique) {
        require(
                Limits.NAME.matcher(unique).matches(),
                "not a schedule's name: \"" + unique + "\"; 1 to " + Limits.MAX_NAME
                        + " of A-Z a-z 0-9 . _ : - are allowed");
        return new Schedule(timing, misfire, overlap, unique);
    }

    // ---- what it comes to

    boolean isNamed() {
        return name != null;
    }

    /** What is stored; under the other name where this has none. */
    ScheduleSpec spec(Submission job, @Nullable String otherwise) {
        return new ScheduleSpec(name == null ? otherwise : name, job, timing, misfire, overlap);
    }

    /** For {@link ScheduleClient#previewSchedule}. */
    public Timing timing() {
        return timing;
    }

    private Schedule with(Timing other) {
        return new Schedule(other, misfire, overlap, name);
    }

    private static Timing timed(
            ScheduleRule rule,
            String zone,
            @Nullable Instant start,
            @Nullable Instant end,
            Duration jitter,
            NavigableSet<LocalDate> excluded) {
        require(
                start == null || end == null || start.isBefore(end),
                "end: " + end + " is not after the start, " + start);
        return new Timing(rule, zone, start, end, jitter, excluded);
    }

    /** As the store keeps it: else the schedule would look changed at each start. */
    private static Instant micros(Instant instant) {
        return instant.truncatedTo(ChronoUnit.MICROS);
    }

    private static Duration within(String field, Duration duration, Duration least) {
        require(
                duration.compareTo(least) >= 0 && duration.compareTo(Durations.MAX) <= 0,
                field + ": " + Durations.format(least) + " to " + Durations.format(Durations.MAX) + " are allowed, got "
                        + Durations.format(duration));
        return whole(field, duration);
    }

    private static Duration whole(String field, Duration duration) {
        require(
                duration.toNanosPart() % 1_000_000 == 0,
                field + ": whole milliseconds are allowed, got " + Durations.format(duration));
        return duration;
    }

    private static void require(boolean holds, String message) {
        if (!holds) {
            throw new IllegalArgumentException(message);
        }
    }

    @Override
    public String toString() {
        return (name == null ? "" : name + ": ") + timing.rule() + " in " + timing.zone();
    }
}
