package dev.pulse.storememory;

import dev.pulse.model.OutcomePolicy;
import dev.pulse.store.Decider;
import dev.pulse.store.StoreFixture;
import dev.pulse.store.Stores;
import java.time.Duration;
import java.time.Instant;
import java.util.Random;

/** The walk itself, with the memory store on both sides; the tested one's clock runs on, as a database's does. */
final class MemoryModelTest extends StoreModelContract {
    @Override
    protected StoreFixture fixture() {
        return new Running();
    }

    private static final class Running implements StoreFixture {
        private final SettableClock clock = new SettableClock();
        private final Stores stores = new MemoryStores(this::tick, new Random(17)).stores();
        private final OutcomePolicy policy = new OutcomePolicy(new Random(19));

        private Instant tick() {
            clock.advance(Duration.ofNanos(1_000));
            return clock.instant();
        }

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
}
