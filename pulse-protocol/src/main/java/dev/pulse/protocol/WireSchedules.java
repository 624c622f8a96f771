package dev.pulse.protocol;

import dev.pulse.model.Backoff;
import dev.pulse.model.Fire;
import dev.pulse.model.Labels;
import dev.pulse.model.Misfire;
import dev.pulse.model.Overlap;
import dev.pulse.model.Pause;
import dev.pulse.model.Payload;
import dev.pulse.model.Policy;
import dev.pulse.model.PulseException;
import dev.pulse.model.ScheduleCounts;
import dev.pulse.model.ScheduleFilter;
import dev.pulse.model.ScheduleInfo;
import dev.pulse.model.SchedulePreview;
import dev.pulse.model.ScheduleRule;
import dev.pulse.model.ScheduleSpec;
import dev.pulse.model.ScheduleStatus;
import dev.pulse.model.Submission;
import dev.pulse.model.Timing;
import dev.pulse.model.When;
import dev.pulse.protocol.v1.Wire;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Schedules between wire and model. Pure. What a schedule may hold is checked by the server that it is sent to; what is read
 * here came from one.
 */
public final class WireSchedules {
    private WireSchedules() {}

    /** A schedule as it is asked for; the id, time and key of its job are left out. */
    public static Wire.ScheduleSpec spec(ScheduleSpec spec) {
        Wire.ScheduleSpec.Builder message = Wire.ScheduleSpec.newBuilder()
                .setJob(WireJobs.submission(spec.job()).toBuilder()
                        .clearId()
                        .clearRunAt()
                        .clearDelay()
                        .clearKey()
                        .clearKeyTtl())
                .setTiming(timing(spec.timing()))
                .setMisfire(misfire(spec.misfire().policy()))
                .setOverlap(overlap(spec.overlap()));
        if (spec.name() != null) {
            message.setName(spec.name());
        }
        if (spec.misfire().limit() != Misfire.DEFAULT_LIMIT) {
            message.setMisfireLimit(spec.misfire().limit());
        }
        if (spec.misfire().rate() != null) {
            message.setMisfireRate(spec.misfire().rate());
        }
        return message.build();
    }

    public static Wire.ScheduleTiming timing(Timing timing) {
        Wire.ScheduleTiming.Builder message = Wire.ScheduleTiming.newBuilder();
        switch (timing.rule()) {
            case ScheduleRule.At(Instant instant) -> message.setAt(WireValues.timestamp(instant));
            case ScheduleRule.After(Duration delay) -> message.setAfter(WireValues.duration(delay));
            case ScheduleRule.Every(Duration period, ScheduleRule.Pace pace) ->
                message.setEvery(WireValues.duration(period)).setFixedDelay(pace == ScheduleRule.Pace.FIXED_DELAY);
            case ScheduleRule.Cron(String expression) -> message.setCron(expression);
        }
        if (!timing.zone().equals(Timing.DEFAULT_ZONE)) {
            message.setTimeZone(timing.zone());
        }
        if (timing.start() != null) {
            message.setStart(WireValues.timestamp(timing.start()));
        }
        if (timing.end() != null) {
            message.setEnd(WireValues.timestamp(timing.end()));
        }
        if (!timing.jitter().isZero()) {
            message.setJitter(WireValues.duration(timing.jitter()));
        }
        timing.excluded().forEach(day -> message.addExcludedDays(day.toString()));
        return message.build();
    }

    public static Wire.Schedule schedule(ScheduleInfo schedule) {
        ScheduleCounts counts = schedule.counts();
        Wire.Schedule.Builder message = Wire.Schedule.newBuilder()
                .setId(schedule.id().toString())
                .setVersion(schedule.version())
                .setSpec(spec(schedule.spec()))
                .setStatus(status(schedule.status()))
                .setAnchor(WireValues.timestamp(schedule.anchor()))
                .setDecidedTo(WireValues.timestamp(schedule.cursor()))
                .setWaiting(schedule.waiting())
                .setFired(counts.fired())
                .setCoalesced(counts.coalesced())
                .setSkipped(counts.skipped())
                .setOverlapped(counts.overlapped())
                .setCreatedAt(WireValues.timestamp(schedule.createdAt()))
                .setUpdatedAt(WireValues.timestamp(schedule.updatedAt()));
        Pause pause = schedule.pause();
        if (pause != null) {
            message.setBy(pause.by()).setSince(WireValues.timestamp(pause.since()));
            if (pause.reason() != null) {
                message.setReason(pause.reason());
            }
        }
        if (schedule.fault() != null) {
            message.setFault(schedule.fault());
        }
        if (schedule.nextAt() != null) {
            message.setNextAt(WireValues.timestamp(schedule.nextAt()));
        }
        ScheduleInfo.Declared declared = schedule.declared();
        if (declared != null) {
            message.setDeclaredBy(declared.by());
            if (declared.missingSince() != null) {
                message.setMissingSince(WireValues.timestamp(declared.missingSince()));
            }
        }
        return message.build();
    }

