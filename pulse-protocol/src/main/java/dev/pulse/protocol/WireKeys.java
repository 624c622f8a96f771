package dev.pulse.protocol;

import dev.pulse.model.ApiKey;
import dev.pulse.model.ApiKeyOrder;
import dev.pulse.model.CreatedKey;
import dev.pulse.model.Role;
import dev.pulse.protocol.v1.Wire;

/** API keys between model and wire. Pure. */
public final class WireKeys {
    private WireKeys() {}

    /** What a key is asked for; every field at fault is named. */
    public static ApiKeyOrder order(Wire.CreateKeyRequest message) {
        return new ApiKeyOrder(
                message.hasName() ? message.getName() : null,
                ApiKeyOrder.rights(message.getRolesList(), message.getQueuesList()),
                message.hasExpiresAt() ? WireValues.instant("expires_at", message.getExpiresAt()) : null,
                message.hasExpiresIn() ? WireValues.duration("expires_in", message.getExpiresIn()) : null);
    }

    public static Wire.CreateKeyRequest request(ApiKeyOrder order) {
        Wire.CreateKeyRequest.Builder message = Wire.CreateKeyRequest.newBuilder();
        order.rights().roles().stream().map(Role::wireName).forEach(message::addRoles);
        message.addAllQueues(order.rights().queues().patterns());
        if (order.name() != null) {
            message.setName(order.name());
        }
        if (order.expiresAt() != null) {
            message.setExpiresAt(WireValues.timestamp(order.expiresAt()));
        }
        if (order.expiresIn() != null) {
            message.setExpiresIn(WireValues.duration(order.expiresIn()));
        }
        return message.build();
    }

    public static Wire.CreateKeyResponse created(CreatedKey created) {
        return Wire.CreateKeyResponse.newBuilder()
                .setInfo(key(created.info()))
                .setKey(created.key())
                .build();
    }

    public static CreatedKey created(Wire.CreateKeyResponse message) {
        return new CreatedKey(key(message.getInfo()), message.getKey());
    }

    public static Wire.ApiKey key(ApiKey key) {
        Wire.ApiKey.Builder message = Wire.ApiKey.newBuilder()
                .setId(key.id())
                .setName(key.name())
                .addAllQueues(key.rights().queues().patterns())
                .setCreatedAt(WireValues.timestamp(key.createdAt()))
                .setCreatedBy(key.createdBy());
        key.rights().roles().stream().map(Role::wireName).forEach(message::addRoles);
        if (key.expiresAt() != null) {
            message.setExpiresAt(WireValues.timestamp(key.expiresAt()));
        }
        if (key.revokedAt() != null) {
            message.setRevokedAt(WireValues.timestamp(key.revokedAt()));
        }
        if (key.revokedBy() != null) {
            message.setRevokedBy(key.revokedBy());
        }
        if (key.lastUsedAt() != null) {
            message.setLastUsedAt(WireValues.timestamp(key.lastUsedAt()));
        }
        return message.build();
    }

    public static ApiKey key(Wire.ApiKey message) {
        return new ApiKey(
                message.getId(),
                message.getName(),
                ApiKeyOrder.rights(message.getRolesList(), message.getQueuesList()),
                WireValues.instant("created_at", message.getCreatedAt()),
                message.getCreatedBy(),
                message.hasExpiresAt() ? WireValues.instant("expires_at", message.getExpiresAt()) : null,
                message.hasRevokedAt() ? WireValues.instant("revoked_at", message.getRevokedAt()) : null,
                message.hasRevokedBy() ? message.getRevokedBy() : null,
                message.hasLastUsedAt() ? WireValues.instant("last_used_at", message.getLastUsedAt()) : null);
    }
}
