package dev.pulse.storepostgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What firing costs depends on what is due, and not on how many schedules sleep (E8). */
class SchedulePlanTest {
    private static final int SLEEPING = 10_000;
    private static final int DUE = 100;
    /** A few pages a row; a pass over the sleeping ones reads more. */
    private static final long MOST_BUFFERS = 1_500;

    private PgFixture store;
    private Connection connection;

    @BeforeEach
    void open() throws SQLException {
        store = new PgFixture();
        connection = DriverManager.getConnection(store.url());
        PgFixture.run(connection, "set jit = off");
    }

    @AfterEach
    void close() throws SQLException {
        connection.close();
        store.close();
    }

    @ParameterizedTest
    @EnumSource
    void takingWhatIsDueReadsNothingOfWhatSleeps(SqlPlanTest.Statistics statistics) throws SQLException {
        fill(statistics);

        for (Explained plan :
                Explained.onExecutions(connection, Statement.SCHEDULE_DUE, Map.of("limit", String.valueOf(DUE)))) {
            assertThat(plan.text()).contains("schedule_look").doesNotContain("Seq Scan on schedule");
            assertThat(plan.buffers()).as(plan.text()).isLessThan(MOST_BUFFERS);
        }
    }

    @ParameterizedTest
    @EnumSource
    void theTimeOfTheNextIsOneEntryOfAnIndex(SqlPlanTest.Statistics statistics) throws SQLException {
        fill(statistics);

        for (Explained plan : Explained.onExecutions(connection, Statement.SCHEDULE_NEXT, Map.of())) {
            assertThat(plan.text()).contains("schedule_look").doesNotContain("Seq Scan");
            assertThat(plan.buffers()).as(plan.text()).isLessThan(20);
        }
    }

    @ParameterizedTest
    @EnumSource
    void movingSchedulesOnReadsThemAlone(SqlPlanTest.Statistics statistics) throws SQLException {
        fill(statistics);
        Map<String, String> values = new HashMap<>();
        values.put("ids", "'" + ids() + "'::uuid[]");
        values.put("statuses", array("text", "'active'"));
        values.put("faults", array("text", "null::text"));
        values.put("anchors", array("timestamptz", "now()"));
        values.put("cursors", array("timestamptz", "now()"));
        values.put("nexts", array("timestamptz", "now() + interval '1 hour'"));
        values.put("waitings", array("boolean", "false"));
        values.put("looks", array("bigint", "null::bigint"));
        values.put("last_jobs", array("uuid", "gen_random_uuid()"));
        values.put("fired", array("bigint", "1"));
        values.put("coalesced", array("bigint", "0"));
        values.put("skipped", array("bigint", "0"));
        values.put("overlapped", array("bigint", "0"));

        for (Explained plan : Explained.onExecutions(connection, Statement.SCHEDULE_MOVE, values)) {
            assertThat(plan.text()).doesNotContain("Seq Scan on schedule");
            assertThat(plan.buffers()).as(plan.text()).isLessThan(MOST_BUFFERS * 3);
        }
    }

    private String ids() throws SQLException {
        try (java.sql.Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("select array_agg(id)::text from"
                        + " (select id from pulse.schedule order by look_at limit " + DUE + ") s")) {
            row.next();
            return row.getString(1);
        }
    }

    private static String array(String type, String value) {
        return "array_fill((" + value + ")::" + type + ", array[" + DUE + "])";
    }

    private void fill(SqlPlanTest.Statistics statistics) throws SQLException {
        if (statistics == SqlPlanTest.Statistics.STALE) {
            PgFixture.run(connection, "analyze pulse.schedule");
        }
        PgFixture.run(connection, """
                insert into pulse.schedule (id, type, queue, priority, payload, max_attempts, every_ms, zone, misfire,
                                            misfire_limit, overlap, status, anchor, cursor_at, next_at, look_at, created_at,
                                            updated_at)
                select gen_random_uuid(), 't', 'q', 0, '{}', 20, 3600000, 'UTC', 'fire_once', 100, 'allow', 'active',
                       pulse.now(), pulse.now(), at, at, pulse.now(), pulse.now()
                  from (select pulse.now() + (n - %d) * interval '1 second' as at from generate_series(1, %d) n) g;
                """.formatted(DUE, SLEEPING + DUE));
        switch (statistics) {
            case FRESH -> PgFixture.run(connection, "analyze pulse.schedule");
            case STALE -> {}
            case NONE ->
                PgFixture.run(
                        connection,
                        "delete from pg_statistic where starelid = 'pulse.schedule'::regclass;"
                                + " update pg_class set reltuples = -1, relpages = 0 where oid = 'pulse.schedule'::regclass");
        }
    }
}
