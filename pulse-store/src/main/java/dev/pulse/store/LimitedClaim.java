package dev.pulse.store;

import dev.pulse.model.Scope;
import java.util.Map;
import java.util.Set;

/**
 * A claim on lanes of which some stand under limits.
 *
 * @param limits per limited lane the queue or type, or both, whose limits hold it; a lane that is absent is free
 */
public record LimitedClaim(Claim claim, Map<Integer, Set<Scope>> limits) {
    public LimitedClaim {
        limits = Map.copyOf(limits);
    }
}
