package dev.pulse.storepostgres;

import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.util.logging.Logger;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;

/** What the pools of Pulse open connections with, for one purpose. Each is as the way to the database needs it. */
final class OwnConnections implements DataSource {
    /** From the third execution on the server keeps a statement's plan. */
    private static final int PREPARE_THRESHOLD = 3;

    private final Way way;
    private final String purpose;
    private final boolean pooler;
    private volatile int loginTimeout;

    OwnConnections(Way way, String purpose, boolean pooler) {
        this.way = way;
        this.purpose = purpose;
        this.pooler = pooler;
    }

    @Override
    public Connection getConnection() throws SQLException {
        Connection connection = way.dial().open(purpose);
        try {
            if (!connection.getAutoCommit()) {
                connection.setAutoCommit(true);
            }
            // Statements that a server remembers are lost, or another's, once a pooler changes the server connection.
            if ((pooler || !way.reserved()) && connection.isWrapperFor(PGConnection.class)) {
                connection.unwrap(PGConnection.class).setPrepareThreshold(pooler ? 0 : PREPARE_THRESHOLD);
            }
            return connection;
        } catch (SQLException | RuntimeException e) {
            connection.close();
            throw e;
        }
    }

    @Override
    public Connection getConnection(String user, String password) throws SQLException {
        throw new SQLFeatureNotSupportedException("the way to the database knows who connects");
    }

    @Override
    public @Nullable PrintWriter getLogWriter() {
        return null;
    }

    @Override
    public void setLogWriter(@Nullable PrintWriter out) throws SQLException {
        throw new SQLFeatureNotSupportedException();
    }

    @Override
    public void setLoginTimeout(int seconds) {
        loginTimeout = seconds; // the pool's own; the way has another
    }

    @Override
    public int getLoginTimeout() {
        return loginTimeout;
    }

    @Override
    public Logger getParentLogger() throws SQLFeatureNotSupportedException {
        throw new SQLFeatureNotSupportedException();
    }

    @Override
    public <T> T unwrap(Class<T> type) throws SQLException {
        throw new SQLException("not a wrapper for " + type.getName());
    }

    @Override
    public boolean isWrapperFor(Class<?> type) {
        return false;
    }
}
