package dev.pulse.storememory;

import dev.pulse.store.AccessContract;
import dev.pulse.store.StoreFixture;

final class MemoryAccessTest extends AccessContract {
    @Override
    protected StoreFixture fixture() {
        return new MemoryFixture();
    }
}
