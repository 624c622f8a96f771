package dev.pulse.sdk;

import dev.pulse.model.LeaseToken;
import java.util.Set;

/**
 * The answer to a heartbeat.
 *
 * @param cancel attempts that somebody asked to cancel
 * @param drain whether this connection will give no more work
 */
public record Heartbeat(Set<LeaseToken> cancel, boolean drain) {
    public Heartbeat {
        cancel = Set.copyOf(cancel);
    }
}
