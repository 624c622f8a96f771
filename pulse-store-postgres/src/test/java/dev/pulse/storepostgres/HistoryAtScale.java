package dev.pulse.storepostgres;

import dev.pulse.localpostgres.SharedPostgres;
import dev.pulse.model.Assignment;
import dev.pulse.model.IdSource;
import dev.pulse.model.JobFilter;
import dev.pulse.model.JobPage;
import dev.pulse.model.JobStatus;
import dev.pulse.model.Limits;
import dev.pulse.model.Outcome;
import dev.pulse.model.OutcomePolicy;
import dev.pulse.model.SessionSpec;
import dev.pulse.model.Submission;
import dev.pulse.model.SubmissionBuilder;
import dev.pulse.store.Claim;
import dev.pulse.store.HistoryStore;
import dev.pulse.store.JobStore;
import dev.pulse.store.Pruned;
import dev.pulse.store.Report;
import dev.pulse.store.Retention;
import dev.pulse.store.Stores;
import dev.pulse.store.Term;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * What looking at a long history costs, and letting a day of it go: pages of every list, a job by its id, counts and
 * throughput over finished jobs of thirty days, with and without a backlog beside them; the size of the live tables; and
 * the drop of a day while other threads submit, claim and complete. Figures, not a test: run by {@code ./dev bench history
 * [ROWS]}.
 */
class HistoryAtScale {
    private static final int DAYS = 30;
    private static final int TYPES = 50;
    private static final int RUNS = 60;

    private final long rows = Long.getLong("pulse.bench.rows", 10_000_000);
    private final String url = SharedPostgres.freshDatabase();
    private final UUID server = new UUID(0, 1);

    @Test
    void historyAtScale() throws SQLException, InterruptedException {
        PgStores.migrate(PgConfig.defaults(url));
        LocalDate first = Days.today(Instant.now()).minusDays(DAYS + 1L);
        try (Connection connection = connect()) {
            PgFixture.run(connection, """
                    do $$
                    declare day regclass;
                    begin
                        for day in select inhrelid from pg_inherits
                                    where inhparent in ('pulse.job'::regclass, 'pulse.attempt'::regclass) loop
                            execute 'drop table ' || day;
                        end loop;
                    end $$""");
            String start = "'" + Days.start(first) + "'";
            PgFixture.run(
                    connection,
                    "update pulse.control set day_from = " + start + ", day_until = " + start + ", history_from = "
                            + start);
            PgFixture.run(
                    connection,
                    "insert into pulse.lane (queue, type, priority) select 'q-' || i % 5, 'type-' || i, 0 from"
                            + " generate_series(1, " + TYPES
                            + ") i; insert into pulse.lane (queue, type, priority) values"
                            + " ('default', 'rare', 0)");
        }
        try (PgStores opened = PgStores.open(PgConfig.defaults(url));
                Connection connection = connect()) {
            Stores stores = opened.stores();
            print("live tables before", sizes(connection));
            long began = System.nanoTime();
            Duration folding = seed(connection, stores, first);
            System.out.printf(
                    Locale.ROOT,
                    "seeded %,d finished jobs in %.0f s, of which folding %.1f s%n",
                    rows,
                    seconds(began),
                    folding.toMillis() / 1e3);
            PgFixture.run(connection, "analyze");
            print("live tables after", sizes(connection));
            look(stores, "");
            backlog(connection, (int) (rows / 10));
            look(stores, "with " + rows / 10 + " waiting: ");
            PgFixture.run(connection, "truncate pulse.turn");
            drop(stores);
        }
    }

    private Connection connect() throws SQLException {
        return DriverManager.getConnection(url);
    }

