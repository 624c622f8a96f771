package dev.pulse.storepostgres;

import dev.pulse.store.PromoteContract;
import dev.pulse.store.StoreFixture;

class PgPromoteTest extends PromoteContract {
    @Override
    protected StoreFixture fixture() {
        return new PgFixture();
    }
}
