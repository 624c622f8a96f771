package dev.pulse.storememory;

import dev.pulse.model.ApiKey;
import dev.pulse.model.ApiKeyOrder;
import dev.pulse.model.ApiKeyPage;
import dev.pulse.model.AuditEntry;
import dev.pulse.model.Caller;
import dev.pulse.model.ErrorCode;
import dev.pulse.model.PulseException;
import dev.pulse.store.KeyStore;
import dev.pulse.store.StoredKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** API keys. Any thread. */
final class MemoryKeyStore implements KeyStore {
    private final Tables tables;
    private final MemoryAuditStore audit;
    private final TreeMap<Long, Held> keys = new TreeMap<>();
    private long last;

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Held(ApiKey key, byte[] hash) {}

    MemoryKeyStore(Tables tables, MemoryAuditStore audit) {
        this.tables = tables;
        this.audit = audit;
    }

    @Override
    public ApiKey create(String id, byte[] hash, ApiKeyOrder order, Caller by) {
        return tables.locked(() -> {
            Instant now = tables.now();
            keys.values().removeIf(held -> endedBefore(held.key, now.minus(REMEMBERED)));
            long holding = keys.values().stream()
                    .filter(held -> held.key.revokedAt() == null && !expired(held.key, now))
                    .count();
            if (holding >= MOST) {
                throw new PulseException(
                        ErrorCode.LIMIT_REACHED, MOST + " API keys hold already: revoke those that are not used");
            }
            Instant expires = order.expiresIn() == null ? order.expiresAt() : now.plus(order.expiresIn());
            if (expires != null && !expires.isAfter(now)) {
                throw PulseException.invalid("expires_at", "must be in the future");
            }
            String name = order.name() == null ? id : order.name();
            ApiKey key = new ApiKey(id, name, order.rights(), now, by.name(), expires, null, null, null);
            keys.put(++last, new Held(key, hash.clone()));
            audit.note(by, "key.create", id, Map.of(), described(key), AuditEntry.DONE);
            return key;
        });
    }

    private static boolean endedBefore(ApiKey key, Instant instant) {
        return (key.revokedAt() != null && key.revokedAt().isBefore(instant))
                || (key.expiresAt() != null && key.expiresAt().isBefore(instant));
    }

    private static boolean expired(ApiKey key, Instant now) {
        return key.expiresAt() != null && !key.expiresAt().isAfter(now);
    }

    @Override
    public Optional<StoredKey> find(String id) {
        return tables.locked(() -> entry(id).map(entry -> {
            ApiKey key = entry.getValue().key;
            return new StoredKey(
                    key, entry.getValue().hash.clone(), expired(key, tables.now()), isIdle(key, tables.now()));
        }));
    }

    private static boolean isIdle(ApiKey key, Instant now) {
        return key.lastUsedAt() == null || !key.lastUsedAt().isAfter(now.minus(NOTED_EVERY));
    }

    private Optional<Map.Entry<Long, Held>> entry(String id) {
        return keys.entrySet().stream()
                .filter(entry -> entry.getValue().key.id().equals(id))
                .findFirst();
    }

    @Override
    public ApiKeyPage list(int limit, @Nullable String cursor) {
        return tables.locked(() -> {
            List<ApiKey> page = new ArrayList<>();
            long place = cursor == null ? Long.MAX_VALUE : place(cursor);
            for (Map.Entry<Long, Held> entry :
                    keys.headMap(place, false).descendingMap().entrySet()) {
                if (page.size() == limit) {
                    return new ApiKeyPage(page, String.valueOf(place));
                }
                page.add(entry.getValue().key);
                place = entry.getKey();
            }
            return new ApiKeyPage(page, null);
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
        return tables.locked(() -> entry(id).map(entry -> {
            ApiKey key = entry.getValue().key;
            if (key.revokedAt() != null) {
                return key;
            }
            ApiKey ended = new ApiKey(
                    id,
                    key.name(),
                    key.rights(),
                    key.createdAt(),
                    key.createdBy(),
                    key.expiresAt(),
                    tables.now(),
                    by.name(),
                    key.lastUsedAt());
            entry.setValue(new Held(ended, entry.getValue().hash));
            audit.note(by, "key.revoke", id, described(ended), Map.of(), AuditEntry.DONE);
            return ended;
        }));
    }

    @Override
    public void used(String id) {
        tables.locked(() -> {
            entry(id)
                    .filter(entry -> isIdle(entry.getValue().key, tables.now()))
                    .ifPresent(entry -> {
                        ApiKey key = entry.getValue().key;
                        ApiKey used = new ApiKey(
                                id,
                                key.name(),
                                key.rights(),
                                key.createdAt(),
                                key.createdBy(),
                                key.expiresAt(),
                                key.revokedAt(),
                                key.revokedBy(),
                                tables.now());
                        entry.setValue(new Held(used, entry.getValue().hash));
                    });
            return true;
        });
    }

    private static Map<String, String> described(ApiKey key) {
        return Map.of("name", key.name(), "rights", key.rights().toString());
    }
}
