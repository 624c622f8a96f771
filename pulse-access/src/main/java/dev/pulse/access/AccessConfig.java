package dev.pulse.access;

import dev.pulse.model.Rights;
import java.util.List;
import java.util.Map;

/**
 * Who may sign in. Nobody is there unless somebody has named them: there is no standard user and no standard password.
 *
 * @param users with their secrets, which nothing shows
 * @param certificates what the names in verified certificates may do; one that is not here may do nothing
 * @param plaintextAllowed whether credentials are taken from other machines over connections that anybody on the way can read
 * @param throttle how guessing is slowed down
 */
public record AccessConfig(
        List<User> users, Map<String, Rights> certificates, boolean plaintextAllowed, ThrottleConfig throttle) {
    public static final AccessConfig OPEN = new AccessConfig(List.of(), Map.of(), false, ThrottleConfig.DEFAULT);

    public AccessConfig {
        users = List.copyOf(users);
        certificates = Map.copyOf(certificates);
    }

    /** Whether nobody has to sign in, and everybody may do everything. */
    public boolean isOpen() {
        return users.isEmpty() && certificates.isEmpty();
    }
}
