package dev.pulse.storepostgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pulse.store.PoolState;
import dev.pulse.store.StoreFixture;
import dev.pulse.store.Vitals;
import dev.pulse.store.VitalsContract;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class PgVitalsTest extends VitalsContract {
    @Override
    protected StoreFixture fixture() {
        return new PgFixture();
    }

    @Test
    void aTransactionThatStaysOpenIsNamed() throws SQLException {
        try (Connection idle = ((PgFixture) store).connect();
                Statement statement = idle.createStatement()) {
            statement.execute("set application_name = 'forgotten'");
            idle.setAutoCommit(false);
            idle.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            statement.execute("select 1");
            advance(Duration.ofHours(2));

            Vitals.Holder holder =
                    Objects.requireNonNull(store.stores().vitals().read().holder());

            assertThat(holder.kind()).isEqualTo("transaction");
            assertThat(holder.name()).isEqualTo("forgotten");
            assertThat(holder.state()).isEqualTo("idle in transaction");
            assertThat(holder.pid()).isNotNull();
            assertThat(holder.since()).isBetween(Duration.ofHours(2), Duration.ofHours(3));
        }
    }

    @Test
    void tablesAndPoolsHaveTheirNames() {
        Vitals vitals = store.stores().vitals().read();

        assertThat(vitals.tables())
                .extracting(Vitals.Table::name)
                .contains("turn", "job", "attempt", "due", "dead", "event");
        assertThat(vitals.tables()).allMatch(table -> table.bytes() > 0);
        assertThat(vitals.transactionAge()).isPositive();
        assertThat(store.stores().vitals().pools())
                .extracting(PoolState::name)
                .containsExactly("control", "data", "query");
        assertThat(store.stores().vitals().pools()).allMatch(pool -> pool.most() >= pool.active() + pool.idle());
    }
}
