package dev.pulse.sdk;

import dev.pulse.model.SessionSpec;

/**
 * The one seam between the worker runtime and wherever work comes from. A broker only carries: what to run, how often to
 * repeat a report and when to give up is the runtime's business.
 */
public interface Broker {
    /**
     * Opens a session and keeps it connected, over as many connections as it takes, until it is closed or ended. Returns
     * at once; nothing is called back before it has returned.
     */
    BrokerSession open(SessionSpec spec, BrokerListener listener);
}
