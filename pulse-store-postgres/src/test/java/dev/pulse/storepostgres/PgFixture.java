package dev.pulse.storepostgres;

import dev.pulse.localpostgres.SharedPostgres;
import dev.pulse.model.JobStatus;
import dev.pulse.model.OutcomePolicy;
import dev.pulse.model.Transition;
import dev.pulse.store.Decider;
import dev.pulse.store.StoreFixture;
import dev.pulse.store.Stores;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Random;

/** A store on one migrated database a JVM, emptied for each test: deleting a few rows is faster than making tables. */
final class PgFixture implements StoreFixture {
    private static final String EMPTY = """
            set session_replication_role = replica; -- the watchman need not watch the cleaning
            delete from pulse.turn; delete from pulse.due; delete from pulse.dead;
            delete from pulse.job; delete from pulse.job_other; delete from pulse.attempt; delete from pulse.attempt_other;
            delete from pulse.job_key; delete from pulse.session; delete from pulse.cancel_request; delete from pulse.server;
            delete from pulse.bundle; delete from pulse.bundle_delta; delete from pulse.bundle_callback;
            delete from pulse.lane; delete from pulse.test_shadow; delete from pulse.switch; delete from pulse.limited;
            truncate pulse.event; delete from pulse.subscription; delete from pulse.delivery; delete from pulse.parked_event;
            alter sequence pulse.event_seq restart;
            update pulse.control set feed_dropped_position = -1, feed_dropped_seq = -1, feed_shift = 0;
            delete from pulse.schedule; delete from pulse.occurrence;
            delete from pulse.operation; delete from pulse.audit; delete from pulse.api_key; delete from pulse.sign_in_failure;
            alter sequence pulse.turn_seq restart; alter sequence pulse.lane_number_seq restart;
            update pulse.control set leader = null, leader_term = 0, leader_until = null, lease_floor = '-infinity',
                   switch_version = 0, zones = null;
            delete from pulse.job_progress; delete from pulse.job_log;
            delete from pulse.job_count; delete from pulse.count_delta; delete from pulse.rollup_minute;
            update pulse.rollup_state set tx_until = pg_current_xact_id()::text::bigint;
            update pulse.test_clock set shift = '0';
            """;

    private final String url;
    private final PgStores stores;

    PgFixture() {
        this(Template.URL);
    }

    /** On a database of its own, for tests after which the days are not what they were. */
    static PgFixture alone() {
        return new PgFixture(Template.make());
    }

    private PgFixture(String url) {
        this.url = url;
        try (Connection connection = connect()) {
            run(connection, EMPTY);
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
        this.stores = PgStores.open(PgConfig.defaults(SharedPostgres.route(url)));
    }

    /** Made by the first test that needs it. */
    private static final class Template {
        static final String URL = make();

        private static String make() {
            String url = SharedPostgres.freshDatabase();
            PgStores.migrate(PgConfig.defaults(url));
            PgStores.open(PgConfig.defaults(url)).close(); // makes the days
            try (Connection connection = DriverManager.getConnection(url)) {
                run(connection, Statement.read("test-schema.sql"));
                try (PreparedStatement insert = connection.prepareStatement(
                        "insert into pulse.test_transition values (?, ?) on conflict do nothing")) {
                    for (Transition transition : Transition.values()) {
                        for (JobStatus to : transition.to()) {
                            insert.setString(2, to.wireName());
                            for (JobStatus from : transition.from()) {
                                insert.setString(1, from.wireName());
                                insert.executeUpdate();
                            }
                            if (transition == Transition.SUBMIT) {
                                insert.setString(1, "");
                                insert.executeUpdate();
                            }
                        }
                    }
                }
                return url;
            } catch (SQLException e) {
                throw new AssertionError(e);
            }
        }
    }

    static void run(Connection connection, String sql) throws SQLException {
        try (java.sql.Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    String url() {
        return url;
    }

    Connection connect() throws SQLException {
        return DriverManager.getConnection(url);
    }

    @Override
    public Stores stores() {
        return stores.stores();
    }

    @Override
    public void advance(Duration time) {
        try (Connection connection = connect();
                PreparedStatement update = connection.prepareStatement(
                        "update pulse.test_clock set shift = shift + ? * interval '1 ms'")) {
            update.setLong(1, time.toMillis());
            update.executeUpdate();
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public Decider decider() {
        return new OutcomePolicy(new Random(42))::decide;
    }

    @Override
    public void close() {
        stores.close();
    }
}
