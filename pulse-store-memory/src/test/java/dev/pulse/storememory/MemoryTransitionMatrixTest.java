package dev.pulse.storememory;

import dev.pulse.store.StoreFixture;
import dev.pulse.store.TransitionMatrixContract;

final class MemoryTransitionMatrixTest extends TransitionMatrixContract {
    @Override
    protected StoreFixture fixture() {
        return new MemoryFixture();
    }
}
