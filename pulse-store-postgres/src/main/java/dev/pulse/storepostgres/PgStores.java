package dev.pulse.storepostgres;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.pool.HikariPool;
import dev.pulse.model.ErrorCode;
import dev.pulse.model.PulseException;
import dev.pulse.store.Hints;
import dev.pulse.store.Stores;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Random;
import java.util.random.RandomGenerator;
import javax.sql.DataSource;

/**
 * Pulse's store on one PostgreSQL database: checks it, brings its schema to this version, and opens three pools, so that
 * heartbeats never wait behind work and work never behind a list (E18).
 */
public final class PgStores implements AutoCloseable {
    private final HikariDataSource control;
    private final HikariDataSource data;
    private final HikariDataSource queries;
    private final Stores stores;
    private final PgTransactions transactions;
    private final PgHints hints;

    private PgStores(PgConfig config, HikariDataSource control, RandomGenerator random) {
        this.control = control;
        this.data = pool(config, "data", config.dataConnections(), Duration.ZERO);
        this.queries = pool(config, "query", config.queryConnections(), config.queryTimeout());
        Database controlDatabase = new Database(control, config.schema(), random);
        Database dataDatabase = new Database(data, config.schema(), random);
        LaneRegistry lanes = new LaneRegistry(controlDatabase);
        lanes.refresh();
        AttemptEnder ender = new AttemptEnder(lanes);
        Home home = Home.of(controlDatabase);
        JobInserter inserter = new JobInserter(dataDatabase, lanes, home);
        Days days = new Days(controlDatabase);
        days.makeAhead();
        Feed.shift(controlDatabase);
        Database queryDatabase = new Database(queries, config.schema(), random);
        this.stores = new Stores(
                new PgJobStore(dataDatabase, queryDatabase, lanes, inserter, ender),
                new PgSessionStore(controlDatabase, ender),
                new PgServerStore(controlDatabase, days),
                new PgBundleStore(dataDatabase, queryDatabase, lanes, inserter),
                new PgSwitchStore(controlDatabase, queryDatabase),
                new PgHistoryStore(controlDatabase, queryDatabase),
                new PgEventStore(dataDatabase, queryDatabase, controlDatabase, new Feed(lanes)),
                new PgBulkStore(dataDatabase, queryDatabase),
                new PgAuditStore(queryDatabase),
                new PgNoteStore(dataDatabase, queryDatabase));
        this.transactions = new PgTransactions(controlDatabase, inserter, ender, home);
        this.hints = new PgHints(withApplicationName(config.jdbcUrl(), "pulse-hints"), config.schema());
    }

    /**
     * Opens the store.
     *
     * @throws PulseException DATABASE_UNAVAILABLE where it cannot be reached, DATABASE_UNSUITABLE where the promise would not
     *     hold on it; the message says why and what to do
     */
    public static PgStores open(PgConfig config) {
        HikariDataSource control = pool(config, "control", config.controlConnections(), Duration.ZERO);
        try {
            DatabaseCheck.run(control, config.allowUnsafeDurability());
            new Migrations(control, config.schema()).run();
            prepareAll(control, config.schema());
            return new PgStores(config, control, new Random());
        } catch (RuntimeException e) {
            control.close();
            throw e;
        }
    }

    /** Has the server parse every statement on the live schema: a wrong one is a failed start, not a failed night. */
    private static void prepareAll(DataSource database, String schema) {
        try (Connection connection = database.getConnection()) {
            for (Statement statement : Statement.values()) {
                try (PreparedStatement prepared = connection.prepareStatement(statement.text(schema))) {
                    prepared.getParameterMetaData();
                } catch (SQLException e) {
                    throw new PulseException(
                            ErrorCode.DATABASE_UNSUITABLE,
                            statement.fileName() + " does not fit schema " + schema + ": " + e.getMessage(),
                            e);
                }
            }
        } catch (SQLException e) {
            throw PgErrors.translate(e, false);
        }
    }

    /** Checks the database and brings its schema to this version; returns how many scripts were applied. */
    public static int migrate(PgConfig config) {
        try (HikariDataSource control = pool(config, "control", 2, Duration.ZERO)) {
            DatabaseCheck.run(control, config.allowUnsafeDurability());
            return new Migrations(control, config.schema()).run();
        }
    }

    public Stores stores() {
        return stores;
    }

    /** Work inside transactions of callers. */
    public PgTransactions transactions() {
        return transactions;
    }

    public Hints hints() {
        return hints;
    }

    private static HikariDataSource pool(PgConfig config, String name, int size, Duration statementTimeout) {
        HikariConfig pool = new HikariConfig();
        pool.setPoolName("pulse-" + name);
        pool.setJdbcUrl(withApplicationName(config.jdbcUrl(), "pulse-" + name));
        pool.setMaximumPoolSize(size);
        pool.setMinimumIdle(Math.min(2, size));
        pool.setConnectionTimeout(config.connectTimeout().toMillis());
        pool.setValidationTimeout(Math.min(2_000, config.connectTimeout().toMillis()));
        pool.setInitializationFailTimeout(config.connectTimeout().toMillis());
        pool.addDataSourceProperty("tcpKeepAlive", "true");
        pool.addDataSourceProperty("prepareThreshold", "3");
        // JIT compiles for a tenth of a second what then runs for a millisecond (engine.md section 5).
        pool.setConnectionInitSql("set jit = off"
                + (statementTimeout.isZero()
                        ? ""
                        // Lists touch every day's tables: planning them anew takes longer than running them.
                        : "; set plan_cache_mode = force_generic_plan; set statement_timeout = "
                                + statementTimeout.toMillis()));
        try {
            return new HikariDataSource(pool);
        } catch (HikariPool.PoolInitializationException e) {
            throw e.getCause() instanceof SQLException cause
                    ? PgErrors.translate(cause, false)
                    : new PulseException(ErrorCode.DATABASE_UNAVAILABLE, "the database is not reachable", e);
        }
    }

    private static String withApplicationName(String url, String name) {
        return url + (url.contains("?") ? "&" : "?") + "ApplicationName=" + name;
    }

    @Override
    public void close() {
        hints.close();
        queries.close();
        data.close();
        control.close();
    }
}
