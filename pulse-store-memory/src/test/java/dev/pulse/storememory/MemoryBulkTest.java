package dev.pulse.storememory;

import dev.pulse.store.BulkContract;
import dev.pulse.store.StoreFixture;

final class MemoryBulkTest extends BulkContract {
    @Override
    protected StoreFixture fixture() {
        return new MemoryFixture();
    }
}
