package dev.pulse.storepostgres;

import dev.pulse.model.ErrorCode;
import dev.pulse.model.Limits;
import dev.pulse.model.PulseException;
import dev.pulse.model.ReportAnswer;
import dev.pulse.model.Submission;
import dev.pulse.store.Decider;
import dev.pulse.store.Ended;
import dev.pulse.store.Fate;
import dev.pulse.store.Inserted;
import dev.pulse.store.Report;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Works inside transactions of callers, on their connections. Stops 3 and 9 of the path; runs on the caller's thread.
 * Keeps P7: what is written here commits or rolls back with the caller's own work, because it is the same transaction. It
 * never commits, rolls back, notifies, sets anything, or opens a savepoint, and it never tries a second time: after an
 * error PostgreSQL takes nothing more in that transaction but its rollback.
 *
 * <p>A connection that cannot take part is refused with CONNECTION_UNUSABLE before anything is written: closed, in
 * autocommit, read-only, in a transaction that has failed, on another database or schema. Where the transaction fails under
 * the statement, the answer is TRANSACTION_FAILED: roll back, and run the whole transaction again.
 */
public final class PgTransactions {
    private final Database own;
    private final JobInserter inserter;
    private final AttemptEnder ender;
    private final Home home;

    PgTransactions(Database own, JobInserter inserter, AttemptEnder ender, Home home) {
        this.own = own;
        this.inserter = inserter;
        this.ender = ender;
        this.home = home;
    }

    /**
     * What was done in a transaction that has not ended yet.
     *
     * @param transaction the number to ask {@link #fates} about, or null where nothing was written
     */
    public record Joined<T>(List<T> answers, @Nullable Long transaction) {
        public Joined {
            answers = List.copyOf(answers);
        }
    }

    /**
     * Stores submissions in the caller's transaction, all or none: one statement where no key is given. A key that another
     * open transaction has just taken is waited for, as for any unique value; a key is held by this transaction until it
     * ends. Equal ids and keys within the transaction are duplicates as they would be across two.
     *
     * @throws PulseException CONNECTION_UNUSABLE, TRANSACTION_FAILED; a refusal of the jobs themselves (KEY_CONFLICT,
     *     ID_CONFLICT) leaves the transaction as it was
     */
    public Joined<Inserted> insert(Connection connection, List<Submission> batch) {
        if (batch.size() > Limits.MAX_BATCH) {
            throw new PulseException(
                    ErrorCode.TOO_MANY_ITEMS, batch.size() + " jobs in one call, at most " + Limits.MAX_BATCH);
        }
        return join(connection, calls -> batch.isEmpty() ? List.of() : inserter.insertInto(calls, batch));
    }

    /**
     * Ends attempts in the caller's transaction, each fenced by its token. The turns stay locked until the transaction
     * ends: do it last.
     *
     * @throws PulseException CONNECTION_UNUSABLE, TRANSACTION_FAILED
     */
    public Joined<Ended> end(Connection connection, List<Report> reports, Decider decider) {
        return join(connection, calls -> {
            List<Ended> ended = reports.isEmpty() ? List.of() : ender.end(calls, reports, decider);
            boolean repeated = ended.stream().anyMatch(one -> one.answer() == ReportAnswer.APPLIED);
            if (repeated && calls.transaction() == null) {
                noteTransaction(calls); // perhaps it was this very transaction that ended it before
            }
            return ended;
        });
    }

    private static void noteTransaction(Database.Calls calls) throws SQLException {
        calls.sql(Statement.TRANSACTION_ID).list(row -> {
            long id = row.getLong("transaction");
            if (!row.wasNull()) {
                calls.writesIn(id);
            }
            return id;
        });
    }

    /** What became of transactions, asked on a connection of our own. */
    public Map<Long, Fate> fates(Set<Long> transactions) {
        Map<Long, Fate> fates = new HashMap<>();
        own.read(calls -> calls.sql(Statement.TRANSACTION_FATES)
                .setColumn("transactions", "int8", new ArrayList<>(transactions), id -> id)
                .list(row -> fates.put(row.getLong("id"), fate(row.getString("fate")))));
        return fates;
    }

    private static Fate fate(@Nullable String status) {
        return switch (status) {
            case "committed" -> Fate.COMMITTED;
            case "aborted" -> Fate.ROLLED_BACK;
            case "in progress" -> Fate.OPEN;
            case null, default -> Fate.UNKNOWN;
        };
    }

    private <T> Joined<T> join(Connection connection, Database.Work<List<T>> work) {
        try {
            check(connection);
            Database.Calls calls = own.callsOn(connection);
            List<T> answers = work.on(calls);
            return new Joined<>(answers, calls.transaction());
        } catch (SQLException e) {
            throw PgErrors.translateJoined(e, home.schema());
        }
    }

    /** What can be told without asking the server; the rest shows in the answer of the statement itself. */
    private static void check(Connection connection) throws SQLException {
        if (connection.isClosed()) {
            throw unusable("it is closed");
        }
        String product = connection.getMetaData().getDatabaseProductName();
        if (!product.equals("PostgreSQL")) {
            throw unusable("it is one to " + product + ", not to PostgreSQL");
        }
        if (connection.getAutoCommit()) {
            throw unusable(
                    "it is in autocommit mode, so there is no transaction to join: call setAutoCommit(false) first,"
                            + " or enqueue without a connection");
        }
        if (connection.isReadOnly()) {
            throw unusable("it is read-only");
        }
    }

    private static PulseException unusable(String why) {
        return new PulseException(
                ErrorCode.CONNECTION_UNUSABLE,
                "the connection given cannot take part: " + why + "; nothing was stored");
    }
}
