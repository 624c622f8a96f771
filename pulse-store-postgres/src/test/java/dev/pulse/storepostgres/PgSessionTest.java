package dev.pulse.storepostgres;

import dev.pulse.store.SessionStoreContract;
import dev.pulse.store.StoreFixture;

class PgSessionTest extends SessionStoreContract {
    @Override
    protected StoreFixture fixture() {
        return new PgFixture();
    }
}
