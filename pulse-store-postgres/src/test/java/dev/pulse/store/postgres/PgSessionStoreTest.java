package dev.pulse.store.postgres;

import dev.pulse.store.SessionStoreContract;
import dev.pulse.store.StoreFixture;

class PgSessionStoreTest extends SessionStoreContract {
    @Override
    protected StoreFixture fixture() {
        return new PgFixture();
    }
}
