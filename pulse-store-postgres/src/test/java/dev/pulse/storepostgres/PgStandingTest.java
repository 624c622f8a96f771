package dev.pulse.storepostgres;

import dev.pulse.store.StandingContract;
import dev.pulse.store.StoreFixture;

class PgStandingTest extends StandingContract {
    @Override
    protected StoreFixture fixture() {
        return new PgFixture();
    }
}
