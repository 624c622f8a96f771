package dev.pulse.storepostgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The plans of the hot path (E8): index probes whatever the statistics say, at the first execution, and at the sixth and
 * eleventh, where driver and server have begun to reuse plans.
 */
class SqlPlanTest {
    private static final int WAITING = 10_000;
    private static final int RUNNING = 1_000;
    /** A few pages a row, whatever waits: a scan of any table would read more. */
    private static final long MOST_BUFFERS = 4_000;
    /** Jobs in a batch; a set searched once for each row of another would look at the square. */
    private static final int BATCH = 100;

    private static final long MOST_COMPARED = BATCH * BATCH / 4;
    /** So few stand on a page or two, which the planner may rather read than an index. */
    private static final int LANES = 50;

    private static final String SESSION = "00000000-0000-7000-8000-0000000000aa";

    /** What the planner believes of the tables. */
    enum Statistics {
        FRESH,
        STALE,
        NONE
    }

    private PgFixture store;
    private Connection connection;

    @BeforeEach
    void open() throws SQLException {
        store = new PgFixture();
        connection = DriverManager.getConnection(store.url());
        PgFixture.run(connection, "set jit = off; set session_replication_role = replica"); // no watchman over so many
    }

    @AfterEach
    void close() throws SQLException {
        connection.close();
        store.close();
    }

    @ParameterizedTest
    @EnumSource
    void claimReadsNoMoreThanItGrants(Statistics statistics) throws SQLException {
        fill(statistics);
        Map<String, String> values = Map.of(
                "lanes", "array[1,2,3]",
                "priorities", "array[0,0,0]",
                "seqs", "array[0,0,0]::bigint[]",
                "sessions", "array['" + SESSION + "']::uuid[]",
                "slots", "array_fill('" + SESSION + "'::uuid, array[100])",
                "limit", "100",
                "switches", "0");

        for (Explained plan : Explained.onExecutions(connection, Statement.JOB_CLAIM, values)) {
            assertThat(plan.text()).contains("turn_key").doesNotContain("Seq Scan on turn");
            assertThat(plan.buffers()).as(plan.text()).isLessThan(MOST_BUFFERS);
            assertThat(plan.compared()).as(plan.text()).isLessThan(MOST_COMPARED);
        }
    }

