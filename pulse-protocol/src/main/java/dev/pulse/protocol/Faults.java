package dev.pulse.protocol;

import dev.pulse.model.ErrorCode;
import dev.pulse.model.PulseException;
import dev.pulse.model.Violation;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Collects the faults of one message, so that its sender is told of all of them at once. Not thread-safe. */
final class Faults {
    private final List<Violation> violations = new ArrayList<>();
    private boolean allOversize = true;

    void add(String field, String message) {
        violations.add(new Violation(field, message));
        allOversize = false;
    }

    /** The value, or null after noting why there is none. */
    <T> @Nullable T read(String prefix, Supplier<T> reading) {
        try {
            return reading.get();
        } catch (PulseException e) {
            for (Violation violation : e.violations()) {
                violations.add(new Violation(prefix + violation.field(), violation.message()));
            }
            allOversize &= e.code() == ErrorCode.PAYLOAD_TOO_LARGE;
            return null;
        }
    }

    void throwIfAny() {
        if (!violations.isEmpty()) {
            throw PulseException.of(allOversize ? ErrorCode.PAYLOAD_TOO_LARGE : ErrorCode.INVALID_FIELD, violations);
        }
    }
}