    /** A day at a time, as it would have come; each day is folded like a leader does. */
    private Duration seed(Connection connection, Stores stores, LocalDate first) throws SQLException {
        PgFixture.run(connection, "set synchronous_commit = off; set jit = off; set work_mem = '64MB'");
        long perDay = rows / DAYS;
        long folding = 0;
        for (int day = 0; day < DAYS; day++) {
            long millis = Days.start(first.plusDays(day)).getMostSignificantBits() >>> 16;
            PgFixture.run(
                    connection, """
                    create temp table made as
                    select i, i %% %d + 1 as lane, to_timestamp((%d + i * 86400000 / %d) / 1000.0) as at,
                           (lpad(to_hex(%d + i * 86400000 / %d), 12, '0') || '7000' || '8000'
                            || lpad(to_hex(i), 12, '0'))::uuid as id,
                           case when i %% 100 = 0 then 'canceled' when i %% 50 = 1 then 'dead_lettered' else 'completed' end as st
                      from generate_series(0::bigint, %d - 1) i;
                    insert into pulse.job (id, lane, seq, type, queue, priority, payload, tags, max_attempts, content_hash, created_at)
                    select id, case when i = 7 then %d else lane end, 0, case when i = 7 then 'rare' else 'type-' || lane end,
                           'q-' || lane %% 5, 0, convert_to(repeat('x', 100), 'UTF8'),
                           jsonb_build_object('tenant', 't-' || i %% 100), 20, id, at
                      from made;
                    insert into pulse.attempt (job_id, no, attempt, token, session, worker, outcome, ended_as, started_at,
                                               ended_at, error_type, error_message, lane)
                    select id, 1, 1, id, id, 'w', 'fail', 'retrying', at, at, 'Broken', 'it broke for ' || i, lane
                      from made where i %% 20 = 1;
                    insert into pulse.attempt (job_id, no, attempt, token, session, worker, outcome, ended_as, started_at,
                                               ended_at, lane)
                    select id, 2, 2, id, id, 'w', (case st when 'completed' then 'ack' when 'canceled' then 'canceled'
                           else 'dead_letter' end)::pulse.outcome, st::pulse.job_status, at, at + interval '1 s',
                           case when i = 7 then %d else lane end
                      from made;
                    insert into pulse.dead (job_id, lane, attempt, charged, crashes, history, fingerprint, died_at)
                    select id, lane, 2, 2, 0, 2, md5(lane::text)::uuid, at from made where st = 'dead_lettered';
                    drop table made;
                    """.formatted(TYPES, millis, perDay, millis, perDay, perDay, TYPES + 1, TYPES + 1));
            long began = System.nanoTime();
            Term term = term(stores);
            while (stores.history().fold(term)) {
                term = term(stores);
            }
            folding += System.nanoTime() - began;
        }
        return Duration.ofNanos(folding);
    }

    private Term term(Stores stores) {
        return stores.servers().lead(server, Duration.ofMinutes(10)).orElseThrow();
    }

    private static void backlog(Connection connection, int jobs) throws SQLException {
        PgFixture.run(connection, """
                create temp table waiting as
                select i %% %d + 1 as lane, nextval('pulse.turn_seq') as seq,
                       (lpad(to_hex((extract(epoch from clock_timestamp()) * 1000)::bigint), 12, '0') || '7000' || '8000'
                        || lpad(to_hex(i), 12, '0'))::uuid as id
                  from generate_series(1, %d) i;
                insert into pulse.job (id, lane, seq, type, queue, priority, payload, max_attempts, content_hash, created_at)
                select id, lane, seq, 'type-' || lane, 'q-' || lane %% 5, 0, '{}', 20, id, pulse.now() from waiting;
                insert into pulse.turn (lane, seq, job_id, since) select lane, seq, id, pulse.now() from waiting order by seq;
                analyze pulse.turn, pulse.job;
                """.formatted(TYPES, jobs));
    }

