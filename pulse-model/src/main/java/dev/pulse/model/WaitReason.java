package dev.pulse.model;

import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One of the things that keep a job waiting.
 *
 * @param message a sentence for a person
 * @param scope the pause or limit that holds it; else null
 * @param pause who paused it, since when and why; else null
 * @param until the moment that it waits for; else null
 * @param count the number in the sentence: jobs before it, jobs that run; else null
 */
public record WaitReason(
        Code code,
        String message,
        @Nullable Scope scope,
        @Nullable Pause pause,
        @Nullable Instant until,
        @Nullable Long count) {
    /** Stable names, in the order in which reasons are told. */
    public enum Code {
        /** It is scheduled for later. */
        RUN_AT("run_at"),
        /** Its last attempt failed. */
        BACKOFF("backoff"),
        /** Its moment has come; it becomes ready in a moment. */
        DUE("due"),
        DISPATCH_PAUSED("dispatch_paused"),
        QUEUE_PAUSED("queue_paused"),
        TYPE_PAUSED("type_paused"),
        /** As many of its queue run as may. */
        QUEUE_LIMIT("queue_limit"),
        TYPE_LIMIT("type_limit"),
        /** As many of its queue have started lately as may. */
        QUEUE_RATE("queue_rate"),
        TYPE_RATE("type_rate"),
        /** No live worker serves its type. */
        NO_WORKER("no_worker"),
        /** Workers serve its type, and none of them its queue. */
        NO_WORKER_FOR_QUEUE("no_worker_for_queue"),
        /** The workers that serve it are busy. */
        NO_FREE_SLOT("no_free_slot"),
        /** Its last two attempts lost their worker: it runs where no other such job does. */
        SUSPECT("suspect"),
        /** Its place in its line. */
        POSITION("position");

        private final String wireName;

        Code(String wireName) {
            this.wireName = wireName;
        }

        /** The code at every door. */
        public String wireName() {
            return wireName;
        }

        /** The code of that name; empty for one that only a newer version knows. */
        public static Optional<Code> fromWire(String wireName) {
            return Arrays.stream(values())
                    .filter(code -> code.wireName.equals(wireName))
                    .findFirst();
        }
    }
}
