package dev.pulse.storepostgres;

import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.util.Credentials;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Properties;
import javax.sql.DataSource;
import org.postgresql.PGConnection;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * The way to the database that connections of our own take (E18): past the application's pool, so that a lease never waits
 * behind the application's queries. A pool that cannot be seen through is asked for a few connections at the start, which
 * are kept.
 *
 * @param reserved whether the connections belong to somebody else's pool: then nothing is changed on them that stays
 */
record Way(Dial dial, boolean reserved) {
    /** Opens one connection; {@code purpose} is for the list of connections that the server shows. */
    @FunctionalInterface
    interface Dial {
        Connection open(String purpose) throws SQLException;
    }

    static Way by(String jdbcUrl) {
        Properties properties = new Properties();
        properties.setProperty("tcpKeepAlive", "true");
        return new Way(purpose -> DriverManager.getConnection(named(jdbcUrl, purpose), properties), false);
    }

    /** Past the pool where it can be told what it connects with, else through it. */
    static Way past(DataSource application) {
        try {
            if (application.isWrapperFor(HikariDataSource.class)) {
                return past(application.unwrap(HikariDataSource.class), application);
            }
            if (application.isWrapperFor(PGSimpleDataSource.class)) {
                return unpooled(application.unwrap(PGSimpleDataSource.class));
            }
        } catch (SQLException e) {
            throw PgErrors.translate(e, false);
        }
        return application instanceof PGSimpleDataSource simple ? unpooled(simple) : through(application);
    }

    /** Of a data source that makes a connection each time. */
    static Way unpooled(DataSource source) {
        return new Way(purpose -> source.getConnection(), false);
    }

    private static Way through(DataSource application) {
        return new Way(purpose -> application.getConnection(), true);
    }

    private static Way past(HikariDataSource pool, DataSource application) {
        DataSource inner = pool.getDataSource();
        String url = pool.getJdbcUrl();
        if (inner != null) {
            return past(inner);
        }
        return url == null ? through(application) : new Way(purpose -> dial(pool, named(url, purpose)), false);
    }

    private static Connection dial(HikariDataSource pool, String url) throws SQLException {
        Properties properties = new Properties();
        properties.putAll(pool.getDataSourceProperties());
        Credentials credentials = pool.getCredentials();
        if (credentials.getUsername() != null) {
            properties.setProperty("user", credentials.getUsername());
        }
        if (credentials.getPassword() != null) {
            properties.setProperty("password", credentials.getPassword());
        }
        return DriverManager.getConnection(url, properties);
    }

    private static String named(String url, String purpose) {
        return url + (url.contains("?") ? "&" : "?") + "ApplicationName=" + purpose;
    }

    /**
     * Whether a pooler stands in between, which may give each transaction another server connection: it makes up the
     * process number that a client is told when it connects.
     */
    boolean leadsThroughPooler() throws SQLException {
        try (Connection connection = dial.open("pulse-probe")) {
            if (!connection.isWrapperFor(PGConnection.class)) {
                return false;
            }
            int told = connection.unwrap(PGConnection.class).getBackendPID();
            try (java.sql.Statement query = connection.createStatement();
                    ResultSet row = query.executeQuery("select pg_backend_pid()")) {
                row.next();
                return row.getInt(1) != told;
            }
        }
    }
}
