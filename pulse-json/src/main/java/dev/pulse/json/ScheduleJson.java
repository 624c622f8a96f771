package dev.pulse.json;

import dev.pulse.model.Durations;
import dev.pulse.model.Fire;
import dev.pulse.model.FirePage;
import dev.pulse.model.Misfire;
import dev.pulse.model.PulseException;
import dev.pulse.model.ScheduleCounts;
import dev.pulse.model.ScheduleInfo;
import dev.pulse.model.SchedulePage;
import dev.pulse.model.SchedulePreview;
import dev.pulse.model.ScheduleRule;
import dev.pulse.model.ScheduleStatus;
import dev.pulse.model.Submission;
import dev.pulse.model.Timing;
import dev.pulse.schedules.Timetable;
import java.time.Duration;
import java.time.LocalDate;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Schedules and what they fired as JSON. What a schedule does not have is null. */
public final class ScheduleJson {
    private ScheduleJson() {}

    public static byte[] schedule(ScheduleInfo schedule) {
        return Out.object(out -> write(out, schedule));
    }

    public static byte[] page(SchedulePage page) {
        return Out.page(page.items(), page.nextCursor(), ScheduleJson::write);
    }

    public static byte[] fires(FirePage page) {
        return Out.page(page.items(), page.nextCursor(), ScheduleJson::write);
    }

    /** The answer to a fire by hand. */
    public static byte[] fired(UUID schedule, UUID job) {
        return Out.object(out -> {
            out.text("job_id", job.toString());
            out.text("schedule_id", schedule.toString());
        });
    }

    public static byte[] preview(SchedulePreview preview) {
        return Out.object(out -> {
            out.texts("items", preview.items().stream().map(Object::toString).toList());
            out.texts("notes", preview.notes());
            out.text("words", preview.words());
        });
    }

    /** The rule in English; for one that cannot be evaluated, why. */
    public static String words(ScheduleInfo schedule) {
        if (schedule.status() == ScheduleStatus.PARKED && schedule.fault() != null) {
            return schedule.fault();
        }
        try {
            return Timetable.of(schedule.spec().timing(), schedule.anchor()).words();
        } catch (PulseException e) {
            return String.valueOf(e.getMessage());
        }
    }

    private static void write(Out out, ScheduleInfo schedule) {
        out.text("id", schedule.id().toString());
        out.text("name", schedule.spec().name());
        out.number("version", schedule.version());
        out.text("status", schedule.status().wireName());
        job(out, schedule.spec().job());
        timing(out, schedule.spec().timing());
        Misfire misfire = schedule.spec().misfire();
        out.text("misfire", misfire.policy().wireName());
        if (misfire.policy() == Misfire.Policy.FIRE_ALL) {
            out.number("misfire_limit", misfire.limit());
        } else {
            out.nothing("misfire_limit");
        }
        if (misfire.rate() == null) {
            out.nothing("misfire_rate");
        } else {
            out.decimal("misfire_rate", misfire.rate());
        }
        out.text("overlap", schedule.spec().overlap().wireName());
        out.text("words", words(schedule));
        out.instant("next_at", schedule.nextAt());
        out.bool("waiting", schedule.waiting());
        SwitchJson.pause(out, schedule.pause());
        out.text("fault", schedule.fault());
        ScheduleCounts counts = schedule.counts();
        out.number("fired", counts.fired());
        out.number("coalesced", counts.coalesced());
        out.number("skipped", counts.skipped());
        out.number("overlapped", counts.overlapped());
        ScheduleInfo.Declared declared = schedule.declared();
        out.text("declared_by", declared == null ? null : declared.by());
        out.instant("missing_since", declared == null ? null : declared.missingSince());
        out.instant("created_at", schedule.createdAt());
        out.instant("updated_at", schedule.updatedAt());
    }

    /** As each of the jobs will be. */
    private static void job(Out out, Submission job) {
        out.text("type", job.type());
        out.text("queue", job.queue());
        out.number("priority", job.priority());
        out.payload("payload", job.payload());
        if (!job.payload().isJson()) {
            out.text("content_type", job.payload().contentType());
        }
        out.texts("headers", job.labels().headers());
        out.texts("tags", job.labels().tags());
        out.text("origin", job.labels().origin());
        out.number("max_attempts", job.policy().maxAttempts());
        out.text("backoff", job.policy().backoff().format());
        out.text("timeout", shown(job.policy().timeout()));
    }

    private static void timing(Out out, Timing timing) {
        ScheduleRule rule = timing.rule();
        out.instant("at", rule instanceof ScheduleRule.At at ? at.instant() : null);
        out.text("after", rule instanceof ScheduleRule.After after ? shown(after.delay()) : null);
        out.text("every", rule instanceof ScheduleRule.Every every ? shown(every.period()) : null);
        out.text("cron", rule instanceof ScheduleRule.Cron cron ? cron.expression() : null);
        out.bool(
                "fixed_delay",
                rule instanceof ScheduleRule.Every every && every.pace() == ScheduleRule.Pace.FIXED_DELAY);
        out.text("time_zone", timing.zone());
        out.instant("start", timing.start());
        out.instant("end", timing.end());
        out.text("jitter", timing.jitter().isZero() ? null : shown(timing.jitter()));
        out.texts(
                "excluded_days",
                timing.excluded().stream().map(LocalDate::toString).toList());
    }

    private static @Nullable String shown(@Nullable Duration duration) {
        return duration == null ? null : Durations.format(duration);
    }

    private static void write(Out out, Fire fire) {
        out.instant("occurrence", fire.occurrence());
        out.instant("fired_at", fire.firedAt());
        out.text("job_id", fire.jobId().toString());
        out.number("lag_ms", fire.lag().toMillis());
        out.number("coalesced", fire.coalesced());
        out.bool("manual", fire.manual());
    }
}
