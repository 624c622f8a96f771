package dev.pulse.storememory;

import dev.pulse.model.OutcomePolicy;
import dev.pulse.store.Decider;
import dev.pulse.store.StoreFixture;
import dev.pulse.store.Stores;
import java.time.Duration;
import java.util.Random;

/** The memory store under test. */
final class MemoryFixture implements StoreFixture {
    private final SettableClock clock = new SettableClock();
    private final Stores stores = new MemoryStores(clock, new Random(11)).stores();
    private final OutcomePolicy policy = new OutcomePolicy(new Random(13));

    @Override
    public Stores stores() {
        return stores;
    }

    @Override
    public void advance(Duration time) {
        clock.advance(time);
    }

    @Override
    public Decider decider() {
        return policy::decide;
    }
}
