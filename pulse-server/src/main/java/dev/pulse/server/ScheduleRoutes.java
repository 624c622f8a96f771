package dev.pulse.server;

import dev.pulse.engine.Engine;
import dev.pulse.engine.Schedules;
import dev.pulse.json.JobJson;
import dev.pulse.json.ListQuery;
import dev.pulse.json.PreviewRequest;
import dev.pulse.json.RequestReader;
import dev.pulse.json.ScheduleEdit;
import dev.pulse.json.ScheduleJson;
import dev.pulse.json.ScheduleQuery;
import dev.pulse.json.ScheduleReader;
import dev.pulse.json.SwitchReader;
import dev.pulse.model.ErrorCode;
import dev.pulse.model.Ids;
import dev.pulse.model.Permission;
import dev.pulse.model.PulseException;
import dev.pulse.model.ScheduleInfo;
import dev.pulse.model.ScheduleSpec;
import java.util.Set;
import java.util.UUID;

/**
 * The REST routes about schedules. In a path a schedule is named by its id or its name. Each call on its own virtual thread.
 */
final class ScheduleRoutes {
    private static final int SCHEDULE_BODY = 4 << 20;
    private static final int SMALL_BODY = 64 << 10;

    private final Engine engine;
    private final Schedules schedules;
    private final ScheduleReader reader;

    ScheduleRoutes(Engine engine, ScheduleReader reader) {
        this.engine = engine;
        this.schedules = engine.schedules();
        this.reader = reader;
    }

    void addTo(Router router, int largestBody) {
        int scheduleBody = Math.min(SCHEDULE_BODY, largestBody);
        router.add("POST", "/schedules", Rule.inQueues(Permission.OPERATE), scheduleBody, this::create);
        router.add("GET", "/schedules", Rule.inQueues(Permission.READ), 0, this::list);
        router.add("POST", "/schedules/preview", Rule.anywhere(Permission.READ), SMALL_BODY, this::preview);
        router.add("GET", "/schedules/{id}", Rule.inQueues(Permission.READ), 0, this::get);
        router.add("PATCH", "/schedules/{id}", Rule.inQueues(Permission.OPERATE), scheduleBody, this::edit);
        router.add("DELETE", "/schedules/{id}", Rule.inQueues(Permission.OPERATE), 0, this::delete);
        router.add("GET", "/schedules/{id}/fires", Rule.inQueues(Permission.READ), 0, this::fires);
        router.add("GET", "/schedules/{id}/jobs", Rule.inQueues(Permission.READ), 0, this::jobs);
        router.add("POST", "/schedules/{id}/pause", Rule.inQueues(Permission.OPERATE), SMALL_BODY, this::pause);
        router.add("POST", "/schedules/{id}/resume", Rule.inQueues(Permission.OPERATE), SMALL_BODY, this::resume);
        router.add("POST", "/schedules/{id}/run-now", Rule.inQueues(Permission.OPERATE), SMALL_BODY, this::runNow);
    }

    private ScheduleInfo schedule(Call call) {
        String text = call.variables().getOrDefault("id", "");
        return Ids.parse(text)
                .map(schedules::require)
                .or(() -> schedules.named(text))
                .orElseThrow(() -> new PulseException(
                        ErrorCode.SCHEDULE_NOT_FOUND, "no schedule has the id or the name in the path"));
    }

    private Reply create(Call call) {
        call.allow();
        ScheduleInfo created = schedules.create(reader.read(call.body()), call.caller());
        return Reply.created("/schedules/" + created.id(), ScheduleJson.schedule(created));
    }

    private Reply list(Call call) {
        ScheduleQuery query = ScheduleQuery.parse(call.query());
        return Reply.ok(ScheduleJson.page(schedules.list(query.filter(), query.limit(), query.cursor())));
    }

    private Reply preview(Call call) {
        call.allow();
        PreviewRequest wanted = ScheduleReader.preview(call.body());
        return Reply.ok(ScheduleJson.preview(schedules.preview(wanted.timing(), wanted.from(), wanted.count())));
    }

    private Reply get(Call call) {
        call.allow();
        return Reply.ok(ScheduleJson.schedule(schedule(call)));
    }

    private Reply edit(Call call) {
        call.allow();
        ScheduleEdit edit = reader.edit(call.body());
        ScheduleInfo seen = schedule(call);
        // Looked at before the store is asked, so that what is wrong with the body is told whatever the version is.
        ScheduleSpec unused = edit.change().apply(seen.spec());
        return Reply.ok(ScheduleJson.schedule(schedules.edit(seen.id(), edit.version(), edit.change(), call.caller())));
    }

    private Reply delete(Call call) {
        call.allow();
        return Reply.ok(ScheduleJson.schedule(schedules.delete(schedule(call).id(), call.caller())));
    }

    private Reply fires(Call call) {
        ScheduleQuery query = ScheduleQuery.page(call.query());
        return Reply.ok(ScheduleJson.fires(schedules.fires(schedule(call).id(), query.limit(), query.cursor())));
    }

    private Reply jobs(Call call) {
        ListQuery query = ListQuery.parse(call.query(), Set.of("schedule_id"));
        UUID id = schedule(call).id();
        return Reply.ok(JobJson.page(engine.list(query.filter().ofSchedule(id), query.limit(), query.cursor())));
    }

    private Reply pause(Call call) {
        call.allow();
        String reason = SwitchReader.reason(call.body());
        return Reply.ok(ScheduleJson.schedule(schedules.pause(schedule(call).id(), reason, call.caller())));
    }

    private Reply resume(Call call) {
        call.allow();
        RequestReader.nothing(call.body());
        return Reply.ok(ScheduleJson.schedule(schedules.resume(schedule(call).id(), call.caller())));
    }

    private Reply runNow(Call call) {
        call.allow();
        RequestReader.nothing(call.body());
        UUID id = schedule(call).id();
        return Reply.ok(ScheduleJson.fired(id, schedules.runNow(id, call.caller())));
    }
}
