package dev.pulse.storepostgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pulse.model.AuditFilter;
import dev.pulse.model.Caller;
import dev.pulse.store.AccessContract;
import dev.pulse.store.Denied;
import dev.pulse.store.StoreFixture;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class PgAccessTest extends AccessContract {
    @Override
    protected StoreFixture fixture() {
        return new PgFixture();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "update pulse.audit set actor = 'nobody'",
                "delete from pulse.audit",
                "truncate pulse.audit",
            })
    void whoeverHasTheDatabaseCannotRewriteTheLogByMistake(String sql) throws SQLException {
        store.stores().audit().denied(List.of(new Denied(new Caller("ann", "::1"), "a", "", 1)));

        try (Connection connection = ((PgFixture) store).connect()) {
            assertThatThrownBy(() -> PgFixture.run(connection, sql)).hasMessageContaining("append-only");
        }

        assertThat(store.stores().audit().list(AuditFilter.ALL, 10, null).items())
                .hasSize(1);
    }
}
