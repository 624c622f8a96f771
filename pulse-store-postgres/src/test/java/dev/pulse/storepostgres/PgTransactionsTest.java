package dev.pulse.storepostgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pulse.localpostgres.SharedPostgres;
import dev.pulse.model.Assignment;
import dev.pulse.model.ErrorCode;
import dev.pulse.model.IdSource;
import dev.pulse.model.JobStatus;
import dev.pulse.model.Limits;
import dev.pulse.model.Outcome;
import dev.pulse.model.Payload;
import dev.pulse.model.PulseException;
import dev.pulse.model.ReportAnswer;
import dev.pulse.model.Submission;
import dev.pulse.model.SubmissionBuilder;
import dev.pulse.store.Ended;
import dev.pulse.store.Fate;
import dev.pulse.store.Inserted;
import dev.pulse.store.JobFixture;
import dev.pulse.store.Report;
import dev.pulse.store.Swept;
import dev.pulse.storepostgres.PgTransactions.Joined;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** P7: what is written on a caller's connection is the caller's own work. And what B109 asks of such connections. */
final class PgTransactionsTest {
    private final IdSource ids = new IdSource(InstantSource.system(), new Random());
    private PgFixture store;
    private PgStores opened;
    private PgTransactions transactions;
    private Connection connection;

    @BeforeEach
    void open() throws SQLException {
        store = new PgFixture();
        opened = PgStores.open(PgConfig.defaults(SharedPostgres.route(store.url())));
        transactions = opened.transactions();
        connection = DriverManager.getConnection(SharedPostgres.route(store.url()));
        connection.setAutoCommit(false);
    }

    @AfterEach
    void close() throws SQLException {
        connection.close();
        opened.close();
        store.close();
    }

    private Submission job() {
        return job(builder -> builder);
    }

    private Submission job(UnaryOperator<SubmissionBuilder> with) {
        return with.apply(new SubmissionBuilder(Limits.DEFAULT).type("email").payload(Payload.json("{}")))
                .build(ids);
    }

    private boolean exists(Submission job) {
        return store.stores().jobs().find(job.id()).isPresent();
    }

    private Joined<Inserted> insert(Submission... jobs) {
        return transactions.insert(connection, List.of(jobs));
    }

    private Fate fate(Joined<?> joined) {
        return Objects.requireNonNull(
                transactions.fates(Set.of(joined.transaction())).get(joined.transaction()));
    }

    private static PulseException refusal(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        PulseException[] thrown = new PulseException[1];
        assertThatThrownBy(call).isInstanceOfSatisfying(PulseException.class, e -> thrown[0] = e);
        return thrown[0];
    }

    // ---- with the transaction, or not at all

    @Test
    void aJobIsThereExactlyFromTheCommitOn() throws SQLException {
        Submission job = job();

        Joined<Inserted> joined = insert(job);

        assertThat(joined.answers()).singleElement().isInstanceOf(Inserted.Stored.class);
        assertThat(exists(job)).isFalse();
        assertThat(fate(joined)).isEqualTo(Fate.OPEN);
        connection.commit();
        assertThat(exists(job)).isTrue();
        assertThat(fate(joined)).isEqualTo(Fate.COMMITTED);
    }

    @Test
    void aRollbackTakesTheJobAndItsKeyAlong() throws SQLException {
        Submission job = job(builder -> builder.key("order-1"));

        Joined<Inserted> joined = insert(job);
        connection.rollback();

        assertThat(exists(job)).isFalse();
        assertThat(fate(joined)).isEqualTo(Fate.ROLLED_BACK);
        Submission again = job(builder -> builder.key("order-1").priority(3));
        assertThat(insert(again).answers()).singleElement().isInstanceOf(Inserted.Stored.class);
    }

    @Test
    void aSavepointThatIsRolledBackTakesItsJobsAlong() throws SQLException {
        Submission kept = job();
        Submission gone = job();
        insert(kept);
        Savepoint savepoint = connection.setSavepoint();
        insert(gone);

        connection.rollback(savepoint);
        connection.commit();

        assertThat(exists(kept)).isTrue();
        assertThat(exists(gone)).isFalse();
    }

