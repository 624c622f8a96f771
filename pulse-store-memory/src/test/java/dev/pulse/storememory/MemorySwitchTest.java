package dev.pulse.storememory;

import dev.pulse.store.StoreFixture;
import dev.pulse.store.SwitchStoreContract;

class MemorySwitchTest extends SwitchStoreContract {
    @Override
    protected StoreFixture fixture() {
        return new MemoryFixture();
    }
}
