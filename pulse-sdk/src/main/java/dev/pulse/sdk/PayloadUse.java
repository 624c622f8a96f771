package dev.pulse.sdk;

/**
 * What a payload is for.
 *
 * @param type the job's type
 * @param part whether it goes in or comes out
 * @param repeatable whether the same content has to give the same bytes, because a job with a key or an id of the caller's
 *     own is compared with the one that has it already
 */
public record PayloadUse(String type, Part part, boolean repeatable) {
    /** Which of the two. */
    public enum Part {
        PAYLOAD,
        RESULT
    }
}
