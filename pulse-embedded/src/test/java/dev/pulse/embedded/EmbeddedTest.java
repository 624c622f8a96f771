package dev.pulse.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.pulse.localpostgres.SharedPostgres;
import dev.pulse.model.ErrorCode;
import dev.pulse.model.Job;
import dev.pulse.model.JobStatus;
import dev.pulse.model.Outcome;
import dev.pulse.model.OutcomeKind;
import dev.pulse.model.PulseException;
import dev.pulse.model.ReportAnswer;
import dev.pulse.sdk.EmbeddedOptions;
import dev.pulse.sdk.JobContext;
import dev.pulse.sdk.JobRef;
import dev.pulse.sdk.JobType;
import dev.pulse.sdk.Json;
import dev.pulse.sdk.Pulse;
import dev.pulse.sdk.WorkerListener;
import dev.pulse.storepostgres.PgStores;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;

/** The whole engine inside an application: its data source, its transactions, its handlers. */
final class EmbeddedTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final JobType<Json> MAIL = JobType.of("mail", Json.class);
    private static final Json HELLO = new Json("{\"to\":\"a@b.com\"}");

    private final String url = SharedPostgres.route(SharedPostgres.freshDatabase());
    private final List<AutoCloseable> closing = new ArrayList<>();
    private final BlockingQueue<String> runs = new LinkedBlockingQueue<>();
    private final BlockingQueue<ReportAnswer> answers = new LinkedBlockingQueue<>();

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable one : closing.reversed()) {
            one.close();
        }
    }

    private DataSource simple() {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setUrl(url);
        return source;
    }

    private Pulse embedded() {
        return embedded(simple(), options -> {});
    }

    private Pulse embedded(DataSource source, Consumer<EmbeddedOptions> options) {
        Pulse pulse = Pulse.embedded(source, chosen -> {
            chosen.worker(worker -> worker.leaseTtl(Duration.ofSeconds(5)).listener(new WorkerListener() {
                @Override
                public void ended(JobContext job, Outcome outcome, ReportAnswer answer) {
                    answers.add(answer);
                }
            }));
            options.accept(chosen);
        });
        closing.add(pulse);
        return pulse;
    }

    private Connection begin() throws SQLException {
        Connection connection = DriverManager.getConnection(url);
        closing.add(connection);
        connection.setAutoCommit(false);
        return connection;
    }

    private static <T> T next(BlockingQueue<T> queue) throws InterruptedException {
        T got = queue.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        assertThat(got).isNotNull();
        return got;
    }

    private static PulseException refusal(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        PulseException[] thrown = new PulseException[1];
        assertThatThrownBy(call).isInstanceOfSatisfying(PulseException.class, e -> thrown[0] = e);
        return thrown[0];
    }

    // ---- enqueue

    @Test
    void aJobRunsInTheApplicationThatEnqueuedIt() throws InterruptedException {
        Pulse pulse = embedded();
        pulse.handle(MAIL, (job, payload) -> runs.add(payload.text()));
        pulse.start();

        JobRef ref = pulse.enqueue(MAIL, HELLO);

        assertThat(next(runs)).isEqualTo(HELLO.text());
        assertThat(ref.await(PATIENCE).status()).isEqualTo(JobStatus.COMPLETED);
    }

    @Test
    void aJobOfATransactionRunsAfterTheCommitAndNoneOfOneThatRolledBack() throws Exception {
        Pulse pulse = embedded();
        pulse.handle(MAIL, (job, payload) -> runs.add(job.id().toString()));
        pulse.start();
        Connection rolledBack = begin();
        Connection committed = begin();
        JobRef never = pulse.within(rolledBack).enqueue(MAIL, HELLO);
        JobRef once = pulse.within(committed).enqueue(MAIL, HELLO);
        assertThat(pulse.jobs().find(once.id())).isEmpty();

        rolledBack.rollback();
        committed.commit();

        assertThat(next(runs)).isEqualTo(once.id().toString());
        assertThat(pulse.jobs().find(never.id())).isEmpty();
    }

    @Test
    void nestedCallsJoinTheSameTransaction() throws SQLException {
        Pulse pulse = embedded();
        Connection connection = begin();
        JobRef outer = pulse.within(connection).enqueue(MAIL, HELLO, options -> options.key("order"));
        JobRef inner = pulse.within(connection).enqueue(MAIL, HELLO, options -> options.key("order"));
        List<JobRef> more = pulse.within(connection).enqueueAll(MAIL, List.of(HELLO, HELLO));

        connection.commit();

        assertThat(inner.isDuplicate()).isTrue();
        assertThat(inner.id()).isEqualTo(outer.id());
        assertThat(more)
                .allSatisfy(ref -> assertThat(pulse.jobs().find(ref.id())).isPresent());
    }

    @Test
    void aConnectionAsAFrameworkBindsItToATransactionWillDo() throws SQLException {
        Pulse pulse = embedded();
        Connection target = begin();
        // As a transaction-aware data source hands it out: close does nothing, equals and unwrap are its own.
        Connection bound = proxy(Connection.class, (proxy, method, arguments) -> switch (method.getName()) {
            case "close" -> null;
            case "unwrap" -> target;
            case "isWrapperFor" -> true;
            case "toString" -> "bound";
            default -> call(target, method, arguments);
        });
        JobRef ref = pulse.within(bound).enqueue(MAIL, HELLO);

        target.commit();

        assertThat(pulse.jobs().find(ref.id())).isPresent();
    }

    @Test
    @SuppressWarnings("NullAway") // what callers can do whose build does not check it
    void aBadConnectionIsRefusedAtThisDoorToo() throws SQLException {
        Pulse pulse = embedded();
        Connection connection = begin();
        connection.setAutoCommit(true);

        assertThat(refusal(() -> pulse.within(connection).enqueue(MAIL, HELLO)).code())
                .isEqualTo(ErrorCode.CONNECTION_UNUSABLE);
        assertThatNullPointerException().isThrownBy(() -> pulse.within(null));
    }

    @Test
    void aBadPayloadIsRefusedAndTheTransactionGoesOn() throws SQLException {
        Pulse pulse = embedded();
        Connection connection = begin();
        assertThat(refusal(() -> pulse.within(connection).enqueue(MAIL, new Json("{")))
                        .code())
                .isEqualTo(ErrorCode.INVALID_FIELD);

        JobRef ref = pulse.within(connection).enqueue(MAIL, HELLO);
        connection.commit();

        assertThat(pulse.jobs().find(ref.id())).isPresent();
    }

    // ---- complete

    private void handleInTransaction(Pulse pulse, Consumer<Connection> end) {
        pulse.handle(MAIL, (job, payload) -> {
            runs.add("attempt " + job.attempt());
            try (Connection connection = DriverManager.getConnection(url)) {
                connection.setAutoCommit(false);
                pulse.within(connection).complete(job, new Json("{\"sent\":true}"));
                end.accept(connection);
            }
        });
        pulse.start();
    }

    private static void commit(Connection connection) {
        try {
            connection.commit();
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    private static void rollback(Connection connection) {
        try {
            connection.rollback();
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aJobIsCompletedByItsHandlersTransactionAndNoReportFollows() throws Exception {
        Pulse pulse = embedded();
        handleInTransaction(pulse, EmbeddedTest::commit);

        JobRef ref = pulse.enqueue(MAIL, HELLO);

        assertThat(next(answers)).isEqualTo(ReportAnswer.APPLIED);
        Job job = ref.await(PATIENCE);
        assertThat(job.status()).isEqualTo(JobStatus.COMPLETED);
        assertThat(job.attempts()).hasSize(1);
        assertThat(job.result()).isNotNull();
        assertThat(job.result().text()).contains("sent");
    }

    @Test
    void aRollbackOfTheHandlersTransactionIsAFailedAttempt() throws Exception {
        Pulse pulse = embedded();
        CountDownLatch first = new CountDownLatch(1);
        handleInTransaction(pulse, connection -> {
            if (first.getCount() == 1) {
                first.countDown();
                rollback(connection);
            } else {
                commit(connection);
            }
        });

        JobRef ref = pulse.enqueue(MAIL, HELLO);

        Job job = ref.await(PATIENCE);
        assertThat(job.status()).isEqualTo(JobStatus.COMPLETED);
        assertThat(job.attempts()).extracting(attempt -> attempt.outcome()).contains(OutcomeKind.FAIL, OutcomeKind.ACK);
        assertThat(job.attempts())
                .extracting(attempt ->
                        attempt.error() == null ? "" : attempt.error().type())
                .contains("transaction_not_committed");
    }

    @Test
    void whatAHandlerThrowsAfterTheCommitChangesNothing() throws Exception {
        Pulse pulse = embedded();
        handleInTransaction(pulse, connection -> {
            commit(connection);
            throw new IllegalStateException("too late");
        });

        JobRef ref = pulse.enqueue(MAIL, HELLO);

        assertThat(next(answers)).isEqualTo(ReportAnswer.APPLIED);
        Job job = ref.await(PATIENCE);
        assertThat(job.status()).isEqualTo(JobStatus.COMPLETED);
        assertThat(job.attempts()).hasSize(1);
    }

    @Test
    void aTransactionThatEndsAfterItsHandlerDecidesAllTheSame() throws Exception {
        Pulse pulse = embedded();
        Connection connection = begin();
        pulse.handle(MAIL, (job, payload) -> {
            pulse.within(connection).complete(job);
            runs.add("returned");
        });
        pulse.start();
        JobRef ref = pulse.enqueue(MAIL, HELLO);
        next(runs);
        assertThat(pulse.jobs().find(ref.id()).orElseThrow().status()).isEqualTo(JobStatus.RUNNING);

        connection.commit();

        assertThat(next(answers)).isEqualTo(ReportAnswer.APPLIED);
        assertThat(ref.await(PATIENCE).attempts()).hasSize(1);
    }

    @Test
    void aHandlerThatLostItsLeaseCannotCompleteAndItsTransactionRollsBack() throws Exception {
        Pulse pulse = embedded();
        CompletableFuture<ErrorCode> refused = new CompletableFuture<>();
        execute("create table business (id uuid)");
        pulse.handle(MAIL, (job, payload) -> {
            if (refused.isDone()) {
                return;
            }
            try (Connection connection = DriverManager.getConnection(url)) {
                connection.setAutoCommit(false);
                connection.createStatement().execute("insert into business values ('" + job.id() + "')");
                takeAway(job.id());
                pulse.within(connection).complete(job);
                connection.commit();
            } catch (PulseException e) {
                refused.complete(e.code());
                throw e;
            }
        });
        pulse.start();

        JobRef ref = pulse.enqueue(MAIL, HELLO);

        assertThat(refused.get(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isEqualTo(ErrorCode.LEASE_LOST);
        assertThat(ref.await(PATIENCE).status()).isEqualTo(JobStatus.COMPLETED);
        assertThat(count("business")).isZero();
    }

    /** As a sweep would, after the lease had lapsed: the next attempt is somebody else's. */
    private void takeAway(UUID job) throws SQLException {
        execute("update pulse.turn set status = 'pending', session = null, token = null where job_id = '" + job + "'");
    }

    // ---- connections of our own

    private HikariDataSource pool(int size) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(url);
        config.setMaximumPoolSize(size);
        config.setConnectionTimeout(1_000);
        HikariDataSource pool = new HikariDataSource(config);
        closing.add(pool);
        return pool;
    }

    private void outlivesExhaustion(Pulse pulse, List<Connection> taken) throws Exception {
        CountDownLatch leaseIsOld = new CountDownLatch(3);
        pulse.handle(MAIL, (job, payload) -> {
            if (payload.text().equals("\"long\"")) {
                assertThat(leaseIsOld.await(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                        .isTrue();
            } else {
                leaseIsOld.countDown();
            }
        });
        pulse.start();
        JobRef runsLong = pulse.enqueue(MAIL, new Json("\"long\""));
        for (int i = 0; i < 3; i++) { // each two seconds later than the one before: beyond the lease of five
            pulse.enqueue(MAIL, new Json("\"short\""), options -> options.delay(Duration.ofSeconds(2)))
                    .await(PATIENCE);
        }

        Job job = runsLong.await(PATIENCE);

        assertThat(job.status()).isEqualTo(JobStatus.COMPLETED);
        assertThat(job.attempts()).hasSize(1);
        assertThat(taken).isNotEmpty();
    }

    @Test
    void leasesAreKeptWhenTheApplicationsPoolIsExhausted() throws Exception {
        HikariDataSource pool = pool(2);
        Pulse pulse = embedded(pool, options -> {});
        List<Connection> taken = List.of(pool.getConnection(), pool.getConnection());
        assertThatThrownBy(pool::getConnection).isInstanceOf(SQLException.class);

        outlivesExhaustion(pulse, taken);
    }

    @Test
    void aPoolThatCannotBeSeenThroughLendsAFewConnectionsForGood() throws Exception {
        HikariDataSource pool = pool(8);
        DataSource opaque = proxy(DataSource.class, (proxy, method, arguments) -> switch (method.getName()) {
            case "isWrapperFor" -> false;
            default -> call(pool, method, arguments);
        });
        Pulse pulse = embedded(opaque, options -> {});
        List<Connection> taken = new ArrayList<>();
        while (pool.getHikariPoolMXBean().getActiveConnections() < 8) {
            taken.add(pool.getConnection());
        }

        outlivesExhaustion(pulse, taken);
    }

    @Test
    void aWayToConnectionsOfItsOwnLeavesSuchAPoolAlone() throws Exception {
        HikariDataSource pool = pool(2);
        DataSource opaque = proxy(DataSource.class, (proxy, method, arguments) -> switch (method.getName()) {
            case "isWrapperFor" -> false;
            default -> call(pool, method, arguments);
        });

        Pulse pulse = embedded(opaque, options -> options.ownConnections(simple()));

        assertThat(pool.getHikariPoolMXBean().getActiveConnections()).isZero();
        assertThat(pulse.enqueue(MAIL, HELLO).id()).isNotNull();
    }

    // ---- schema and rights

    @Test
    void theSchemaIsMadeUnderTheNameGiven() throws SQLException {
        Pulse pulse = embedded(simple(), options -> options.schema("my_jobs"));
        JobRef ref = pulse.enqueue(MAIL, HELLO);

        assertThat(count("my_jobs.job_fact where id = '" + ref.id() + "'")).isOne();
    }

    @Test
    void aRoleWithoutTheRightToCreateAnythingWorksOnWhatTheScriptMade() throws Exception {
        String role = "app_" + UUID.randomUUID().toString().replace("-", "");
        execute("create role " + role + " login password 'secret'");
        LocalDate today = java.time.Instant.now().atOffset(ZoneOffset.UTC).toLocalDate();
        execute(PgStores.script("by_hand", 1, role, today));
        execute("revoke create on schema public from public");
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setUrl(url);
        source.setUser(role);
        source.setPassword("secret");
        Pulse pulse = embedded(source, options -> options.schema("by_hand").migrate(false));
        pulse.handle(MAIL, (job, payload) -> runs.add(payload.text()));
        pulse.start();

        try (Connection connection = source.getConnection()) {
            assertThatThrownBy(() -> connection.createStatement().execute("create table by_hand.mine (id int)"))
                    .isInstanceOf(SQLException.class);
            connection.setAutoCommit(false);
            pulse.within(connection).enqueue(MAIL, HELLO);
            connection.commit();
        }

        assertThat(next(runs)).isEqualTo(HELLO.text());
        assertThat(next(answers)).isEqualTo(ReportAnswer.APPLIED);
        assertThat(count("by_hand.job")).isOne();
    }

    @Test
    void aRoleWithoutTheRightToCreateDaysWorksWithoutThem() throws Exception {
        String role = "app_" + UUID.randomUUID().toString().replace("-", "");
        execute("create role " + role + " login password 'secret'");
        execute(PgStores.script("stale", 1, role, LocalDate.of(2020, 1, 1)));
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setUrl(url);
        source.setUser(role);
        source.setPassword("secret");

        Pulse pulse = embedded(source, options -> options.schema("stale"));
        pulse.enqueue(MAIL, HELLO);

        assertThat(count("stale.job_other")).isOne();
    }

    @Test
    void aSchemaThatIsNotThereIsNotMadeByAStartThatOnlyChecks() {
        PulseException refused = refusal(() -> embedded(simple(), options -> options.migrate(false)));

        assertThat(refused.code()).isEqualTo(ErrorCode.DATABASE_UNSUITABLE);
        assertThat(refused).hasMessageContaining("pulse migrate --print --from 1");
    }

    @Test
    void aScriptIsWhatTheStartWouldHaveDone() throws SQLException {
        execute(PgStores.script("pulse", 1, null, LocalDate.of(2026, 11, 22)));

        Pulse pulse = embedded(); // migrates: every checksum fits, and nothing is left to do

        assertThat(pulse.enqueue(MAIL, HELLO).id()).isNotNull();
    }

    @Test
    void badOptionsAreRefusedByName() {
        PulseException refused = refusal(() -> embedded(simple(), options -> options.schema("No Schema")));

        assertThat(refused.code()).isEqualTo(ErrorCode.CONFIGURATION);
        assertThat(refused).hasMessageContaining("schema");
    }

    @Test
    void aDatabaseThatIsNotThereIsToldAtTheStart() {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setUrl("jdbc:postgresql://127.0.0.1:1/nowhere");

        assertThat(refusal(() -> Pulse.embedded(source)).code()).isEqualTo(ErrorCode.DATABASE_UNAVAILABLE);
    }

    // ---- wrong use (B105)

    @Test
    @SuppressWarnings("NullAway") // what callers can do whose build does not check it
    void nullsAreRefusedAtOnce() {
        Pulse pulse = embedded();

        assertThatNullPointerException().isThrownBy(() -> Pulse.embedded(null));
        assertThatNullPointerException().isThrownBy(() -> pulse.enqueue(MAIL, null));
        assertThatNullPointerException().isThrownBy(() -> pulse.handle(MAIL, null));
        assertThatNullPointerException().isThrownBy(() -> pulse.handleReturning(MAIL, null));
        assertThatThrownBy(() -> pulse.enqueue(MAIL, HELLO, options -> options.queue(null)))
                .isInstanceOfAny(NullPointerException.class, PulseException.class);
    }

    @Test
    void twoHandlersOfATypeOrTwoStartsAreRefused() {
        Pulse pulse = embedded();
        pulse.handle(MAIL, (job, payload) -> {});

        assertThatIllegalStateException().isThrownBy(() -> pulse.handle(MAIL, (job, payload) -> {}));
        pulse.start();
        assertThatIllegalStateException().isThrownBy(pulse::start);
    }

    @Test
    void nothingWorksAfterTheClose() throws SQLException {
        Pulse pulse = embedded();
        Connection connection = begin();
        pulse.close();
        pulse.close();

        assertThatIllegalStateException().isThrownBy(() -> pulse.enqueue(MAIL, HELLO));
        assertThatIllegalStateException().isThrownBy(() -> pulse.within(connection));
        assertThatIllegalStateException().isThrownBy(pulse::jobs);
        pulse.handle(MAIL, (job, payload) -> {});
        assertThatIllegalStateException().isThrownBy(pulse::start);
    }

    @Test
    void aHandlerCannotCloseItsOwnPulse() throws Exception {
        Pulse pulse = embedded();
        CompletableFuture<Throwable> thrown = new CompletableFuture<>();
        pulse.handle(MAIL, (job, payload) -> {
            try {
                pulse.close();
            } catch (IllegalStateException e) {
                thrown.complete(e);
            }
        });
        pulse.start();

        pulse.enqueue(MAIL, HELLO);

        assertThat(thrown.get(PATIENCE.toSeconds(), TimeUnit.SECONDS)).hasMessageContaining("handler");
    }

    // ---- helpers

    private void execute(String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url)) {
            connection.createStatement().execute(sql);
        }
    }

    private int count(String table) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url);
                ResultSet row = connection.createStatement().executeQuery("select count(*) from " + table)) {
            row.next();
            return row.getInt(1);
        }
    }

    private static <T> T proxy(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }

    private static @Nullable Object call(Object target, java.lang.reflect.Method method, Object[] arguments)
            throws Throwable {
        try {
            return method.invoke(target, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }
}
