package dev.pulse.engine;

import dev.pulse.model.JobCounts;
import dev.pulse.model.LineInfo;
import dev.pulse.model.SessionInfo;
import dev.pulse.model.SubscriptionInfo;
import dev.pulse.model.Switches;
import dev.pulse.store.Vitals;
import java.time.Duration;
import java.util.List;

/**
 * What stood in the store, counted not long ago: the part of metrics and health that costs the database something.
 *
 * @param counts jobs by type and status
 * @param queues what waits in each queue
 * @param types what waits of each type
 * @param switches what is paused and limited
 * @param sessions the living sessions of all servers
 * @param subscriptions the durable consumers of events
 * @param vitals the database itself
 * @param clockSkew how far this machine's clock is ahead of the database's; below zero where it is behind
 * @param took what the count cost
 */
public record Census(
        JobCounts counts,
        List<LineInfo> queues,
        List<LineInfo> types,
        Switches switches,
        List<SessionInfo> sessions,
        List<SubscriptionInfo> subscriptions,
        Vitals vitals,
        Duration clockSkew,
        Duration took) {
    public Census {
        queues = List.copyOf(queues);
        types = List.copyOf(types);
        sessions = List.copyOf(sessions);
        subscriptions = List.copyOf(subscriptions);
    }
}
