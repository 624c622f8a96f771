package dev.pulse.store;

import dev.pulse.model.ServerInfo;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** What the replicas share: who is there, who leads, and what the clock says. */
public interface ServerStore {
    /** Registers or renews a replica, and forgets those not seen for a long time. A real write: health stands on it. */
    void beat(UUID server, String name, String version);

    /** Removes a replica that stops in good order, with its leadership. */
    void leave(UUID server);

    List<ServerInfo> servers();

    /** Takes or keeps leadership for {@code ttl}; empty while another replica has it. */
    Optional<Term> lead(UUID server, Duration ttl);

    /**
     * Pushes every lease forward: none lapses before a whole lease time from now has passed. For outages in which nobody
     * could heartbeat.
     */
    void raiseLeaseFloor();

    /**
     * Pushes every lease forward where no replica has been seen for {@code silence}: nobody could heartbeat meanwhile.
     *
     * @return whether it did
     */
    boolean raiseLeaseFloorAfter(Duration silence);

    /** Housekeeping of the leader: days made ahead, ended sessions and stale requests forgotten. Bounded. */
    void tidy(Term term);

    /** The store's clock. */
    Instant now();
}
