package dev.pulse.store.postgres;

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

/** A store on a database of its own, copied from one that was migrated once. */
final class PgFixture implements StoreFixture {
    private final String url;
    private final PgStores stores;

    PgFixture() {
        this(SharedPostgres.freshDatabase(Template.NAME));
    }

    private PgFixture(String url) {
        this.url = url;
        this.stores = PgStores.open(PgConfig.defaults(url));
    }

    /** Made by the first test that needs it. */
    private static final class Template {
        static final String NAME = make();

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
                return connection.getCatalog();
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
                PreparedStatement update =
                        connection.prepareStatement("update pulse.test_clock set shift = shift + ? * interval '1 ms'")) {
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
