package dev.pulse.server;

import dev.pulse.json.JsonText;
import dev.pulse.model.IdSource;
import dev.pulse.model.Limits;
import dev.pulse.model.PulseException;
import dev.pulse.model.ScheduleSpec;
import dev.pulse.model.Submission;
import dev.pulse.model.Timing;
import dev.pulse.model.Violation;
import dev.pulse.protocol.WireJobs;
import dev.pulse.protocol.WireSchedules;
import dev.pulse.protocol.WireValues;
import dev.pulse.protocol.v1.Wire;
import dev.pulse.schedules.ScheduleDraft;
import dev.pulse.schedules.TimingDraft;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads the messages that ask for schedules, strictly and with every fault named. Pure. */
final class ScheduleMessages {
    private ScheduleMessages() {}

    /**
     * Reads a schedule.
     *
     * @throws PulseException naming every fault, without the messages that a field is in
     */
    static ScheduleSpec spec(Wire.ScheduleSpec message, Limits limits, IdSource ids) {
        ScheduleDraft draft = new ScheduleDraft();
        List<Violation> faults = new ArrayList<>();
        if (message.hasName()) {
            draft.name(message.getName());
        }
        read(message.getTiming(), draft.timing());
        noting(faults, () -> policies(message, draft));
        if (message.hasMisfireLimit()) {
            draft.misfireLimit(message.getMisfireLimit());
        }
        if (message.hasMisfireRate()) {
            draft.misfireRate(message.getMisfireRate());
        }
        faults.addAll(draft.violations());
        Submission job = job(message.getJob(), limits, ids, faults);
        if (job == null || !faults.isEmpty()) {
            throw PulseException.invalid(faults);
        }
        return draft.build(job);
    }

    private static void policies(Wire.ScheduleSpec message, ScheduleDraft draft) {
        var misfire = WireSchedules.misfire(message.getMisfire());
        if (misfire != null) {
            draft.misfire(misfire);
        }
        var overlap = WireSchedules.overlap(message.getOverlap());
        if (overlap != null) {
            draft.overlap(overlap);
        }
    }

    private static @Nullable Submission job(
            Wire.Submission message, Limits limits, IdSource ids, List<Violation> faults) {
        refused("id", message.hasId(), faults);
        refused("key", message.hasKey(), faults);
        refused("key_ttl", message.hasKeyTtl(), faults);
        refused("run_at", message.hasRunAt(), faults);
        refused("delay", message.hasDelay(), faults);
        Submission job;
        try {
            job = WireJobs.submission(message, limits, ids);
        } catch (PulseException e) {
            if (faults.isEmpty()) {
                throw e;
            }
            faults.addAll(e.violations());
            return null;
        }
        if (job.payload().isJson()) {
            JsonText.fault(job.payload().bytes())
                    .ifPresent(fault -> faults.add(
                            new Violation("payload", fault + "; other bytes need a content_type of their own")));
        }
        return job;
    }

    private static void refused(String field, boolean given, List<Violation> faults) {
        if (given) {
            faults.add(new Violation(field, "the jobs of a schedule take none: there is one for each occurrence"));
        }
    }

    /**
     * Reads a timing.
     *
     * @throws PulseException naming every fault
     */
    static Timing timing(Wire.ScheduleTiming message) {
        TimingDraft draft = new TimingDraft();
        read(message, draft);
        return draft.build();
    }

    private static void read(Wire.ScheduleTiming message, TimingDraft draft) {
        noting(draft, () -> rule(message, draft));
        if (message.getFixedDelay()) {
            draft.fixedDelay(true);
        }
        if (message.hasTimeZone()) {
            draft.zone(message.getTimeZone());
        }
        if (message.hasStart()) {
            noting(draft, () -> draft.start(WireValues.instant("start", message.getStart())));
        }
        if (message.hasEnd()) {
            noting(draft, () -> draft.end(WireValues.instant("end", message.getEnd())));
        }
        if (message.hasJitter()) {
            noting(draft, () -> draft.jitter(WireValues.duration("jitter", message.getJitter())));
        }
        draft.excluded(message.getExcludedDaysList());
    }

    private static void rule(Wire.ScheduleTiming message, TimingDraft draft) {
        switch (message.getRuleCase()) {
            case AT -> draft.at(WireValues.instant("at", message.getAt()));
            case AFTER -> draft.after(WireValues.duration("after", message.getAfter()));
            case EVERY -> draft.every(WireValues.duration("every", message.getEvery()));
            case CRON -> draft.cron(message.getCron());
            case RULE_NOT_SET -> {}
        }
    }

    private static void noting(TimingDraft draft, Runnable step) {
        List<Violation> faults = new ArrayList<>();
        noting(faults, step);
        faults.forEach(fault -> draft.violation(fault.field(), fault.message()));
    }

    private static void noting(List<Violation> faults, Runnable step) {
        try {
            step.run();
        } catch (PulseException e) {
            faults.addAll(e.violations());
        }
    }
}
