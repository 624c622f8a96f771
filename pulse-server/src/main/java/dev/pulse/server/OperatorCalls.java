package dev.pulse.server;

import dev.pulse.json.ListQuery;
import dev.pulse.model.AuditFilter;
import dev.pulse.model.AuditPage;
import dev.pulse.model.BulkAction;
import dev.pulse.model.BulkOperation;
import dev.pulse.model.JobFilter;
import dev.pulse.model.PulseException;
import dev.pulse.protocol.WireJobs;
import dev.pulse.protocol.WireOperators;
import dev.pulse.protocol.WireValues;
import dev.pulse.protocol.v1.Wire;
import java.time.Duration;
import java.util.UUID;

/** The gRPC methods for acts on many jobs, and for what operators did. Blocks: to be called on a virtual thread. */
final class OperatorCalls {
    private static final Duration DEFAULT_WAIT = Duration.ofSeconds(30);

    private final Desks desks;

    OperatorCalls(Desks desks) {
        this.desks = desks;
    }

    Wire.BulkJobsResponse act(Wire.BulkJobsRequest request) {
        BulkAction action = WireOperators.action(request.getAction());
        BulkDesk bulk = desks.current().bulk();
        JobFilter filter = WireJobs.filter(request.getFilter());
        Duration wait = request.hasWait() ? WireValues.wait("wait", request.getWait()) : DEFAULT_WAIT;
        if (request.getDryRun()) {
            return WireOperators.result(bulk.count(filter, request.getAll()));
        }
        Integer rate = request.hasRate() ? request.getRate() : null;
        BulkOperation started = bulk.start(action, filter, request.getAll(), rate);
        return WireOperators.result(bulk.await(started.id(), wait).result());
    }

    Wire.BulkOperation get(Wire.GetBulkOperationRequest request) {
        UUID id = WireValues.id("id", request.getId());
        Duration wait = request.hasWait() ? WireValues.wait("wait", request.getWait()) : Duration.ZERO;
        return WireOperators.operation(desks.current().bulk().await(id, wait));
    }

    Wire.ListBulkOperationsResponse list(Wire.ListBulkOperationsRequest request) {
        Wire.ListBulkOperationsResponse.Builder response = Wire.ListBulkOperationsResponse.newBuilder();
        desks.current()
                .bulk()
                .list(limit(request.hasLimit(), request.getLimit()))
                .forEach(operation -> response.addItems(WireOperators.operation(operation)));
        return response.build();
    }

    Wire.BulkOperation stop(Wire.StopBulkOperationRequest request) {
        UUID id = WireValues.id("id", request.getId());
        return WireOperators.operation(desks.current().bulk().stop(id));
    }

    Wire.ListAuditResponse audit(Wire.ListAuditRequest request) {
        AuditFilter filter = new AuditFilter(
                request.hasSince() ? WireValues.instant("since", request.getSince()) : null,
                request.hasActor() ? request.getActor() : null,
                request.hasAction() ? request.getAction() : null,
                request.hasUntil() ? WireValues.instant("until", request.getUntil()) : null,
                request.hasTarget() ? request.getTarget() : null);
        int limit = limit(request.hasLimit(), request.getLimit());
        AuditPage page =
                desks.current().system().audit(filter, limit, request.hasCursor() ? request.getCursor() : null);
        Wire.ListAuditResponse.Builder response = Wire.ListAuditResponse.newBuilder();
        page.items().forEach(entry -> response.addItems(WireOperators.entry(entry)));
        if (page.nextCursor() != null) {
            response.setNextCursor(page.nextCursor());
        }
        return response.build();
    }

    private static int limit(boolean given, int limit) {
        if (!given) {
            return ListQuery.DEFAULT_LIMIT;
        }
        if (limit < ListQuery.MIN_LIMIT || limit > ListQuery.MAX_LIMIT) {
            throw PulseException.invalid(
                    "limit", ListQuery.MIN_LIMIT + " to " + ListQuery.MAX_LIMIT + " are allowed, got " + limit);
        }
        return limit;
    }
}
