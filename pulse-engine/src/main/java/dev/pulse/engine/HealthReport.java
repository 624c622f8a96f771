package dev.pulse.engine;

import java.util.List;

/**
 * How this server is.
 *
 * @param live whether its threads make progress; a server that is not live should be restarted
 * @param ready whether it can take work: live, not draining, and a write to the store succeeded just now
 * @param leader whether it leads the replicas
 * @param problems what is wrong, for a person; empty when ready
 */
public record HealthReport(boolean live, boolean ready, boolean leader, List<String> problems) {
    public HealthReport {
        problems = List.copyOf(problems);
    }
}
