package dev.pulse.server;

import dev.pulse.json.ThroughputJson;
import dev.pulse.model.Permission;

/** The REST routes about what has been. */
final class HistoryRoutes {
    private final Desks desks;

    HistoryRoutes(Desks desks) {
        this.desks = desks;
    }

    void addTo(Router router) {
        router.add("GET", "/throughput", Rule.system(Permission.READ), 0, call -> {
            ThroughputJson.Query asked = ThroughputJson.query(call.query());
            return Reply.ok(
                    ThroughputJson.throughput(desks.of(call).system().throughput(asked.window(), asked.bucket())));
        });
    }
}
