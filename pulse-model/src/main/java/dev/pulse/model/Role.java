package dev.pulse.model;

import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What a user or an API key is for. A credential may have more than one; then it may do what any of them may. */
public enum Role {
    VIEWER(Permission.READ),
    PRODUCER(Permission.READ, Permission.SUBMIT),
    WORKER(Permission.WORK),
    OPERATOR(Permission.READ, Permission.SUBMIT, Permission.OPERATE),
    ADMIN(Permission.values());

    private final Set<Permission> permissions;

    Role(Permission... permissions) {
        this.permissions = Set.of(permissions);
    }

    /** As it is written at every door. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * The role of that name.
     *
     * @throws IllegalArgumentException with the names that there are
     */
    public static Role fromWire(String wireName) {
        for (Role role : values()) {
            if (role.wireName().equals(wireName)) {
                return role;
            }
        }
        throw new IllegalArgumentException(
                "one of " + names(List.of(values())) + " is expected, got \"" + wireName + "\"");
    }

    public Set<Permission> permissions() {
        return permissions;
    }

    /** What the roles allow together. */
    public static Set<Permission> permissions(Set<Role> roles) {
        Set<Permission> all = EnumSet.noneOf(Permission.class);
        roles.forEach(role -> all.addAll(role.permissions));
        return all;
    }

    /** The roles that allow it, for messages. */
    public static String allowing(Permission permission) {
        return names(Stream.of(values())
                .filter(role -> role.permissions.contains(permission))
                .toList());
    }

    private static String names(List<Role> roles) {
        return roles.stream().map(Role::wireName).collect(Collectors.joining(", "));
    }
}
