package dev.pulse.engine;

import dev.pulse.store.CancelRequest;
import java.util.List;

/**
 * The answer to a heartbeat.
 *
 * @param cancel the jobs whose handlers are to be stopped; named again until they have ended
 * @param drain whether the server asks the worker to finish what it runs and leave
 */
public record Beat(List<CancelRequest> cancel, boolean drain) {
    public Beat {
        cancel = List.copyOf(cancel);
    }
}
