package dev.pulse.storepostgres;

import dev.pulse.store.OperatorActContract;
import dev.pulse.store.StoreFixture;

class PgOperatorTest extends OperatorActContract {
    @Override
    protected StoreFixture fixture() {
        return new PgFixture();
    }
}
