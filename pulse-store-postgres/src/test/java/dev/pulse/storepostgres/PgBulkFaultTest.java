package dev.pulse.storepostgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pulse.model.AuditFilter;
import dev.pulse.model.BulkAction;
import dev.pulse.model.BulkState;
import dev.pulse.model.Caller;
import dev.pulse.model.JobFilter;
import dev.pulse.model.JobStatus;
import dev.pulse.store.BulkOrder;
import dev.pulse.store.BulkStore;
import dev.pulse.store.JobFixture;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A chunk is one transaction: the jobs, the operation's place and the audit log move together or not at all. */
class PgBulkFaultTest {
    private static final Caller ANN = new Caller("ann", "10.0.0.7");
    private static final JobFilter PENDING = JobFilter.ALL.withStatus(JobStatus.PENDING);

    private PgFixture store;
    private JobFixture fixture;
    private BulkStore bulk;

    @BeforeEach
    void open() {
        store = new PgFixture();
        fixture = new JobFixture(store);
        bulk = store.stores().bulk();
    }

    @AfterEach
    void close() throws SQLException {
        run("drop trigger if exists test_refuse on pulse.operation; drop trigger if exists test_refuse on pulse.audit;"
                + " drop function if exists pulse.test_refuse()");
        store.close();
    }

    private void run(String sql) throws SQLException {
        try (Connection connection = store.connect()) {
            PgFixture.run(connection, sql);
        }
    }

    private void refuse(String act, String table) throws SQLException {
        run("create function pulse.test_refuse() returns trigger language plpgsql as"
                + " $$ begin raise exception 'refused' using errcode = 'XX000'; end $$;"
                + " create trigger test_refuse before " + act + " on pulse." + table
                + " for each row execute function pulse.test_refuse()");
    }

    private UUID start() {
        store.advance(Duration.ofMinutes(1));
        return bulk.start(new BulkOrder(fixture.newId(), BulkAction.CANCEL, PENDING, null, ANN))
                .id();
    }

    @Test
    void jobsStayAsTheyAreWhereThePlaceCannotBeMoved() throws SQLException {
        for (int i = 0; i < 5; i++) {
            fixture.job().submitted();
        }
        UUID id = start();
        UUID other = start();
        refuse("update", "operation");

        assertThatThrownBy(() -> bulk.step(3, 5)).hasMessageContaining("refused");

        assertThat(store.stores().jobs().counts().total()).isEqualTo(Map.of(JobStatus.PENDING, 5L));
        run("drop trigger test_refuse on pulse.operation");
        for (int i = 0; i < 10; i++) {
            bulk.step(3, 5);
            store.advance(Duration.ofMinutes(1));
        }
        assertThat(bulk.find(id).orElseThrow().state()).isEqualTo(BulkState.DONE);
        assertThat(bulk.find(id).orElseThrow().result().matched()
                        + bulk.find(other).orElseThrow().result().matched())
                .isGreaterThanOrEqualTo(5);
        assertThat(store.stores().jobs().counts().total()).isEqualTo(Map.of(JobStatus.CANCELED, 5L));
    }

    @Test
    void anOperationThatAlwaysFailsDoesNotHoldUpTheOthers() throws SQLException {
        UUID job = fixture.job().submitted();
        UUID failing = start();
        run("update pulse.operation set bound = 'nonsense'");
        UUID next = start();

        assertThatThrownBy(() -> bulk.step(3, 5)).hasMessageContaining("nonsense");
        bulk.step(3, 5);

        assertThat(bulk.find(next).orElseThrow().state()).isEqualTo(BulkState.DONE);
        assertThat(fixture.status(job)).isEqualTo(JobStatus.CANCELED);
        assertThat(bulk.find(failing).orElseThrow().state()).isEqualTo(BulkState.RUNNING);
        assertThat(bulk.stop(failing, ANN).orElseThrow().state()).isEqualTo(BulkState.STOPPED);
    }

    @Test
    void anActThatCannotBeWrittenDownIsNotDone() throws SQLException {
        UUID job = fixture.job().submitted();
        refuse("insert", "audit");

        assertThatThrownBy(() -> store.stores().jobs().cancel(job, ANN)).hasMessageContaining("refused");

        assertThat(fixture.status(job)).isEqualTo(JobStatus.PENDING);
        assertThat(store.stores().audit().list(AuditFilter.ALL, 10, null).items())
                .isEmpty();
    }
}
