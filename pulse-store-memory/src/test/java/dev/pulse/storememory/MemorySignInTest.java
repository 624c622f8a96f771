package dev.pulse.storememory;

import dev.pulse.store.SignInContract;
import dev.pulse.store.StoreFixture;

class MemorySignInTest extends SignInContract {
    @Override
    protected StoreFixture fixture() {
        return new MemoryFixture();
    }
}
