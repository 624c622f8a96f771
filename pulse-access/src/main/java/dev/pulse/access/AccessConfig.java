package dev.pulse.access;

import java.util.List;

/**
 * Who may sign in. Nobody is there unless somebody has named them: there is no standard user and no standard password.
 *
 * @param users none means that nobody has to sign in and everybody may do everything
 * @param plaintextAllowed whether credentials are taken from other machines over connections that anybody on the way can read
 */
public record AccessConfig(List<User> users, boolean plaintextAllowed) {
    public static final AccessConfig OPEN = new AccessConfig(List.of(), false);

    public AccessConfig {
        users = List.copyOf(users);
    }

    /** Whether nobody has to sign in. */
    public boolean isOpen() {
        return users.isEmpty();
    }
}
