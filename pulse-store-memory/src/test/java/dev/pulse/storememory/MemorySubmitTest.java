package dev.pulse.storememory;

import dev.pulse.store.StoreFixture;
import dev.pulse.store.SubmitContract;

final class MemorySubmitTest extends SubmitContract {
    @Override
    protected StoreFixture fixture() {
        return new MemoryFixture();
    }
}
