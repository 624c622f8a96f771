package dev.pulse.sdk;

import dev.pulse.model.JobFacts;
import dev.pulse.model.Payload;
import org.jspecify.annotations.Nullable;

/** A handler with the codec of its payload. */
record Handler<T>(JobType<T> type, PayloadCodec codec, ReturningHandler<T> code) {
    /**
     * A call that is ready but for the context; reading the payload has its own kind of failure.
     *
     * @param plain the payload of the job, as its producer's codec wrote it
     */
    Call prepare(JobFacts facts, Payload plain) throws Exception {
        T value = codec.decode(upcast(facts, plain), type.payload());
        return job -> code.handle(job, value);
    }

    private Payload upcast(JobFacts facts, Payload plain) throws Exception {
        int current = type.versions().current();
        int version = version(facts);
        if (version > current) {
            throw new IllegalArgumentException("version " + version + ", this worker knows up to " + current);
        }
        Payload payload = plain;
        for (; version < current; version++) {
            PayloadUpcaster upcaster = type.versions().upcasters().get(version);
            if (upcaster == null) {
                throw new IllegalArgumentException(
                        "version " + version + ", and " + type.name() + " has no upcaster from it to " + (version + 1));
            }
            payload = upcaster.upcast(payload);
        }
        return payload;
    }

    private static int version(JobFacts facts) {
        String text = facts.labels().headers().get(JobType.VERSION_HEADER);
        try {
            return text == null ? 1 : Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("the header " + JobType.VERSION_HEADER + " is no number: " + text, e);
        }
    }

    /** The user's code with its payload. */
    @FunctionalInterface
    interface Call {
        @Nullable
        Object on(JobContext job) throws Exception;
    }
}
