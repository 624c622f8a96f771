package dev.pulse.store;

import java.util.List;
import java.util.UUID;

/**
 * What a sweep found.
 *
 * @param sessions the sessions ended because their lease lapsed
 * @param jobs what became of the jobs that they held
 * @param braked how many lapsed sessions were left alone because too many lapsed at once
 */
public record Swept(List<UUID> sessions, List<Ended> jobs, int braked) {
    public static final Swept NOTHING = new Swept(List.of(), List.of(), 0);
}
