package dev.pulse.storepostgres;

import dev.pulse.model.Attempt;
import dev.pulse.model.AttemptError;
import dev.pulse.model.Backoff;
import dev.pulse.model.Job;
import dev.pulse.model.JobFacts;
import dev.pulse.model.JobStatus;
import dev.pulse.model.Labels;
import dev.pulse.model.OutcomeKind;
import dev.pulse.model.Payload;
import dev.pulse.model.Policy;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Maps rows to jobs. What is null in a column is the default, because most jobs have no more than defaults. */
final class JobRow {
    private static final Logger LOG = LoggerFactory.getLogger(JobRow.class);

    private JobRow() {}

    static Job job(ResultSet row, List<Attempt> attempts) throws SQLException {
        return new Job(
                facts(row),
                status(row.getString("status")),
                row.getInt("attempt"),
                Sql.instant(row, "run_at"),
                Sql.instant(row, "started_at"),
                Sql.instant(row, "finished_at"),
                error(row),
                payload(row.getBytes("result"), row.getString("result_type")),
                attempts);
    }

    static JobFacts facts(ResultSet row) throws SQLException {
        return new JobFacts(
                Sql.uuid(row, "id"),
                row.getString("type"),
                row.getString("queue"),
                row.getInt("priority"),
                Objects.requireNonNull(payload(row.getBytes("payload"), row.getString("content_type"))),
                new Labels(
                        StringMaps.read(row.getString("headers")),
                        StringMaps.read(row.getString("tags")),
                        row.getString("origin")),
                policy(row),
                row.getString("key"),
                Objects.requireNonNull(Sql.instant(row, "created_at")),
                Sql.nullableUuid(row, "bundle_id"));
    }

    /** Somebody may have edited the row by hand (B113): a policy that is none is the default, and never stops a list. */
    static Policy policy(ResultSet row) throws SQLException {
        String backoff = row.getString("backoff");
        long timeout = row.getLong("timeout_ms");
        try {
            return new Policy(
                    row.getInt("max_attempts"),
                    backoff == null ? Backoff.DEFAULT : Backoff.parse(backoff),
                    timeout == 0 ? null : Duration.ofMillis(timeout));
        } catch (IllegalArgumentException e) {
            LOG.warn("the policy of a row cannot be read, and the default counts: {}", e.getMessage());
            return Policy.DEFAULT;
        }
    }

    static Attempt attempt(ResultSet row) throws SQLException {
        return new Attempt(
                row.getInt("attempt"),
                row.getString("worker"),
                Sql.instant(row, "started_at"),
                Sql.instant(row, "ended_at"),
                OutcomeKind.fromWire(row.getString("outcome")).orElseThrow(),
                error(row));
    }

    static @Nullable AttemptError error(ResultSet row) throws SQLException {
        String type = row.getString("error_type");
        return type == null
                ? null
                : new AttemptError(type, row.getString("error_message"), row.getString("error_stack"));
    }

    static JobStatus status(String wireName) {
        return JobStatus.valueOf(wireName.toUpperCase(Locale.ROOT));
    }

    /** The content type as it is stored: null for JSON. */
    static @Nullable String contentType(@Nullable Payload payload) {
        return payload == null || payload.isJson() ? null : payload.contentType();
    }

    static @Nullable Payload payload(byte @Nullable [] bytes, @Nullable String contentType) {
        return bytes == null ? null : Payload.of(bytes, contentType == null ? Payload.JSON : contentType);
    }
}
