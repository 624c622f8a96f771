package dev.pulse.testing;

/** What becomes of an exception that a handler throws, besides the retry or dead letter that the job's policy asks for. */
public enum OnFailure {
    /** {@link #THROW} in {@link TestMode#SYNCHRONOUS}, {@link #RECORD} in the other modes. */
    BY_MODE,
    /** The call that ran the handler throws it: enqueue, drain, step or elapse. */
    THROW,
    /** It is kept with the job only, as in production. */
    RECORD;

    boolean isThrownIn(TestMode mode) {
        return this == THROW || this == BY_MODE && mode == TestMode.SYNCHRONOUS;
    }
}