    @ParameterizedTest
    @CsvSource({"FRESH,0", "STALE,0", "NONE,0", "FRESH,60000", "NONE,60000"})
    void insertLooksAtEachJobAFewTimes(Statistics statistics, int delay) throws SQLException {
        fill(statistics);
        Map<String, String> values = new HashMap<>(Map.of(
                "ids", array(BATCH, "uuid", i -> "gen_random_uuid()"),
                "lanes", array(BATCH, "int", i -> "1"),
                "queues", array(BATCH, "text", i -> "'default'"),
                "types", array(BATCH, "text", i -> "'type-1'"),
                "priorities", array(BATCH, "int", i -> "0"),
                "payloads", array(BATCH, "bytea", i -> "'{}'"),
                "max_attempts", array(BATCH, "int", i -> "20"),
                "content_hashes", array(BATCH, "uuid", i -> "gen_random_uuid()"),
                "delays", array(BATCH, "bigint", i -> Integer.toString(delay))));
        values.put("identity", "'" + only("select identity from pulse.control") + "'::uuid");
        values.put("database", "'" + only("select current_database()") + "'::text");
        for (String name : List.of(
                "content_types:text",
                "headers:text",
                "tags:text",
                "origins:text",
                "keys:text",
                "backoffs:text",
                "timeouts:bigint",
                "run_ats:timestamptz")) {
            String[] parts = name.split(":", -1);
            values.put(parts[0], array(BATCH, parts[1], i -> "null"));
        }

        for (Explained plan : Explained.onExecutions(connection, Statement.JOB_INSERT, values)) {
            assertThat(plan.buffers()).as(plan.text()).isLessThan(MOST_BUFFERS);
            assertThat(plan.compared()).as(plan.text()).isLessThan(MOST_COMPARED);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aClaimUnderLimitsReadsNoMoreThanItGrants(Statistics statistics) throws SQLException {
        fill(statistics);
        PgFixture.run(connection, """
                insert into pulse.switch (kind, name, max_running, filled_at) values ('type', 'type-1', 500, pulse.now());
                insert into pulse.limited (lane, seq, token) select lane, seq, token from pulse.turn where status = 'running';
                """);
        Map<String, String> values = new HashMap<>(Map.of(
                "lanes", "array[1,2,3]",
                "priorities", "array[0,0,0]",
                "seqs", "array[0,0,0]::bigint[]",
                "queue_limits", "array[null,null,null]::text[]",
                "queue_rooms", "array[null,null,null]::int[]",
                "type_limits", "array['type-1',null,null]::text[]",
                "type_rooms", "array[20,null,null]::int[]",
                "sessions", "array['" + SESSION + "']::uuid[]",
                "slots", "array_fill('" + SESSION + "'::uuid, array[100])",
                "limit", "100"));
        values.put("switches", "0");
        values.put("queues", "array[]::text[]");
        values.put("types", "array['type-1']");

        for (Statement statement : List.of(Statement.JOB_CLAIM_LIMITED, Statement.LIMIT_COUNT)) {
            for (Explained plan : Explained.onExecutions(connection, statement, values)) {
                assertThat(plan.text()).contains("turn_key").doesNotContain("Seq Scan on turn");
                assertThat(plan.buffers()).as(plan.text()).isLessThan(MOST_BUFFERS);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void endReadsNoMoreThanItEnds(Statistics statistics) throws SQLException {
        fill(statistics);
        int n = BATCH;
        Map<String, String> values = new HashMap<>(Map.of(
                "places", array(n, "int", Integer::toString),
                "job_ids", running("job_id", n),
                "lanes", running("lane", n),
                "seqs", running("seq", n),
                "tokens", running("token", n),
                "outcomes", array(n, "text", i -> "'ack'"),
                "statuses", array(n, "text", i -> "'completed'")));
        for (String name : List.of(
                "delays:bigint",
                "charged:int",
                "crashes:int",
                "error_types:text",
                "error_messages:text",
                "error_stacks:text",
                "results:bytea",
                "result_types:text")) {
            String[] parts = name.split(":", -1);
            values.put(parts[0], array(n, parts[1], i -> parts[1].equals("int") ? "0" : "null"));
        }

        for (Explained plan : Explained.onExecutions(connection, Statement.ATTEMPT_END, values)) {
            assertThat(plan.text()).contains("turn_key").doesNotContain("Seq Scan on turn");
            assertThat(plan.buffers()).as(plan.text()).isLessThan(MOST_BUFFERS);
            assertThat(plan.compared()).as(plan.text()).isLessThan(MOST_COMPARED);
        }
    }

    @ParameterizedTest
    @EnumSource
    void promoteReadsNoMoreThanItMoves(Statistics statistics) throws SQLException {
        fill(statistics);

        for (Explained plan : Explained.onExecutions(
                connection, Statement.JOB_PROMOTE, Map.of("ids", "null::uuid[]", "limit", "100"))) {
            assertThat(plan.text()).contains("due_run_at").doesNotContain("Seq Scan on due");
            assertThat(plan.buffers()).as(plan.text()).isLessThan(MOST_BUFFERS);
            assertThat(plan.compared()).as(plan.text()).isLessThan(MOST_COMPARED + BATCH * LANES);
        }
    }

    private String only(String query) throws SQLException {
        try (ResultSet row = connection.createStatement().executeQuery(query)) {
            row.next();
            return row.getString(1);
        }
    }

    private static String array(int n, String type, IntFunction<String> element) {
        return IntStream.range(0, n).mapToObj(element).collect(Collectors.joining(",", "array[", "]::" + type + "[]"));
    }

    /** One column of the first running turns, as a literal: a parameter, not a part of the plan. */
    private String running(String column, int n) throws SQLException {
        String query = "select array_agg(" + column
                + ") from (select * from pulse.turn where status = 'running' order by lane, seq limit " + n + ") t";
        try (java.sql.Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            row.next();
            String type = row.getMetaData().getColumnTypeName(1).substring(1);
            return "'" + row.getString(1) + "'::" + type + "[]";
        }
    }

    /** Fifty types, many waiting, some running, some due: by hand, because what matters is size. */
    private void fill(Statistics statistics) throws SQLException {
        if (statistics == Statistics.STALE) {
            PgFixture.run(
                    connection,
                    "analyze pulse.turn, pulse.job, pulse.due, pulse.job_other, pulse.attempt, pulse.session");
        }
        PgFixture.run(connection, """
                insert into pulse.lane (queue, type, priority) select 'default', 'type-' || i, 0 from generate_series(1, %d) i;
                insert into pulse.session (id, worker, types, queues, slots, lease_ttl, started_at, heartbeat_at)
                values ('%s', 'w', '{type-1}', '{}', 100, '1 hour', pulse.now(), pulse.now());
                create temp table made as
                select i, (i %% 50) + 1 as lane, nextval('pulse.turn_seq') as seq,
                       (lpad(to_hex((extract(epoch from pulse.now()) * 1000)::bigint), 12, '0')
                        || '7000' || '8000' || lpad(to_hex(i), 12, '0'))::uuid as id
                  from generate_series(1, %d) i;
                insert into pulse.job (id, lane, seq, type, queue, priority, payload, max_attempts, content_hash, created_at)
                select id, lane, seq, 'type-' || lane, 'default', 0, '{}', 20, id, pulse.now() from made;
                insert into pulse.turn (lane, seq, job_id, since) select lane, seq, id, pulse.now() from made where i %% 2 = 0;
                insert into pulse.due (job_id, lane, status, run_at)
                select id, lane, 'scheduled', pulse.now() - interval '1 s' from made where i %% 2 = 1;
                update pulse.turn set status = 'running', session = '%s', token = gen_random_uuid(), attempt = 1
                 where ctid in (select ctid from pulse.turn order by seq limit %d);
                """.formatted(LANES, SESSION, 2 * WAITING, SESSION, RUNNING));
        if (statistics == Statistics.FRESH) {
            PgFixture.run(connection, "vacuum analyze");
        }
    }
}
