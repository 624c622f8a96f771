package dev.pulse.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pulse.model.Backoff;
import dev.pulse.opentelemetry.OpenTelemetryTracing;
import dev.pulse.sdk.JobRef;
import dev.pulse.sdk.JobType;
import dev.pulse.sdk.Pulse;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.propagation.ContextPropagators;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What docs/tracing.md promises, from a real run: an application, a server between, a worker. */
final class TracedRunTest {
    private static final JobType<String> FLAKY = JobType.of("flaky", String.class);
    private static final Duration MOMENT = Duration.ofMillis(1);

    private static OpenTelemetrySdk telemetry(InMemorySpanExporter exported) {
        return OpenTelemetrySdk.builder()
                .setTracerProvider(SdkTracerProvider.builder()
                        .addSpanProcessor(SimpleSpanProcessor.create(exported))
                        .build())
                .setPropagators(ContextPropagators.create(W3CTraceContextPropagator.getInstance()))
                .build();
    }

    private static Pulse connect(TestServer server, OpenTelemetrySdk telemetry) {
        return Pulse.connect(
                server.server().grpcAddress().toString(),
                options -> options.tracing(new OpenTelemetryTracing(telemetry)));
    }

    @Test
    void aJobThatGoesThroughAServerIsOneTraceFromTheApplicationToEachAttemptOfAWorker() {
        InMemorySpanExporter ofApplication = InMemorySpanExporter.create();
        InMemorySpanExporter ofWorker = InMemorySpanExporter.create();
        JobRef job;
        SpanData sent;
        List<SpanData> attempts;
        try (TestServer server = TestServer.start();
                OpenTelemetrySdk application = telemetry(ofApplication);
                OpenTelemetrySdk worker = telemetry(ofWorker)) {
            try (Pulse sends = connect(server, application);
                    Pulse works = connect(server, worker)) {
                works.handle(FLAKY, (attempt, text) -> {
                    if (attempt.attempt() == 1) {
                        throw new IllegalStateException("not yet");
                    }
                });
                works.start();
                job = sends.enqueue(
                        FLAKY,
                        "hello",
                        options -> options.backoff(new Backoff(Backoff.Shape.FIXED, MOMENT, 1, MOMENT, 0)));
                job.await(Duration.ofSeconds(30));
            }
            sent = ofApplication.getFinishedSpanItems().getFirst();
            attempts = ofWorker.getFinishedSpanItems();
        }

        assertThat(sent.getName()).isEqualTo("send flaky");
        assertThat(attempts).hasSize(2).allSatisfy(attempt -> {
            assertThat(attempt.getName()).isEqualTo("process flaky");
            assertThat(attempt.getTraceId()).isEqualTo(sent.getTraceId());
            assertThat(attempt.getParentSpanId()).isEqualTo(sent.getSpanId());
            assertThat(attempt.getAttributes().get(AttributeKey.stringKey("messaging.message.id")))
                    .isEqualTo(job.id().toString());
        });
        assertThat(attempts)
                .extracting(attempt -> attempt.getAttributes().get(AttributeKey.stringKey("pulse.job.outcome")))
                .containsExactly("fail", "ack");
    }
}
