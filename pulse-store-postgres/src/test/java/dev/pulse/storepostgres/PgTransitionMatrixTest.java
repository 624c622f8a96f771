package dev.pulse.storepostgres;

import dev.pulse.store.StoreFixture;
import dev.pulse.store.TransitionMatrixContract;

class PgTransitionMatrixTest extends TransitionMatrixContract {
    @Override
    protected StoreFixture fixture() {
        return new PgFixture();
    }
}
