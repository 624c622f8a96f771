package dev.pulse.storememory;

import dev.pulse.store.EventContract;
import dev.pulse.store.StoreFixture;

final class MemoryEventTest extends EventContract {
    @Override
    protected StoreFixture fixture() {
        return new MemoryFixture();
    }
}
