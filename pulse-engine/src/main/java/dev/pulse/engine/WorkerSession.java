package dev.pulse.engine;

import dev.pulse.model.Assignment;
import dev.pulse.model.LeaseToken;
import dev.pulse.model.SessionSpec;
import dev.pulse.store.Ended;
import dev.pulse.store.Report;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

/**
 * One connection of one session to this server. Any thread. Its futures complete on threads of the engine: what is chained
 * to them must not block.
 */
public final class WorkerSession {
    private final SessionState state;
    private final Sessions sessions;

    WorkerSession(SessionState state, Sessions sessions) {
        this.state = state;
        this.sessions = sessions;
    }

    public UUID id() {
        return state.id;
    }

    public SessionSpec spec() {
        return state.spec();
    }

    /** For workers with a stream: adds free slots; each assignment uses one up. */
    public void grant(int credits) {
        sessions.grant(state, this, credits);
    }

    /**
     * For workers without a stream: completes with at least one job, or with none when the wait is over. Counts as a sign
     * of life. A caller that gives up cancels the future, and what was claimed for it goes elsewhere.
     *
     * @param wait 0 to 30 s; with 0 the store is looked into once
     */
    public CompletableFuture<List<Assignment>> claim(int max, Duration wait) {
        return sessions.claim(state, max, wait);
    }

    /**
     * Reports outcomes; answers in their order. Counts as a sign of life. Where it fails with a retryable error, the same
     * reports are to be told again: that is safe.
     */
    public CompletableFuture<List<Ended>> report(List<Report> reports) {
        return sessions.report(state, reports);
    }

    /**
     * Renews the lease and names all that the worker holds; what never arrived is handed back (E4). A door whose messages
     * may lie unread adds what its worker had not read yet, see {@link Deliveries}.
     */
    public CompletableFuture<Beat> heartbeat(Set<LeaseToken> held) {
        return sessions.heartbeat(state, held);
    }

    /** An attempt was ended in a transaction that committed: no report of it follows, and no heartbeat names it. */
    public void endedElsewhere(LeaseToken token) {
        state.endedElsewhere(token);
    }

    /** Renews the lease of a worker that does not say what it holds. */
    public CompletableFuture<Beat> heartbeat() {
        return sessions.heartbeat(state);
    }

    /** The connection is gone: nothing more is delivered to it; the lease goes on, and the session may come back. */
    public void detach() {
        sessions.detach(state, this);
    }

    /** Hands back all that the session holds and ends it. */
    public CompletableFuture<Void> close() {
        return sessions.close(state);
    }
}