    public static ScheduleInfo schedule(Wire.Schedule message) {
        UUID id = WireValues.id("id", message.getId());
        ScheduleStatus status = status(message.getStatus());
        if (status == null) {
            throw PulseException.invalid("status", "is missing");
        }
        return new ScheduleInfo(
                id,
                message.getVersion(),
                spec(message.getSpec(), id),
                status,
                message.hasBy()
                        ? new Pause(
                                message.hasReason() ? message.getReason() : null,
                                message.getBy(),
                                WireValues.instant("since", message.getSince()))
                        : null,
                message.hasFault() ? message.getFault() : null,
                WireValues.instant("anchor", message.getAnchor()),
                WireValues.instant("decided_to", message.getDecidedTo()),
                message.hasNextAt() ? WireValues.instant("next_at", message.getNextAt()) : null,
                message.getWaiting(),
                new ScheduleCounts(
                        message.getFired(), message.getCoalesced(), message.getSkipped(), message.getOverlapped()),
                message.hasDeclaredBy()
                        ? new ScheduleInfo.Declared(
                                message.getDeclaredBy(),
                                message.hasMissingSince()
                                        ? WireValues.instant("missing_since", message.getMissingSince())
                                        : null)
                        : null,
                WireValues.instant("created_at", message.getCreatedAt()),
                WireValues.instant("updated_at", message.getUpdatedAt()));
    }

    private static ScheduleSpec spec(Wire.ScheduleSpec message, UUID id) {
        Misfire.Policy policy = misfire(message.getMisfire());
        Overlap overlap = overlap(message.getOverlap());
        return new ScheduleSpec(
                message.hasName() ? message.getName() : null,
                template(message.getJob(), id),
                timing(message.getTiming()),
                new Misfire(
                        policy == null ? Misfire.Policy.FIRE_ONCE : policy,
                        message.hasMisfireLimit() ? message.getMisfireLimit() : Misfire.DEFAULT_LIMIT,
                        message.hasMisfireRate() ? message.getMisfireRate() : null),
                overlap == null ? Overlap.ALLOW : overlap);
    }

    /** A template has no id of its own; it gets the schedule's. */
    private static Submission template(Wire.Submission message, UUID id) {
        Policy policy = new Policy(
                message.hasMaxAttempts() ? message.getMaxAttempts() : Policy.DEFAULT.maxAttempts(),
                message.hasBackoff() ? Backoff.parse(message.getBackoff()) : Backoff.DEFAULT,
                message.hasTimeout() ? WireValues.duration("timeout", message.getTimeout()) : null);
        return new Submission(
                id,
                message.getType(),
                message.hasQueue() ? message.getQueue() : Submission.DEFAULT_QUEUE,
                message.getPriority(),
                message.hasPayload() ? WireValues.payload(message.getPayload()) : Payload.EMPTY,
                When.NOW,
                policy,
                null,
                new Labels(
                        message.getHeadersMap(),
                        message.getTagsMap(),
                        message.hasOrigin() ? message.getOrigin() : null));
    }

    private static Timing timing(Wire.ScheduleTiming message) {
        TreeSet<LocalDate> excluded = new TreeSet<>();
        for (String day : message.getExcludedDaysList()) {
            try {
                excluded.add(LocalDate.parse(day));
            } catch (DateTimeException e) {
                throw PulseException.invalid("excluded_days", "not a day: \"" + WireValues.cut(day) + "\"");
            }
        }
        return new Timing(
                rule(message),
                message.hasTimeZone() ? message.getTimeZone() : Timing.DEFAULT_ZONE,
                message.hasStart() ? WireValues.instant("start", message.getStart()) : null,
                message.hasEnd() ? WireValues.instant("end", message.getEnd()) : null,
                message.hasJitter() ? WireValues.duration("jitter", message.getJitter()) : Duration.ZERO,
                excluded);
    }

    private static ScheduleRule rule(Wire.ScheduleTiming message) {
        return switch (message.getRuleCase()) {
            case AT -> new ScheduleRule.At(WireValues.instant("at", message.getAt()));
            case AFTER -> new ScheduleRule.After(WireValues.duration("after", message.getAfter()));
            case EVERY ->
                new ScheduleRule.Every(
                        WireValues.duration("every", message.getEvery()),
                        message.getFixedDelay() ? ScheduleRule.Pace.FIXED_DELAY : ScheduleRule.Pace.FIXED_RATE);
            case CRON -> new ScheduleRule.Cron(message.getCron());
            case RULE_NOT_SET -> throw PulseException.invalid("rule", "is missing");
        };
    }

    public static Wire.ListSchedulesRequest.Builder filter(ScheduleFilter filter) {
        Wire.ListSchedulesRequest.Builder message = Wire.ListSchedulesRequest.newBuilder();
        if (filter.status() != null) {
            message.setStatus(status(filter.status()));
        }
        if (filter.type() != null) {
            message.setType(filter.type());
        }
        if (filter.queue() != null) {
            message.setQueue(filter.queue());
        }
        if (filter.name() != null) {
            message.setName(filter.name());
        }
        return message;
    }

