package dev.pulse.json;

import dev.pulse.model.Role;

/** The shapes of API keys. */
public final class KeyShapes {
    /** The id in a key, between its two underscores. */
    public static final Schema ID = Schema.text().with("minLength", 1).with("maxLength", 64);

    private static final Schema ROLE = Schema.oneOf(Role.values(), Role::wireName);
    private static final Schema QUEUES =
            Schema.list(Schema.text()).says("names, or beginnings followed by *; \"*\" alone for all");

    public static final Schema ORDER = Schema.object()
            .may(
                    "name",
                    Schema.text().with("pattern", "^[A-Za-z0-9._@+-]{1,64}$").says("for people"))
            .may("role", ROLE.says("in place of roles"))
            .may("roles", Schema.list(ROLE))
            .may("queues", QUEUES)
            .may("expires_at", JobShapes.INSTANT)
            .may("expires_in", JobShapes.DURATION.says("in place of expires_at; never where both are left out"))
            .closed()
            .named("ApiKeyOrder");

    private static final Schema FIELDS = Schema.object()
            .has("id", ID)
            .has("name", Schema.text())
            .has("roles", Schema.list(ROLE))
            .has("queues", QUEUES)
            .has("created_at", JobShapes.INSTANT)
            .has("created_by", Schema.text())
            .has("expires_at", JobShapes.INSTANT.orNull())
            .has("revoked_at", JobShapes.INSTANT.orNull())
            .has("revoked_by", Schema.text().orNull())
            .has("last_used_at", JobShapes.INSTANT.orNull());

    public static final Schema KEY = FIELDS.named("ApiKey");

    public static final Schema CREATED = FIELDS.has(
                    "key", Schema.text().says("the whole key, a secret: shown this once"))
            .named("CreatedApiKey");

    public static final Schema KEYS = JobShapes.page("ApiKeyPage", KEY);

    private KeyShapes() {}
}
