package dev.pulse.torture;

import dev.pulse.model.Payload;
import dev.pulse.sdk.JobContext;
import dev.pulse.sdk.JobType;
import dev.pulse.sdk.Pulse;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * One application with the engine inside, and two remote workers over a server, all on the same tables: business
 * transactions that each enqueue a job, some rolled back, some held open. The business table says what should have run; the
 * application's own handlers complete their jobs in transactions of their own, some of which roll back, too.
 */
final class BusinessTransactions {
    private static final JobType<Payload> PLAIN = JobType.of(Victim.PLAIN);
    private static final JobType<Payload> WAKE = JobType.of("torture-wake");
    private static final int THREADS = 8;
    private static final int ROLLED_BACK_PERCENT = 30;
    private static final int HELD_OPEN_PER_MILLE = 5;
    private static final int HELD_OPEN_MS = 2_000;
    private static final int WORK_ROLLED_BACK_PERCENT = 2;
    private static final int WAKES = 300;
    private static final int HOT_PATHS = 100;

    private final Stage stage;
    private final Pulse pulse;
    private final OutputStream journal;
    private final Set<UUID> rolledBack = ConcurrentHashMap.newKeySet();
    private final BlockingQueue<Long> started = new ArrayBlockingQueue<>(1);

    private BusinessTransactions(Stage stage, Pulse pulse, OutputStream journal) {
        this.stage = stage;
        this.pulse = pulse;
        this.journal = journal;
    }

    /** Whether all that committed ran, and nothing else did. */
    static boolean run(int transactions, long seed) throws IOException, InterruptedException, ExecutionException {
        System.out.println("transactions: " + transactions + " business transactions, " + ROLLED_BACK_PERCENT
                + " % rolled back, seed " + seed);
        try (Stage stage = new Stage(1);
                OutputStream journal = stage.journal().open();
                Pulse pulse = Pulse.embedded(source(stage.jdbcUrl()))) {
            execute(stage, "create table business (job_id uuid primary key)");
            execute(stage, "create table work (job_id uuid not null, attempt int not null)");
            BusinessTransactions scenario = new BusinessTransactions(stage, pulse, journal);
            pulse.handle(PLAIN, scenario::work);
            pulse.handle(WAKE, (job, payload) -> scenario.started.add(System.nanoTime()));
            pulse.start();
            for (int i = 0; i < 2; i++) {
                stage.worker("remote-" + i, Duration.ofSeconds(30), 8);
            }
            long from = System.nanoTime();
            scenario.transact(transactions, seed);
            Duration enqueued = Duration.ofNanos(System.nanoTime() - from);
            Proc.Await.until(
                    "nothing waits and nothing runs",
                    () -> scenario.count("pulse.turn") == 0 && scenario.count("pulse.due") == 0);
            Duration took = Duration.ofNanos(System.nanoTime() - from);
            boolean good = scenario.judge(transactions);
            System.out.println("transactions: enqueued in " + enqueued.toMillis() + " ms, all done after "
                    + took.toMillis() + " ms");
            scenario.measureWake();
            scenario.measureStatements();
            return good;
        } catch (SQLException e) {
            throw new IOException(e);
        }
    }

    private static PGSimpleDataSource source(String url) {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setUrl(url);
        return source;
    }

