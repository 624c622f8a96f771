package dev.pulse.server;

import dev.pulse.json.AuditQuery;
import dev.pulse.json.BulkRequest;
import dev.pulse.json.JobShapes;
import dev.pulse.json.ListQuery;
import dev.pulse.json.OperatorJson;
import dev.pulse.json.RequestReader;
import dev.pulse.json.Schema;
import dev.pulse.json.SystemShapes;
import dev.pulse.model.BulkOperation;
import dev.pulse.model.BulkResult;
import dev.pulse.model.Durations;
import dev.pulse.model.ErrorCode;
import dev.pulse.model.Permission;
import dev.pulse.model.PulseException;
import dev.pulse.model.Violation;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/** The REST routes for acts on many jobs, and for what operators did. Each call on its own virtual thread. */
final class OperatorRoutes {
    private static final int SMALL_BODY = 64 << 10;
    private static final Duration DEFAULT_WAIT = Duration.ofSeconds(30);

    private final Desks desks;

    OperatorRoutes(Desks desks) {
        this.desks = desks;
    }

    void addTo(Router router) {
        Rule operate = Rule.inQueues(Permission.OPERATE);
        many(router.add("POST", "/jobs/bulk", operate, SMALL_BODY, call -> act(call, RequestReader::bulk)))
                .described("bulkJobs", "Acts on all jobs that match a filter")
                .reads(SystemShapes.BULK, """
                        {"action": "requeue", "filter": {"status": "dead_lettered", "type": "email"}, "dry_run": true}""");
        many(router.add("POST", "/dlq/retry", operate, SMALL_BODY, call -> act(call, RequestReader::deadLetters)))
                .described("retryDeadLetters", "Requeues all dead letters that match")
                .mayRead(SystemShapes.DEAD_RETRY, "{\"type\": \"email\"}");
        router.add("GET", "/bulk", Rule.inQueues(Permission.READ), 0, this::list)
                .described("listBulkOperations", "Acts on many jobs, newest first")
                .takes("limit", JobShapes.LIMIT, "10")
                .answers(200, SystemShapes.OPERATIONS, "the latest");
        router.add("GET", "/bulk/{id}", Rule.inQueues(Permission.READ), 0, this::get)
                .described("getBulkOperation", "An act on many jobs")
                .takes("wait", JobShapes.DURATION.says("for its end"), "10ms")
                .answers(200, SystemShapes.OPERATION, "how far it is")
                .refuses(ErrorCode.OPERATION_NOT_FOUND);
        router.add("POST", "/bulk/{id}/stop", operate, SMALL_BODY, this::stop)
                .described("stopBulkOperation", "Stops an act on many jobs; what is done stays done")
                .mayRead(SystemShapes.NOTHING)
                .answers(200, SystemShapes.OPERATION, "how far it came")
                .refuses(ErrorCode.OPERATION_NOT_FOUND);
        router.add("GET", "/audit", Rule.system(Permission.READ), 0, this::audit)
                .described("listAudit", "What operators did, newest first")
                .takes("since", JobShapes.INSTANT, "2026-01-01T00:00:00Z")
                .takes("actor", Schema.text(), "ada")
                .takes("until", JobShapes.INSTANT, "2027-01-01T00:00:00Z")
                .takes("action", Schema.text(), "dispatch.pause")
                .takes("target", Schema.text(), "mail")
                .takesPage()
                .answers(200, SystemShapes.AUDIT, "one page");
    }

    private static Operation many(Operation operation) {
        return operation
                .takes("wait", JobShapes.DURATION.says("for its end; 30s where it is left out"), "30s")
                .answers(200, SystemShapes.BULK_RESULT, "all done, or counted")
                .answers(202, SystemShapes.BULK_RESULT, "it goes on; ask again at Location");
    }

    private Reply act(Call call, Function<byte[], BulkRequest> reading) {
        call.allow("wait");
        Duration wait = wait(call, DEFAULT_WAIT);
        BulkRequest request = reading.apply(call.body());
        BulkDesk bulk = desks.of(call).bulk();
        if (request.dryRun()) {
            return Reply.ok(OperatorJson.result(bulk.count(request.filter(), request.all())));
        }
        BulkOperation started = bulk.start(request.action(), request.filter(), request.all(), request.rate());
        BulkResult result = bulk.await(started.id(), wait).result();
        byte[] body = OperatorJson.result(result);
        return result.finished() ? Reply.ok(body) : Reply.json(202, body).with("Location", "/bulk/" + started.id());
    }

    private Reply list(Call call) {
        ListQuery.requireKnown(call.query(), Set.of("limit"));
        int limit = ListQuery.parse(call.query(), Set.of()).limit();
        return Reply.ok(OperatorJson.operations(desks.of(call).bulk().list(limit)));
    }

    private Reply get(Call call) {
        call.allow("wait");
        return Reply.ok(OperatorJson.operation(desks.of(call).bulk().await(call.id(), wait(call, Duration.ZERO))));
    }

    private Reply stop(Call call) {
        call.allow();
        RequestReader.nothing(call.body());
        return Reply.ok(OperatorJson.operation(desks.of(call).bulk().stop(call.id())));
    }

    private Reply audit(Call call) {
        AuditQuery query = AuditQuery.parse(call.query());
        return Reply.ok(
                OperatorJson.audit(desks.of(call).system().audit(query.filter(), query.limit(), query.cursor())));
    }

    private static Duration wait(Call call, Duration unasked) {
        List<String> given = call.query().getOrDefault("wait", List.of());
        if (given.isEmpty()) {
            return unasked;
        }
        try {
            if (given.size() > 1) {
                throw new IllegalArgumentException("is given more than once");
            }
            return Durations.parse(given.getFirst());
        } catch (IllegalArgumentException e) {
            throw PulseException.of(
                    ErrorCode.INVALID_QUERY, List.of(new Violation("wait", String.valueOf(e.getMessage()))));
        }
    }
}
