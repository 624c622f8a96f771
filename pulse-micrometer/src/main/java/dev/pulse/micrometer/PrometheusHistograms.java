package dev.pulse.micrometer;

import dev.pulse.engine.Distribution;
import dev.pulse.engine.EngineStats;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.prometheus.metrics.model.snapshots.Unit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** Hands the engine's buckets to Prometheus as they are. Loaded only where its registry is on the class path. */
final class PrometheusHistograms implements MultiCollector {
    private final Supplier<EngineStats> stats;

    private PrometheusHistograms(Supplier<EngineStats> stats) {
        this.stats = stats;
    }

    static void bind(MeterRegistry registry, Supplier<EngineStats> stats) {
        ((PrometheusMeterRegistry) registry).getPrometheusRegistry().register(new PrometheusHistograms(stats));
    }

    @Override
    public List<String> getPrometheusNames() {
        return Histograms.ALL.stream()
                .map(PrometheusHistograms::name)
                .distinct()
                .toList();
    }

    @Override
    public MetricSnapshots collect() {
        EngineStats now = stats.get();
        Map<String, HistogramSnapshot.Builder> byName = new LinkedHashMap<>();
        for (Histograms.Told told : Histograms.ALL) {
            HistogramSnapshot.Builder builder = byName.computeIfAbsent(name(told), name -> begun(name, told));
            builder.dataPoint(point(told, told.read().apply(now)));
        }
        List<MetricSnapshot> snapshots = new ArrayList<>();
        byName.values().forEach(builder -> snapshots.add(builder.build()));
        return new MetricSnapshots(snapshots);
    }

    private static String name(Histograms.Told told) {
        return told.name().replace('.', '_') + (told.seconds() ? "_seconds" : "_jobs");
    }

    private static HistogramSnapshot.Builder begun(String name, Histograms.Told told) {
        HistogramSnapshot.Builder builder =
                HistogramSnapshot.builder().name(name).help(told.help());
        return told.seconds() ? builder.unit(Unit.SECONDS) : builder;
    }

    private static HistogramDataPointSnapshot point(Histograms.Told told, Distribution distribution) {
        List<Double> bounds = new ArrayList<>(distribution.bounds());
        bounds.add(Double.POSITIVE_INFINITY);
        HistogramDataPointSnapshot.Builder point = HistogramDataPointSnapshot.builder()
                .classicHistogramBuckets(ClassicHistogramBuckets.of(bounds, distribution.counts()))
                .sum(distribution.sum());
        return told.step().isEmpty()
                ? point.build()
                : point.labels(io.prometheus.metrics.model.snapshots.Labels.of("step", told.step()))
                        .build();
    }
}
