package dev.pulse.store;

import dev.pulse.model.SessionInfo;
import dev.pulse.model.SessionSpec;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** Where leases are kept: one row per session, renewed as a whole, whatever it holds. */
public interface SessionStore {
    /**
     * Opens a session, or takes up one after a reconnect: then the spec replaces the old one. One whose lease lapsed and that
     * nobody has swept lives on, with all that it holds.
     *
     * @return whether it was there before, so that it may hold what its worker does not know of
     * @throws dev.pulse.model.PulseException with SESSION_ENDED where the session was ended before; it is never revived.
     *     SESSION_NOT_FOUND where it is another owner's; one that nobody owns is the first one's who names it
     */
    boolean open(SessionSpec spec);

    /** Extends the leases; returns those still alive. The others have ended or never were. */
    Set<UUID> heartbeat(Set<UUID> sessions);

    /** The cancels asked of these sessions and not carried out yet. */
    List<CancelRequest> cancelRequests(Set<UUID> sessions);

    /** What a session holds. One pass over the running turns: for reconnects, not for each heartbeat. */
    List<Held> heldBy(UUID session);

    /** Ends a session. Its turns stay with it until they are ended or swept: hand them back first. */
    void close(UUID session);

    /** The sessions that are alive. */
    List<SessionInfo> sessions();

    /** One session that is alive, or empty. */
    Optional<SessionSpec> find(UUID session);

    /**
     * Ends sessions whose lease has lapsed by the store's clock, and through the decider the attempts that they held, at
     * most {@code limit} sessions. When more than a fifth of the sessions, and at least three, have lapsed at once, only
     * one is ended: something else is wrong. Does nothing where {@code term} is not the leader's any more.
     *
     */
    Swept sweep(Term term, int limit, Decider decider);
}
