package dev.pulse.storememory;

import dev.pulse.store.BundleContract;
import dev.pulse.store.StoreFixture;

final class MemoryBundleTest extends BundleContract {
    @Override
    protected StoreFixture fixture() {
        return new MemoryFixture();
    }
}
