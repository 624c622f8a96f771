package dev.pulse.model;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Trouble that a caller is told of: a stable code, a sentence for a person, and the fields at fault, if any. */
public final class PulseException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final ErrorCode code;
    private @Nullable Duration retryAfter;

    @SuppressWarnings("serial") // never serialised; the list is immutable
    private final List<Violation> violations;

    public PulseException(ErrorCode code, String message) {
        this(code, message, List.of(), null);
    }

    public PulseException(ErrorCode code, String message, @Nullable Throwable cause) {
        this(code, message, List.of(), cause);
    }

    public PulseException(ErrorCode code, String message, List<Violation> violations, @Nullable Throwable cause) {
        super(message, cause);
        this.code = code;
        this.violations = List.copyOf(violations);
    }

    /** One invalid field. */
    public static PulseException invalid(String field, String message) {
        return invalid(List.of(new Violation(field, message)));
    }

    /** All invalid fields of one request at once; the list must not be empty. */
    public static PulseException invalid(List<Violation> violations) {
        return of(ErrorCode.INVALID_FIELD, violations);
    }

    /** A refusal with a code of its own whose sentence is made of the violations; the list must not be empty. */
    public static PulseException of(ErrorCode code, List<Violation> violations) {
        StringBuilder sentence = new StringBuilder();
        for (Violation violation : violations) {
            sentence.append(sentence.isEmpty() ? "" : "; ")
                    .append(violation.field())
                    .append(": ")
                    .append(violation.message());
        }
        return new PulseException(code, sentence.toString(), violations, null);
    }

    /**
     * The same refusal, of something that stands within something larger; one that names no field stays as it is.
     *
     * @param path put before each field, for example {@code jobs[7].}
     */
    public PulseException within(String path) {
        return violations.isEmpty()
                ? this
                : of(
                        code,
                        violations.stream()
                                .map(fault -> new Violation(path + fault.field(), fault.message()))
                                .toList());
    }

    /** The same trouble, with the time after which it is worth while to try again. */
    public PulseException retryAfter(Duration wait) {
        PulseException same = new PulseException(code, String.valueOf(getMessage()), violations, getCause());
        same.retryAfter = wait;
        return same;
    }

    /** When it is worth while to try again; null where nobody knows. */
    public @Nullable Duration retryAfter() {
        return retryAfter;
    }

    public ErrorCode code() {
        return code;
    }

    public List<Violation> violations() {
        return violations;
    }

    /** The first field at fault. */
    public @Nullable String field() {
        return violations.isEmpty() ? null : violations.getFirst().field();
    }
}
