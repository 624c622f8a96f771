package dev.pulse.server;

import dev.pulse.access.ApiKeys;
import dev.pulse.json.ListQuery;
import dev.pulse.model.ApiKeyPage;
import dev.pulse.model.PulseException;
import dev.pulse.protocol.WireKeys;
import dev.pulse.protocol.v1.Wire;

/** The gRPC methods for API keys. Blocks: to be called on a virtual thread. */
final class KeyCalls {
    private final ApiKeys keys;

    KeyCalls(ApiKeys keys) {
        this.keys = keys;
    }

    Wire.CreateKeyResponse create(Wire.CreateKeyRequest request) {
        return WireKeys.created(keys.create(WireKeys.order(request), Callers.current()));
    }

    Wire.ListKeysResponse list(Wire.ListKeysRequest request) {
        int limit = request.hasLimit() ? request.getLimit() : ListQuery.DEFAULT_LIMIT;
        if (limit < ListQuery.MIN_LIMIT || limit > ListQuery.MAX_LIMIT) {
            throw PulseException.invalid(
                    "limit", ListQuery.MIN_LIMIT + " to " + ListQuery.MAX_LIMIT + " are allowed, got " + limit);
        }
        ApiKeyPage page = keys.list(limit, request.hasCursor() ? request.getCursor() : null);
        Wire.ListKeysResponse.Builder response = Wire.ListKeysResponse.newBuilder();
        page.items().forEach(key -> response.addItems(WireKeys.key(key)));
        if (page.nextCursor() != null) {
            response.setNextCursor(page.nextCursor());
        }
        return response.build();
    }

    Wire.ApiKey revoke(Wire.RevokeKeyRequest request) {
        return WireKeys.key(keys.revoke(request.getId(), Callers.current()));
    }
}
