package dev.pulse.storememory;

import dev.pulse.store.JobStoreContract;
import dev.pulse.store.StoreFixture;

final class MemoryJobTest extends JobStoreContract {
    @Override
    protected StoreFixture fixture() {
        return new MemoryFixture();
    }
}
