package dev.pulse.storepostgres;

import dev.pulse.store.SignInContract;
import dev.pulse.store.StoreFixture;

class PgSignInTest extends SignInContract {
    @Override
    protected StoreFixture fixture() {
        return new PgFixture();
    }
}
