package dev.pulse.schedules;

import dev.pulse.model.Ids;
import dev.pulse.model.Limits;
import dev.pulse.model.Misfire;
import dev.pulse.model.Overlap;
import dev.pulse.model.PulseException;
import dev.pulse.model.ScheduleSpec;
import dev.pulse.model.Submission;
import dev.pulse.model.Violation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Collects what a schedule has beside its job from any door, or the change of it, and finds <em>all</em> its faults: name,
 * misfire, misfire_limit, misfire_rate, overlap, and those of its {@link #timing}. Not thread-safe; one a schedule.
 */
public final class ScheduleDraft {
    /** The route that would be taken for the schedule of this name. */
    private static final String RESERVED = "preview";

    private final List<Violation> faults = new ArrayList<>();
    private final TimingDraft timing;
    private final @Nullable Integer limitBefore;
    private final @Nullable Double rateBefore;
    private @Nullable String name;
    private Misfire.Policy policy = Misfire.Policy.FIRE_ONCE;
    private @Nullable Integer limit;
    private @Nullable Double rate;
    private Overlap overlap = Overlap.ALLOW;

    /** Of nothing. */
    public ScheduleDraft() {
        this.timing = new TimingDraft();
        this.limitBefore = null;
        this.rateBefore = null;
    }

    /** The change of a schedule: what is not given stays as it was, but for the fields named in {@code without}. */
    public ScheduleDraft(ScheduleSpec spec, Set<String> without) {
        this.timing = new TimingDraft(spec.timing(), without);
        TimingDraft.stays("name", without, spec.name(), text -> name = text);
        TimingDraft.stays("misfire", without, spec.misfire().policy(), value -> policy = value);
        TimingDraft.stays("overlap", without, spec.overlap(), value -> overlap = value);
        this.limitBefore =
                without.contains("misfire_limit") ? null : spec.misfire().limit();
        this.rateBefore =
                without.contains("misfire_rate") ? null : spec.misfire().rate();
    }

    public TimingDraft timing() {
        return timing;
    }

    public ScheduleDraft name(String value) {
        name = value;
        if (!Limits.NAME.matcher(value).matches()) {
            fault(
                    "name",
                    "1 to " + Limits.MAX_NAME + " of A-Z a-z 0-9 . _ : - are allowed, got " + CronText.shown(value));
        } else if (Ids.parse(value).isPresent()) {
            fault("name", "must not look like an id: schedules are asked for by either");
        } else if (value.equals(RESERVED)) {
            fault("name", value + " is reserved");
        }
        return this;
    }

    public ScheduleDraft misfire(Misfire.Policy value) {
        policy = value;
        return this;
    }

    /** The policy of that name. */
    public ScheduleDraft misfire(String text) {
        Misfire.Policy.fromWire(text)
                .ifPresentOrElse(
                        this::misfire,
                        () -> fault(
                                "misfire",
                                oneOf(
                                        Arrays.stream(Misfire.Policy.values())
                                                .map(Misfire.Policy::wireName)
                                                .collect(Collectors.joining(", ")),
                                        text)));
        return this;
    }

    public ScheduleDraft misfireLimit(int value) {
        limit = value;
        if (value < 1 || value > Misfire.MOST_JOBS) {
            fault("misfire_limit", "1 to " + Misfire.MOST_JOBS + " are allowed, got " + value);
        }
        return this;
    }

    public ScheduleDraft misfireRate(double value) {
        rate = value;
        if (!(value > 0 && value <= Misfire.MOST_RATE)) {
            fault("misfire_rate", "above 0 to " + (int) Misfire.MOST_RATE + " jobs a second are allowed, got " + value);
        }
        return this;
    }

    public ScheduleDraft overlap(Overlap value) {
        overlap = value;
        return this;
    }

    /** The policy of that name. */
    public ScheduleDraft overlap(String text) {
        Overlap.fromWire(text)
                .ifPresentOrElse(
                        this::overlap,
                        () -> fault(
                                "overlap",
                                oneOf(
                                        Arrays.stream(Overlap.values())
                                                .map(Overlap::wireName)
                                                .collect(Collectors.joining(", ")),
                                        text)));
        return this;
    }

    private static String oneOf(String allowed, String text) {
        return "one of " + allowed + " is expected, got \"" + CronText.shown(text) + "\"";
    }

    private void fault(String field, String message) {
        faults.add(new Violation(field, message));
    }

    /** All that is wrong; the job is checked by whoever reads it. */
    public List<Violation> violations() {
        List<Violation> all = new ArrayList<>(timing.violations());
        all.addAll(faults);
        if (policy != Misfire.Policy.FIRE_ALL) {
            if (limit != null) {
                all.add(new Violation("misfire_limit", "goes with misfire fire_all only"));
            }
            if (rate != null) {
                all.add(new Violation("misfire_rate", "goes with misfire fire_all only"));
            }
        }
        return all;
    }

    /**
     * The schedule.
     *
     * @throws PulseException INVALID_FIELD naming every fault
     */
    public ScheduleSpec build(Submission job) {
        List<Violation> all = violations();
        if (!all.isEmpty()) {
            throw PulseException.invalid(all);
        }
        return new ScheduleSpec(name, job, timing.build(), misfire(), overlap);
    }

    /** The limit and the rate of other policies mean nothing, so they do not outlive a change of it. */
    private Misfire misfire() {
        if (policy != Misfire.Policy.FIRE_ALL) {
            return new Misfire(policy, Misfire.DEFAULT_LIMIT, null);
        }
        Integer most = limit == null ? limitBefore : limit;
        return new Misfire(policy, most == null ? Misfire.DEFAULT_LIMIT : most, rate == null ? rateBefore : rate);
    }
}
