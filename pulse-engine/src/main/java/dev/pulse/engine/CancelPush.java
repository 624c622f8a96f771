package dev.pulse.engine;

import dev.pulse.store.CancelRequest;
import dev.pulse.store.SessionStore;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells the workers of this server at once that jobs of theirs were canceled. Any thread. */
final class CancelPush {
    private static final Logger log = LoggerFactory.getLogger(CancelPush.class);

    private final SessionStore store;
    private final SessionRegistry registry;

    CancelPush(SessionStore store, SessionRegistry registry) {
        this.store = store;
        this.registry = registry;
    }

    /** The next heartbeat would tell it too: a failure here only costs time. */
    void tell(Set<UUID> sessions) {
        for (UUID session : sessions) {
            registry.find(session).ifPresent(state -> tell(session, state));
        }
    }

    private void tell(UUID session, SessionState state) {
        try {
            List<CancelRequest> requests = store.cancelRequests(Set.of(session));
            state.tellCancel(requests);
        } catch (RuntimeException e) {
            log.debug("session {} will learn of a cancel by its next heartbeat", session, e);
        }
    }
}
