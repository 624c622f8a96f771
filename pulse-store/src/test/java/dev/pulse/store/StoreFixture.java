package dev.pulse.store;

import java.time.Duration;

/** A store under test, empty at first. Each test opens one and closes it. */
public interface StoreFixture extends AutoCloseable {
    Stores stores();

    /**
     * Moves the store's clock forward. The clock may run on by itself meanwhile: the contracts keep minutes away from
     * every moment that matters.
     */
    void advance(Duration time);

    /** The law, with dice that are the same in every run. */
    Decider decider();

    @Override
    default void close() {}
}
