package dev.pulse.storepostgres;

import dev.pulse.model.Backoff;
import dev.pulse.model.ErrorCode;
import dev.pulse.model.Labels;
import dev.pulse.model.Misfire;
import dev.pulse.model.Overlap;
import dev.pulse.model.Pause;
import dev.pulse.model.Payload;
import dev.pulse.model.PulseException;
import dev.pulse.model.ScheduleCounts;
import dev.pulse.model.ScheduleInfo;
import dev.pulse.model.ScheduleRule;
import dev.pulse.model.ScheduleRule.Pace;
import dev.pulse.model.ScheduleSpec;
import dev.pulse.model.ScheduleStatus;
import dev.pulse.model.Submission;
import dev.pulse.model.Timing;
import dev.pulse.model.When;
import java.sql.Array;
import java.sql.Date;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Maps rows to schedules, and schedules to parameters. */
final class ScheduleRow {
    private ScheduleRow() {}

    /** @throws PulseException INTERNAL saying which column holds what nobody can have written there */
    static ScheduleInfo schedule(ResultSet row) throws SQLException {
        return new ScheduleInfo(
                Sql.uuid(row, "id"),
                row.getLong("version"),
                spec(row),
                ScheduleStatus.fromWire(row.getString("status")).orElseThrow(() -> broken("status")),
                pause(row),
                row.getString("fault"),
                Objects.requireNonNull(Sql.instant(row, "anchor")),
                Objects.requireNonNull(Sql.instant(row, "cursor_at")),
                Sql.instant(row, "next_at"),
                row.getBoolean("waiting"),
                new ScheduleCounts(
                        row.getLong("fired"),
                        row.getLong("coalesced"),
                        row.getLong("skipped"),
                        row.getLong("overlapped")),
                declared(row),
                Objects.requireNonNull(Sql.instant(row, "created_at")),
                Objects.requireNonNull(Sql.instant(row, "updated_at")));
    }

    private static ScheduleSpec spec(ResultSet row) throws SQLException {
        return new ScheduleSpec(
                row.getString("name"),
                job(row),
                timing(row),
                new Misfire(
                        Misfire.Policy.fromWire(row.getString("misfire")).orElseThrow(() -> broken("misfire")),
                        row.getInt("misfire_limit"),
                        row.getObject("misfire_rate", Double.class)),
                Overlap.fromWire(row.getString("overlap")).orElseThrow(() -> broken("overlap")));
    }

    private static Submission job(ResultSet row) throws SQLException {
        Payload payload =
                Objects.requireNonNull(JobRow.payload(row.getBytes("payload"), row.getString("content_type")));
        Labels labels = new Labels(
                StringMaps.read(row.getString("headers")),
                StringMaps.read(row.getString("tags")),
                row.getString("origin"));
        return new Submission(
                Sql.uuid(row, "id"),
                row.getString("type"),
                row.getString("queue"),
                row.getInt("priority"),
                payload,
                When.NOW,
                JobRow.policy(row),
                null,
                labels);
    }

    private static Timing timing(ResultSet row) throws SQLException {
        return new Timing(
                rule(row),
                row.getString("zone"),
                Sql.instant(row, "start_at"),
                Sql.instant(row, "end_at"),
                Duration.ofMillis(row.getLong("jitter_ms")),
                excluded(row.getArray("excluded")));
    }

    private static ScheduleRule rule(ResultSet row) throws SQLException {
        Instant at = Sql.instant(row, "once_at");
        if (at != null) {
            return new ScheduleRule.At(at);
        }
        String cron = row.getString("cron");
        if (cron != null) {
            return new ScheduleRule.Cron(cron);
        }
        long every = row.getLong("every_ms");
        return row.wasNull()
                ? new ScheduleRule.After(Duration.ofMillis(row.getLong("after_ms")))
                : new ScheduleRule.Every(
                        Duration.ofMillis(every), row.getBoolean("fixed_delay") ? Pace.FIXED_DELAY : Pace.FIXED_RATE);
    }

