package dev.pulse.store;

import java.util.List;

/** How the store itself is, for health and metrics. Thread-safe. */
public interface VitalsStore {
    /**
     * Asks the store; a few bounded looks, cut off after seconds. Never for a hot path.
     *
     * @throws dev.pulse.model.PulseException DATABASE_UNAVAILABLE or another trouble of the store
     */
    Vitals read();

    /** The pools of connections as they are at this moment; asks nobody. Empty where there are none. */
    List<PoolState> pools();
}
