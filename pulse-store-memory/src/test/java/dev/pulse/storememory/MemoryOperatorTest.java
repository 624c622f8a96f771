package dev.pulse.storememory;

import dev.pulse.store.OperatorActContract;
import dev.pulse.store.StoreFixture;

final class MemoryOperatorTest extends OperatorActContract {
    @Override
    protected StoreFixture fixture() {
        return new MemoryFixture();
    }
}
