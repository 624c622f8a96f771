package dev.pulse.storepostgres;

import dev.pulse.store.JobListContract;
import dev.pulse.store.StoreFixture;

class PgJobListTest extends JobListContract {
    @Override
    protected StoreFixture fixture() {
        return new PgFixture();
    }
}
