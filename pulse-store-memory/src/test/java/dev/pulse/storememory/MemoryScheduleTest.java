package dev.pulse.storememory;

import dev.pulse.store.ScheduleContract;
import dev.pulse.store.StoreFixture;

class MemoryScheduleTest extends ScheduleContract {
    @Override
    protected StoreFixture fixture() {
        return new MemoryFixture();
    }
}
