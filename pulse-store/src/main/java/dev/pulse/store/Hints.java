package dev.pulse.store;

import java.util.Set;
import java.util.function.Consumer;

/**
 * Tells other replicas that lanes got work. A hint may be late, doubled or lost: it saves waiting time and decides
 * nothing. Thread-safe; announcing never blocks.
 */
public interface Hints extends AutoCloseable {
    /** Tells the others, now or gathered with what follows within a tenth of a second. */
    void announce(Set<Integer> lanes);

    /** Calls back with the lanes that another replica announced, on a thread of the hints. Called once, at start. */
    void listen(Consumer<Set<Integer>> onHint);

    @Override
    void close();
}
