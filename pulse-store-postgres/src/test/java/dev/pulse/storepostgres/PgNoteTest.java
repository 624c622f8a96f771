package dev.pulse.storepostgres;

import dev.pulse.store.NoteStoreContract;
import dev.pulse.store.StoreFixture;

class PgNoteTest extends NoteStoreContract {
    @Override
    protected StoreFixture fixture() {
        return new PgFixture();
    }
}
