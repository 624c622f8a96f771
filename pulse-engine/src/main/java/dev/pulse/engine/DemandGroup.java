package dev.pulse.engine;

import dev.pulse.model.Scope;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Sessions that serve the same types and queues: one claim serves them all (E7). */
final class DemandGroup {
    record Key(Set<String> types, Set<String> queues) {
        boolean serves(String type, String queue) {
            return types.contains(type) && (queues.isEmpty() || queues.contains(queue));
        }
    }

    final Key key;

    /** Replaced as a whole when somebody comes or goes; read by the claimer. */
    volatile List<SessionState> members = List.of();

    /** Set by whoever must not be answered from memory, after it made its wish known: the next claim asks the store. */
    volatile boolean eager = true;

    /** What only the claimer reads and writes. */
    final View view = new View();

    DemandGroup(Key key) {
        this.key = key;
    }

    int demand(long now) {
        int sum = 0;
        for (SessionState member : members) {
            sum += member.demand(now);
        }
        return sum;
    }

    /** The claimer's memory of a group. */
    static final class View {
        /** Whether the last claim found less than was asked for and no signal came since. */
        boolean dry;
        /** Which version of the lanes the lists below were made from. */
        int lanesVersion = -1;

        /** Which version of the switches they were made from. */
        long switchesVersion = -1;
        /** The limits that its lanes stand under; lanes without any are not named. */
        Map<Integer, Set<Scope>> limits = Map.of();

        List<LaneBook.Entry> lanes = List.of();
        List<LaneBook.Entry> suspects = List.of();
        boolean suspectsReady = true;
        long suspectsAt;
        /** Where the last round robin stopped. */
        int turn;
    }
}
