package dev.pulse.storememory;

import dev.pulse.store.StoreFixture;
import dev.pulse.store.StoreRaceContract;

final class MemoryRaceTest extends StoreRaceContract {
    @Override
    protected StoreFixture fixture() {
        return new MemoryFixture();
    }
}