    private void look(Stores stores, String where) {
        JobStore jobs = stores.jobs();
        HistoryStore history = stores.history();
        Random dice = new Random(1);
        Instant now = Instant.now();
        List<UUID> ids = jobs.list(JobFilter.ALL.withStatus(JobStatus.COMPLETED), 1_000, null).items().stream()
                .map(job -> job.facts().id())
                .toList();
        measure(where + "get by id", () -> jobs.find(ids.get(dice.nextInt(ids.size()))));
        pages(where + "list, no filter", jobs, JobFilter.ALL);
        for (JobStatus status : JobStatus.values()) {
            pages(where + "list " + status.wireName(), jobs, JobFilter.ALL.withStatus(status));
        }
        pages(where + "list type, 1 of " + TYPES, jobs, filter("type-7", Map.of(), null, null, null));
        pages(
                where + "list completed of a type",
                jobs,
                filter("type-7", Map.of(), null, null, null).withStatus(JobStatus.COMPLETED));
        pages(
                where + "list pending of a type",
                jobs,
                filter("type-7", Map.of(), null, null, null).withStatus(JobStatus.PENDING));
        pages(where + "list tag, 1 of 100", jobs, filter(null, Map.of("tenant", "t-7"), null, null, null));
        pages(
                where + "list dead of a type",
                jobs,
                filter("type-2", Map.of(), null, null, null).withStatus(JobStatus.DEAD_LETTERED));
        pages(
                where + "list an hour two weeks ago",
                jobs,
                filter(
                        null,
                        Map.of(),
                        null,
                        now.minus(Duration.ofDays(14)),
                        now.minus(Duration.ofDays(14).minusHours(1))));
        measure(
                where + "a page that finds little: rare type",
                () -> jobs.list(filter("rare", Map.of(), null, null, null), 50, null));
        measure(
                where + "a page that finds nothing: text",
                () -> jobs.list(filter(null, Map.of(), "no such text", null, null), 50, null));
        measure(where + "stats", jobs::counts);
        measure(where + "throughput 1h by 1m", () -> history.throughput(Duration.ofHours(1), Duration.ofMinutes(1)));
        measure(where + "throughput 30d by 1h", () -> history.throughput(Duration.ofDays(30), Duration.ofHours(1)));
    }

    private static JobFilter filter(
            @Nullable String type,
            Map<String, String> tags,
            @Nullable String text,
            @Nullable Instant since,
            @Nullable Instant until) {
        JobFilter all = JobFilter.ALL;
        return new JobFilter(all.status(), type, all.queue(), tags, all.origin(), text, since, until);
    }

    /** First pages, and a walk of as many pages as it has runs. */
    private static void pages(String what, JobStore jobs, JobFilter filter) {
        measure(what + ", first page", () -> jobs.list(filter, 50, null));
        @Nullable String[] cursor = new @Nullable String[1];
        measure(what + ", later pages", () -> {
            JobPage page = jobs.list(filter, 50, cursor[0]);
            cursor[0] = page.nextCursor();
        });
    }

    private static void measure(String what, Runnable call) {
        for (int i = 0; i < 10; i++) {
            call.run();
        }
        measure(what, RUNS, call);
    }

    private static void measure(String what, int runs, Runnable call) {
        long[] nanos = new long[runs];
        for (int i = 0; i < runs; i++) {
            long began = System.nanoTime();
            call.run();
            nanos[i] = System.nanoTime() - began;
        }
        print(what, nanos);
    }

    private static void print(String what, long[] nanos) {
        Arrays.sort(nanos);
        System.out.printf(
                Locale.ROOT,
                "%-56s p50 %8.2f  p95 %8.2f  max %8.2f ms%n",
                what,
                nanos[nanos.length / 2] / 1e6,
                nanos[nanos.length * 95 / 100] / 1e6,
                nanos[nanos.length - 1] / 1e6);
    }

    private static void print(String what, String text) {
        System.out.printf(Locale.ROOT, "%-56s %s%n", what, text);
    }

