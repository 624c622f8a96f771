package dev.pulse.storepostgres;

import dev.pulse.store.TransitionMatrixContract;
import dev.pulse.store.StoreFixture;

class PgTransitionMatrixTest extends TransitionMatrixContract {
    @Override
    protected StoreFixture fixture() {
        return new PgFixture();
    }
}