    private void transact(int transactions, long seed) throws InterruptedException, ExecutionException {
        try (ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
            List<Future<?>> running = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                Random random = new Random(seed + i);
                int share = transactions / THREADS + (i < transactions % THREADS ? 1 : 0);
                running.add(threads.submit(() -> {
                    try (Connection connection = begin()) {
                        for (int n = 0; n < share; n++) {
                            transact(connection, random);
                        }
                    }
                    return null;
                }));
            }
            for (Future<?> one : running) {
                one.get();
            }
        }
    }

    private void transact(Connection connection, Random random) throws SQLException, InterruptedException {
        UUID id = pulse.within(connection).enqueue(PLAIN, Payload.json("0")).id();
        try (PreparedStatement insert = connection.prepareStatement("insert into business values (?)")) {
            insert.setObject(1, id);
            insert.executeUpdate();
        }
        if (random.nextInt(1_000) < HELD_OPEN_PER_MILLE) {
            Thread.sleep(random.nextInt(HELD_OPEN_MS));
        }
        if (random.nextInt(100) < ROLLED_BACK_PERCENT) {
            rolledBack.add(id);
            connection.rollback();
        } else {
            connection.commit();
        }
    }

    private Connection begin() throws SQLException {
        Connection connection = DriverManager.getConnection(stage.jdbcUrl());
        connection.setAutoCommit(false);
        return connection;
    }

    /** The application's own handler: its work and its completion in one transaction. */
    private void work(JobContext job, Payload payload) throws Exception {
        Journal.append(journal, new Journal.Run(job.id(), job.attempt(), "application"));
        try (Connection connection = begin();
                PreparedStatement insert = connection.prepareStatement("insert into work values (?, ?)")) {
            insert.setObject(1, job.id());
            insert.setInt(2, job.attempt());
            insert.executeUpdate();
            pulse.within(connection).complete(job);
            if (job.attempt() == 1 && Math.floorMod(job.id().hashCode(), 100) < WORK_ROLLED_BACK_PERCENT) {
                connection.rollback();
            } else {
                connection.commit();
            }
        }
    }

    private boolean judge(int transactions) throws IOException, SQLException {
        Set<UUID> business = ids("select job_id from business");
        Set<UUID> completed =
                ids("select id from pulse.job_state where status = 'completed' and type = '" + Victim.PLAIN + "'");
        Set<UUID> stored = ids("select id from pulse.job_fact where type = '" + Victim.PLAIN + "'");
        Map<UUID, Integer> runs = new HashMap<>();
        int byApplication = 0;
        for (Journal.Run run : stage.journal().read()) {
            runs.merge(run.job(), 1, Integer::sum);
            byApplication += run.worker().equals("application") ? 1 : 0;
        }
        long attempts = count("pulse.attempt_all where started_at is not null");
        long failed = count("pulse.attempt_all where outcome = 'fail' and error_type = 'transaction_not_committed'");
        long doubled = count("(select from work group by job_id having count(*) > 1) twice");
        long unfinished = count("work w where not exists (select from pulse.attempt_all a where a.job_id = w.job_id"
                + " and a.attempt = w.attempt and a.outcome = 'ack')");
        int total = runs.values().stream().mapToInt(Integer::intValue).sum();
        Set<UUID> ghosts = new HashSet<>(runs.keySet());
        ghosts.retainAll(rolledBack);
        boolean good = business.size() + rolledBack.size() == transactions
                && business.equals(stored)
                && business.equals(completed)
                && business.equals(runs.keySet())
                && ghosts.isEmpty()
                && total == attempts
                && total == business.size() + failed
                && doubled == 0
                && unfinished == 0;
        System.out.println(
                "transactions: committed " + business.size() + ", rolled back " + rolledBack.size() + "; jobs stored "
                        + stored.size() + ", completed " + completed.size() + ", distinct jobs run " + runs.size()
                        + ", rolled-back jobs that ran " + ghosts.size() + "; runs " + total + " (in the application "
                        + byApplication
                        + "), attempts recorded " + attempts + ", of them undone with their transaction " + failed
                        + "; work rows of a job twice " + doubled + ", without a completion " + unfinished + ": "
                        + (good ? "exactly as recorded" : "NOT AS RECORDED"));
        return good;
    }

    /** From the return of the commit to the handler, in an application that is otherwise idle. */
    private void measureWake() throws SQLException, InterruptedException {
        long[] micros = new long[WAKES];
        try (Connection connection = begin()) {
            for (int i = 0; i < WAKES; i++) {
                pulse.within(connection).enqueue(WAKE, Payload.json("0"));
                connection.commit();
                long committed = System.nanoTime();
                Long at = started.poll(30, TimeUnit.SECONDS);
                micros[i] = at == null ? Long.MAX_VALUE : (at - committed) / 1_000;
            }
        }
        Arrays.sort(micros);
        System.out.println("transactions: commit to handler, " + WAKES + " times idle: p50 "
                + micros[WAKES / 2] / 1_000.0 + " ms, p99 " + micros[WAKES * 99 / 100] / 1_000.0 + " ms");
    }

    /** What one enqueue sends on the caller's connection, by the server's own log, and the rows that it writes there. */
    private void measureStatements() throws SQLException, IOException {
        try (Connection connection = begin();
                java.sql.Statement statement = connection.createStatement()) {
            statement.execute("set log_statement = 'all'");
            connection.commit();
            String backend = "[" + text(statement, "select pg_backend_pid()") + "]";
            connection.commit();
            Path log = stage.folder().resolve("data").resolve("postgres.log");
            long before = statements(log, backend);
            for (int i = 0; i < HOT_PATHS; i++) {
                pulse.within(connection).enqueue(WAKE, Payload.json("0"));
            }
            long sent = statements(log, backend) - before;
            String rows = text(
                    statement,
                    "select string_agg(relname || ' ' || n, ', ' order by relname) from (select regexp_replace(relname,"
                            + " '_[0-9]+$', '') as relname, sum(n_tup_ins + n_tup_upd + n_tup_del) as n from"
                            + " pg_stat_xact_user_tables where schemaname = 'pulse' group by 1) t where n > 0");
            connection.rollback();
            System.out.println("transactions: " + HOT_PATHS + " enqueues in one transaction sent " + sent
                    + " statements besides its begin; rows written: " + rows);
        }
    }

    private static long statements(Path log, String backend) throws IOException {
        try (Stream<String> lines = Files.lines(log)) {
            return lines.filter(line -> line.contains(backend) && line.contains("execute "))
                    .filter(line -> !line.endsWith("BEGIN"))
                    .count();
        }
    }

    private static String text(java.sql.Statement statement, String query) throws SQLException {
        try (ResultSet row = statement.executeQuery(query)) {
            row.next();
            return String.valueOf(row.getString(1));
        }
    }

    private static void execute(Stage stage, String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection(stage.jdbcUrl());
                java.sql.Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private long count(String from) {
        try (Connection connection = DriverManager.getConnection(stage.jdbcUrl());
                java.sql.Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("select count(*) from " + from)) {
            row.next();
            return row.getLong(1);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private Set<UUID> ids(String query) throws SQLException {
        Set<UUID> ids = new HashSet<>();
        try (Connection connection = DriverManager.getConnection(stage.jdbcUrl());
                java.sql.Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            while (rows.next()) {
                ids.add(rows.getObject(1, UUID.class));
            }
        }
        return ids;
    }
}
