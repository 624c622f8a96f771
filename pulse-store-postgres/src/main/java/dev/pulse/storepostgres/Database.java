package dev.pulse.storepostgres;

import dev.pulse.model.ErrorCode;
import dev.pulse.model.PulseException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.random.RandomGenerator;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Runs work on one pool: single statements in autocommit, several in a transaction, with bounded retries where the
 * database asks for one. Thread-safe.
 */
final class Database {
    /** Something to do on a connection. May run more than once: it must not leave traces outside the database. */
    @FunctionalInterface
    interface Work<T extends @Nullable Object> {
        T on(Calls calls) throws SQLException;
    }

    /** Makes calls on the connection of one unit of work. */
    static final class Calls {
        private final Connection connection;
        private final Map<Statement, String> texts;
        private @Nullable Long transaction;

        private Calls(Connection connection, Map<Statement, String> texts) {
            this.connection = connection;
            this.texts = texts;
        }

        Sql sql(Statement statement) {
            return new Sql(connection, statement, Objects.requireNonNull(texts.get(statement)));
        }

        Connection connection() {
            return connection;
        }

        /** The transaction that this unit of work wrote in, once a statement told it. */
        @Nullable
        Long transaction() {
            return transaction;
        }

        void writesIn(long id) {
            transaction = id;
        }
    }

    private static final int MAX_TRIES = 6;
    private static final long FIRST_PAUSE_MS = 5;

    private final DataSource pool;
    private final String schema;
    private final Map<Statement, String> texts = new EnumMap<>(Statement.class);
    private final RandomGenerator random;
    private final Duration readTimeout;

    Database(DataSource pool, String schema, RandomGenerator random) {
        this(pool, schema, random, Duration.ZERO);
    }

    /**
     * @param readTimeout longest statement of a read where the connection itself does not say so, as it cannot through a
     *     pooler; costs a transaction around the read. Zero for none
     */
    Database(DataSource pool, String schema, RandomGenerator random, Duration readTimeout) {
        this.readTimeout = readTimeout;
        this.pool = pool;
        this.schema = schema;
        this.random = random;
        for (Statement statement : Statement.values()) {
            texts.put(statement, statement.text(schema));
        }
    }

    String schema() {
        return schema;
    }

    /** Calls on a connection that is not of the pool, in whatever transaction stands there. */
    Calls callsOn(Connection connection) {
        return new Calls(connection, texts);
    }

    /** One statement, or several reads, each its own transaction. Changes nothing, so a lost connection loses nothing. */
    <T extends @Nullable Object> T read(Work<T> work) {
        if (!readTimeout.isZero()) {
            return repeat(
                    false,
                    connection -> inTransaction(connection, calls -> {
                        try (java.sql.Statement limit = calls.connection().createStatement()) {
                            limit.execute("set local statement_timeout = " + readTimeout.toMillis());
                        }
                        return work.on(calls);
                    }));
        }
        return repeat(false, connection -> work.on(new Calls(connection, texts)));
    }

    /** One writing statement, committed when it returns. */
    <T extends @Nullable Object> T write(Work<T> work) {
        return repeat(true, connection -> work.on(new Calls(connection, texts)));
    }

    /** Several statements in one transaction, committed when it returns. */
    <T extends @Nullable Object> T transact(Work<T> work) {
        return repeat(true, connection -> inTransaction(connection, work));
    }

    private <T extends @Nullable Object> T inTransaction(Connection connection, Work<T> work) throws SQLException {
        connection.setAutoCommit(false);
        try {
            T result;
            try {
                result = work.on(new Calls(connection, texts));
            } catch (SQLException e) {
                rollback(connection, e);
                throw new NotCommitted(e);
            } catch (RuntimeException e) {
                rollback(connection, e);
                throw e;
            }
            connection.commit();
            return result;
        } finally {
            if (!connection.isClosed()) {
                connection.setAutoCommit(true);
            }
        }
    }

    private static void rollback(Connection connection, Exception because) {
        try {
            connection.rollback();
        } catch (SQLException e) {
            because.addSuppressed(e); // the connection is gone, and the transaction with it
        }
    }

    private <T extends @Nullable Object> T repeat(boolean writes, OnConnection<T> work) {
        for (int attempt = 1; ; attempt++) {
            try (Connection connection = pool.getConnection()) {
                return work.run(connection);
            } catch (NotCommitted e) {
                if (PgErrors.kind(e.cause) != PgErrors.Kind.RETRY || attempt == MAX_TRIES) {
                    throw PgErrors.translate(e.cause, false);
                }
            } catch (SQLException e) {
                if (PgErrors.kind(e) != PgErrors.Kind.RETRY || attempt == MAX_TRIES) {
                    throw PgErrors.translate(e, writes);
                }
            }
            pause(attempt);
        }
    }

    /** Full jitter, so that two transactions that met do not meet again. */
    private void pause(int attempt) {
        try {
            Thread.sleep(random.nextLong(FIRST_PAUSE_MS << attempt) + 1);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new PulseException(ErrorCode.SHUTTING_DOWN, "interrupted between two tries", e);
        }
    }

    @FunctionalInterface
    private interface OnConnection<T extends @Nullable Object> {
        T run(Connection connection) throws SQLException;
    }

    /** A failure before COMMIT was sent: nothing was done, whatever the SQLSTATE. */
    private static final class NotCommitted extends SQLException {
        private static final long serialVersionUID = 1L;

        private final SQLException cause;

        NotCommitted(SQLException cause) {
            super(cause);
            this.cause = cause;
        }
    }
}
