package dev.pulse.store;

import java.util.Map;
import java.util.function.Consumer;

/**
 * Tells other replicas that lanes got work. A hint may be late, doubled or lost: it saves waiting time and decides
 * nothing. Thread-safe; announcing never blocks.
 */
public interface Hints extends AutoCloseable {
    /** A place above every lower bound: the lane got work behind all that it had. */
    long AT_THE_END = Long.MAX_VALUE;

    /**
     * Tells the others, now or gathered with what follows within a tenth of a second.
     *
     * @param lowest the lowest place that got work in each lane, or {@link #AT_THE_END}
     */
    void announce(Map<Integer, Long> lowest);

    /** Calls back with the lanes that another replica announced, on a thread of the hints. Called once, at start. */
    void listen(Consumer<Map<Integer, Long>> onHint);

    /** Whether hints of others arrive. */
    enum Hearing {
        /** They do. */
        WORKING,
        /** They should, but the connection is lost for now. */
        LOST,
        /** They cannot here, as behind a pooler; this replica finds work by asking. */
        OFF
    }

    /** Whether hints of others arrive at this moment. */
    default Hearing hearing() {
        return Hearing.WORKING;
    }

    @Override
    void close();
}
