package dev.pulse.testing;

import dev.pulse.store.Stores;
import dev.pulse.storememory.MemoryStores;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Random;

/** Where one test keeps its jobs. Nobody else sees them. */
interface TestStore extends AutoCloseable {
    Stores stores();

    /** The test's clock was moved; a store with a clock of its own follows. */
    void clockIs(Instant now);

    /** For people who look for the jobs of a failed test. */
    String place();

    @Override
    void close();

    static TestStore inMemory(InstantSource clock, long seed) {
        Stores stores = new MemoryStores(clock, new Random(seed)).stores();
        return new TestStore() {
            @Override
            public Stores stores() {
                return stores;
            }

            @Override
            public void clockIs(Instant now) {
                // it reads the test's clock itself
            }

            @Override
            public String place() {
                return "memory";
            }

            @Override
            public void close() {
                // nothing is left but garbage
            }
        };
    }
}
