package dev.pulse.schedules;

import dev.pulse.model.PulseException;
import dev.pulse.model.ScheduleRule;
import dev.pulse.model.Timing;
import dev.pulse.model.Violation;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Collects a timing from any door and finds <em>all</em> its faults, by the names that the fields have at the doors: at, after,
 * every, cron, fixed_delay, time_zone, start, end, jitter, excluded_days. Whether the rule can ever fire is told by
 * {@link Timetable#of}. Not thread-safe; one a timing.
 */
public final class TimingDraft {
    /** The names of the rules; a schedule has one of them. */
    public static final List<String> RULES = List.of("at", "after", "every", "cron");

    private static final String ONE_OF_THEM = "give one of " + String.join(", ", RULES);

    private final List<Violation> faults = new ArrayList<>();
    private final Map<String, @Nullable ScheduleRule> given = new LinkedHashMap<>();
    private final @Nullable ScheduleRule before;
    private final @Nullable String ruleTaken;
    private final boolean delayStays;
    private @Nullable Boolean fixedDelay;
    private String zone = Timing.DEFAULT_ZONE;
    private @Nullable Instant start;
    private @Nullable Instant end;
    private Duration jitter = Duration.ZERO;
    private NavigableSet<LocalDate> excluded = new TreeSet<>();

    /** Of nothing. */
    public TimingDraft() {
        this.before = null;
        this.ruleTaken = null;
        this.delayStays = false;
    }

    /** The change of a timing: what is not given stays as it was, but for the fields named in {@code without}. */
    TimingDraft(Timing timing, Set<String> without) {
        this.before = timing.rule();
        this.ruleTaken = without.contains(name(timing.rule())) ? name(timing.rule()) : null;
        this.delayStays =
                before instanceof ScheduleRule.Every every && isDelay(every) && !without.contains("fixed_delay");
        stays("time_zone", without, timing.zone(), text -> zone = text);
        stays("start", without, timing.start(), this::start);
        stays("end", without, timing.end(), this::end);
        stays("jitter", without, timing.jitter(), this::jitter);
        stays("excluded_days", without, timing.excluded(), days -> excluded = days);
    }

    static <T> void stays(String field, Set<String> without, @Nullable T value, Consumer<T> set) {
        if (value != null && !without.contains(field)) {
            set.accept(value);
        }
    }

    /** The name that a rule has at the doors. */
    public static String name(ScheduleRule rule) {
        return switch (rule) {
            case ScheduleRule.At at -> "at";
            case ScheduleRule.After after -> "after";
            case ScheduleRule.Every every -> "every";
            case ScheduleRule.Cron cron -> "cron";
        };
    }

    private static boolean isDelay(ScheduleRule.Every every) {
        return every.pace() == ScheduleRule.Pace.FIXED_DELAY;
    }

    public TimingDraft at(Instant instant) {
        TimingCheck.instant(instant, "at", faults);
        given.put("at", new ScheduleRule.At(instant));
        return this;
    }

    public TimingDraft after(Duration delay) {
        TimingCheck.delay(delay, faults);
        given.put("after", new ScheduleRule.After(delay));
        return this;
    }

    public TimingDraft every(Duration period) {
        TimingCheck.period(period, faults);
        given.put("every", new ScheduleRule.Every(period, ScheduleRule.Pace.FIXED_RATE));
        return this;
    }

    public TimingDraft cron(String expression) {
        given.put("cron", Rules.cron(expression, faults));
        return this;
    }

    /** Whether {@link #every} counts from the end of the job before. */
    public TimingDraft fixedDelay(boolean value) {
        fixedDelay = value;
        return this;
    }

    public TimingDraft zone(String id) {
        String known = Rules.zone(id, faults);
        zone = known == null ? zone : known;
        return this;
    }

    public TimingDraft start(Instant instant) {
        TimingCheck.instant(instant, "start", faults);
        start = instant;
        return this;
    }

    public TimingDraft end(Instant instant) {
        TimingCheck.instant(instant, "end", faults);
        end = instant;
        return this;
    }

    public TimingDraft jitter(Duration value) {
        TimingCheck.jitter(value, faults);
        jitter = value;
        return this;
    }

    /** ISO dates. */
    public TimingDraft excluded(Collection<String> days) {
        NavigableSet<LocalDate> read = Rules.excluded(days, faults);
        excluded = read == null ? excluded : read;
        return this;
    }

    /** What the door itself found wrong while it read the field, which counts as given. */
    public TimingDraft violation(String field, String message) {
        faults.add(new Violation(field, message));
        if (RULES.contains(field)) {
            given.putIfAbsent(field, null);
        }
        return this;
    }

    /** All that is wrong, in the order in which it was found. */
    List<Violation> violations() {
        List<Violation> all = new ArrayList<>(faults);
        if (given.size() > 1) {
            String first = given.keySet().iterator().next();
            given.keySet().stream()
                    .skip(1)
                    .forEach(other -> all.add(new Violation(
                            other, "a schedule has one rule: " + ONE_OF_THEM + ", not " + first + " too")));
        } else if (given.isEmpty() && before == null) {
            all.add(new Violation("cron", "a rule is required: " + ONE_OF_THEM));
        } else if (given.isEmpty() && ruleTaken != null) {
            all.add(new Violation(ruleTaken, "a schedule keeps a rule: " + ONE_OF_THEM + " in its place"));
        }
        if (Boolean.TRUE.equals(fixedDelay) && !isEvery()) {
            all.add(new Violation("fixed_delay", "goes with every only"));
        }
        if (start != null && end != null && !start.isBefore(end)) {
            all.add(TimingCheck.endsTooEarly(start, end));
        }
        return all;
    }

    private boolean isEvery() {
        return given.isEmpty() ? before == null || before instanceof ScheduleRule.Every : given.containsKey("every");
    }

    /**
     * The timing.
     *
     * @throws PulseException INVALID_FIELD naming every fault
     */
    public Timing build() {
        List<Violation> all = violations();
        if (!all.isEmpty()) {
            throw PulseException.invalid(all);
        }
        return new Timing(rule(), zone, start, end, jitter, excluded);
    }

    private ScheduleRule rule() {
        ScheduleRule rule = given.isEmpty() ? before : given.values().iterator().next();
        if (rule == null) {
            throw new AssertionError("a rule that is not there is a violation");
        }
        boolean delay = fixedDelay == null ? delayStays : fixedDelay;
        return rule instanceof ScheduleRule.Every every
                ? new ScheduleRule.Every(
                        every.period(), delay ? ScheduleRule.Pace.FIXED_DELAY : ScheduleRule.Pace.FIXED_RATE)
                : rule;
    }
}
