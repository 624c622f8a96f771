package dev.pulse.sdk;

import dev.pulse.model.PulseException;
import dev.pulse.model.Submission;
import java.sql.Connection;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Work inside transactions of the application, on its own database connections. What is done here commits or rolls back
 * with them (P7). Thread-safe, as far as the connection is.
 */
public interface Transactions {
    /**
     * Stores all in their order, or none.
     *
     * @throws PulseException CONNECTION_UNUSABLE where the connection cannot take part, TRANSACTION_FAILED where the
     *     transaction failed under it; other refusals leave the transaction healthy
     */
    List<Submitted> submitAll(Connection connection, List<Submission> jobs);

    /**
     * Ends an attempt by its token; completes once the transaction has ended, never exceptionally.
     *
     * @throws PulseException LEASE_LOST where the attempt is not the caller's any more; as {@link #submitAll}
     */
    CompletableFuture<TransactionEnd> end(Connection connection, AttemptReport report);
}
