package dev.pulse.server;

import dev.pulse.json.Schema;
import dev.pulse.model.Permission;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** The REST route of the metrics. */
final class MetricsRoutes {
    private final Meters meters;

    MetricsRoutes(Meters meters) {
        this.meters = meters;
    }

    void addTo(Router router) {
        router.add("GET", "/metrics", Rule.system(Permission.READ), 0, call -> {
                    // Nothing is refused that a scraper may add to its address.
                    return new Reply(
                            200, Meters.CONTENT_TYPE, meters.scrape().getBytes(StandardCharsets.UTF_8), Map.of());
                })
                .described("getMetrics", "The metrics, for Prometheus")
                .detail("Any query parameter is taken.")
                .answers(200, Meters.CONTENT_TYPE, Schema.text(), "in Prometheus' text format");
    }
}
