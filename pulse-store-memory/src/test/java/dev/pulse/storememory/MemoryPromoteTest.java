package dev.pulse.storememory;

import dev.pulse.store.PromoteContract;
import dev.pulse.store.StoreFixture;

final class MemoryPromoteTest extends PromoteContract {
    @Override
    protected StoreFixture fixture() {
        return new MemoryFixture();
    }
}
