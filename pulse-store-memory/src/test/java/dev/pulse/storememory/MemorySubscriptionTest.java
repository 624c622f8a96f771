package dev.pulse.storememory;

import dev.pulse.store.StoreFixture;
import dev.pulse.store.SubscriptionContract;

final class MemorySubscriptionTest extends SubscriptionContract {
    @Override
    protected StoreFixture fixture() {
        return new MemoryFixture();
    }
}
