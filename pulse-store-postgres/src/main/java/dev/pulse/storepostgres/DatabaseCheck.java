package dev.pulse.storepostgres;

import dev.pulse.model.ErrorCode;
import dev.pulse.model.PulseException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;

/** Refuses a database on which the promise would not hold (E1), each reason with its own sentence. Runs once, at start. */
final class DatabaseCheck {
    /** The settings without which an acknowledged job could be lost. */
    static final List<String> DURABILITY = List.of("fsync", "full_page_writes", "synchronous_commit");

    private static final int OLDEST = 130_000;

    private DatabaseCheck() {}

    static void run(DataSource database, boolean allowUnsafeDurability) {
        try (Connection connection = database.getConnection()) {
            int version = Integer.parseInt(setting(connection, "server_version_num"));
            if (version < OLDEST) {
                throw unsuitable("PostgreSQL " + setting(connection, "server_version") + " is too old: 13 or newer");
            }
            if (!setting(connection, "server_encoding").equals("UTF8")) {
                throw unsuitable("the database's encoding is " + setting(connection, "server_encoding")
                        + ": create it with encoding UTF8");
            }
            if (setting(connection, "transaction_read_only").equals("on")) {
                throw unsuitable("the database is read-only, perhaps a standby: connect to the primary");
            }
            checkDurability(connection, allowUnsafeDurability);
        } catch (SQLException e) {
            throw PgErrors.translate(e, false);
        }
    }

    private static void checkDurability(Connection connection, boolean allowed) throws SQLException {
        List<String> off = new ArrayList<>();
        for (String name : DURABILITY) {
            if (setting(connection, name).equals("off")) {
                off.add(name);
            }
        }
        if (!off.isEmpty() && !allowed) {
            throw unsuitable(String.join(", ", off)
                    + " off: an acknowledged job could be lost. Switch on, or start with unsafe-durability=true");
        }
    }

    private static String setting(Connection connection, String name) throws SQLException {
        try (java.sql.Statement show = connection.createStatement();
                ResultSet row = show.executeQuery("show " + name)) {
            row.next();
            return row.getString(1);
        }
    }

    private static PulseException unsuitable(String message) {
        return new PulseException(ErrorCode.DATABASE_UNSUITABLE, message);
    }
}
