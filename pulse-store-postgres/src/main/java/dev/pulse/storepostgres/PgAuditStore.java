package dev.pulse.storepostgres;

import dev.pulse.model.AuditEntry;
import dev.pulse.model.AuditFilter;
import dev.pulse.model.AuditPage;
import dev.pulse.model.ErrorCode;
import dev.pulse.model.PulseException;
import dev.pulse.store.AuditStore;
import dev.pulse.store.Denied;
import dev.pulse.store.Term;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The audit log in PostgreSQL, to be read; {@link AuditLog} writes it. */
final class PgAuditStore implements AuditStore {
    private final Database control;
    private final Database queries;

    PgAuditStore(Database control, Database queries) {
        this.control = control;
        this.queries = queries;
    }

    @Override
    public void denied(List<Denied> refused) {
        control.<Object>transact(calls -> {
            for (Denied one : refused) {
                AuditLog.note(
                        calls,
                        one.by(),
                        one.action(),
                        one.target(),
                        Map.of(),
                        Map.of("times", String.valueOf(one.times())),
                        AuditEntry.DENIED);
            }
            return refused;
        });
    }

    @Override
    public int forget(Term term, Duration keep, int limit) {
        return control.write(calls -> calls.sql(Statement.AUDIT_FORGET)
                .set("keep_ms", keep.toMillis())
                .set("limit", (long) limit)
                .set("server", term.server())
                .set("term", term.number())
                .update());
    }

    @Override
    public AuditPage list(AuditFilter filter, int limit, @Nullable String cursor) {
        long before = cursor == null ? Long.MAX_VALUE : place(cursor);
        return queries.read(calls -> {
            List<Long> places = new ArrayList<>();
            List<AuditEntry> found = calls.sql(Statement.AUDIT_LIST)
                    .set("before", before)
                    .set("actor", filter.actor())
                    .set("action", filter.action())
                    .set("since", filter.since())
                    .set("until", filter.until())
                    .set("target", filter.target())
                    .set("limit", limit + 1L)
                    .list(row -> {
                        places.add(row.getLong("id"));
                        return entry(row);
                    });
            return found.size() <= limit
                    ? new AuditPage(found, null)
                    : new AuditPage(found.subList(0, limit), String.valueOf(places.get(limit - 1)));
        });
    }

    private static long place(String cursor) {
        try {
            return Long.parseLong(cursor);
        } catch (NumberFormatException e) {
            throw new PulseException(ErrorCode.INVALID_QUERY, "cursor: not one that a page of this list gave", e);
        }
    }

    private static AuditEntry entry(ResultSet row) throws SQLException {
        return new AuditEntry(
                Objects.requireNonNull(Sql.instant(row, "at")),
                row.getString("actor"),
                row.getString("action"),
                row.getString("target"),
                row.getString("address"),
                StringMaps.read(row.getString("before")),
                StringMaps.read(row.getString("after")),
                row.getString("outcome"));
    }
}
