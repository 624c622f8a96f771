package dev.pulse.sdk;

import dev.pulse.model.Outcome;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Follows jobs from the enqueue to each of their attempts, whatever lies between. The context travels in the headers of the job.
 * Found by {@link java.util.ServiceLoader}, or given by {@link PulseOptions#tracing}; without one nothing is traced and nothing
 * costs anything. Thread-safe, and nothing of it may throw.
 */
public interface Tracing {
    /** Traces nothing. */
    Tracing NONE = new Tracing() {
        private final Span span = new Span() {
            @Override
            public void ended(Outcome outcome, @Nullable Throwable thrown) {}

            @Override
            public void failed(Throwable thrown) {}

            @Override
            public void close() {}
        };

        @Override
        public Span enqueue(String type, int jobs) {
            return span;
        }

        @Override
        public Map<String, String> context() {
            return Map.of();
        }

        @Override
        public Span attempt(JobContext job) {
            return span;
        }
    };

    /** The calling thread enqueues so many jobs of that type, until the span is closed. */
    Span enqueue(String type, int jobs);

    /** What of the calling thread's context a job is to carry, as headers by name. */
    Map<String, String> context();

    /** The calling thread runs a handler, until the span is closed. */
    Span attempt(JobContext job);

    /** A stretch of work of one thread, which closes it. */
    interface Span extends AutoCloseable {
        /**
         * The attempt has ended.
         *
         * @param thrown what the handler threw, or null
         */
        void ended(Outcome outcome, @Nullable Throwable thrown);

        /** What was tried did not succeed. */
        void failed(Throwable thrown);

        @Override
        void close();
    }
}
