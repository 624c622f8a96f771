package dev.pulse.sdk;

import dev.pulse.model.Payload;
import org.jspecify.annotations.Nullable;

/** A handler with the codec of its payload. */
record Handler<T>(JobType<T> type, PayloadCodec codec, ReturningHandler<T> code) {
    /** A call that is ready but for the context; reading the payload has its own kind of failure. */
    Call prepare(Payload payload) {
        T value = codec.decode(payload, type.payload());
        return job -> code.handle(job, value);
    }

    /** The user's code with its payload. */
    @FunctionalInterface
    interface Call {
        @Nullable
        Object on(JobContext job) throws Exception;
    }
}
