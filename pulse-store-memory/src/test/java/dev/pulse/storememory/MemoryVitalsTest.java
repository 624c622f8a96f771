package dev.pulse.storememory;

import dev.pulse.store.StoreFixture;
import dev.pulse.store.VitalsContract;

final class MemoryVitalsTest extends VitalsContract {
    @Override
    protected StoreFixture fixture() {
        return new MemoryFixture();
    }
}
