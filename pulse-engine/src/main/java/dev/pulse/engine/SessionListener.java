package dev.pulse.engine;

import dev.pulse.model.Assignment;
import dev.pulse.store.CancelRequest;
import java.util.List;

/**
 * What a connected session is told. Called on threads of the engine, several at a time: it must be thread-safe and must
 * not block. What {@link #assigned} throws hands the jobs back.
 */
public interface SessionListener {
    /** Jobs granted; each used up one credit. One call at a time for one listener. */
    void assigned(List<Assignment> jobs);

    /** Jobs whose handlers are to be stopped; told again by heartbeats until they have ended. */
    void cancel(List<CancelRequest> requests);

    /** The server is leaving: finish what runs, hand back the rest, ask for no more. */
    void drain();

    /** Nothing more will come, and what is held is held no more. */
    void ended(String reason);
}