    @Test
    void aScheduledJobWaitsFromTheCommitOn() throws SQLException {
        Submission job = job(builder -> builder.delay(Duration.ofMinutes(5)));

        Joined<Inserted> joined = insert(job);
        connection.commit();

        assertThat(((Inserted.Stored) joined.answers().getFirst()).dueIn()).isEqualTo(Duration.ofMinutes(5));
        assertThat(store.stores().jobs().find(job.id()).orElseThrow().status()).isEqualTo(JobStatus.SCHEDULED);
    }

    @Test
    void theBusinessRowsAndTheJobsShareTheirFate() throws SQLException {
        try (Connection other = store.connect()) {
            PgFixture.run(other, "create table if not exists public.orders (id int primary key)");
            PgFixture.run(connection, "insert into public.orders values (1)");
            Submission job = job();
            insert(job);
            connection.rollback();

            try (ResultSet rows = other.createStatement().executeQuery("select from public.orders")) {
                assertThat(rows.next()).isFalse();
            }
            assertThat(exists(job)).isFalse();
        }
    }

    // ---- one statement, and nothing else

    @Test
    void anEnqueueIsOneStatementAndSoIsABatch() throws SQLException {
        insert(job()); // registers the lane
        List<String> sent = new ArrayList<>();
        Connection watched = proxy(Connection.class, (proxy, method, arguments) -> {
            if (method.getName().startsWith("prepare") || method.getName().equals("createStatement")) {
                sent.add(arguments == null ? "" : arguments[0].toString());
            }
            assertThat(method.getName()).isNotIn("commit", "rollback", "setAutoCommit", "setSavepoint", "close");
            return call(connection, method, arguments);
        });

        transactions.insert(watched, List.of(job()));
        assertThat(sent).hasSize(1);
        sent.clear();
        transactions.insert(watched, List.of(job(), job(), job()));

        assertThat(sent).hasSize(1);
        assertThat(sent.getFirst()).doesNotContainIgnoringCase("notify");
        assertThat(connection.getAutoCommit()).isFalse();
    }

    @Test
    void aLaneIsCommittedEvenWhenItsFirstJobIsNot() throws SQLException {
        insert(job(builder -> builder.type("never-seen-before")));
        connection.rollback();

        assertThat(store.stores().jobs().lanes()).anyMatch(lane -> lane.type().equals("never-seen-before"));
    }

    @Test
    void anEmptyBatchWritesNothing() {
        assertThat(insert().transaction()).isNull();
    }

    @Test
    void aBatchBeyondTheLimitIsRefused() {
        List<Submission> many = new ArrayList<>();
        for (int i = 0; i <= Limits.MAX_BATCH; i++) {
            many.add(job());
        }

        assertThat(refusal(() -> transactions.insert(connection, many)).code()).isEqualTo(ErrorCode.TOO_MANY_ITEMS);
    }

    // ---- keys and ids within

    @Test
    void theSameKeyWithinTheTransactionIsADuplicate() throws SQLException {
        Submission first = job(builder -> builder.key("k"));
        insert(first);

        Inserted second = insert(job(builder -> builder.key("k"))).answers().getFirst();
        connection.commit();

        assertThat(second).isEqualTo(new Inserted.Duplicate(first.id()));
    }

    @Test
    void theSameIdWithinTheTransactionIsADuplicate() throws SQLException {
        Submission job = job();
        insert(job);

        Joined<Inserted> again = insert(job);
        connection.commit();

        assertThat(again.answers()).containsExactly(new Inserted.Duplicate(job.id()));
        assertThat(again.transaction()).isNull();
    }

    @Test
    void aKeyConflictRefusesTheEnqueueAndLeavesTheTransactionHealthy() throws SQLException {
        store.stores().jobs().insert(List.of(job(builder -> builder.key("k"))), true);
        Submission fine = job();
        insert(fine);

        PulseException refused =
                refusal(() -> insert(job(builder -> builder.key("k").priority(9))));
        connection.commit();

        assertThat(refused.code()).isEqualTo(ErrorCode.KEY_CONFLICT);
        assertThat(exists(fine)).isTrue();
    }

