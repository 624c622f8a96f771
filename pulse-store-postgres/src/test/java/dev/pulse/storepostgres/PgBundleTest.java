package dev.pulse.storepostgres;

import dev.pulse.store.BundleContract;
import dev.pulse.store.StoreFixture;

final class PgBundleTest extends BundleContract {
    @Override
    protected StoreFixture fixture() {
        return new PgFixture();
    }
}
