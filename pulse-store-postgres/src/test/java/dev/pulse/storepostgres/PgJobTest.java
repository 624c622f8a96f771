package dev.pulse.storepostgres;

import dev.pulse.store.JobStoreContract;
import dev.pulse.store.StoreFixture;

class PgJobTest extends JobStoreContract {
    @Override
    protected StoreFixture fixture() {
        return new PgFixture();
    }
}
