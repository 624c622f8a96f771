package dev.pulse.protocol;

import dev.pulse.model.AuditEntry;
import dev.pulse.model.BulkAction;
import dev.pulse.model.BulkOperation;
import dev.pulse.model.BulkResult;
import dev.pulse.model.BulkState;
import dev.pulse.model.PulseException;
import dev.pulse.protocol.v1.Wire;
import java.time.Instant;
import java.util.Locale;
import java.util.TreeMap;

/** Acts on many jobs, and the audit log, between wire and model. Pure. */
public final class WireOperators {
    private WireOperators() {}

    public static Wire.BulkAction action(BulkAction action) {
        return switch (action) {
            case REQUEUE -> Wire.BulkAction.BULK_ACTION_REQUEUE;
            case CANCEL -> Wire.BulkAction.BULK_ACTION_CANCEL;
            case DELETE -> Wire.BulkAction.BULK_ACTION_DELETE;
            case RUN_NOW -> Wire.BulkAction.BULK_ACTION_RUN_NOW;
        };
    }

    /** @throws PulseException INVALID_FIELD where none was given, or one that this version does not know */
    public static BulkAction action(Wire.BulkAction action) {
        return switch (action) {
            case BULK_ACTION_REQUEUE -> BulkAction.REQUEUE;
            case BULK_ACTION_CANCEL -> BulkAction.CANCEL;
            case BULK_ACTION_DELETE -> BulkAction.DELETE;
            case BULK_ACTION_RUN_NOW -> BulkAction.RUN_NOW;
            case BULK_ACTION_UNSPECIFIED, UNRECOGNIZED ->
                throw PulseException.invalid("action", "requeue, cancel, delete or run-now is expected");
        };
    }

    public static Wire.BulkJobsResponse result(BulkResult result) {
        Wire.BulkJobsResponse.Builder message = Wire.BulkJobsResponse.newBuilder()
                .setMatched(result.matched())
                .setChanged(result.changed())
                .putAllSkipped(result.skipped())
                .setFinished(result.finished());
        if (result.operation() != null) {
            message.setOperationId(result.operation().toString());
        }
        return message.build();
    }

    public static BulkResult result(Wire.BulkJobsResponse message) {
        return new BulkResult(
                message.getMatched(),
                message.getChanged(),
                new TreeMap<>(message.getSkippedMap()),
                message.getFinished(),
                message.hasOperationId() ? WireValues.id("operation_id", message.getOperationId()) : null);
    }

    public static Wire.BulkOperation operation(BulkOperation operation) {
        Wire.BulkOperation.Builder message = Wire.BulkOperation.newBuilder()
                .setId(operation.id().toString())
                .setAction(action(operation.action()))
                .setFilter(WireJobs.filter(operation.filter()))
                .setState(operation.state().wireName())
                .setMatched(operation.result().matched())
                .setChanged(operation.result().changed())
                .putAllSkipped(operation.result().skipped())
                .setActor(operation.actor())
                .setStartedAt(WireValues.timestamp(operation.startedAt()));
        if (operation.rate() != null) {
            message.setRate(operation.rate());
        }
        if (operation.finishedAt() != null) {
            message.setFinishedAt(WireValues.timestamp(operation.finishedAt()));
        }
        return message.build();
    }

    public static BulkOperation operation(Wire.BulkOperation message) {
        BulkState state = BulkState.valueOf(message.getState().toUpperCase(Locale.ROOT));
        var id = WireValues.id("id", message.getId());
        return new BulkOperation(
                id,
                action(message.getAction()),
                WireJobs.filter(message.getFilter()),
                message.hasRate() ? message.getRate() : null,
                state,
                new BulkResult(
                        message.getMatched(),
                        message.getChanged(),
                        new TreeMap<>(message.getSkippedMap()),
                        state.isFinal(),
                        id),
                message.getActor(),
                WireValues.instant("started_at", message.getStartedAt()),
                message.hasFinishedAt() ? WireValues.instant("finished_at", message.getFinishedAt()) : null);
    }

    public static Wire.AuditEntry entry(AuditEntry entry) {
        return Wire.AuditEntry.newBuilder()
                .setAt(WireValues.timestamp(entry.at()))
                .setActor(entry.actor())
                .setAction(entry.action())
                .setTarget(entry.target())
                .setFrom(entry.from())
                .putAllBefore(entry.before())
                .putAllAfter(entry.after())
                .setOutcome(entry.outcome())
                .build();
    }

    public static AuditEntry entry(Wire.AuditEntry message) {
        Instant at = WireValues.instant("at", message.getAt());
        return new AuditEntry(
                at,
                message.getActor(),
                message.getAction(),
                message.getTarget(),
                message.getFrom(),
                message.getBeforeMap(),
                message.getAfterMap(),
                message.getOutcome());
    }
}
