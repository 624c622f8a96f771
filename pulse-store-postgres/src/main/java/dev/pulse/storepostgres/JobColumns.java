package dev.pulse.storepostgres;

import dev.pulse.model.Backoff;
import dev.pulse.model.JobKey;
import dev.pulse.model.Submission;
import dev.pulse.model.When;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Submissions as array parameters, one a column. What is a default is null in most columns: most jobs have no more. */
final class JobColumns {
    private JobColumns() {}

    /** What makes a job, named with the prefix: ids, lanes, payloads and so on. */
    static Sql bind(Sql sql, String prefix, List<Submission> jobs, LaneRegistry lanes) throws SQLException {
        return sql.setColumn(prefix + "ids", "uuid", jobs, Submission::id)
                .setColumn(prefix + "lanes", "int4", jobs, job -> lanes.number(LaneRegistry.Key.of(job)))
                .setColumn(
                        prefix + "payloads", "bytea", jobs, job -> job.payload().bytes())
                .setColumn(prefix + "content_types", "text", jobs, job -> JobRow.contentType(job.payload()))
                .setColumn(
                        prefix + "headers",
                        "text",
                        jobs,
                        job -> StringMaps.write(job.labels().headers()))
                .setColumn(
                        prefix + "tags",
                        "text",
                        jobs,
                        job -> StringMaps.write(job.labels().tags()))
                .setColumn(prefix + "origins", "text", jobs, job -> job.labels().origin())
                .setColumn(
                        prefix + "max_attempts",
                        "int4",
                        jobs,
                        job -> job.policy().maxAttempts())
                .setColumn(prefix + "backoffs", "text", jobs, JobColumns::backoff)
                .setColumn(
                        prefix + "timeouts",
                        "int8",
                        jobs,
                        job -> millis(job.policy().timeout()))
                .setColumn(prefix + "run_ats", "timestamptz", jobs, job -> runAt(job.when()))
                .setColumn(prefix + "delays", "int8", jobs, job -> delay(job.when()));
    }

    /** The same with what tells one job from another. */
    static Sql bindWhole(Sql sql, List<Submission> jobs, LaneRegistry lanes) throws SQLException {
        return bind(sql, "", jobs, lanes)
                .setColumn("keys", "text", jobs, JobColumns::key)
                .setColumn("content_hashes", "uuid", jobs, Submission::contentHash);
    }

    private static @Nullable String key(Submission job) {
        JobKey key = job.key();
        return key == null ? null : key.value();
    }

    private static @Nullable String backoff(Submission job) {
        Backoff backoff = job.policy().backoff();
        return backoff.equals(Backoff.DEFAULT) ? null : backoff.format();
    }

    private static @Nullable OffsetDateTime runAt(When when) {
        return when instanceof When.At(Instant at) ? at.atOffset(ZoneOffset.UTC) : null;
    }

    private static @Nullable Long delay(When when) {
        return when instanceof When.After(Duration delay) ? millis(delay) : null;
    }

    /** Milliseconds, rounded up: a wait is never shorter than asked for, and never nothing. */
    static @Nullable Long millis(@Nullable Duration duration) {
        return duration == null ? null : duration.plusNanos(999_999).toMillis();
    }
}
