package dev.pulse.storepostgres;

import dev.pulse.store.HistoryContract;
import dev.pulse.store.StoreFixture;

final class PgHistoryTest extends HistoryContract {
    @Override
    protected StoreFixture fixture() {
        return new PgFixture();
    }
}
