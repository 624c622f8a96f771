package dev.pulse.server;

import dev.pulse.json.JobShapes;
import dev.pulse.json.SystemShapes;
import dev.pulse.json.ThroughputJson;
import dev.pulse.model.Permission;

/** The REST routes about what has been. */
final class HistoryRoutes {
    private final Desks desks;

    HistoryRoutes(Desks desks) {
        this.desks = desks;
    }

    void addTo(Router router) {
        router.add("GET", "/throughput", Rule.system(Permission.READ), 0, this::throughput)
                .described("getThroughput", "What ended over time, oldest bucket first")
                .takes("window", JobShapes.DURATION, "1h")
                .takes("bucket", JobShapes.DURATION, "1m")
                .answers(200, SystemShapes.THROUGHPUT, "the counts of each bucket");
    }

    private Reply throughput(Call call) {
        ThroughputJson.Query asked = ThroughputJson.query(call.query());
        return Reply.ok(ThroughputJson.throughput(desks.of(call).system().throughput(asked.window(), asked.bucket())));
    }
}
