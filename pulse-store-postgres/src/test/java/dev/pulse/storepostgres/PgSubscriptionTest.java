package dev.pulse.storepostgres;

import dev.pulse.store.StoreFixture;
import dev.pulse.store.SubscriptionContract;

class PgSubscriptionTest extends SubscriptionContract {
    @Override
    protected StoreFixture fixture() {
        return new PgFixture();
    }
}
