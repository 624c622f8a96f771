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
import java.time.LocalDate;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.random.RandomGenerator;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Pulse's store on one PostgreSQL database: checks it, brings its schema to this version, and opens three pools, so that
 * heartbeats never wait behind work and work never behind a list (E18). Works through a pooler in transaction mode, which it
 * notices by itself: then no statement is prepared at the server, no session state is set, and nobody listens (E15).
 */
public final class PgStores implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PgStores.class);

    /** What is taken from a pool of the application's that cannot be seen through, beside the control connections. */
    private static final int RESERVED_DATA = 2;

    private static final int RESERVED_QUERY = 1;

    /** The stores that the statements were found to fit by this process; as many as one may have to do with. */
    private static final Set<Home> FITTING = ConcurrentHashMap.newKeySet();

    private static final int MOST_FITTING = 1_000;

    private final HikariDataSource control;
    private final HikariDataSource data;
    private final HikariDataSource queries;
    private final Stores stores;
    private final PgTransactions transactions;
    private final PgHints hints;

    private PgStores(PgConfig config, Access access, HikariDataSource control, Home home, RandomGenerator random) {
        Duration queryTimeout = config.queryTimeout();
        this.control = control;
        this.data = access.pool(config, "data", config.dataConnections(), Duration.ZERO);
        this.queries = access.pool(config, "query", config.queryConnections(), queryTimeout);
        Database controlDatabase = new Database(control, config.schema(), random);
        Database dataDatabase = new Database(data, config.schema(), random);
        LaneRegistry lanes = new LaneRegistry(controlDatabase);
        lanes.refresh();
        AttemptEnder ender = new AttemptEnder(lanes);
        JobInserter inserter = new JobInserter(dataDatabase, lanes, home);
        Days days = new Days(controlDatabase);
        days.makeAhead();
        Feed.shift(controlDatabase);
        Database queryDatabase =
                new Database(queries, config.schema(), random, access.stateless() ? queryTimeout : Duration.ZERO);
        this.stores = new Stores(
                new PgJobStore(dataDatabase, queryDatabase, lanes, inserter, ender),
                new PgSessionStore(controlDatabase, ender),
                new PgServerStore(controlDatabase, days),
                new PgBundleStore(dataDatabase, queryDatabase, lanes, inserter),
                new PgSwitchStore(controlDatabase, queryDatabase),
                new PgHistoryStore(controlDatabase, queryDatabase),
                new PgEventStore(dataDatabase, queryDatabase, controlDatabase, new Feed(lanes)),
                new PgBulkStore(dataDatabase, queryDatabase),
                new PgAuditStore(controlDatabase, queryDatabase),
                new PgNoteStore(dataDatabase, queryDatabase),
                new PgScheduleStore(dataDatabase, queryDatabase, controlDatabase, inserter),
                new PgVitalsStore(
                        new Database(queries, config.schema(), random, PgVitalsStore.TIMEOUT),
                        List.of(control, data, queries)),
                new PgKeyStore(controlDatabase, queryDatabase),
                new PgSignInStore(controlDatabase));
        this.transactions = new PgTransactions(controlDatabase, inserter, ender, home);
        this.hints = new PgHints(
                new OwnConnections(access.way(), "pulse-hints", access.pooler()),
                config.schema(),
                !access.way().reserved(),
                !access.stateless());
    }

    /**
     * How the database is reached.
     *
     * @param pooler whether a pooler stands in between
     */
    private record Access(Way way, boolean pooler) {
        static Access probe(Way way) {
            try {
                Access access = new Access(way, way.leadsThroughPooler());
                if (access.pooler) {
                    LOG.info(
                            "a connection pooler stands before the database: statements are not prepared, and hints are"
                                    + " sent but not heard");
                }
                return access;
            } catch (SQLException e) {
                throw PgErrors.translate(e, false);
            }
        }

        /** Whether nothing may be set on a connection that outlives a transaction. */
        boolean stateless() {
            return pooler || way.reserved();
        }

        PgConfig fitted(PgConfig config) {
            if (!way.reserved()) {
                return config;
            }
            int reserved = config.controlConnections() + RESERVED_DATA + RESERVED_QUERY;
            LOG.warn(
                    "cannot see through the data source given: {} of its connections are kept for Pulse. Give it a way to"
                            + " connections of its own (ownConnections) to leave the pool to the application",
                    reserved);
            return config.withConnections(config.controlConnections(), RESERVED_DATA, RESERVED_QUERY);
        }

        HikariDataSource pool(PgConfig config, String name, int size, Duration statementTimeout) {
            HikariConfig pool = new HikariConfig();
            pool.setPoolName("pulse-" + name);
            pool.setDataSource(new OwnConnections(way, "pulse-" + name, pooler));
            pool.setMaximumPoolSize(size);
            pool.setMinimumIdle(way.reserved() ? size : Math.min(2, size));
            if (way.reserved()) {
                pool.setMaxLifetime(0); // once given back, a connection might be hard to get again
            }
            pool.setConnectionTimeout(config.connectTimeout().toMillis());
            pool.setValidationTimeout(Math.min(2_000, config.connectTimeout().toMillis()));
            pool.setInitializationFailTimeout(config.connectTimeout().toMillis());
            if (!stateless()) {
                // JIT compiles for a tenth of a second what then runs for a millisecond (engine.md section 5).
                pool.setConnectionInitSql("set jit = off"
                        + (statementTimeout.isZero()
                                ? ""
                                // Lists touch every day's tables: planning them anew takes longer than running them.
                                : "; set plan_cache_mode = force_generic_plan; set statement_timeout = "
                                        + statementTimeout.toMillis()));
            }
            try {
                return new HikariDataSource(pool);
            } catch (HikariPool.PoolInitializationException e) {
                throw e.getCause() instanceof SQLException cause
                        ? PgErrors.translate(cause, false)
                        : new PulseException(ErrorCode.DATABASE_UNAVAILABLE, "the database is not reachable", e);
            }
        }
    }

    /**
     * Opens the store at the address of the configuration.
     *
     * @throws PulseException DATABASE_UNAVAILABLE where it cannot be reached, DATABASE_UNSUITABLE where the promise would not
     *     hold on it; the message says why and what to do
     */
    public static PgStores open(PgConfig config) {
        return open(config, Access.probe(Way.by(config.jdbcUrl())), true);
    }

    /**
     * Opens the store on an application's database, with connections outside its pool.
     *
     * @param config whose address counts for nothing
     * @param application whose database it is; where Pulse cannot see how it connects, a few of its connections are kept
     * @param own a data source that makes a new connection each time, or null to find out by {@code application}
     * @param migrate whether to bring the schema to this version, or only to check it
     * @throws PulseException as {@link #open(PgConfig)}
     */
    public static PgStores open(PgConfig config, DataSource application, @Nullable DataSource own, boolean migrate) {
        Access access = Access.probe(own == null ? Way.past(application) : Way.unpooled(own));
        return open(access.fitted(config), access, migrate);
    }

    private static PgStores open(PgConfig config, Access access, boolean migrate) {
        HikariDataSource control = access.pool(config, "control", config.controlConnections(), Duration.ZERO);
        try {
            DatabaseCheck.run(control, config.allowUnsafeDurability());
            Migrations migrations = new Migrations(control, config.schema());
            if (migrate) {
                migrations.run();
            } else {
                migrations.check();
            }
            Home home = Home.of(new Database(control, config.schema(), new Random()));
            if (!FITTING.contains(home)) {
                prepareAll(control, config.schema());
                if (FITTING.size() < MOST_FITTING) {
                    FITTING.add(home);
                }
            }
            return new PgStores(config, access, control, home, new Random());
        } catch (RuntimeException e) {
            control.close();
            throw e;
        }
    }

    /**
     * Has the server parse every statement on the live schema: a wrong one is a failed start, not a failed night. Once a
     * process, because it is most of what opening a store costs.
     */
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
        Access access = Access.probe(Way.by(config.jdbcUrl()));
        try (HikariDataSource control = access.pool(config, "control", 2, Duration.ZERO)) {
            DatabaseCheck.run(control, config.allowUnsafeDurability());
            int applied = new Migrations(control, config.schema()).run();
            new Days(new Database(control, config.schema(), new Random())).makeAhead();
            return applied;
        }
    }

    /**
     * The migrations as one script for psql, for whoever may create what the application may not.
     *
     * @param schema where the tables go
     * @param from the first version that is missing there; 1 for a new schema
     * @param role who is to work on the tables, or null where the owner does
     * @param today whose day, and the seven after it, get their partitions
     */
    public static String script(String schema, int from, @Nullable String role, LocalDate today) {
        return MigrationScript.of(PgConfig.defaults("").withSchema(schema).schema(), from, role, today);
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

    @Override
    public void close() {
        hints.close();
        queries.close();
        data.close();
        control.close();
    }
}
