package dev.pulse.storepostgres;

import dev.pulse.store.ScheduleContract;
import dev.pulse.store.StoreFixture;

class PgScheduleTest extends ScheduleContract {
    @Override
    protected StoreFixture fixture() {
        return new PgFixture();
    }
}
