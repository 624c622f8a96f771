package dev.pulse.server;

import dev.pulse.access.Access;
import dev.pulse.engine.Engine;
import dev.pulse.engine.SessionListener;
import dev.pulse.engine.WorkerSession;
import dev.pulse.model.ErrorCode;
import dev.pulse.model.LeaseToken;
import dev.pulse.model.Note;
import dev.pulse.model.PulseException;
import dev.pulse.model.SessionSpec;
import dev.pulse.store.Ended;
import dev.pulse.store.Report;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

/**
 * Sessions of workers. One belongs to the credential that opened it, on whichever server; another's is answered like one
 * that is not there, and the audit log tells who asked for it. What a session holds is besides guarded by its tokens (I3).
 * May block.
 */
final class SessionDesk {
    private final Engine engine;
    private final Access access;

    SessionDesk(Engine engine, Access access) {
        this.engine = engine;
        this.access = access;
    }

    /** Opens a session for a worker without a stream. */
    WorkerSession open(SessionSpec asked) {
        return engine.open(own(asked));
    }

    /** Opens a session for a worker with a stream, or takes up its own. */
    WorkerSession attach(SessionSpec asked, Set<LeaseToken> held, SessionListener listener) {
        SessionSpec own = own(asked);
        try {
            return engine.attach(own, held, listener);
        } catch (PulseException e) {
            if (e.code() == ErrorCode.SESSION_NOT_FOUND) {
                misused(asked.id());
            }
            throw e;
        }
    }

    WorkerSession require(UUID id) {
        return engine.session(id, this::isMine);
    }

    /** Reports on a session, or on one that is gone: then the tokens decide. */
    CompletableFuture<List<Ended>> report(UUID id, List<Report> reports) {
        return engine.report(id, reports, this::isMine);
    }

    /** Each note carries the token of its attempt. */
    void note(List<Note> notes) {
        engine.note(notes);
    }

    /** The session as it is opened: the caller's, in the caller's queues. */
    private SessionSpec own(SessionSpec asked) {
        SessionSpec own = asked.ownedBy(access.caller().name());
        if (access.queues().isAll()) {
            return own;
        }
        own.queues().forEach(access::requireQueue);
        if (!own.queues().isEmpty()) {
            return own;
        }
        if (!access.queues().isListed()) {
            throw new PulseException(
                    ErrorCode.FORBIDDEN,
                    access.caller().name() + " may work for the queues " + access.queues()
                            + " only: name those to work for as queues");
        }
        return own.inQueues(access.queues().patterns());
    }

    /** A session of nobody is of a time when nobody signed in: it is left to those who may use every queue. */
    private boolean isMine(SessionSpec session) {
        boolean mine = session.owner().isEmpty()
                ? access.queues().isAll()
                : session.owner().equals(access.caller().name())
                        && (access.queues().isAll()
                                || !session.queues().isEmpty()
                                        && access.queues().covers(session.queues()));
        if (!mine) {
            misused(session.id());
        }
        return mine;
    }

    private void misused(UUID session) {
        engine.denied(access.caller(), "session.use", session.toString());
    }
}
