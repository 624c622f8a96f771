package dev.pulse.server;

import dev.pulse.json.JobJson;
import dev.pulse.json.JobShapes;
import dev.pulse.json.ListQuery;
import dev.pulse.json.PreviewRequest;
import dev.pulse.json.RequestReader;
import dev.pulse.json.ScheduleEdit;
import dev.pulse.json.ScheduleJson;
import dev.pulse.json.ScheduleQuery;
import dev.pulse.json.ScheduleReader;
import dev.pulse.json.ScheduleShapes;
import dev.pulse.json.SwitchReader;
import dev.pulse.json.SystemShapes;
import dev.pulse.model.ErrorCode;
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
        router.add("POST", "/schedules", Rule.inQueues(Permission.OPERATE), scheduleBody, this::create)
                .described("createSchedule", "Makes a schedule")
                .reads(ScheduleShapes.REQUEST, """
                        {"type": "digest", "cron": "0 7 * * MON-FRI", "time_zone": "Europe/Vienna"}""", """
                        {"name": "sweep", "type": "sweep", "every": "10m", "overlap": "skip", "misfire": "skip"}""")
                .answers(201, ScheduleShapes.SCHEDULE, "the schedule, stored")
                .refuses(ErrorCode.NAME_CONFLICT, ErrorCode.PAYLOAD_TOO_LARGE);
        router.add("GET", "/schedules", Rule.inQueues(Permission.READ), 0, this::list)
                .described("listSchedules", "Lists schedules, newest first")
                .takes("status", ScheduleShapes.STATUS, "active")
                .takes("type", JobShapes.NAME, "digest")
                .takes("queue", JobShapes.NAME, "default")
                .takes("name", JobShapes.NAME, "sweep")
                .takesPage()
                .answers(200, ScheduleShapes.SCHEDULES, "one page");
        router.add("POST", "/schedules/preview", Rule.anywhere(Permission.READ), SMALL_BODY, this::preview)
                .described("previewSchedule", "When a rule would fire")
                .reads(ScheduleShapes.PREVIEW_REQUEST, """
                        {"cron": "30 2 * * *", "time_zone": "Europe/Vienna", "from": "2027-03-27T00:00:00Z", "count": 3}""")
                .answers(200, ScheduleShapes.PREVIEW, "the coming instants, and what there is to know");
        addSchedule(router, scheduleBody);
    }

    private void addSchedule(Router router, int scheduleBody) {
        Rule read = Rule.inQueues(Permission.READ);
        Rule operate = Rule.inQueues(Permission.OPERATE);
        one(router.add("GET", "/schedules/{id}", read, 0, this::get)).described("getSchedule", "A schedule");
        one(router.add("PATCH", "/schedules/{id}", operate, scheduleBody, this::edit))
                .described("updateSchedule", "Changes a schedule that nobody else has changed meanwhile")
                .detail("Fields that are left out stay; null takes one away.")
                .reads(ScheduleShapes.EDIT, "{\"version\": 1, \"priority\": 5, \"jitter\": null}")
                .refuses(ErrorCode.VERSION_CONFLICT, ErrorCode.NAME_CONFLICT, ErrorCode.PAYLOAD_TOO_LARGE);
        one(router.add("DELETE", "/schedules/{id}", operate, 0, this::delete))
                .described("deleteSchedule", "Deletes a schedule; its jobs stay");
        named(router.add("GET", "/schedules/{id}/fires", read, 0, this::fires))
                .described("listScheduleFires", "The occurrences for which a schedule made a job, newest first")
                .takesPage()
                .answers(200, ScheduleShapes.FIRES, "one page");
        JobRoutes.filtered(named(router.add("GET", "/schedules/{id}/jobs", read, 0, this::jobs)), Set.of("schedule_id"))
                .described("listScheduleJobs", "The jobs of a schedule, newest first")
                .answers(200, JobShapes.JOBS, "one page");
        one(router.add("POST", "/schedules/{id}/pause", operate, SMALL_BODY, this::pause))
                .described("pauseSchedule", "Lets a schedule fire no more")
                .mayRead(SystemShapes.PAUSE, "{\"reason\": \"the mail server is down\"}")
                .refuses(ErrorCode.ILLEGAL_STATUS);
        one(router.add("POST", "/schedules/{id}/resume", operate, SMALL_BODY, this::resume))
                .described("resumeSchedule", "Lets a schedule fire again")
                .mayRead(SystemShapes.NOTHING)
                .refuses(ErrorCode.ILLEGAL_STATUS);
        named(router.add("POST", "/schedules/{id}/run-now", operate, SMALL_BODY, this::runNow))
                .described("runScheduleNow", "Makes one job of a schedule now")
                .mayRead(SystemShapes.NOTHING)
                .answers(200, ScheduleShapes.FIRED, "the job");
    }

    private static Operation named(Operation operation) {
        return operation.variable("id", ScheduleShapes.ID_OR_NAME).refuses(ErrorCode.SCHEDULE_NOT_FOUND);
    }

    private static Operation one(Operation operation) {
        return named(operation).answers(200, ScheduleShapes.SCHEDULE, "the schedule");
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
