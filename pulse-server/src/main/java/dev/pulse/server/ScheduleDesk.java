package dev.pulse.server;

import dev.pulse.access.Access;
import dev.pulse.engine.Engine;
import dev.pulse.engine.Schedules;
import dev.pulse.model.ErrorCode;
import dev.pulse.model.FirePage;
import dev.pulse.model.Ids;
import dev.pulse.model.JobFilter;
import dev.pulse.model.JobPage;
import dev.pulse.model.PulseException;
import dev.pulse.model.ScheduleFilter;
import dev.pulse.model.ScheduleInfo;
import dev.pulse.model.SchedulePage;
import dev.pulse.model.SchedulePreview;
import dev.pulse.model.ScheduleSpec;
import dev.pulse.model.Timing;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Schedules, by the queue that their jobs go to. A schedule is named by its id or its name; one of a foreign queue is
 * answered like one that is not there. May block.
 */
final class ScheduleDesk {
    private final Engine engine;
    private final Schedules schedules;
    private final Access access;

    ScheduleDesk(Engine engine, Access access) {
        this.engine = engine;
        this.schedules = engine.schedules();
        this.access = access;
    }

    ScheduleInfo create(ScheduleSpec spec) {
        requireQueue("", spec);
        return schedules.create(spec, access.caller());
    }

    /** Moving a schedule to another queue needs both; asked where the change is made, so that none comes between. */
    ScheduleInfo edit(String named, @Nullable Long version, UnaryOperator<ScheduleSpec> change) {
        UUID id = require(named).id();
        return schedules.edit(
                id,
                version,
                spec -> {
                    if (!access.sees(spec.job().queue())) {
                        throw Schedules.notFound(id);
                    }
                    ScheduleSpec changed = change.apply(spec);
                    requireQueue("", changed);
                    return changed;
                },
                access.caller());
    }

    ScheduleInfo pause(String named, @Nullable String reason) {
        return schedules.pause(require(named).id(), reason, access.caller());
    }

    ScheduleInfo resume(String named) {
        return schedules.resume(require(named).id(), access.caller());
    }

    /**
     * A job of the schedule, beside its rule.
     *
     * @param job its id
     */
    record Fired(UUID schedule, UUID job) {}

    Fired runNow(String named) {
        UUID id = require(named).id();
        return new Fired(id, schedules.runNow(id, access.caller()));
    }

    ScheduleInfo delete(String named) {
        return schedules.delete(require(named).id(), access.caller());
    }

    SchedulePreview preview(Timing timing, @Nullable Instant from, int count) {
        return schedules.preview(timing, from, count);
    }

    SchedulePage list(ScheduleFilter filter, int limit, @Nullable String cursor) {
        if (filter.queue() != null) {
            access.requireQueue(filter.queue());
        }
        return schedules.list(filter.within(access.queues()), limit, cursor);
    }

    FirePage fires(String named, int limit, @Nullable String cursor) {
        return schedules.fires(require(named).id(), limit, cursor);
    }

    /** Its jobs; for callers who may use some queues only those in one of them, by itself the one that it goes to now. */
    JobPage jobs(String named, JobFilter filter, int limit, @Nullable String cursor) {
        ScheduleInfo schedule = require(named);
        if (filter.scheduleId() != null && !filter.scheduleId().equals(schedule.id())) {
            throw PulseException.invalid("schedule_id", "is another schedule's; leave it out");
        }
        JobFilter own = filter.ofSchedule(schedule.id());
        JobFilter placed = access.queues().isAll() || own.queue() != null
                ? own
                : own.inQueue(schedule.spec().job().queue());
        return engine.list(QueueRights.narrowed(access, placed), limit, cursor);
    }

    List<ScheduleInfo> declare(String application, List<ScheduleSpec> specs) {
        specs.forEach(spec -> requireQueue("schedules[" + spec.name() + "].", spec));
        return schedules.declare(application, specs, access.queues(), access.caller());
    }

    private void requireQueue(String path, ScheduleSpec spec) {
        QueueRights.requireAll(access, List.of(new QueueRights.Place(path, spec.job())));
    }

    /** The schedule of that id, or else of that name. */
    ScheduleInfo require(String named) {
        return Ids.parse(named)
                .map(id -> mine(schedules.require(id)))
                .or(() -> schedules.named(named).filter(this::isMine))
                .orElseThrow(() -> new PulseException(
                        ErrorCode.SCHEDULE_NOT_FOUND, "no schedule has the id or name that was given"));
    }

    private ScheduleInfo mine(ScheduleInfo schedule) {
        if (!isMine(schedule)) {
            throw Schedules.notFound(schedule.id());
        }
        return schedule;
    }

    private boolean isMine(ScheduleInfo schedule) {
        return access.sees(schedule.spec().job().queue());
    }
}
