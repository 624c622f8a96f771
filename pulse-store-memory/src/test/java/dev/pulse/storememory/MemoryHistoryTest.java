package dev.pulse.storememory;

import dev.pulse.store.HistoryContract;
import dev.pulse.store.StoreFixture;

final class MemoryHistoryTest extends HistoryContract {
    @Override
    protected StoreFixture fixture() {
        return new MemoryFixture();
    }
}
