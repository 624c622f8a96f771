package dev.pulse.storepostgres;

import dev.pulse.store.BulkContract;
import dev.pulse.store.StoreFixture;

final class PgBulkTest extends BulkContract {
    @Override
    protected StoreFixture fixture() {
        return new PgFixture();
    }
}