    private static NavigableSet<LocalDate> excluded(@Nullable Array days) throws SQLException {
        NavigableSet<LocalDate> excluded = new TreeSet<>();
        if (days != null) {
            for (Date day : (Date[]) days.getArray()) {
                excluded.add(day.toLocalDate());
            }
        }
        return excluded;
    }

    private static @Nullable Pause pause(ResultSet row) throws SQLException {
        String by = row.getString("paused_by");
        return by == null
                ? null
                : new Pause(row.getString("reason"), by, Objects.requireNonNull(Sql.instant(row, "paused_at")));
    }

    private static ScheduleInfo.@Nullable Declared declared(ResultSet row) throws SQLException {
        String by = row.getString("declared_by");
        return by == null ? null : new ScheduleInfo.Declared(by, Sql.instant(row, "missing_since"));
    }

    private static PulseException broken(String column) {
        return new PulseException(
                ErrorCode.INTERNAL, "column " + column + " of the schedule's row holds what Pulse never writes");
    }

    /** All that a person can have said about it, and where it stands. */
    static Sql bind(Sql sql, ScheduleInfo schedule) throws SQLException {
        Pause pause = schedule.pause();
        ScheduleInfo.Declared declared = schedule.declared();
        return bindTiming(bindJob(sql, schedule.spec().job()), schedule.spec())
                .set("id", schedule.id())
                .set("name", schedule.spec().name())
                .set("status", schedule.status().wireName())
                .set("paused_by", pause == null ? null : pause.by())
                .set("paused_at", pause == null ? null : pause.since())
                .set("reason", pause == null ? null : pause.reason())
                .set("fault", schedule.fault())
                .set("anchor", schedule.anchor())
                .set("cursor_at", schedule.cursor())
                .set("next_at", schedule.nextAt())
                .set("waiting", schedule.waiting())
                .set("skipped", schedule.counts().skipped())
                .set("declared_by", declared == null ? null : declared.by())
                .set("missing_since", declared == null ? null : declared.missingSince());
    }

    private static Sql bindJob(Sql sql, Submission job) {
        Backoff backoff = job.policy().backoff();
        return sql.set("type", job.type())
                .set("queue", job.queue())
                .set("priority", job.priority())
                .setBytes("payload", job.payload().bytes())
                .set("content_type", JobRow.contentType(job.payload()))
                .set("headers", StringMaps.write(job.labels().headers()))
                .set("tags", StringMaps.write(job.labels().tags()))
                .set("origin", job.labels().origin())
                .set("max_attempts", job.policy().maxAttempts())
                .set("backoff", backoff.equals(Backoff.DEFAULT) ? null : backoff.format())
                .set("timeout_ms", JobColumns.millis(job.policy().timeout()));
    }

    private static Sql bindTiming(Sql sql, ScheduleSpec spec) throws SQLException {
        Timing timing = spec.timing();
        ScheduleRule rule = timing.rule();
        boolean isEvery = rule instanceof ScheduleRule.Every;
        return sql.set("once_at", rule instanceof ScheduleRule.At(Instant at) ? at : null)
                .set("after_ms", rule instanceof ScheduleRule.After(Duration delay) ? JobColumns.millis(delay) : null)
                .set(
                        "every_ms",
                        rule instanceof ScheduleRule.Every(Duration period, Pace pace)
                                ? JobColumns.millis(period)
                                : null)
                .set("fixed_delay", isEvery && ((ScheduleRule.Every) rule).pace() == Pace.FIXED_DELAY)
                .set("cron", rule instanceof ScheduleRule.Cron(String cron) ? cron : null)
                .set("zone", timing.zone())
                .set("start_at", timing.start())
                .set("end_at", timing.end())
                .set("jitter_ms", timing.jitter().toMillis())
                .setArray(
                        "excluded",
                        "date",
                        timing.excluded().stream().map(Date::valueOf).toArray())
                .set("misfire", spec.misfire().policy().wireName())
                .set("misfire_limit", spec.misfire().limit())
                .set("misfire_rate", spec.misfire().rate())
                .set("overlap", spec.overlap().wireName());
    }
}
