package dev.pulse.sdk;

import dev.pulse.model.ErrorCode;
import dev.pulse.model.Limits;
import dev.pulse.model.Outcome;
import dev.pulse.model.Payload;
import dev.pulse.model.PulseException;
import dev.pulse.model.Violation;
import java.sql.Connection;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One transaction of the application's, as {@link Pulse#within} joined it. Jobs enqueued here exist exactly from its commit
 * on, and never where it rolls back; no method commits, rolls back, or waits for workers. It holds nothing: to ask
 * {@code within} again for the same connection is the same, also where calls are nested.
 *
 * <p>Not thread-safe, as a connection is not.
 */
public final class Transaction {
    private final Pulse pulse;
    private final Transactions transactions;
    private final Connection connection;

    Transaction(Pulse pulse, Transactions transactions, Connection connection) {
        this.pulse = pulse;
        this.transactions = transactions;
        this.connection = connection;
    }

    /** Enqueues a job that exists from the commit on. */
    public <T> JobRef enqueue(JobType<T> type, T payload) {
        return enqueue(type, payload, options -> {});
    }

    /**
     * Enqueues a job that exists from the commit on; one statement, or a few where a key is given. A key that another open
     * transaction has just taken is waited for until that one ends.
     *
     * @throws PulseException CONNECTION_UNUSABLE where the connection cannot take part (closed, autocommit, read-only, a
     *     failed transaction, another database); TRANSACTION_FAILED where the transaction has to be run again as a whole
     */
    public <T> JobRef enqueue(JobType<T> type, T payload, Consumer<EnqueueOptions> options) {
        return enqueueAll(type, List.of(payload), options).getFirst();
    }

    /** Enqueues all or none, in one statement; at most {@link Limits#MAX_BATCH}. */
    public <T> List<JobRef> enqueueAll(JobType<T> type, List<T> payloads) {
        return enqueueAll(type, payloads, options -> {});
    }

    /** As {@link #enqueue(JobType, Object, Consumer)}, for at most {@link Limits#MAX_BATCH} jobs, all or none. */
    public <T> List<JobRef> enqueueAll(JobType<T> type, List<T> payloads, Consumer<EnqueueOptions> options) {
        return pulse.traced(
                type,
                payloads.size(),
                () -> transactions.submitAll(connection, pulse.submissions(type, payloads, options)).stream()
                        .map(submitted -> new JobRef(pulse.jobs(), submitted))
                        .toList());
    }

    /** As {@link #complete(JobContext, Object)}, without a result. */
    public void complete(JobContext job) {
        complete(job, null);
    }

    /**
     * Completes the job that the calling handler runs, as part of this transaction: its work and its completion commit
     * together or not at all. To be called from the handler, as the last thing before the commit, because the job stays
     * locked until then. What the handler returns after the commit does not count any more; where the transaction rolled
     * back, a handler that returns has failed.
     *
     * @param result written by the codec of its class, or null for none
     * @throws PulseException LEASE_LOST where the job is not this worker's any more: let the transaction roll back; else as
     *     {@link #enqueue(JobType, Object, Consumer)}
     */
    public void complete(JobContext job, @Nullable Object result) {
        Outcome outcome = new Outcome.Ack(result == null ? null : fits(pulse.result(job.type(), result)));
        job.endIn(report -> transactions.end(connection, report), outcome);
    }

    private static Payload fits(Payload result) {
        if (result.size() > Limits.HARD_PAYLOAD_BYTES) {
            throw PulseException.of(
                    ErrorCode.PAYLOAD_TOO_LARGE,
                    List.of(new Violation("result", result.size() + " bytes, at most " + Limits.HARD_PAYLOAD_BYTES)));
        }
        return result;
    }
}
