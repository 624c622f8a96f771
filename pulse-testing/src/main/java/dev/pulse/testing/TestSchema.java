package dev.pulse.testing;

import dev.pulse.localpostgres.SharedPostgres;
import dev.pulse.model.ErrorCode;
import dev.pulse.model.PulseException;
import dev.pulse.store.Stores;
import dev.pulse.storepostgres.PgConfig;
import dev.pulse.storepostgres.PgStores;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Objects;

/**
 * A schema of PostgreSQL that one test has to itself: migrated as production's, but with a clock that stands still until
 * the test moves it.
 *
 * <p>Schemas are used again, because migrating one takes longer than most tests: {@code pulse_test_1} goes to whoever
 * holds its advisory lock, within this JVM from a deque. It is emptied when it is taken, not when it is given back, so
 * that what a failed test left can be looked at.
 */
final class TestSchema implements TestStore {
    private static final String URL_PROPERTY = "pulse.test.database-url";
    private static final String URL_VARIABLE = "PULSE_TEST_DATABASE_URL";
    private static final int MAX_SCHEMAS = 64;
    private static final Deque<TestSchema> IDLE = new ArrayDeque<>();

    private final String name;
    /** Holds the schema's lock, moves its clock. */
    private final Connection connection;

    private final PgStores store;

    private TestSchema(String name, Connection connection, PgStores store) {
        this.name = name;
        this.connection = connection;
        this.store = store;
    }

    /** Made by the first test that needs it. */
    private static final class Shared {
        static final String URL = SharedPostgres.freshDatabase();
    }

    /** An empty schema whose clock stands at that instant. */
    static TestSchema take(Instant now) {
        TestSchema idle;
        synchronized (IDLE) {
            idle = IDLE.poll();
        }
        try {
            TestSchema taken = idle == null ? open(url(), now) : idle;
            taken.run(taken.script("clean"));
            taken.clockIs(now);
            return taken;
        } catch (SQLException e) {
            throw new PulseException(ErrorCode.DATABASE_UNAVAILABLE, "no schema for this test: " + e.getMessage(), e);
        }
    }

    private static String url() {
        String named = System.getProperty(URL_PROPERTY, Objects.requireNonNullElse(System.getenv(URL_VARIABLE), ""));
        if (!named.isEmpty()) {
            return named;
        }
        try {
            return Shared.URL;
        } catch (NoClassDefFoundError e) {
            throw new PulseException(
                    ErrorCode.CONFIGURATION,
                    "the mode postgres needs a database: name one in the system property " + URL_PROPERTY + " or in "
                            + URL_VARIABLE + " (jdbc:postgresql://…), or add pulse-local-postgres to the test's class"
                            + " path, which brings one",
                    e);
        }
    }

    private static TestSchema open(String url, Instant now) throws SQLException {
        Connection connection = DriverManager.getConnection(url);
        try {
            String name = lock(connection);
            PgConfig config = config(url, name);
            if (exists(connection, name + ".test_clock")) {
                setClock(connection, name, now); // the store makes the days around it
                dropOfAnotherBuild(connection, config);
            }
            PgStores store = PgStores.open(config);
            TestSchema schema = new TestSchema(name, connection, store);
            schema.run(schema.script("clock"));
            return schema;
        } catch (SQLException | RuntimeException e) {
            connection.close();
            throw e;
        }
    }

    /** Few connections, because one thread uses them; the promise of durability is not a test's business. */
    private static PgConfig config(String url, String schema) {
        return new PgConfig(url, schema, 2, 2, 1, Duration.ofSeconds(30), Duration.ofSeconds(10), true);
    }

    /** What migrates a schema that is in use does not know what this class put there: it is made anew. */
    private static void dropOfAnotherBuild(Connection connection, PgConfig config) throws SQLException {
        boolean other;
        try {
            other = PgStores.migrate(config) > 0;
        } catch (PulseException e) {
            other = e.code() == ErrorCode.DATABASE_UNSUITABLE;
        }
        if (other) {
            run(connection, "drop schema " + config.schema() + " cascade");
        }
    }

    private static String lock(Connection connection) throws SQLException {
        try (PreparedStatement lock = connection.prepareStatement(
                "select pg_try_advisory_lock(hashtextextended(current_database() || ?, 0))")) {
            for (int n = 1; n <= MAX_SCHEMAS; n++) {
                String name = "pulse_test_" + n;
                lock.setString(1, name);
                try (ResultSet row = lock.executeQuery()) {
                    if (row.next() && row.getBoolean(1)) {
                        return name;
                    }
                }
            }
        }
        throw new PulseException(
                ErrorCode.LIMIT_REACHED,
                "all schemas pulse_test_1 to pulse_test_" + MAX_SCHEMAS + " are in use: run fewer tests at once");
    }

    private static boolean exists(Connection connection, String table) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement("select to_regclass(?) is not null")) {
            query.setString(1, table);
            try (ResultSet row = query.executeQuery()) {
                return row.next() && row.getBoolean(1);
            }
        }
    }

    private static void setClock(Connection connection, String schema, Instant now) throws SQLException {
        try (PreparedStatement update =
                connection.prepareStatement("update " + schema + ".test_clock set at = cast(? as timestamptz)")) {
            update.setString(1, now.toString());
            update.executeUpdate();
        }
    }

    private String script(String file) {
        try (InputStream in = TestSchema.class.getResourceAsStream(file + ".sql")) {
            return new String(Objects.requireNonNull(in, file).readAllBytes(), StandardCharsets.UTF_8)
                    .replace("SCHEMA", name);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void run(String sql) throws SQLException {
        run(connection, sql);
    }

    private static void run(Connection connection, String sql) throws SQLException {
        try (java.sql.Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    @Override
    public Stores stores() {
        return store.stores();
    }

    @Override
    public void clockIs(Instant now) {
        try {
            setClock(connection, name, now);
        } catch (SQLException e) {
            throw new PulseException(
                    ErrorCode.DATABASE_UNAVAILABLE, "the clock of " + name + " was not moved: " + e.getMessage(), e);
        }
    }

    @Override
    public String place() {
        return "schema " + name;
    }

    /** Given back as it is, for the next test of this JVM; the lock goes with the process. */
    @Override
    public void close() {
        synchronized (IDLE) {
            IDLE.push(this);
        }
    }
}
