package dev.pulse.server;

import dev.pulse.access.Access;
import dev.pulse.model.Permission;
import org.jspecify.annotations.Nullable;

/**
 * What a route or method asks of its caller before it looks at anything else. Every one has a rule; there is no default.
 *
 * @param isPublic whether nobody has to sign in
 * @param permission null where it is enough to have signed in
 */
record Rule(boolean isPublic, @Nullable Permission permission, Reach reach) {
    /** What a route or method touches. */
    enum Reach {
        /** No queue's contents. */
        NONE,
        /** Things that belong to a queue each: the handler asks for each whether the caller's queues cover it. */
        QUEUES,
        /** What belongs to no queue, or to all: callers who are narrowed to some are refused. */
        SYSTEM
    }

    /** For anybody. */
    static final Rule PUBLIC = new Rule(true, null, Reach.NONE);
    /** For whoever has signed in. */
    static final Rule SIGNED_IN = new Rule(false, null, Reach.NONE);

    static Rule anywhere(Permission permission) {
        return new Rule(false, permission, Reach.NONE);
    }

    static Rule inQueues(Permission permission) {
        return new Rule(false, permission, Reach.QUEUES);
    }

    static Rule system(Permission permission) {
        return new Rule(false, permission, Reach.SYSTEM);
    }

    /** Refuses callers who may not come in here at all. */
    void check(Access access) {
        if (permission != null) {
            access.require(permission);
        }
        if (reach == Reach.SYSTEM) {
            access.requireAllQueues();
        }
    }
}
