package dev.pulse.storepostgres;

import dev.pulse.store.StoreRaceContract;
import dev.pulse.store.StoreFixture;

class PgRaceTest extends StoreRaceContract {
    @Override
    protected StoreFixture fixture() {
        return new PgFixture();
    }
}