    @Test
    void aRefusedBatchLeavesNothingBehindAlthoughTheTransactionCommits() throws SQLException {
        store.stores().jobs().insert(List.of(job(builder -> builder.key("taken"))), true);
        Submission good = job(builder -> builder.key("free"));
        Submission plain = job();
        Submission bad = job(builder -> builder.key("taken").priority(9));

        PulseException refused = refusal(() -> insert(good, plain, bad));
        connection.commit();

        assertThat(refused.field()).startsWith("jobs[2].");
        assertThat(exists(good)).isFalse();
        assertThat(exists(plain)).isFalse();
        Inserted now = insert(job(builder -> builder.key("free").priority(1)))
                .answers()
                .getFirst();
        assertThat(now).isInstanceOf(Inserted.Stored.class);
    }

    @Test
    void aKeyOfAnOpenTransactionIsWaitedFor() throws Exception {
        Submission first = job(builder -> builder.key("k"));
        insert(first);
        try (Connection other = store.connect()) {
            other.setAutoCommit(false);
            CompletableFuture<Inserted> second = CompletableFuture.supplyAsync(() -> transactions
                    .insert(other, List.of(job(builder -> builder.key("k"))))
                    .answers()
                    .getFirst());
            awaitLockWaiter();
            assertThat(second).isNotDone();

            connection.commit();

            assertThat(second.get()).isEqualTo(new Inserted.Duplicate(first.id()));
            other.rollback();
        }
    }

    private void awaitLockWaiter() throws SQLException {
        try (Connection watcher = store.connect()) {
            boolean waits = false;
            while (!waits) {
                try (ResultSet row = watcher.createStatement()
                        .executeQuery("select exists (select from pg_stat_activity where datname = current_database()"
                                + " and wait_event_type = 'Lock')")) {
                    waits = row.next() && row.getBoolean(1);
                }
            }
        }
    }

    // ---- isolation

    @Test
    void aSerializableTransactionMayUseALaneThatIsYoungerThanItsSnapshot() throws SQLException {
        PgFixture.run(connection, "set transaction isolation level serializable");
        PgFixture.run(connection, "select 1 from pulse.lane");
        Submission job = job(builder -> builder.type("younger-than-the-snapshot"));

        insert(job);
        connection.commit();

        assertThat(exists(job)).isTrue();
    }

    @Test
    void aKeyTakenBehindTheSnapshotFailsTheTransactionAndSaysToRunItAgain() throws SQLException {
        PgFixture.run(connection, "set transaction isolation level repeatable read");
        PgFixture.run(connection, "select 1");
        store.stores().jobs().insert(List.of(job(builder -> builder.key("k"))), true);

        PulseException failed = refusal(() -> insert(job(builder -> builder.key("k"))));

        assertThat(failed.code()).isEqualTo(ErrorCode.TRANSACTION_FAILED);
        assertThat(failed.code().retryable()).isTrue();
        assertThat(failed).hasCauseInstanceOf(SQLException.class);
    }

    // ---- connections that cannot take part (B109)

    private void isRefused(String why) {
        Submission job = job();
        PulseException refused = refusal(() -> insert(job));
        assertThat(refused.code()).isEqualTo(ErrorCode.CONNECTION_UNUSABLE);
        assertThat(refused).hasMessageContaining(why);
        assertThat(exists(job)).isFalse();
    }

    @Test
    void aClosedConnectionIsRefused() throws SQLException {
        connection.close();
        isRefused("closed");
    }

    @Test
    void anAutocommitConnectionIsRefusedBeforeAnythingIsStored() throws SQLException {
        connection.setAutoCommit(true);
        isRefused("autocommit");
    }

    @Test
    void aReadOnlyConnectionIsRefused() throws SQLException {
        connection.setReadOnly(true);
        isRefused("read-only");
    }

    @Test
    void aReadOnlyTransactionIsRefused() throws SQLException {
        insert(job());
        connection.rollback();
        PgFixture.run(connection, "set transaction read only");
        isRefused("read-only");
    }

    @Test
    void aFailedTransactionIsRefused() throws SQLException {
        assertThatThrownBy(() -> PgFixture.run(connection, "select 1/0")).isInstanceOf(SQLException.class);
        isRefused("has failed before");
    }

    @Test
    void aTransactionWhoseConnectionIsKilledFails() throws SQLException {
        try (Connection other = store.connect();
                ResultSet pid = connection.createStatement().executeQuery("select pg_backend_pid()")) {
            pid.next();
            PgFixture.run(other, "select pg_terminate_backend(" + pid.getInt(1) + ")");
        }

        assertThat(refusal(() -> insert(job())).code()).isEqualTo(ErrorCode.TRANSACTION_FAILED);
    }

