package dev.pulse.opentelemetry;

import dev.pulse.model.AttemptError;
import dev.pulse.model.Limits;
import dev.pulse.model.Outcome;
import dev.pulse.sdk.JobContext;
import dev.pulse.sdk.Tracing;
import io.opentelemetry.api.GlobalOpenTelemetry;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.Scope;
import io.opentelemetry.context.propagation.TextMapGetter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Traces through OpenTelemetry. On the class path it uses the application's global one, and is silent while there is none; with
 * several, or with one that is no global, give it by {@code PulseOptions.tracing}. Thread-safe.
 *
 * <p>An enqueue is a span {@code send TYPE}; its context travels in the job's headers in the form that the application's
 * propagators write, {@code traceparent} as a rule. Each attempt, retries and those after a requeue too, is a span
 * {@code process TYPE} below it, current while the handler runs.
 */
public final class OpenTelemetryTracing implements Tracing {
    private static final String SCOPE = "dev.pulse";
    /** What an application's propagators may add to each job. */
    private static final int MAX_HEADERS = 8;

    private static final AttributeKey<String> SYSTEM = AttributeKey.stringKey("messaging.system");
    private static final AttributeKey<String> OPERATION = AttributeKey.stringKey("messaging.operation.type");
    private static final AttributeKey<String> DESTINATION = AttributeKey.stringKey("messaging.destination.name");
    private static final AttributeKey<String> MESSAGE = AttributeKey.stringKey("messaging.message.id");
    private static final AttributeKey<Long> BATCH = AttributeKey.longKey("messaging.batch.message_count");
    private static final AttributeKey<String> TYPE = AttributeKey.stringKey("pulse.job.type");
    private static final AttributeKey<Long> ATTEMPT = AttributeKey.longKey("pulse.job.attempt");
    private static final AttributeKey<String> OUTCOME = AttributeKey.stringKey("pulse.job.outcome");
    private static final AttributeKey<String> ERROR = AttributeKey.stringKey("error.type");

    private static final TextMapGetter<Map<String, String>> HEADERS = new TextMapGetter<>() {
        @Override
        public Iterable<String> keys(Map<String, String> carrier) {
            return carrier.keySet();
        }

        @Override
        public @Nullable String get(@Nullable Map<String, String> carrier, String key) {
            return carrier == null ? null : carrier.get(key);
        }
    };

    private final Supplier<OpenTelemetry> telemetry;

    /** For the service loader: the global one, whenever it comes. */
    public OpenTelemetryTracing() {
        this.telemetry = GlobalOpenTelemetry::getOrNoop;
    }

    public OpenTelemetryTracing(OpenTelemetry telemetry) {
        this.telemetry = () -> telemetry;
    }

    private Tracer tracer() {
        return telemetry.get().getTracer(SCOPE);
    }

    @Override
    public Span enqueue(String type, int jobs) {
        SpanBuilder span = tracer().spanBuilder("send " + type)
                .setSpanKind(SpanKind.PRODUCER)
                .setAttribute(SYSTEM, "pulse")
                .setAttribute(OPERATION, "send")
                .setAttribute(TYPE, type);
        if (jobs > 1) {
            span.setAttribute(BATCH, (long) jobs);
        }
        return new Open(span.startSpan());
    }

    @Override
    public Map<String, String> context() {
        Map<String, String> headers = new LinkedHashMap<>();
        telemetry
                .get()
                .getPropagators()
                .getTextMapPropagator()
                .inject(Context.current(), headers, (carrier, name, value) -> {
                    // What a door would refuse is left out: a trace is not worth the job.
                    if (carrier != null && value.length() <= Limits.MAX_LABEL_VALUE && carrier.size() < MAX_HEADERS) {
                        carrier.put(name, value);
                    }
                });
        return headers;
    }

    @Override
    public Span attempt(JobContext job) {
        Context parent =
                telemetry.get().getPropagators().getTextMapPropagator().extract(Context.root(), job.headers(), HEADERS);
        SpanBuilder span = tracer().spanBuilder("process " + job.type())
                .setParent(parent)
                .setSpanKind(SpanKind.CONSUMER)
                .setAttribute(SYSTEM, "pulse")
                .setAttribute(OPERATION, "process")
                .setAttribute(DESTINATION, job.queue())
                .setAttribute(MESSAGE, job.id().toString())
                .setAttribute(TYPE, job.type())
                .setAttribute(ATTEMPT, (long) job.attempt());
        return new Open(span.startSpan(), parent);
    }

    /** A span that is the thread's current one until it is closed. */
    private static final class Open implements Span {
        private final io.opentelemetry.api.trace.Span span;
        private final Scope scope;

        Open(io.opentelemetry.api.trace.Span span) {
            this(span, Context.current());
        }

        /** Baggage and the like of the parent are current, too. The runtime that opened the span closes it. */
        @SuppressWarnings("MustBeClosedChecker")
        Open(io.opentelemetry.api.trace.Span span, Context parent) {
            this.span = span;
            this.scope = parent.with(span).makeCurrent();
        }

        @Override
        public void ended(Outcome outcome, @Nullable Throwable thrown) {
            span.setAttribute(OUTCOME, outcome.kind().wireName());
            AttemptError error = error(outcome);
            if (thrown != null) {
                span.recordException(thrown);
            }
            if (error != null) {
                span.setAttribute(ERROR, error.type());
                span.setStatus(StatusCode.ERROR, error.message());
            }
        }

        private static @Nullable AttemptError error(Outcome outcome) {
            return switch (outcome) {
                case Outcome.Fail fail -> fail.error();
                case Outcome.Timeout timeout -> timeout.error();
                case Outcome.DeadLetter dead -> dead.error();
                case Outcome.Retry retry -> retry.error();
                case Outcome.Ack ack -> null;
                case Outcome.Drop drop -> null;
                case Outcome.Snooze snooze -> null;
                case Outcome.Release release -> null;
                case Outcome.Canceled canceled -> null;
                case Outcome.Lapse lapse -> null;
            };
        }

        @Override
        public void failed(Throwable thrown) {
            span.recordException(thrown);
            span.setAttribute(ERROR, thrown.getClass().getName());
            span.setStatus(StatusCode.ERROR);
        }

        @Override
        public void close() {
            scope.close();
            span.end();
        }
    }
}
