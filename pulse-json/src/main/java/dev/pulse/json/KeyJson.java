package dev.pulse.json;

import dev.pulse.model.ApiKey;
import dev.pulse.model.ApiKeyPage;
import dev.pulse.model.CreatedKey;
import dev.pulse.model.Role;

/** API keys as JSON. The secret is in the answer to the making of a key and nowhere else. */
public final class KeyJson {
    private KeyJson() {}

    public static byte[] key(ApiKey key) {
        return Out.object(out -> write(out, key));
    }

    /** With the whole key, a secret. */
    public static byte[] created(CreatedKey created) {
        return Out.object(out -> {
            write(out, created.info());
            out.text("key", created.key());
        });
    }

    public static byte[] page(ApiKeyPage page) {
        return Out.page(page.items(), page.nextCursor(), KeyJson::write);
    }

    private static void write(Out out, ApiKey key) {
        out.text("id", key.id());
        out.text("name", key.name());
        out.texts("roles", key.rights().roles().stream().map(Role::wireName).toList());
        out.texts("queues", key.rights().queues().patterns());
        out.instant("created_at", key.createdAt());
        out.text("created_by", key.createdBy());
        out.instant("expires_at", key.expiresAt());
        out.instant("revoked_at", key.revokedAt());
        out.text("revoked_by", key.revokedBy());
        out.instant("last_used_at", key.lastUsedAt());
    }
}
