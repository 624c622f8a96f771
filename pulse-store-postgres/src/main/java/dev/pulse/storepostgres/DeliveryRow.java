package dev.pulse.storepostgres;

import dev.pulse.model.EventCursor;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * A stretch of the feed that was handed out before.
 *
 * @param n events that the subscription wants in it
 * @param tries how often it was handed out since it has this shape
 * @param from the first event that is not handled
 * @param until right behind the last
 * @param lost whether its consumer neither settled nor extended it in time
 */
record DeliveryRow(
        long id,
        int n,
        int tries,
        boolean gap,
        EventCursor from,
        EventCursor until,
        @Nullable String error,
        boolean lost) {
    static DeliveryRow of(ResultSet row) throws SQLException {
        return new DeliveryRow(
                row.getLong("id"),
                row.getInt("n"),
                row.getInt("tries"),
                row.getBoolean("gap"),
                cursor(row, "from_"),
                cursor(row, "until_"),
                row.getString("error"),
                row.getBoolean("lost"));
    }

    static EventCursor cursor(ResultSet row, String prefix) throws SQLException {
        return new EventCursor(
                row.getLong(prefix + "position"), row.getLong(prefix + "seq"), row.getInt(prefix + "place"));
    }
}
