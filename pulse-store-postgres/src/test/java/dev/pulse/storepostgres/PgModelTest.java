package dev.pulse.storepostgres;

import dev.pulse.store.StoreFixture;
import dev.pulse.storememory.StoreModelContract;

class PgModelTest extends StoreModelContract {
    @Override
    protected StoreFixture fixture() {
        return new PgFixture();
    }
}
