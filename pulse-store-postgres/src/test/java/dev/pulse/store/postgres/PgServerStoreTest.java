package dev.pulse.store.postgres;

import dev.pulse.store.ServerStoreContract;
import dev.pulse.store.StoreFixture;

class PgServerStoreTest extends ServerStoreContract {
    @Override
    protected StoreFixture fixture() {
        return new PgFixture();
    }
}
