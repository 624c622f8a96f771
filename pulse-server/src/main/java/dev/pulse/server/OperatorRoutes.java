package dev.pulse.server;

import dev.pulse.json.AuditQuery;
import dev.pulse.json.BulkRequest;
import dev.pulse.json.ListQuery;
import dev.pulse.json.OperatorJson;
import dev.pulse.json.RequestReader;
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

/** The REST routes for acts on many jobs, and for what operators did. Each call on its own virtual thread. */
final class OperatorRoutes {
    private static final int SMALL_BODY = 64 << 10;
    private static final Duration DEFAULT_WAIT = Duration.ofSeconds(30);

    private final Desks desks;

    OperatorRoutes(Desks desks) {
        this.desks = desks;
    }

    void addTo(Router router) {
        router.add(
                "POST",
                "/jobs/bulk",
                Rule.inQueues(Permission.OPERATE),
                SMALL_BODY,
                call -> act(call, RequestReader.bulk(call.body())));
        router.add(
                "POST",
                "/dlq/retry",
                Rule.inQueues(Permission.OPERATE),
                SMALL_BODY,
                call -> act(call, RequestReader.deadLetters(call.body())));
        router.add("GET", "/bulk", Rule.inQueues(Permission.READ), 0, this::list);
        router.add("GET", "/bulk/{id}", Rule.inQueues(Permission.READ), 0, this::get);
        router.add("POST", "/bulk/{id}/stop", Rule.inQueues(Permission.OPERATE), SMALL_BODY, this::stop);
        router.add("GET", "/audit", Rule.system(Permission.READ), 0, this::audit);
    }

    private Reply act(Call call, BulkRequest request) {
        call.allow("wait");
        Duration wait = wait(call, DEFAULT_WAIT);
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
