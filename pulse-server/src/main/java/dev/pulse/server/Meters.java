package dev.pulse.server;

import dev.pulse.engine.Engine;
import dev.pulse.micrometer.PulseMetrics;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All metrics of this server as Prometheus reads them. Nothing of it is made before the first scrape, so that it costs a start
 * nothing. Scrapes at the same time share one collection, which asks the database nothing: what stands there was counted
 * before. Only the very first scrape waits for that count, for a moment.
 */
final class Meters implements AutoCloseable {
    static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

    private static final Logger LOG = LoggerFactory.getLogger(Meters.class);
    private static final Duration FIRST_COUNT = Duration.ofSeconds(2);

    /** A figure that another part of the server tells. */
    private record Extra(String name, String help, boolean counter, DoubleSupplier read) {}

    private final Engine engine;
    private final CallCounts calls;
    private final Executor executor;
    private final ReentrantLock lock = new ReentrantLock();
    private final AtomicReference<@Nullable CompletableFuture<String>> underWay = new AtomicReference<>();
    private final Set<Extra> extras = new HashSet<>();
    private final Set<Object> bound = new HashSet<>();
    private @Nullable Registry registry;

    private record Registry(PrometheusMeterRegistry meters, PulseMetrics pulse, JvmGcMetrics gc) {}

    Meters(Engine engine, CallCounts calls, Executor executor) {
        this.engine = engine;
        this.calls = calls;
        this.executor = executor;
    }

    /** Adds a figure that only grows, such as {@code pulse.sign.in.failures}. Before the first scrape. */
    void count(String name, String help, DoubleSupplier read) {
        extras.add(new Extra(name, help, true, read));
    }

    /** Adds a figure that goes up and down; {@code NaN} for none. Before the first scrape. */
    void gauge(String name, String help, DoubleSupplier read) {
        extras.add(new Extra(name, help, false, read));
    }

    /** The text of one collection; of one that is under way where there is one. */
    String scrape() {
        CompletableFuture<String> mine = new CompletableFuture<>();
        CompletableFuture<String> other = underWay.compareAndExchange(null, mine);
        if (other != null) {
            try {
                return other.join();
            } catch (CompletionException e) {
                throw e.getCause() instanceof RuntimeException cause ? cause : e;
            }
        }
        try {
            String text = collect();
            underWay.set(null);
            mine.complete(text);
            return text;
        } catch (RuntimeException e) {
            underWay.set(null);
            mine.completeExceptionally(e);
            throw e;
        }
    }

    private String collect() {
        lock.lock();
        try {
            Registry all = registry;
            if (all == null) {
                countFirst();
                all = open();
                registry = all;
            }
            bindCalls(all.meters());
            all.pulse().refresh();
            return all.meters().scrape();
        } finally {
            lock.unlock();
        }
    }

    /** So that a scrape is whole from the first on; a count that takes longer is there the next time. */
    private void countFirst() {
        try {
            CompletableFuture.runAsync(engine::takeCensus, executor).get(FIRST_COUNT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            LOG.debug("metrics begin without what the database knows", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Registry open() {
        PrometheusMeterRegistry meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        PulseMetrics pulse = new PulseMetrics(engine);
        pulse.bindTo(meters);
        JvmGcMetrics gc = new JvmGcMetrics();
        gc.bindTo(meters);
        new JvmMemoryMetrics().bindTo(meters);
        new JvmThreadMetrics().bindTo(meters);
        new ProcessorMetrics().bindTo(meters);
        new UptimeMetrics().bindTo(meters);
        new FileDescriptorMetrics().bindTo(meters);
        Gauge.builder("pulse.build.info", () -> 1)
                .description("This build")
                .tag("version", PulseServer.version())
                .tag("java", Runtime.version().toString())
                .register(meters);
        extras.forEach(extra -> bind(extra, meters));
        return new Registry(meters, pulse, gc);
    }

    private static void bind(Extra extra, PrometheusMeterRegistry meters) {
        if (extra.counter()) {
            FunctionCounter.builder(extra.name(), extra, from -> from.read().getAsDouble())
                    .description(extra.help())
                    .register(meters);
        } else {
            Gauge.builder(extra.name(), extra, from -> from.read().getAsDouble())
                    .description(extra.help())
                    .register(meters);
        }
    }

    /** Meters for the calls that came for the first time. */
    private void bindCalls(PrometheusMeterRegistry meters) {
        calls.each((kind, some) -> {
            if (bound.add(kind)) {
                FunctionTimer.builder(
                                "pulse." + kind.door() + ".calls",
                                some,
                                CallCounts.Calls::count,
                                CallCounts.Calls::nanos,
                                TimeUnit.NANOSECONDS)
                        .description("Calls that ended, and how long they took")
                        .tag("call", kind.call())
                        .tag("code", kind.code())
                        .register(meters);
            }
        });
        calls.eachStream((method, open) -> {
            if (bound.add(method)) {
                Gauge.builder("pulse.grpc.streams", open, LongAdder::sum)
                        .description("Streams that are open")
                        .tag("call", method)
                        .register(meters);
            }
        });
    }

    @Override
    public void close() {
        lock.lock();
        try {
            if (registry != null) {
                registry.gc().close();
                registry.meters().close();
            }
        } finally {
            lock.unlock();
        }
    }
}
