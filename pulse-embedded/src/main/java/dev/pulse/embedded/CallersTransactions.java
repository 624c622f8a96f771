package dev.pulse.embedded;

import dev.pulse.engine.Engine;
import dev.pulse.model.ErrorCode;
import dev.pulse.model.PulseException;
import dev.pulse.model.ReportAnswer;
import dev.pulse.model.Submission;
import dev.pulse.sdk.AttemptReport;
import dev.pulse.sdk.Submitted;
import dev.pulse.sdk.TransactionEnd;
import dev.pulse.sdk.Transactions;
import dev.pulse.store.Decider;
import dev.pulse.store.Ended;
import dev.pulse.store.Inserted;
import dev.pulse.store.Report;
import dev.pulse.storepostgres.PgTransactions;
import dev.pulse.storepostgres.PgTransactions.Joined;
import java.sql.Connection;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Work inside the application's transactions: written on its connection by the store, followed to its commit by the engine.
 * Stops 1 and 8 of the path. Thread-safe, as far as the connection is.
 */
final class CallersTransactions implements Transactions {
    private final EngineJobs checks;
    private final Engine engine;
    private final PgTransactions store;
    private final Decider decider;

    CallersTransactions(EngineJobs checks, Engine engine, PgTransactions store, Decider decider) {
        this.checks = checks;
        this.engine = engine;
        this.store = store;
        this.decider = decider;
    }

    @Override
    public List<Submitted> submitAll(Connection connection, List<Submission> jobs) {
        EngineJobs.checkSize(jobs);
        checks.check("jobs", jobs);
        Joined<Inserted> joined = store.insert(connection, jobs);
        Long transaction = joined.transaction();
        if (transaction != null) {
            engine.storedIn(transaction, joined.answers());
        }
        return joined.answers().stream().map(EngineJobs::submitted).toList();
    }

    @Override
    public CompletableFuture<TransactionEnd> end(Connection connection, AttemptReport report) {
        Joined<Ended> joined =
                store.end(connection, List.of(new Report(report.jobId(), report.token(), report.outcome())), decider);
        ReportAnswer answer = joined.answers().getFirst().answer();
        if (answer != ReportAnswer.APPLIED) {
            throw new PulseException(
                    ErrorCode.LEASE_LOST,
                    "job " + report.jobId() + " cannot be completed by this attempt any more (" + answer.wireName()
                            + "): let the transaction roll back");
        }
        Long transaction = joined.transaction();
        if (transaction == null) {
            return CompletableFuture.completedFuture(TransactionEnd.COMMITTED); // a repeat of what stands already
        }
        return engine.endedIn(transaction, joined.answers()).thenApply(fate -> switch (fate) {
            case COMMITTED -> TransactionEnd.COMMITTED;
            case ROLLED_BACK -> TransactionEnd.ROLLED_BACK;
            case OPEN, UNKNOWN -> TransactionEnd.UNKNOWN;
        });
    }
}
