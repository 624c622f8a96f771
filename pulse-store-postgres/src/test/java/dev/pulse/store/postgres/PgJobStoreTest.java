package dev.pulse.store.postgres;

import dev.pulse.store.JobStoreContract;
import dev.pulse.store.StoreFixture;

class PgJobStoreTest extends JobStoreContract {
    @Override
    protected StoreFixture fixture() {
        return new PgFixture();
    }
}
