package dev.pulse.json;

import dev.pulse.model.Durations;
import dev.pulse.model.ErrorCode;
import dev.pulse.model.Throughput;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What happened over time, as JSON, and how it is asked for. */
public final class ThroughputJson {
    private ThroughputJson() {}

    /** What was asked for in the query parameters. */
    public record Query(Duration window, Duration bucket) {}

    /**
     * Reads the parameters, each given once.
     *
     * @throws dev.pulse.model.PulseException INVALID_QUERY, naming every fault
     */
    public static Query query(Map<String, List<String>> parameters) {
        ListQuery.requireKnown(parameters, Set.of("window", "bucket"));
        Faults faults = new Faults();
        Query query = new Query(
                duration(parameters, "window", Throughput.DEFAULT_WINDOW, faults),
                duration(parameters, "bucket", Throughput.DEFAULT_BUCKET, faults));
        if (!faults.invalid().isEmpty()) {
            throw Faults.refusal(ErrorCode.INVALID_QUERY, faults.invalid());
        }
        Throughput.check(query.window(), query.bucket());
        return query;
    }

    private static Duration duration(
            Map<String, List<String>> parameters, String name, Duration standard, Faults faults) {
        List<String> given = parameters.getOrDefault(name, List.of());
        if (given.size() > 1) {
            faults.invalid(name, "is given more than once");
        }
        if (given.size() != 1) {
            return standard;
        }
        try {
            return Durations.parse(given.getFirst());
        } catch (IllegalArgumentException e) {
            faults.invalid(name, String.valueOf(e.getMessage()));
            return standard;
        }
    }

    public static byte[] throughput(Throughput throughput) {
        return Out.object(out -> {
            out.seconds("bucket_s", throughput.bucket());
            out.objects("items", throughput.buckets(), (item, bucket) -> {
                item.instant("start", bucket.start());
                item.number("completed", bucket.completed());
                item.number("dead_lettered", bucket.deadLettered());
                item.number("retried", bucket.retried());
            });
        });
    }
}
