package dev.pulse.storepostgres;

import dev.pulse.model.PulseException;
import dev.pulse.model.Submission;
import dev.pulse.store.Lane;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The lanes as this replica knows them. A lane is committed, on a connection of its own, before the first job that stands
 * in it, and never changes: a cached one is always right. Thread-safe.
 */
final class LaneRegistry {
    /** Distinct priorities of one type and queue: more of them make each claim visit more lanes than it grants jobs. */
    static final int MAX_PRIORITIES = 1_000;

    /** What makes a lane. */
    record Key(String queue, String type, int priority, boolean suspect) {
        static Key of(Submission job) {
            return new Key(job.queue(), job.type(), job.priority(), false);
        }

        Key asSuspect() {
            return new Key(queue, type, priority, true);
        }
    }

    private final Database database;
    private volatile Map<Key, Lane> lanes = Map.of();

    LaneRegistry(Database database) {
        this.database = database;
    }

    /** Reads all lanes again. */
    List<Lane> refresh() {
        List<Lane> all = database.read(calls -> calls.sql(Statement.LANE_LIST).list(LaneRegistry::lane));
        keep(all.stream()
                .collect(Collectors.toUnmodifiableMap(
                        lane -> new Key(lane.queue(), lane.type(), lane.priority(), lane.suspect()), lane -> lane)));
        return all;
    }

    /** Lanes only grow in number: what was read earlier but arrives later must not make a lane unknown again. */
    private synchronized void keep(Map<Key, Lane> read) {
        if (read.size() >= lanes.size()) {
            lanes = read;
        }
    }

    /** The number of a lane that {@link #ensure} made known. */
    int number(Key key) {
        Lane lane = lanes.get(key);
        if (lane == null) {
            throw new IllegalStateException("lane not registered: " + key);
        }
        return lane.number();
    }

    /** The key of a lane by its number, in the cache or read again. */
    Key key(int number) {
        for (int tries = 0; tries < 2; tries++) {
            for (Map.Entry<Key, Lane> entry : lanes.entrySet()) {
                if (entry.getValue().number() == number) {
                    return entry.getKey();
                }
            }
            refresh();
        }
        throw new IllegalStateException("no lane has the number " + number);
    }

    /** Registers the lanes that are missing. */
    void ensure(Collection<Key> wanted) {
        if (lanes.keySet().containsAll(wanted)) {
            return;
        }
        refresh();
        Set<Key> missing = new LinkedHashSet<>(wanted);
        missing.removeAll(lanes.keySet());
        if (missing.isEmpty()) {
            return;
        }
        checkPriorities(missing);
        List<Key> keys = List.copyOf(missing);
        database.write(calls -> calls.sql(Statement.LANE_ADD)
                .setColumn("queues", "text", keys, Key::queue)
                .setColumn("types", "text", keys, Key::type)
                .setColumn("priorities", "int4", keys, Key::priority)
                .setColumn("suspects", "bool", keys, Key::suspect)
                .update());
        refresh();
    }

    private void checkPriorities(Set<Key> missing) {
        Map<String, Integer> priorities = new HashMap<>();
        lanes.keySet().forEach(key -> priorities.merge(key.queue() + "/" + key.type(), 1, Integer::sum));
        for (Key key : missing) {
            int count = priorities.merge(key.queue() + "/" + key.type(), 1, Integer::sum);
            if (count > MAX_PRIORITIES) {
                throw PulseException.invalid(
                        "priority",
                        "type " + key.type() + " in queue " + key.queue() + " uses " + MAX_PRIORITIES
                                + " distinct priorities already; use one of them");
            }
        }
    }

    private static Lane lane(ResultSet row) throws SQLException {
        return new Lane(
                row.getInt("number"),
                row.getString("queue"),
                row.getString("type"),
                row.getInt("priority"),
                row.getBoolean("suspect"));
    }
}