    @Test
    void aDatabaseWithoutTheSchemaIsRefused() throws SQLException {
        connection.close();
        connection = DriverManager.getConnection(SharedPostgres.freshDatabase());
        connection.setAutoCommit(false);
        isRefused("no schema pulse");
    }

    @Test
    void aForeignDatabaseWithPulseOfItsOwnIsRefused() throws SQLException {
        String foreign = SharedPostgres.freshDatabase();
        PgStores.migrate(PgConfig.defaults(foreign));
        connection.close();
        connection = DriverManager.getConnection(foreign);
        connection.setAutoCommit(false);
        isRefused("another one");
        assertThat(count("pulse.job_fact")).isZero();
    }

    @Test
    void aCopyOfTheDatabaseIsRefused() throws SQLException {
        String original = SharedPostgres.freshDatabase();
        PgStores.migrate(PgConfig.defaults(original));
        String name = original.substring(original.lastIndexOf('/') + 1).replaceAll("[?].*", "");
        String copy = SharedPostgres.freshDatabase(name);
        try (PgStores stores = PgStores.open(PgConfig.defaults(original));
                Connection wrong = DriverManager.getConnection(copy)) {
            wrong.setAutoCommit(false);

            PulseException refused = refusal(() -> stores.transactions().insert(wrong, List.of(job())));

            assertThat(refused.code()).isEqualTo(ErrorCode.CONNECTION_UNUSABLE);
        }
    }

    @Test
    void anotherSchemaOfTheSameDatabaseIsNotTakenForOurs() throws SQLException {
        String url = SharedPostgres.freshDatabase();
        PgConfig standard = PgConfig.defaults(url);
        try (PgStores other = PgStores.open(standard.withSchema("other_jobs"));
                PgStores ours = PgStores.open(standard);
                Connection caller = DriverManager.getConnection(url)) {
            caller.setAutoCommit(false);
            PgFixture.run(caller, "set search_path = other_jobs");
            Submission job = job();
            ours.transactions().insert(caller, List.of(job));
            caller.commit();

            assertThat(ours.stores().jobs().find(job.id())).isPresent();
            assertThat(other.stores().jobs().find(job.id())).isEmpty();
        }
    }

    @Test
    void aRoleThatMayNotWriteIsRefused() throws SQLException {
        PgFixture.run(connection, "drop role if exists stranger; create role stranger; set local role stranger");
        isRefused("may not write");
        connection.rollback();
    }

    @Test
    void aConnectionToAnotherProductIsRefused() {
        DatabaseMetaData other = proxy(DatabaseMetaData.class, (proxy, method, arguments) -> "H2");
        Connection wrapped = proxy(Connection.class, (proxy, method, arguments) -> switch (method.getName()) {
            case "getMetaData" -> other;
            default -> call(connection, method, arguments);
        });

        PulseException refused = refusal(() -> transactions.insert(wrapped, List.of(job())));

        assertThat(refused.code()).isEqualTo(ErrorCode.CONNECTION_UNUSABLE);
        assertThat(refused).hasMessageContaining("H2");
    }

    @Test
    void aWrapperThatHidesItsConnectionIsFineAllTheSame() throws SQLException {
        Connection wrapped = proxy(Connection.class, (proxy, method, arguments) -> switch (method.getName()) {
            case "unwrap" -> throw new SQLException("no way in");
            case "isWrapperFor" -> false;
            default -> call(connection, method, arguments);
        });
        Submission job = job();

        transactions.insert(wrapped, List.of(job));
        connection.commit();

        assertThat(exists(job)).isTrue();
    }

    // ---- fates

    @Test
    void aTransactionThatHasNotBeenYetIsOpen() {
        assertThat(transactions.fates(Set.of(Long.MAX_VALUE))).isEqualTo(Map.of(Long.MAX_VALUE, Fate.OPEN));
    }

    // ---- ending an attempt

    private Joined<Ended> end(Assignment assignment, Outcome outcome) {
        return transactions.end(
                connection, List.of(new Report(assignment.facts().id(), assignment.token(), outcome)), store.decider());
    }

    private JobStatus status(Assignment assignment) {
        return store.stores().jobs().find(assignment.facts().id()).orElseThrow().status();
    }

