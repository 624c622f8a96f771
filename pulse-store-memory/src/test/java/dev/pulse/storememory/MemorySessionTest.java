package dev.pulse.storememory;

import dev.pulse.store.SessionStoreContract;
import dev.pulse.store.StoreFixture;

final class MemorySessionTest extends SessionStoreContract {
    @Override
    protected StoreFixture fixture() {
        return new MemoryFixture();
    }
}
