package dev.pulse.storepostgres;

import dev.pulse.model.ErrorCode;
import dev.pulse.model.PulseException;
import java.util.Objects;
import java.util.UUID;

/** Which store this is: its schema was made with a random identity, and a copy of it lies in another database. */
record Home(UUID identity, String database, String schema) {
    static Home of(Database control) {
        return control.<Home>read(calls -> Objects.requireNonNull(calls.sql(Statement.HOME)
                .first(row -> new Home(Sql.uuid(row, "identity"), row.getString("database"), control.schema()))));
    }

    /** An insert on a connection that reaches another store; it stored nothing. */
    PulseException missed() {
        return new PulseException(
                ErrorCode.CONNECTION_UNUSABLE,
                "the connection does not reach the database " + database + " with the schema " + schema
                        + " that this Pulse works on, but another one: nothing was stored");
    }
}