    @Test
    void anAttemptEndsWithTheTransaction() throws SQLException {
        Assignment running = new JobFixture(store).job().running();

        Joined<Ended> ended = end(running, new Outcome.Ack(Payload.json("42")));

        assertThat(ended.answers()).singleElement().extracting(Ended::answer).isEqualTo(ReportAnswer.APPLIED);
        assertThat(status(running)).isEqualTo(JobStatus.RUNNING);
        connection.commit();
        assertThat(status(running)).isEqualTo(JobStatus.COMPLETED);
        assertThat(fate(ended)).isEqualTo(Fate.COMMITTED);
    }

    @Test
    void aRollbackLeavesTheAttemptRunningUnderItsToken() throws SQLException {
        Assignment running = new JobFixture(store).job().running();
        end(running, new Outcome.Ack(null));
        connection.rollback();
        assertThat(status(running)).isEqualTo(JobStatus.RUNNING);

        end(running, new Outcome.Ack(null));
        connection.commit();

        assertThat(status(running)).isEqualTo(JobStatus.COMPLETED);
    }

    @Test
    void anAttemptEndedTwiceInOneTransactionStillHangsOnIt() throws SQLException {
        Assignment running = new JobFixture(store).job().running();
        end(running, new Outcome.Ack(null));

        Joined<Ended> again = end(running, new Outcome.Ack(null));

        assertThat(again.answers()).singleElement().extracting(Ended::answer).isEqualTo(ReportAnswer.APPLIED);
        assertThat(fate(again)).isEqualTo(Fate.OPEN);
    }

    @Test
    void aLostLeaseIsStaleInsideTheTransactionToo() throws SQLException {
        Assignment running = new JobFixture(store).job().running();
        store.stores()
                .jobs()
                .end(
                        List.of(new Report(running.facts().id(), running.token(), new Outcome.Release())),
                        store.decider());

        Joined<Ended> ended = end(running, new Outcome.Ack(null));

        assertThat(ended.answers()).singleElement().extracting(Ended::answer).isEqualTo(ReportAnswer.STALE);
        assertThat(ended.transaction()).isNull();
        assertThat(status(running)).isEqualTo(JobStatus.PENDING);
    }

    @Test
    void aSweepDoesNotWaitForATransactionThatIsJustEndingAnAttempt() throws SQLException {
        JobFixture fixture = new JobFixture(store);
        UUID frozen = fixture.session(Duration.ofSeconds(30));
        Assignment ending = fixture.job().running(frozen);
        Assignment lost = fixture.job().running(frozen);
        end(ending, new Outcome.Ack(null));
        store.advance(Duration.ofMinutes(1));

        Swept swept = fixture.sweep(); // would hang

        assertThat(swept.sessions()).containsExactly(frozen);
        assertThat(swept.jobs())
                .extracting(Ended::jobId)
                .containsExactly(lost.facts().id());
        connection.commit();
        assertThat(status(ending)).isEqualTo(JobStatus.COMPLETED);
        assertThat(fixture.sweep().jobs()).isEmpty();
    }

    @Test
    void anAttemptWhoseTransactionRolledBackIsTakenBackByTheNextSweep() throws SQLException {
        JobFixture fixture = new JobFixture(store);
        UUID frozen = fixture.session(Duration.ofSeconds(30));
        Assignment ending = fixture.job().running(frozen);
        end(ending, new Outcome.Ack(null));
        store.advance(Duration.ofMinutes(1));
        assertThat(fixture.sweep().jobs()).isEmpty();
        assertThat(fixture.sweep().jobs()).isEmpty();

        connection.rollback();

        assertThat(fixture.sweep().jobs())
                .extracting(Ended::jobId)
                .containsExactly(ending.facts().id());
        assertThat(status(ending)).isEqualTo(JobStatus.RETRYING);
        assertThat(fixture.sweep()).isEqualTo(Swept.NOTHING);
    }

    // ---- helpers

    private int count(String table) throws SQLException {
        try (ResultSet row = connection.createStatement().executeQuery("select count(*) from " + table)) {
            row.next();
            return row.getInt(1);
        }
    }

    private static <T> T proxy(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }

    private static Object call(Connection target, java.lang.reflect.Method method, Object[] arguments)
            throws Throwable {
        try {
            return method.invoke(target, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }
}
