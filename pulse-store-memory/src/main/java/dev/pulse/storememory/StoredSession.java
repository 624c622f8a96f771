package dev.pulse.storememory;

import dev.pulse.model.SessionSpec;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** One session. Touched under the lock of {@link Tables}. */
final class StoredSession {
    final Instant startedAt;
    SessionSpec spec;
    Instant lastHeartbeat;
    /** Set once: an ended session is never revived. */
    @Nullable
    Instant endedAt;

    StoredSession(SessionSpec spec, Instant now) {
        this.spec = spec;
        this.startedAt = now;
        this.lastHeartbeat = now;
    }

    boolean isEnded() {
        return endedAt != null;
    }

    /** When the lease ends: one whole lease after the last heartbeat, or after the floor, whichever is later. */
    Instant leaseEnd(Instant floor) {
        Instant from = lastHeartbeat.isBefore(floor) ? floor : lastHeartbeat;
        return from.plus(spec.leaseTtl());
    }

    boolean isLapsed(Instant floor, Instant now) {
        return !now.isBefore(leaseEnd(floor));
    }
}
