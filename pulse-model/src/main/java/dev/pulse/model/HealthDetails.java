package dev.pulse.model;

import dev.pulse.model.HealthCheck.Level;
import java.util.List;

/**
 * How a server and what it stands on are, for people and programs.
 *
 * @param live whether its threads make progress; a server that is not live should be restarted
 * @param ready whether it can take work: a write to the database succeeded just now
 * @param leader whether it leads the servers
 * @param checks all that was looked at, in a fixed order
 */
public record HealthDetails(boolean live, boolean ready, boolean leader, List<HealthCheck> checks) {
    public HealthDetails {
        checks = List.copyOf(checks);
    }

    /** The worst of all checks. */
    public Level level() {
        return checks.stream().map(HealthCheck::level).max(Level::compareTo).orElse(Level.OK);
    }
}
