package dev.pulse.storepostgres;

import dev.pulse.model.ApiKey;
import dev.pulse.model.ApiKeyOrder;
import dev.pulse.model.ApiKeyPage;
import dev.pulse.model.AuditEntry;
import dev.pulse.model.Caller;
import dev.pulse.model.ErrorCode;
import dev.pulse.model.PulseException;
import dev.pulse.model.Rights;
import dev.pulse.store.KeyStore;
import dev.pulse.store.StoredKey;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** API keys in PostgreSQL. On the control pool, so that nobody is kept from signing in by a list. Any thread. */
final class PgKeyStore implements KeyStore {
    private final Database control;
    private final Database queries;

    PgKeyStore(Database control, Database queries) {
        this.control = control;
        this.queries = queries;
    }

    @Override
    public ApiKey create(String id, byte[] hash, ApiKeyOrder order, Caller by) {
        return control.transact(calls -> {
            calls.sql(Statement.API_KEY_FORGET)
                    .set("age_ms", REMEMBERED.toMillis())
                    .update();
            ApiKey key = calls.sql(Statement.API_KEY_ADD)
                    .set("id", id)
                    .setBytes("hash", hash)
                    .set("name", order.name() == null ? id : order.name())
                    .set("rights", order.rights().toString())
                    .set("by", by.name())
                    .set("expires_at", order.expiresAt())
                    .set(
                            "expires_ms",
                            order.expiresIn() == null
                                    ? null
                                    : Long.valueOf(order.expiresIn().toMillis()))
                    .set("most", (long) MOST)
                    .first(PgKeyStore::key);
            if (key == null) {
                throw new PulseException(
                        ErrorCode.LIMIT_REACHED, MOST + " API keys hold already: revoke those that are not used");
            }
            if (key.expiresAt() != null && !key.expiresAt().isAfter(key.createdAt())) {
                throw PulseException.invalid("expires_at", "must be in the future");
            }
            AuditLog.note(calls, by, "key.create", id, Map.of(), described(key), AuditEntry.DONE);
            return key;
        });
    }

    @Override
    public Optional<StoredKey> find(String id) {
        return control.read(calls -> Optional.ofNullable(calls.sql(Statement.API_KEY_FIND)
                .set("id", id)
                .set("noted_ms", NOTED_EVERY.toMillis())
                .first(row -> new StoredKey(
                        key(row), row.getBytes("hash"), row.getBoolean("expired"), row.getBoolean("idle")))));
    }

    @Override
    public ApiKeyPage list(int limit, @Nullable String cursor) {
        long before = cursor == null ? Long.MAX_VALUE : place(cursor);
        return queries.read(calls -> {
            List<Long> places = new ArrayList<>();
            List<ApiKey> found = calls.sql(Statement.API_KEY_LIST)
                    .set("before", before)
                    .set("limit", limit + 1L)
                    .list(row -> {
                        places.add(row.getLong("seq"));
                        return key(row);
                    });
            return found.size() <= limit
                    ? new ApiKeyPage(found, null)
                    : new ApiKeyPage(found.subList(0, limit), String.valueOf(places.get(limit - 1)));
        });
    }

    private static long place(String cursor) {
        try {
            return Long.parseLong(cursor);
        } catch (NumberFormatException e) {
            throw new PulseException(ErrorCode.INVALID_QUERY, "cursor: not one that a page of this list gave", e);
        }
    }

    @Override
    public Optional<ApiKey> revoke(String id, Caller by) {
        return control.transact(calls -> {
            ApiKey ended = calls.sql(Statement.API_KEY_REVOKE)
                    .set("id", id)
                    .set("by", by.name())
                    .first(PgKeyStore::key);
            if (ended != null) {
                AuditLog.note(calls, by, "key.revoke", id, described(ended), Map.of(), AuditEntry.DONE);
                return Optional.of(ended);
            }
            return Optional.ofNullable(calls.sql(Statement.API_KEY_FIND)
                    .set("id", id)
                    .set("noted_ms", NOTED_EVERY.toMillis())
                    .first(PgKeyStore::key));
        });
    }

    @Override
    public void used(String id) {
        control.transact(calls -> calls.sql(Statement.API_KEY_USED)
                .set("id", id)
                .set("noted_ms", NOTED_EVERY.toMillis())
                .update());
    }

    private static Map<String, String> described(ApiKey key) {
        return Map.of("name", key.name(), "rights", key.rights().toString());
    }

    private static ApiKey key(ResultSet row) throws SQLException {
        Instant createdAt = Objects.requireNonNull(Sql.instant(row, "created_at"));
        return new ApiKey(
                row.getString("id"),
                row.getString("name"),
                Rights.parse(row.getString("rights")),
                createdAt,
                row.getString("created_by"),
                Sql.instant(row, "expires_at"),
                Sql.instant(row, "revoked_at"),
                row.getString("revoked_by"),
                Sql.instant(row, "last_used_at"));
    }
}
