package dev.pulse.storepostgres;

import dev.pulse.store.StoreFixture;
import dev.pulse.store.SwitchStoreContract;

class PgSwitchTest extends SwitchStoreContract {
    @Override
    protected StoreFixture fixture() {
        return new PgFixture();
    }
}
