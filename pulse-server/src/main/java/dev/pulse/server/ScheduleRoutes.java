package dev.pulse.server;

import dev.pulse.json.JobJson;
import dev.pulse.json.ListQuery;
import dev.pulse.json.PreviewRequest;
import dev.pulse.json.RequestReader;
import dev.pulse.json.ScheduleEdit;
import dev.pulse.json.ScheduleJson;
import dev.pulse.json.ScheduleQuery;
import dev.pulse.json.ScheduleReader;
import dev.pulse.json.SwitchReader;
import dev.pulse.model.Permission;
import dev.pulse.model.ScheduleInfo;
import dev.pulse.model.ScheduleSpec;
import java.util.Set;

/**
 * The REST routes about schedules. In a path a schedule is named by its id or its name. Each call on its own virtual thread.
 */
final class ScheduleRoutes {
    private static final int SCHEDULE_BODY = 4 << 20;
    private static final int SMALL_BODY = 64 << 10;

    private final Desks desks;
    private final ScheduleReader reader;

    ScheduleRoutes(Desks desks, ScheduleReader reader) {
        this.desks = desks;
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

    private ScheduleDesk schedules(Call call) {
        return desks.of(call).schedules();
    }

    /** The id or name in the path. */
    private static String named(Call call) {
        return call.variables().getOrDefault("id", "");
    }

    private Reply create(Call call) {
        call.allow();
        ScheduleInfo created = schedules(call).create(reader.read(call.body()));
        return Reply.created("/schedules/" + created.id(), ScheduleJson.schedule(created));
    }

    private Reply list(Call call) {
        ScheduleQuery query = ScheduleQuery.parse(call.query());
        return Reply.ok(ScheduleJson.page(schedules(call).list(query.filter(), query.limit(), query.cursor())));
    }

    private Reply preview(Call call) {
        call.allow();
        PreviewRequest wanted = ScheduleReader.preview(call.body());
        return Reply.ok(ScheduleJson.preview(schedules(call).preview(wanted.timing(), wanted.from(), wanted.count())));
    }

    private Reply get(Call call) {
        call.allow();
        return Reply.ok(ScheduleJson.schedule(schedules(call).require(named(call))));
    }

    private Reply edit(Call call) {
        call.allow();
        ScheduleEdit edit = reader.edit(call.body());
        ScheduleInfo seen = schedules(call).require(named(call));
        // Looked at before the store is asked, so that what is wrong with the body is told whatever the version is.
        ScheduleSpec unused = edit.change().apply(seen.spec());
        return Reply.ok(ScheduleJson.schedule(schedules(call).edit(named(call), edit.version(), edit.change())));
    }

    private Reply delete(Call call) {
        call.allow();
        return Reply.ok(ScheduleJson.schedule(schedules(call).delete(named(call))));
    }

    private Reply fires(Call call) {
        ScheduleQuery query = ScheduleQuery.page(call.query());
        return Reply.ok(ScheduleJson.fires(schedules(call).fires(named(call), query.limit(), query.cursor())));
    }

    private Reply jobs(Call call) {
        ListQuery query = ListQuery.parse(call.query(), Set.of("schedule_id"));
        return Reply.ok(JobJson.page(schedules(call).jobs(named(call), query.filter(), query.limit(), query.cursor())));
    }

    private Reply pause(Call call) {
        call.allow();
        String reason = SwitchReader.reason(call.body());
        return Reply.ok(ScheduleJson.schedule(schedules(call).pause(named(call), reason)));
    }

    private Reply resume(Call call) {
        call.allow();
        RequestReader.nothing(call.body());
        return Reply.ok(ScheduleJson.schedule(schedules(call).resume(named(call))));
    }

    private Reply runNow(Call call) {
        call.allow();
        RequestReader.nothing(call.body());
        ScheduleDesk.Fired fired = schedules(call).runNow(named(call));
        return Reply.ok(ScheduleJson.fired(fired.schedule(), fired.job()));
    }
}
