package dev.pulse.storepostgres;

import dev.pulse.store.StoreFixture;
import dev.pulse.store.StoreRaceContract;

class PgRaceTest extends StoreRaceContract {
    @Override
    protected StoreFixture fixture() {
        return new PgFixture();
    }
}
