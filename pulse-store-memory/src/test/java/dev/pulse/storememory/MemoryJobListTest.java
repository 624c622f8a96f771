package dev.pulse.storememory;

import dev.pulse.store.JobListContract;
import dev.pulse.store.StoreFixture;

final class MemoryJobListTest extends JobListContract {
    @Override
    protected StoreFixture fixture() {
        return new MemoryFixture();
    }
}
