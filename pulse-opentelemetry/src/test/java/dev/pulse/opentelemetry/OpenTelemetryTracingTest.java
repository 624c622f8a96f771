package dev.pulse.opentelemetry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pulse.embedded.EngineConnection;
import dev.pulse.engine.Engine;
import dev.pulse.engine.EngineConfig;
import dev.pulse.model.Backoff;
import dev.pulse.sdk.JobRef;
import dev.pulse.sdk.JobType;
import dev.pulse.sdk.Pulse;
import dev.pulse.storememory.MemoryHints;
import dev.pulse.storememory.MemoryStores;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.propagation.ContextPropagators;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** One trace from the enqueue to every attempt, through a real engine. */
final class OpenTelemetryTracingTest {
    private static final JobType<String> EMAIL = JobType.of("email", String.class);
    private static final AttributeKey<String> OUTCOME = AttributeKey.stringKey("pulse.job.outcome");

    private final InMemorySpanExporter exported = InMemorySpanExporter.create();
    private final OpenTelemetrySdk telemetry = OpenTelemetrySdk.builder()
            .setTracerProvider(SdkTracerProvider.builder()
                    .addSpanProcessor(SimpleSpanProcessor.create(exported))
                    .build())
            .setPropagators(ContextPropagators.create(W3CTraceContextPropagator.getInstance()))
            .build();
    private final Engine engine = Engine.start(
            EngineConfig.DEFAULT,
            new MemoryStores(InstantSource.system(), new Random(3)).stores(),
            new MemoryHints(),
            new Engine.EngineRuntime(
                    new UUID(0, 1), "one", "test", InstantSource.system(), System::nanoTime, new Random(4)));

    @AfterEach
    void close() {
        engine.close();
        telemetry.close();
    }

    private Pulse pulse() {
        return Pulse.over(
                new EngineConnection(engine, "test"), options -> options.tracing(new OpenTelemetryTracing(telemetry)));
    }

    private SpanData only(String name) {
        List<SpanData> found = named(name);
        assertThat(found).hasSize(1);
        return found.getFirst();
    }

    private List<SpanData> named(String name) {
        return exported.getFinishedSpanItems().stream()
                .filter(span -> span.getName().equals(name))
                .toList();
    }

    @Test
    void enqueueAndEveryAttemptAreOneTrace() {
        ConcurrentLinkedQueue<String> seen = new ConcurrentLinkedQueue<>();
        JobRef ref;
        try (Pulse pulse = pulse()) {
            pulse.handle(EMAIL, (job, text) -> {
                seen.add(Span.current().getSpanContext().getTraceId());
                if (job.attempt() == 1) {
                    throw new IllegalStateException("not yet");
                }
            });
            pulse.start();
            ref = pulse.enqueue(
                    EMAIL,
                    "hello",
                    options -> options.backoff(
                            new Backoff(Backoff.Shape.FIXED, Duration.ofMillis(1), 1, Duration.ofMillis(1), 0)));
            ref.await(Duration.ofSeconds(30));
        }

        SpanData sent = only("send email");
        List<SpanData> attempts = named("process email");
        assertThat(sent.getKind()).isEqualTo(SpanKind.PRODUCER);
        assertThat(attempts).hasSize(2).allSatisfy(attempt -> {
            assertThat(attempt.getTraceId()).isEqualTo(sent.getTraceId());
            assertThat(attempt.getParentSpanId()).isEqualTo(sent.getSpanId());
            assertThat(attempt.getKind()).isEqualTo(SpanKind.CONSUMER);
            assertThat(attempt.getAttributes().get(AttributeKey.stringKey("messaging.message.id")))
                    .isEqualTo(ref.id().toString());
        });
        assertThat(seen).containsOnly(sent.getTraceId());
        assertThat(attempts.get(0).getAttributes().get(OUTCOME)).isEqualTo("fail");
        assertThat(attempts.get(0).getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
        assertThat(attempts.get(0).getEvents())
                .extracting(event -> event.getName())
                .containsExactly("exception");
        assertThat(attempts.get(1).getAttributes().get(OUTCOME)).isEqualTo("ack");
    }

    @Test
    void aJobOfAHandlerBelongsToItsTrace() {
        JobType<String> second = JobType.of("second", String.class);
        try (Pulse pulse = pulse()) {
            ConcurrentLinkedQueue<JobRef> made = new ConcurrentLinkedQueue<>();
            pulse.handle(EMAIL, (job, text) -> made.add(pulse.enqueue(second, "more")));
            pulse.handle(second, (job, text) -> {});
            pulse.start();
            pulse.enqueue(EMAIL, "hello").await(Duration.ofSeconds(30));
            made.element().await(Duration.ofSeconds(30));
        }

        assertThat(only("process second").getTraceId())
                .isEqualTo(only("send email").getTraceId());
        assertThat(only("send second").getParentSpanId())
                .isEqualTo(only("process email").getSpanId());
    }

    @Test
    void theCallersOwnHeaderStays() {
        try (Pulse pulse = pulse()) {
            JobRef ref = pulse.enqueue(EMAIL, "hello", options -> options.header("traceparent", "mine"));

            assertThat(engine.find(ref.id()).orElseThrow().facts().labels().headers())
                    .containsEntry("traceparent", "mine");
        }
    }

    @Test
    void withoutTracingAJobCarriesNothing() {
        try (Pulse pulse = Pulse.over(new EngineConnection(engine, "test"), options -> {})) {
            JobRef ref = pulse.enqueue(EMAIL, "hello");

            assertThat(engine.find(ref.id()).orElseThrow().facts().labels().headers())
                    .isEmpty();
        }
    }
}