    private static String sizes(Connection connection) throws SQLException {
        try (java.sql.Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("""
                        select string_agg(t || ' ' || pg_total_relation_size(('pulse.' || t)::regclass) / 1024 || ' KiB', ', ')
                          from unnest(array['turn', 'due', 'session', 'control', 'rollup_state', 'cancel_request']) t
                        """)) {
            row.next();
            return row.getString(1);
        }
    }

    // ---- dropping a day under traffic

    private void drop(Stores stores) throws InterruptedException, SQLException {
        AtomicBoolean over = new AtomicBoolean();
        ConcurrentLinkedQueue<Long> calls = new ConcurrentLinkedQueue<>();
        List<Thread> traffic = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            int number = i;
            traffic.add(Thread.ofPlatform().start(() -> traffic(stores, number, over, calls)));
        }
        while (calls.size() < 1_000) {
            Thread.onSpinWait();
        }
        print("a call of traffic before the drops", drained(calls));
        Retention keep = new Retention(
                Duration.ofDays(DAYS - 4L), Duration.ofDays(DAYS - 4L), null, Duration.ofDays(400), 1_000);
        for (int day = 0; day < 3; day++) {
            long began = System.nanoTime();
            int moved = 0;
            Pruned pruned;
            long last;
            do {
                last = System.nanoTime();
                pruned = stores.history().prune(term(stores), keep);
                moved += pruned.moved();
            } while (pruned.days() == 0 && pruned.more());
            System.out.printf(
                    Locale.ROOT,
                    "day dropped: %s; %,d dead letters moved aside first, %.2f s in all, the dropping transaction %.3f s%s%n",
                    pruned.days() == 1,
                    moved,
                    seconds(began),
                    seconds(last),
                    pruned.blocked());
            print("a call of traffic meanwhile", drained(calls));
        }
        over.set(true);
        for (Thread thread : traffic) {
            thread.join();
        }
        print("stats still", stores.jobs().counts().total().toString());
    }

    private static long[] drained(ConcurrentLinkedQueue<Long> calls) {
        List<Long> all = new ArrayList<>();
        for (Long nanos = calls.poll(); nanos != null; nanos = calls.poll()) {
            all.add(nanos);
        }
        return all.isEmpty()
                ? new long[1]
                : all.stream().mapToLong(Long::longValue).toArray();
    }

    private static double seconds(long began) {
        return (System.nanoTime() - began) / 1e9;
    }

    /** Submits ten, claims ten, completes ten, and writes down what each call took. */
    private static void traffic(Stores stores, int number, AtomicBoolean over, ConcurrentLinkedQueue<Long> calls) {
        IdSource ids = new IdSource(InstantSource.system(), new Random(number));
        OutcomePolicy policy = new OutcomePolicy(new Random(number));
        UUID session = ids.next();
        String type = "traffic-" + number;
        stores.sessions().open(new SessionSpec(session, "w" + number, Set.of(type), Set.of(), 10, Duration.ofHours(1)));
        while (!over.get()) {
            List<Submission> batch = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                batch.add(new SubmissionBuilder(Limits.DEFAULT).type(type).build(ids));
            }
            timed(calls, () -> stores.jobs().insert(batch, false));
            List<Claim.LaneStart> lanes = stores.jobs().lanes().stream()
                    .filter(lane -> lane.type().equals(type))
                    .map(lane -> new Claim.LaneStart(lane.number(), lane.priority(), 0))
                    .toList();
            List<Assignment> granted = new ArrayList<>();
            timed(calls, () -> granted.addAll(stores.jobs().claim(new Claim(lanes, Collections.nCopies(10, session)))));
            timed(
                    calls,
                    () -> stores.jobs()
                            .end(
                                    granted.stream()
                                            .map(job ->
                                                    new Report(job.facts().id(), job.token(), new Outcome.Ack(null)))
                                            .toList(),
                                    policy::decide));
        }
    }

    private static void timed(ConcurrentLinkedQueue<Long> calls, Runnable call) {
        long began = System.nanoTime();
        call.run();
        calls.add(System.nanoTime() - began);
    }
}
