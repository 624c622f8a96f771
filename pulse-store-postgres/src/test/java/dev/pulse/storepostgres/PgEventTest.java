package dev.pulse.storepostgres;

import dev.pulse.store.EventContract;
import dev.pulse.store.StoreFixture;

class PgEventTest extends EventContract {
    @Override
    protected StoreFixture fixture() {
        return new PgFixture();
    }
}
