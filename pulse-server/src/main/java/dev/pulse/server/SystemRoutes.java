package dev.pulse.server;

import dev.pulse.engine.Engine;
import dev.pulse.engine.HealthReport;
import dev.pulse.json.JobJson;
import dev.pulse.json.SystemJson;
import dev.pulse.json.SystemShapes;
import dev.pulse.model.ErrorCode;
import dev.pulse.model.Permission;
import dev.pulse.model.PulseException;

/** The REST routes about the system: counts, sessions, replicas, health. */
final class SystemRoutes {
    private final Engine engine;
    private final Desks desks;

    SystemRoutes(Engine engine, Desks desks) {
        this.desks = desks;
        this.engine = engine;
    }

    void addTo(Router router) {
        router.add("GET", "/stats", Rule.system(Permission.READ), 0, call -> {
                    call.allow();
                    return Reply.ok(JobJson.counts(desks.of(call).system().counts()));
                })
                .described("getStats", "How many jobs there are now, by status and type")
                .answers(200, SystemShapes.STATS, "the counts");
        router.add("GET", "/workers", Rule.system(Permission.READ), 0, call -> {
                    call.allow();
                    return Reply.ok(SystemJson.workers(desks.of(call).system().sessions()));
                })
                .described("listWorkers", "The live sessions of workers")
                .answers(200, SystemShapes.WORKERS, "all of them");
        router.add("GET", "/servers", Rule.system(Permission.READ), 0, call -> {
                    call.allow();
                    return Reply.ok(SystemJson.servers(desks.of(call).system().servers()));
                })
                .described("listServers", "The replicas, and which one leads")
                .answers(200, SystemShapes.SERVERS, "all of them");
        router.add("GET", "/health", Rule.system(Permission.READ), 0, call -> {
                    call.allow();
                    return Reply.ok(SystemJson.health(desks.of(call).system().checkup()));
                })
                .described("getHealth", "What is well and what is not, each with what to do")
                .answers(200, SystemShapes.HEALTH, "the checks");
        router.add("GET", "/health/live", Rule.PUBLIC, 0, call -> {
                    call.allow();
                    return Reply.ok(SystemJson.status("live"));
                })
                .described("getLiveness", "Whether the process answers")
                .answers(200, SystemShapes.LIFE, "it does");
        router.add("GET", "/health/ready", Rule.PUBLIC, 0, this::ready)
                .described("getReadiness", "Whether the server can write to its database")
                .answers(200, SystemShapes.LIFE, "it can")
                .refuses(ErrorCode.DATABASE_UNAVAILABLE);
    }

    private Reply ready(Call call) {
        call.allow();
        HealthReport health = engine.health();
        if (!health.ready()) {
            throw new PulseException(
                    ErrorCode.DATABASE_UNAVAILABLE, "not ready: " + String.join("; ", health.problems()));
        }
        return Reply.ok(SystemJson.status("ready"));
    }
}
