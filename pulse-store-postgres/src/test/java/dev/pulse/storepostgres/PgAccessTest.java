package dev.pulse.storepostgres;

import dev.pulse.store.AccessContract;
import dev.pulse.store.StoreFixture;

final class PgAccessTest extends AccessContract {
    @Override
    protected StoreFixture fixture() {
        return new PgFixture();
    }
}
