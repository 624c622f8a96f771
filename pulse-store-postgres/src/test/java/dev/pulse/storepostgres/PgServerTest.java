package dev.pulse.storepostgres;

import dev.pulse.store.ServerStoreContract;
import dev.pulse.store.StoreFixture;

class PgServerTest extends ServerStoreContract {
    @Override
    protected StoreFixture fixture() {
        return new PgFixture();
    }
}
