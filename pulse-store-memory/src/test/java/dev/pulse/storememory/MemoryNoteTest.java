package dev.pulse.storememory;

import dev.pulse.store.NoteStoreContract;
import dev.pulse.store.StoreFixture;

final class MemoryNoteTest extends NoteStoreContract {
    @Override
    protected StoreFixture fixture() {
        return new MemoryFixture();
    }
}
