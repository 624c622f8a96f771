package dev.pulse.model;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a key is to be made for.
 *
 * @param name for people, 1 to 64 of {@code A-Z a-z 0-9 . _ @ + -}; null for the key's id
 * @param expiresAt in the future; null, as the other, for never
 * @param expiresIn above 0; not with the other
 */
public record ApiKeyOrder(
        @Nullable String name,
        Rights rights,
        @Nullable Instant expiresAt,
        @Nullable Duration expiresIn) {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._@+-]{1,64}");

    public ApiKeyOrder {
        List<Violation> faults = new ArrayList<>();
        if (name != null && !NAME.matcher(name).matches()) {
            faults.add(new Violation("name", "1 to 64 of A-Z a-z 0-9 . _ @ + - are allowed, got " + Text.shown(name)));
        }
        if (expiresAt != null && expiresIn != null) {
            faults.add(new Violation("expires_in", "cannot be given together with expires_at"));
        }
        if (expiresIn != null && !expiresIn.isPositive()) {
            faults.add(new Violation("expires_in", "must be above 0"));
        }
        if (!faults.isEmpty()) {
            throw PulseException.invalid(faults);
        }
    }

    /**
     * Reads roles and queues as they come over a wire.
     *
     * @param queues none for all
     * @throws PulseException INVALID_FIELD naming every fault
     */
    public static Rights rights(List<String> roles, List<String> queues) {
        List<Violation> faults = new ArrayList<>();
        Set<Role> known = EnumSet.noneOf(Role.class);
        for (int i = 0; i < roles.size(); i++) {
            try {
                known.add(Role.fromWire(roles.get(i)));
            } catch (IllegalArgumentException e) {
                faults.add(new Violation("roles[" + i + "]", String.valueOf(e.getMessage())));
            }
        }
        if (roles.isEmpty()) {
            faults.add(new Violation("roles", "at least one is required: admin, operator, producer, worker, viewer"));
        }
        QueueSet set = QueueSet.ALL;
        try {
            set = QueueSet.of(queues);
        } catch (IllegalArgumentException e) {
            faults.add(new Violation("queues", String.valueOf(e.getMessage())));
        }
        if (!faults.isEmpty()) {
            throw PulseException.invalid(faults);
        }
        return new Rights(known, set);
    }
}
