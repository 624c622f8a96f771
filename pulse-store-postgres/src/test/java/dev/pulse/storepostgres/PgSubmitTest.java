package dev.pulse.storepostgres;

import dev.pulse.store.SubmitContract;
import dev.pulse.store.StoreFixture;

class PgSubmitTest extends SubmitContract {
    @Override
    protected StoreFixture fixture() {
        return new PgFixture();
    }
}
