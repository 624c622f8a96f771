package dev.pulse.storememory;

import dev.pulse.store.StandingContract;
import dev.pulse.store.StoreFixture;

class MemoryStandingTest extends StandingContract {
    @Override
    protected StoreFixture fixture() {
        return new MemoryFixture();
    }
}
