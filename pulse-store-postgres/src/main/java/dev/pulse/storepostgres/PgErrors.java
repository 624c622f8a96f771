package dev.pulse.storepostgres;

import dev.pulse.model.ErrorCode;
import dev.pulse.model.PulseException;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;

/** The only place that reads an SQLSTATE (E20). The table is tested row by row. */
final class PgErrors {
    /** What a caller can do about a failure. */
    enum Kind {
        /** Nothing was done; the same call may succeed at once. */
        RETRY,
        /** The database is not there, or not for us; nothing was done. */
        UNAVAILABLE,
        /** The connection was lost while the outcome was on its way. */
        UNKNOWN,
        /** The data itself was refused: never again with the same data. */
        DATA,
        /** The database has not the shape that this version expects. */
        UNSUITABLE,
        /** A defect of ours. */
        DEFECT
    }

    private PgErrors() {}

    static Kind kind(SQLException e) {
        if (e instanceof SQLTransientConnectionException) {
            return Kind.UNAVAILABLE; // the pool gave no connection: nothing was sent
        }
        String state = e.getSQLState();
        if (state == null) {
            return Kind.DEFECT;
        }
        return switch (state) {
            case "40001", "40P01", "0A000", "55P03" -> Kind.RETRY;
            case "57P01", "57P02", "57P03", "25006", "53300", "53100", "53200", "58030" -> Kind.UNAVAILABLE;
            case "08001", "08004" -> Kind.UNAVAILABLE; // never connected
            case "57014" -> Kind.UNKNOWN;
            case "28000", "28P01", "3D000", "42501", "3F000" -> Kind.UNSUITABLE;
            default -> byClass(state);
        };
    }

    /** Whether a row stands already where one was to be inserted. */
    static boolean isTaken(SQLException e) {
        return "23505".equals(e.getSQLState());
    }

    private static Kind byClass(String state) {
        return switch (state.substring(0, 2)) {
            case "08" -> Kind.UNKNOWN;
            case "22", "23" -> Kind.DATA;
            case "53", "57", "58" -> Kind.UNAVAILABLE;
            case "42" -> Kind.UNSUITABLE;
            default -> Kind.DEFECT;
        };
    }

    /**
     * What the caller is told.
     *
     * @param mayHaveCommitted whether a commit was on its way; a read that lost its connection is merely unavailable
     */
    static PulseException translate(SQLException e, boolean mayHaveCommitted) {
        if (!mayHaveCommitted && "57014".equals(e.getSQLState())) {
            return new PulseException(
                    ErrorCode.DATABASE_UNAVAILABLE,
                    "the query ran longer than query-timeout allows and was stopped: ask for less, for example a shorter"
                            + " time with since and until, or raise query-timeout",
                    e);
        }
        return switch (kind(e)) {
            case RETRY ->
                new PulseException(
                        ErrorCode.DATABASE_UNAVAILABLE,
                        "the database is busy, and stayed so over all retries: " + reason(e),
                        e);
            case UNAVAILABLE ->
                new PulseException(ErrorCode.DATABASE_UNAVAILABLE, "the database is not reachable: " + reason(e), e);
            case UNKNOWN ->
                mayHaveCommitted
                        ? new PulseException(
                                ErrorCode.OUTCOME_UNKNOWN,
                                "the connection to the database was lost during commit: " + reason(e),
                                e)
                        : new PulseException(
                                ErrorCode.DATABASE_UNAVAILABLE, "the connection was lost: " + reason(e), e);
            case DATA -> new PulseException(ErrorCode.INVALID_FIELD, "the database refused the data: " + reason(e), e);
            case UNSUITABLE ->
                new PulseException(
                        ErrorCode.DATABASE_UNSUITABLE, "the database is not as Pulse needs it: " + reason(e), e);
            case DEFECT -> new PulseException(ErrorCode.INTERNAL, "unexpected database error: " + reason(e), e);
        };
    }

    /** Whether the role lacks a right. */
    static boolean isForbidden(SQLException e) {
        return "42501".equals(e.getSQLState());
    }

    /** What a caller is told whose own transaction a statement of ours ran in: nothing of that transaction was stored. */
    static PulseException translateJoined(SQLException e, String schema) {
        String state = e.getSQLState() == null ? "" : e.getSQLState();
        return switch (state) {
            case "25P02" -> unusable("its transaction has failed before: roll it back", e);
            case "25006" -> unusable("its transaction is read-only", e);
            case "3F000", "42P01", "42703", "42883" ->
                unusable("where it leads there is no schema " + schema + " of this version: " + reason(e), e);
            case "42501" -> unusable("its role may not write to the schema " + schema + ": " + reason(e), e);
            case "08003" -> unusable("it is closed", e);
            default ->
                switch (kind(e)) {
                    case RETRY, UNAVAILABLE, UNKNOWN ->
                        new PulseException(
                                ErrorCode.TRANSACTION_FAILED,
                                "the transaction given failed: " + reason(e) + "; roll it back and run it again",
                                e);
                    case DATA, UNSUITABLE, DEFECT -> translate(e, false);
                };
        };
    }

    private static PulseException unusable(String why, SQLException e) {
        return new PulseException(
                ErrorCode.CONNECTION_UNUSABLE,
                "the connection given cannot take part: " + why + "; nothing was stored",
                e);
    }

    /** Whether a statement gave up its wait for a lock. */
    static boolean isLockTimeout(SQLException e) {
        return "55P03".equals(e.getSQLState());
    }

    private static String reason(SQLException e) {
        String message = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
        String line = message.lines().findFirst().orElse(message);
        return e.getSQLState() == null ? line : line + " (SQLSTATE " + e.getSQLState() + ")";
    }
}
