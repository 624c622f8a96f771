package dev.pulse.sdk;

import dev.pulse.model.Payload;
import java.util.function.UnaryOperator;

/**
 * Turns a payload of one version into one of the next. A pure function of its input: it may run in each attempt. What it
 * throws parks the job as {@code unreadable_payload}. Thread-safe.
 */
@FunctionalInterface
public interface PayloadUpcaster {
    Payload upcast(Payload old) throws Exception;

    /** Of JSON text. */
    static PayloadUpcaster json(UnaryOperator<String> change) {
        return old -> Payload.json(change.apply(old.text()));
    }
}
