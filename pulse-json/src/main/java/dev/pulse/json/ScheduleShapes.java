package dev.pulse.json;

import dev.pulse.model.Misfire;
import dev.pulse.model.Overlap;
import dev.pulse.model.ScheduleStatus;
import dev.pulse.schedules.Timetable;

/** The shapes of schedules, as {@link ScheduleReader} takes them and {@link ScheduleJson} writes them. */
public final class ScheduleShapes {
    public static final Schema STATUS =
            Schema.oneOf(ScheduleStatus.values(), ScheduleStatus::wireName).named("ScheduleStatus");
    public static final Schema ID_OR_NAME = Schema.text().says("the schedule's id or its name");

    private static final Schema MISFIRE = Schema.oneOf(Misfire.Policy.values(), Misfire.Policy::wireName);
    private static final Schema OVERLAP = Schema.oneOf(Overlap.values(), Overlap::wireName);
    private static final Schema CRON = Schema.text().with("maxLength", 256).says("5 fields, or 6 with seconds");

    /** When it fires; one of at, after, every and cron. */
    static final Schema TIMING = timing(Schema.object());

    public static final Schema PREVIEW_REQUEST = TIMING.may("from", JobShapes.INSTANT)
            .may("count", Schema.whole(1, Timetable.MAX_PREVIEW))
            .closed()
            .named("SchedulePreviewRequest");

    /** What is sent to make a schedule. */
    public static final Schema REQUEST = job(TIMING).closed().named("ScheduleRequest");

    /** What is sent to change one. */
    public static final Schema EDIT = editable(REQUEST);

    public static final Schema SCHEDULE = written().named("Schedule");
    public static final Schema SCHEDULES = JobShapes.page("SchedulePage", SCHEDULE);

    public static final Schema FIRES = JobShapes.page(
            "FirePage",
            Schema.object()
                    .has("occurrence", JobShapes.INSTANT.says("the planned instant"))
                    .has("fired_at", JobShapes.INSTANT)
                    .has("job_id", JobShapes.ID)
                    .has("lag_ms", Schema.whole())
                    .has("coalesced", Schema.whole().says("missed occurrences that this one stands for"))
                    .has("manual", Schema.flag().says("fired by hand"))
                    .named("Fire"));

    public static final Schema FIRED = Schema.object()
            .has("job_id", JobShapes.ID)
            .has("schedule_id", JobShapes.ID)
            .named("FiredByHand");

    public static final Schema PREVIEW = Schema.object()
            .has("items", Schema.list(JobShapes.INSTANT))
            .has("notes", Schema.list(Schema.text()))
            .has("words", Schema.text().says("the rule in English"))
            .named("SchedulePreview");

    private ScheduleShapes() {}

    private static Schema timing(Schema in) {
        return in.may("at", JobShapes.INSTANT)
                .may("after", JobShapes.DURATION)
                .may("every", JobShapes.DURATION)
                .may("cron", CRON)
                .may("fixed_delay", Schema.flag().says("every from the end of a job to the next"))
                .may("time_zone", Schema.text())
                .may("start", JobShapes.INSTANT)
                .may("end", JobShapes.INSTANT)
                .may("jitter", JobShapes.DURATION)
                .may("excluded_days", Schema.list(Schema.text().with("format", "date")));
    }

    private static Schema job(Schema in) {
        return in.may("name", JobShapes.NAME)
                .may("misfire", MISFIRE)
                .may("misfire_limit", Schema.whole())
                .may("misfire_rate", Schema.number())
                .may("overlap", OVERLAP)
                .has("type", JobShapes.NAME)
                .may("payload", Schema.ANY)
                .may("content_type", Schema.text())
                .may("headers", JobShapes.LABELS)
                .may("tags", JobShapes.LABELS)
                .may("origin", Schema.text())
                .may("queue", JobShapes.NAME)
                .may("priority", JobShapes.PRIORITY)
                .may("max_attempts", JobShapes.ATTEMPTS)
                .may("backoff", JobShapes.BACKOFF)
                .may("timeout", JobShapes.DURATION);
    }

    private static Schema editable(Schema request) {
        return request.like()
                .orNullEach()
                .has("version", Schema.whole(1, Long.MAX_VALUE).says("the one that the caller saw"))
                .named("ScheduleEdit");
    }

    private static Schema written() {
        Schema schedule = Schema.object()
                .has("id", JobShapes.ID)
                .has("name", JobShapes.NAME.orNull())
                .has("version", Schema.whole())
                .has("status", STATUS)
                .has("type", JobShapes.NAME)
                .has("queue", JobShapes.NAME)
                .has("priority", JobShapes.PRIORITY)
                .may("payload", Schema.ANY)
                .may("payload_base64", Schema.text().with("contentEncoding", "base64"))
                .may("content_type", Schema.text())
                .has("headers", JobShapes.LABELS)
                .has("tags", JobShapes.LABELS)
                .has("origin", Schema.text().orNull())
                .has("max_attempts", JobShapes.ATTEMPTS)
                .has("backoff", JobShapes.BACKOFF)
                .has("timeout", JobShapes.DURATION.orNull())
                .has("at", JobShapes.INSTANT.orNull())
                .has("after", JobShapes.DURATION.orNull())
                .has("every", JobShapes.DURATION.orNull())
                .has("cron", CRON.orNull())
                .has("fixed_delay", Schema.flag())
                .has("time_zone", Schema.text().orNull())
                .has("start", JobShapes.INSTANT.orNull())
                .has("end", JobShapes.INSTANT.orNull())
                .has("jitter", JobShapes.DURATION.orNull())
                .has("excluded_days", Schema.list(Schema.text().with("format", "date")))
                .has("misfire", MISFIRE)
                .has("misfire_limit", Schema.whole().orNull())
                .has("misfire_rate", Schema.number().orNull())
                .has("overlap", OVERLAP)
                .has("words", Schema.text().says("the rule in English; what is wrong with a parked one"))
                .has("next_at", JobShapes.INSTANT.orNull())
                .has("waiting", Schema.flag());
        return SystemShapes.pause(schedule)
                .has("fault", Schema.text().orNull())
                .has("fired", Schema.whole())
                .has("coalesced", Schema.whole())
                .has("skipped", Schema.whole())
                .has("overlapped", Schema.whole())
                .has("declared_by", Schema.text().orNull())
                .has("missing_since", JobShapes.INSTANT.orNull())
                .has("created_at", JobShapes.INSTANT)
                .has("updated_at", JobShapes.INSTANT);
    }
}
