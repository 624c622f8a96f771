package dev.pulse.storememory;

import dev.pulse.store.RetentionContract;
import dev.pulse.store.StoreFixture;

final class MemoryRetentionTest extends RetentionContract {
    @Override
    protected StoreFixture fixture() {
        return new MemoryFixture();
    }
}
