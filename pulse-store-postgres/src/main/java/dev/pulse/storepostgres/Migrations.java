package dev.pulse.storepostgres;

import dev.pulse.model.ErrorCode;
import dev.pulse.model.PulseException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings the schema to this version, forward only. Safe with several servers starting at once: one transaction-level
 * advisory lock per schema (it works through a transaction pooler), and each script with its row in one transaction. Our own
 * and not a library's, because an embedded store must not meet the user's own migration tool.
 */
final class Migrations {
    private static final Logger LOG = LoggerFactory.getLogger(Migrations.class);

    /** In order; a script is never changed after its release: its checksum stands in the database. */
    static final List<String> SCRIPTS = List.of(
            "V0001__jobs.sql",
            "V0002__switches.sql",
            "V0003__history.sql",
            "V0004__events.sql",
            "V0005__home.sql",
            "V0006__retention.sql",
            "V0007__operations.sql",
            "V0008__notes.sql",
            "V0009__bundles.sql",
            "V0010__schedules.sql",
            "V0011__access.sql",
            "V0012__keys.sql",
            "V0013__audit.sql");

    private final DataSource database;
    private final String schema;

    Migrations(DataSource database, String schema) {
        this.database = database;
        this.schema = schema;
    }

    /** Applies what is missing; returns how many scripts that were. */
    int run() {
        int applied = 0;
        try (Connection connection = database.getConnection()) {
            connection.setAutoCommit(false);
            prepare(connection);
            connection.commit();
            for (int version = 1; version <= SCRIPTS.size(); version++) {
                applied += apply(connection, version) ? 1 : 0;
                connection.commit();
            }
            refuseNewer(connection);
            connection.rollback();
        } catch (SQLException e) {
            throw PgErrors.translate(e, false);
        }
        return applied;
    }

    /** Refuses a schema that is not at this version, and changes nothing. */
    void check() {
        try (Connection connection = database.getConnection()) {
            int version = exists(connection)
                    ? applied(connection).keySet().stream()
                            .max(Integer::compare)
                            .orElse(0)
                    : 0;
            if (version < SCRIPTS.size()) {
                throw new PulseException(
                        ErrorCode.DATABASE_UNSUITABLE,
                        "schema " + schema + " is at version " + version + ", this build needs " + SCRIPTS.size()
                                + ": run `pulse migrate`, or what `pulse migrate --print --from " + (version + 1)
                                + "` prints");
            }
            refuseNewer(connection);
        } catch (SQLException e) {
            throw PgErrors.translate(e, false);
        }
    }

    private void prepare(Connection connection) throws SQLException {
        lock(connection);
        try (java.sql.Statement ddl = connection.createStatement()) {
            if (!exists(connection)) {
                ddl.execute("create schema if not exists " + schema);
                ddl.execute(table(schema));
            }
        }
    }

    static String table(String schema) {
        return "create table if not exists " + schema
                + ".migration (version int primary key, name text not null, checksum text not null,"
                + " applied_at timestamptz not null default statement_timestamp())";
    }

    /** Looked up first, so that a role without the right to create anything can use a schema that is complete. */
    private boolean exists(Connection connection) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement("select to_regclass(?) is not null")) {
            query.setString(1, schema + ".migration");
            try (ResultSet row = query.executeQuery()) {
                return row.next() && row.getBoolean(1);
            }
        }
    }

    private void lock(Connection connection) throws SQLException {
        try (PreparedStatement lock = connection.prepareStatement(
                "select pg_advisory_xact_lock(hashtextextended('pulse migration ' || ?, 0))")) {
            lock.setString(1, schema);
            lock.execute();
        }
    }

    private boolean apply(Connection connection, int version) throws SQLException {
        lock(connection);
        String name = SCRIPTS.get(version - 1);
        String script = script(version);
        String checksum = checksum(script);
        String known = applied(connection).get(version);
        if (known != null) {
            if (!known.equals(checksum)) {
                throw new PulseException(
                        ErrorCode.DATABASE_UNSUITABLE,
                        "schema " + schema + ": migration " + name + " was applied with other content; this database"
                                + " was made by another build");
            }
            return false;
        }
        try (java.sql.Statement ddl = connection.createStatement()) {
            ddl.execute("set local lock_timeout = '5s'");
            ddl.execute(Statement.inSchema(script, schema));
        }
        if (version == 1) {
            seed(connection);
        }
        try (PreparedStatement note = connection.prepareStatement(
                "insert into " + schema + ".migration (version, name, checksum) values (?, ?, ?)")) {
            note.setInt(1, version);
            note.setString(2, name);
            note.setString(3, checksum);
            note.executeUpdate();
        }
        LOG.info("schema {}: applied {}", schema, name);
        return true;
    }

    static String script(int version) {
        return Statement.read("migration/" + SCRIPTS.get(version - 1));
    }

    /** The control row; the days begin yesterday, for the ids of clocks that are behind. */
    private void seed(Connection connection) throws SQLException {
        UUID start;
        try (java.sql.Statement query = connection.createStatement();
                ResultSet row = query.executeQuery("select statement_timestamp()")) {
            row.next();
            Instant now = row.getTimestamp(1).toInstant();
            start = Days.start(Days.today(now).minusDays(1));
        }
        try (PreparedStatement seed =
                connection.prepareStatement("insert into " + schema + ".control (day_from, day_until) values (?, ?)")) {
            seed.setObject(1, start);
            seed.setObject(2, start);
            seed.executeUpdate();
        }
    }

    private Map<Integer, String> applied(Connection connection) throws SQLException {
        Map<Integer, String> checksums = new HashMap<>();
        try (java.sql.Statement query = connection.createStatement();
                ResultSet row = query.executeQuery("select version, checksum from " + schema + ".migration")) {
            while (row.next()) {
                checksums.put(row.getInt(1), row.getString(2));
            }
        }
        return checksums;
    }

    private void refuseNewer(Connection connection) throws SQLException {
        int newest = applied(connection).keySet().stream().max(Integer::compare).orElse(0);
        if (newest > SCRIPTS.size()) {
            throw new PulseException(
                    ErrorCode.DATABASE_UNSUITABLE,
                    "schema " + schema + " is at version " + newest + ", this build knows " + SCRIPTS.size()
                            + ": start the newer build");
        }
    }

    static String checksum(String script) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(script.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JDK has SHA-256", e);
        }
    }
}
