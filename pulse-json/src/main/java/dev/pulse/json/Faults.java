package dev.pulse.json;

import dev.pulse.model.ErrorCode;
import dev.pulse.model.PulseException;
import dev.pulse.model.Violation;
import java.util.ArrayList;
import java.util.List;

/** The faults found so far in one body, with the path to each. */
final class Faults {
    /** More than these help nobody; the message says how many there are. */
    static final int MAX_TOLD = 20;

    private final List<Violation> unknown;
    private final List<Violation> invalid;
    private final String prefix;

    Faults() {
        this(new ArrayList<>(), new ArrayList<>(), "");
    }

    private Faults(List<Violation> unknown, List<Violation> invalid, String prefix) {
        this.unknown = unknown;
        this.invalid = invalid;
        this.prefix = prefix;
    }

    /** The same faults, for fields further down. */
    Faults under(String path) {
        return new Faults(unknown, invalid, prefix + path);
    }

    void unknown(String field, String message) {
        unknown.add(new Violation(prefix + field, message));
    }

    void invalid(String field, String message) {
        invalid.add(new Violation(prefix + field, message));
    }

    List<Violation> invalid() {
        return invalid;
    }

    /** A field that the caller must give. */
    void required(String field) {
        invalid(field, "is required");
    }

    boolean named(String field) {
        return invalid.stream().anyMatch(fault -> fault.field().equals(prefix + field));
    }

    boolean isClean() {
        return unknown.isEmpty() && invalid.isEmpty();
    }

    /** Refuses, where anything is at fault. */
    void raise() {
        if (!isClean()) {
            throw refusal(invalid, ErrorCode.INVALID_FIELD);
        }
    }

    /** The refusal that names the unknown fields and these other faults; one of the two is not empty. */
    PulseException refusal(List<Violation> others, ErrorCode codeOfOthers) {
        List<Violation> all = new ArrayList<>(unknown);
        all.addAll(others);
        return refusal(unknown.isEmpty() ? codeOfOthers : ErrorCode.UNKNOWN_FIELD, all);
    }

    static PulseException refusal(ErrorCode code, List<Violation> all) {
        if (all.size() <= MAX_TOLD) {
            return PulseException.of(code, all);
        }
        PulseException told = PulseException.of(code, all.subList(0, MAX_TOLD));
        String message = told.getMessage() + "; and " + (all.size() - MAX_TOLD) + " more";
        return new PulseException(code, message, told.violations(), null);
    }
}
