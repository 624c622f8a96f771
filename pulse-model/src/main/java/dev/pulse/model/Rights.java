package dev.pulse.model;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What a credential is for, and in which queues.
 *
 * @param roles at least one
 */
public record Rights(Set<Role> roles, QueueSet queues) {
    /** Everything, everywhere. */
    public static final Rights ADMIN = new Rights(Set.of(Role.ADMIN), QueueSet.ALL);

    public Rights {
        if (roles.isEmpty()) {
            throw new IllegalArgumentException("roles: at least one is needed");
        }
        roles = Collections.unmodifiableSet(EnumSet.copyOf(roles));
    }

    /**
     * Reads {@code role}, {@code role+role} or either with {@code @queue|queue}, where a queue may end in {@code *}.
     *
     * @throws IllegalArgumentException with what is expected
     */
    public static Rights parse(String text) {
        int at = text.indexOf('@');
        Set<Role> roles = EnumSet.noneOf(Role.class);
        for (String role : (at < 0 ? text : text.substring(0, at)).split("\\+", -1)) {
            roles.add(Role.fromWire(role));
        }
        List<String> queues = new ArrayList<>();
        if (at >= 0) {
            queues.addAll(List.of(text.substring(at + 1).split("\\|", -1)));
        }
        return new Rights(roles, QueueSet.of(queues));
    }

    /** As {@link #parse} reads it. */
    @Override
    public String toString() {
        String names = roles.stream().map(Role::wireName).collect(Collectors.joining("+"));
        return queues.isAll() ? names : names + "@" + String.join("|", queues.patterns());
    }
}
