package dev.pulse.storepostgres;

import dev.pulse.store.StoreFixture;
import dev.pulse.store.SubmitContract;

class PgSubmitTest extends SubmitContract {
    @Override
    protected StoreFixture fixture() {
        return new PgFixture();
    }
}
