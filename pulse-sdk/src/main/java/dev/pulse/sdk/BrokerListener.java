package dev.pulse.sdk;

import dev.pulse.model.Assignment;
import dev.pulse.model.LeaseToken;
import dev.pulse.model.PulseException;
import java.util.List;
import java.util.Set;

/** What a broker tells the runtime about one session. No method blocks; calls for one session come one after another. */
public interface BrokerListener {
    /** A connection is about to say hello: the answer is what the worker still holds. The lease counts from here. */
    Set<LeaseToken> connecting();

    /** The session stands on a new connection, with no credits. */
    void connected();

    /** The connection is gone, and with it the credits; the broker is connecting anew. */
    void disconnected(PulseException cause);

    void assigned(List<Assignment> jobs);

    /** Somebody asked to cancel these attempts. */
    void cancel(Set<LeaseToken> tokens);

    /** This connection will give no more work; another will follow. */
    void drain();

    /** The session is over: its handlers must stop. Nothing is called after this. */
    void ended(String reason);

    /** The session was refused in a way that trying again cannot mend. Nothing is called after this. */
    void refused(PulseException reason);
}
