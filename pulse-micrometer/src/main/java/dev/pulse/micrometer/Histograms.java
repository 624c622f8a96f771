package dev.pulse.micrometer;

import dev.pulse.engine.Distribution;
import dev.pulse.engine.EngineStats;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The engine's distributions. Prometheus gets their buckets. Micrometer has no meter that takes buckets counted elsewhere, so
 * another registry gets how many there were and their sum.
 */
final class Histograms {
    private static final String PROMETHEUS = "io.micrometer.prometheusmetrics.PrometheusMeterRegistry";

    /**
     * One distribution.
     *
     * @param name with dots
     * @param step the value of the label {@code step}; empty for none
     * @param seconds whether it is one of times
     */
    record Told(String name, String help, String step, boolean seconds, Function<EngineStats, Distribution> read) {}

    static final List<Told> ALL = List.of(
            new Told(
                    "pulse.job.start",
                    "From ready to claimed",
                    "",
                    true,
                    stats -> stats.claims().starts()),
            new Told(
                    "pulse.attempt",
                    "From claimed to reported",
                    "",
                    true,
                    stats -> stats.attempts().seconds()),
            new Told(
                    "pulse.batch",
                    "Jobs per statement",
                    "submit",
                    false,
                    stats -> stats.submits().batches()),
            new Told(
                    "pulse.batch",
                    "Jobs per statement",
                    "claim",
                    false,
                    stats -> stats.claims().batches()),
            new Told(
                    "pulse.batch",
                    "Jobs per statement",
                    "report",
                    false,
                    stats -> stats.reports().batches()));

    private Histograms() {}

    static void bind(MeterRegistry registry, Supplier<EngineStats> stats) {
        // By name: the class may be absent.
        if (registry.getClass().getName().equals(PROMETHEUS)) {
            PrometheusHistograms.bind(registry, stats);
        } else {
            ALL.forEach(told -> bind(registry, told, stats));
        }
    }

    private static void bind(MeterRegistry registry, Told told, Supplier<EngineStats> stats) {
        Supplier<Distribution> read = () -> told.read().apply(stats.get());
        if (told.seconds()) {
            FunctionTimer.builder(
                            told.name(),
                            read,
                            held -> read.get().count(),
                            held -> read.get().sum(),
                            TimeUnit.SECONDS)
                    .description(told.help())
                    .register(registry);
        } else {
            FunctionCounter.builder(
                            told.name() + ".statements",
                            read,
                            held -> read.get().count())
                    .tag("step", told.step())
                    .description("Statements")
                    .register(registry);
            FunctionCounter.builder(
                            told.name() + ".jobs", read, held -> read.get().sum())
                    .tag("step", told.step())
                    .description("Jobs in them")
                    .register(registry);
        }
    }
}
