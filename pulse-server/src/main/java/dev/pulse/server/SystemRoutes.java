package dev.pulse.server;

import dev.pulse.engine.Engine;
import dev.pulse.engine.HealthReport;
import dev.pulse.json.JobJson;
import dev.pulse.json.SystemJson;
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
        });
        router.add("GET", "/workers", Rule.system(Permission.READ), 0, call -> {
            call.allow();
            return Reply.ok(SystemJson.workers(desks.of(call).system().sessions()));
        });
        router.add("GET", "/servers", Rule.system(Permission.READ), 0, call -> {
            call.allow();
            return Reply.ok(SystemJson.servers(desks.of(call).system().servers()));
        });
        router.add("GET", "/health", Rule.system(Permission.READ), 0, call -> {
            call.allow();
            return Reply.ok(SystemJson.health(desks.of(call).system().checkup()));
        });
        router.add("GET", "/health/live", Rule.PUBLIC, 0, call -> Reply.ok(SystemJson.status("live")));
        router.add("GET", "/health/ready", Rule.PUBLIC, 0, call -> ready());
    }

    private Reply ready() {
        HealthReport health = engine.health();
        if (!health.ready()) {
            throw new PulseException(
                    ErrorCode.DATABASE_UNAVAILABLE, "not ready: " + String.join("; ", health.problems()));
        }
        return Reply.ok(SystemJson.status("ready"));
    }
}
