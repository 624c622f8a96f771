package dev.pulse.storememory;

import dev.pulse.store.ServerStoreContract;
import dev.pulse.store.StoreFixture;

final class MemoryServerTest extends ServerStoreContract {
    @Override
    protected StoreFixture fixture() {
        return new MemoryFixture();
    }
}
