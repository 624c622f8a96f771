package dev.pulse.storememory;

import dev.pulse.store.Term;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Who leads. Touched under the lock of {@link Tables}. A wrong belief can only waste work: each act asks again. */
final class Leadership {
    private final Tables tables;
    private @Nullable Term term;
    private Instant until = Instant.EPOCH;
    private long lastNumber;

    Leadership(Tables tables) {
        this.tables = tables;
    }

    Optional<Term> lead(UUID server, Duration ttl) {
        Term current = current();
        if (current != null && !current.server().equals(server)) {
            return Optional.empty();
        }
        Term kept = current != null ? current : new Term(server, ++lastNumber);
        term = kept;
        until = tables.now().plus(ttl);
        return Optional.of(kept);
    }

    void resign(UUID server) {
        if (isLeader(server)) {
            term = null;
        }
    }

    boolean isLeader(UUID server) {
        Term current = current();
        return current != null && current.server().equals(server);
    }

    boolean holds(Term claimed) {
        return claimed.equals(current());
    }

    private @Nullable Term current() {
        return tables.now().isBefore(until) ? term : null;
    }
}
