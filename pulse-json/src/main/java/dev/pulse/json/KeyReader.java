package dev.pulse.json;

import dev.pulse.model.ApiKeyOrder;
import dev.pulse.model.PulseException;
import dev.pulse.model.Rights;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads what an API key is to be made for, as strictly as all other bodies. Runs on the caller's thread; no state. */
public final class KeyReader {
    private static final Set<String> KEY = Set.of("name", "role", "roles", "queues", "expires_at", "expires_in");
    private static final int MAX_ROLES = 16;
    private static final int MAX_QUEUES = 64;

    private final Faults faults = new Faults();
    private final List<String> roles = new ArrayList<>();
    private final List<String> queues = new ArrayList<>();
    private @Nullable String name;
    private @Nullable Instant expiresAt;
    private @Nullable Duration expiresIn;

    private KeyReader() {}

    /** {@code {"name", "roles" or "role", "queues", "expires_at" or "expires_in"}}. */
    public static ApiKeyOrder order(byte[] body) {
        KeyReader reader = new KeyReader();
        Envelope.read(body, KEY, reader.faults, reader::read);
        return reader.order();
    }

    private ObjectReader read(ObjectReader in) {
        for (String field = in.next(); field != null; field = in.next()) {
            switch (field) {
                case "name" -> in.text(text -> name = text);
                case "role" -> in.text(roles::add);
                case "roles" -> in.list(MAX_ROLES, roles::addAll);
                case "queues" -> in.list(MAX_QUEUES, queues::addAll);
                case "expires_at" -> in.instant(instant -> expiresAt = instant);
                case "expires_in" -> in.duration(duration -> expiresIn = duration);
                default -> throw new AssertionError(field);
            }
        }
        if (in.saw("role") && in.saw("roles")) {
            faults.invalid("role", "cannot be given together with roles");
        }
        return in;
    }

    private ApiKeyOrder order() {
        try {
            Rights rights = ApiKeyOrder.rights(roles, queues);
            ApiKeyOrder order = new ApiKeyOrder(name, rights, expiresAt, expiresIn);
            faults.raise();
            return order;
        } catch (PulseException e) {
            if (!faults.isClean()) {
                throw faults.refusal(faults.invalid(), e.code());
            }
            throw e;
        }
    }
}
