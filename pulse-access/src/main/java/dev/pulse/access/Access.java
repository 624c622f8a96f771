package dev.pulse.access;

import dev.pulse.model.Caller;
import dev.pulse.model.ErrorCode;
import dev.pulse.model.Permission;
import dev.pulse.model.PulseException;
import dev.pulse.model.QueueSet;
import dev.pulse.model.Role;
import java.util.Set;

/**
 * Somebody who has signed in, and what they may do. Every call at a door has one; what it does not allow is forbidden.
 *
 * @param caller for the audit log
 * @param roles none for {@link #nobody}
 * @param queues where the roles hold; what belongs to no queue needs them all
 */
public record Access(Caller caller, Set<Role> roles, QueueSet queues) {
    public Access {
        roles = Set.copyOf(roles);
    }

    /** Somebody who has not signed in and may do nothing but what is public. */
    public static Access nobody(String from) {
        return new Access(new Caller("nobody", from), Set.of(), QueueSet.ALL);
    }

    public boolean allows(Permission permission) {
        return Role.permissions(roles).contains(permission);
    }

    /**
     * Refuses a caller without that permission.
     *
     * @throws PulseException FORBIDDEN, naming the roles that have it
     */
    public void require(Permission permission) {
        if (!allows(permission)) {
            throw new PulseException(
                    ErrorCode.FORBIDDEN,
                    caller.name() + " may not do this; it needs one of the roles " + Role.allowing(permission));
        }
    }

    /**
     * Refuses a caller who is narrowed to some queues, for what concerns all of them.
     *
     * @throws PulseException FORBIDDEN
     */
    public void requireAllQueues() {
        if (!queues.isAll()) {
            throw new PulseException(
                    ErrorCode.FORBIDDEN,
                    caller.name() + " may act on the queues " + queues + " only, and this concerns every queue");
        }
    }

    /**
     * Refuses a queue that the caller named and may not use.
     *
     * @throws PulseException FORBIDDEN
     */
    public void requireQueue(String queue) {
        if (!sees(queue)) {
            throw new PulseException(
                    ErrorCode.FORBIDDEN, caller.name() + " may not use the queue " + queue + "; allowed: " + queues);
        }
    }

    /** Whether what is in that queue exists for the caller; what does not is answered like what is not there. */
    public boolean sees(String queue) {
        return queues.covers(queue);
    }
}