    /**
     * Reads a filter.
     *
     * @throws PulseException naming the field at fault
     */
    public static ScheduleFilter filter(Wire.ListSchedulesRequest message) {
        return new ScheduleFilter(
                status(message.getStatus()),
                message.hasType() ? message.getType() : null,
                message.hasQueue() ? message.getQueue() : null,
                message.hasName() ? message.getName() : null);
    }

    public static Wire.ScheduleFire fire(Fire fire) {
        return Wire.ScheduleFire.newBuilder()
                .setOccurrence(WireValues.timestamp(fire.occurrence()))
                .setFiredAt(WireValues.timestamp(fire.firedAt()))
                .setJobId(fire.jobId().toString())
                .setCoalesced(fire.coalesced())
                .setManual(fire.manual())
                .build();
    }

    public static Fire fire(Wire.ScheduleFire message) {
        return new Fire(
                WireValues.instant("occurrence", message.getOccurrence()),
                WireValues.instant("fired_at", message.getFiredAt()),
                WireValues.id("job_id", message.getJobId()),
                message.getCoalesced(),
                message.getManual());
    }

    public static Wire.PreviewScheduleResponse preview(SchedulePreview preview) {
        Wire.PreviewScheduleResponse.Builder message = Wire.PreviewScheduleResponse.newBuilder()
                .addAllNotes(preview.notes())
                .setWords(preview.words());
        preview.items().forEach(item -> message.addItems(WireValues.timestamp(item)));
        return message.build();
    }

    public static SchedulePreview preview(Wire.PreviewScheduleResponse message) {
        return new SchedulePreview(
                message.getItemsList().stream()
                        .map(item -> WireValues.instant("items", item))
                        .toList(),
                message.getNotesList(),
                message.getWords());
    }

    private static Wire.ScheduleStatus status(ScheduleStatus status) {
        return switch (status) {
            case ACTIVE -> Wire.ScheduleStatus.SCHEDULE_STATUS_ACTIVE;
            case PAUSED -> Wire.ScheduleStatus.SCHEDULE_STATUS_PAUSED;
            case PARKED -> Wire.ScheduleStatus.SCHEDULE_STATUS_PARKED;
            case ENDED -> Wire.ScheduleStatus.SCHEDULE_STATUS_ENDED;
        };
    }

    private static @Nullable ScheduleStatus status(Wire.ScheduleStatus status) {
        return switch (status) {
            case SCHEDULE_STATUS_UNSPECIFIED -> null;
            case SCHEDULE_STATUS_ACTIVE -> ScheduleStatus.ACTIVE;
            case SCHEDULE_STATUS_PAUSED -> ScheduleStatus.PAUSED;
            case SCHEDULE_STATUS_PARKED -> ScheduleStatus.PARKED;
            case SCHEDULE_STATUS_ENDED -> ScheduleStatus.ENDED;
            case UNRECOGNIZED -> throw PulseException.invalid("status", "not a status of a schedule");
        };
    }

    private static Wire.Misfire misfire(Misfire.Policy policy) {
        return switch (policy) {
            case FIRE_ONCE -> Wire.Misfire.MISFIRE_FIRE_ONCE;
            case SKIP -> Wire.Misfire.MISFIRE_SKIP;
            case FIRE_ALL -> Wire.Misfire.MISFIRE_FIRE_ALL;
        };
    }

    /** The policy; null where none was given. */
    public static Misfire.@Nullable Policy misfire(Wire.Misfire policy) {
        return switch (policy) {
            case MISFIRE_UNSPECIFIED -> null;
            case MISFIRE_FIRE_ONCE -> Misfire.Policy.FIRE_ONCE;
            case MISFIRE_SKIP -> Misfire.Policy.SKIP;
            case MISFIRE_FIRE_ALL -> Misfire.Policy.FIRE_ALL;
            case UNRECOGNIZED -> throw PulseException.invalid("misfire", "not a policy that this server knows");
        };
    }

    private static Wire.Overlap overlap(Overlap overlap) {
        return switch (overlap) {
            case ALLOW -> Wire.Overlap.OVERLAP_ALLOW;
            case SKIP -> Wire.Overlap.OVERLAP_SKIP;
            case QUEUE_ONE -> Wire.Overlap.OVERLAP_QUEUE_ONE;
        };
    }

    /** The policy; null where none was given. */
    public static @Nullable Overlap overlap(Wire.Overlap overlap) {
        return switch (overlap) {
            case OVERLAP_UNSPECIFIED -> null;
            case OVERLAP_ALLOW -> Overlap.ALLOW;
            case OVERLAP_SKIP -> Overlap.SKIP;
            case OVERLAP_QUEUE_ONE -> Overlap.QUEUE_ONE;
            case UNRECOGNIZED -> throw PulseException.invalid("overlap", "not a policy that this server knows");
        };
    }
}
