package dev.pulse.storepostgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pulse.model.Assignment;
import dev.pulse.model.JobStatus;
import dev.pulse.model.Outcome;
import dev.pulse.model.Throughput;
import dev.pulse.store.HistoryStore;
import dev.pulse.store.JobFixture;
import dev.pulse.store.JobStore;
import dev.pulse.store.Pruned;
import dev.pulse.store.Retention;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Folds and drops against transactions that are held at the worst moment. */
@Timeout(120)
class PgHistoryRaceTest {
    private static final Duration DAY = Duration.ofDays(1);
    private static final Retention WEEK =
            new Retention(DAY.multipliedBy(7), DAY.multipliedBy(7), null, DAY.multipliedBy(400), 100);

    private PgFixture store;
    private JobFixture fixture;
    private JobStore jobs;
    private HistoryStore history;

    @BeforeEach
    void open() {
        store = PgFixture.alone();
        fixture = new JobFixture(store);
        jobs = store.stores().jobs();
        history = store.stores().history();
    }

    @AfterEach
    void close() {
        store.close();
    }

    private void foldAll() {
        for (int i = 0; history.fold(fixture.lead()); i++) {
            assertThat(i).isLessThan(1_000);
        }
    }

    @Test
    void anEndThatCommitsLateIsCountedOnce() throws SQLException {
        Assignment held = fixture.job().running();
        try (Connection late = store.connect()) {
            late.setAutoCommit(false);
            PgFixture.run(late, """
                    insert into pulse.attempt (job_id, no, attempt, token, session, outcome, ended_as, started_at, ended_at, lane)
                    select job_id, 1, 1, token, session, 'ack', 'completed', since, pulse.now(), lane
                      from pulse.turn where job_id = '%s';
                    delete from pulse.turn where job_id = '%s';
                    """.formatted(held.facts().id(), held.facts().id()));
            fixture.job().completed();
            fixture.job().completed();
            foldAll();
            assertThat(completed()).isEqualTo(2);
            late.commit();
        }

        assertThat(completed()).isEqualTo(3);
        assertThat(inThroughput()).isEqualTo(3);
        foldAll();
        assertThat(completed()).isEqualTo(3);
        assertThat(inThroughput()).isEqualTo(3);
    }

    private long completed() {
        return jobs.counts().total().getOrDefault(JobStatus.COMPLETED, 0L);
    }

    private long inThroughput() {
        return history.throughput(DAY, DAY).buckets().stream()
                .mapToLong(Throughput.Bucket::completed)
                .sum();
    }

    @Test
    void aDeleteThatCommitsDuringAFoldIsCountedOnce() throws Exception {
        UUID done = fixture.job().completed().facts().id();
        fixture.job().completed();
        try (Connection other = store.connect()) {
            other.setAutoCommit(false);
            // What delete does to a job that no fold has counted yet.
            PgFixture.run(
                    other,
                    "select * from pulse.rollup_state for share; delete from pulse.attempt where job_id = '" + done
                            + "'; delete from pulse.job where id = '" + done + "'");
            CompletableFuture<Void> fold = CompletableFuture.runAsync(this::foldAll);
            awaitWaiter("tuple", "transactionid");
            other.commit();
            fold.join();
        }

        assertThat(completed()).isEqualTo(1);
        foldAll();
        assertThat(completed()).isEqualTo(1);
    }

    @Test
    void aRequeueThatCommitsWhileTheDropWaitsStopsIt() throws Exception {
        UUID done = fixture.job().type("t").completed().facts().id();
        store.advance(DAY.multipliedBy(7));
        while (history.prune(fixture.lead(), WEEK).more()) {
            assertThat(jobs.find(done)).isPresent(); // the fixture's days begin with yesterday's
        }
        store.advance(DAY.multipliedBy(2));
        store.stores().servers().tidy(fixture.lead());
        try (Connection operator = store.connect()) {
            operator.setAutoCommit(false);
            PgFixture.run(operator, "select * from pulse.job where id = '" + done + "' for update");
            CompletableFuture<Pruned> drop = CompletableFuture.supplyAsync(() -> {
                Pruned pruned;
                do {
                    pruned = history.prune(fixture.lead(), WEEK);
                } while (pruned.more());
                return pruned;
            });
            awaitWaiter("relation");
            PgFixture.run(operator, """
                    insert into pulse.turn (lane, seq, job_id, attempt, history, since, reseated)
                    select lane, nextval('pulse.turn_seq'), id, 1, 1, pulse.now(), true from pulse.job where id = '%s'
                    """.formatted(done));
            operator.commit();

            assertThat(drop.join().blocked()).contains("requeued meanwhile");
        }
        assertThat(fixture.status(done)).isEqualTo(JobStatus.PENDING);
        while (history.prune(fixture.lead(), WEEK).more()) {
            assertThat(fixture.status(done)).isEqualTo(JobStatus.PENDING);
        }
        fixture.end(fixture.claimOne("t"), new Outcome.Ack(null));
        assertThat(fixture.status(done)).isEqualTo(JobStatus.COMPLETED);
        assertThat(completed()).isEqualTo(1);
    }

    /** Waits until somebody waits for such a lock. */
    private void awaitWaiter(String... kinds) throws SQLException {
        try (Connection connection = store.connect();
                java.sql.Statement statement = connection.createStatement()) {
            while (true) {
                try (ResultSet row = statement.executeQuery(
                        "select exists (select from pg_locks where not granted and locktype in ('"
                                + String.join("', '", kinds) + "'))")) {
                    row.next();
                    if (row.getBoolean(1)) {
                        return;
                    }
                }
                Thread.onSpinWait();
            }
        }
    }
}
