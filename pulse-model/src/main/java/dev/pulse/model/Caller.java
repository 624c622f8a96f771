package dev.pulse.model;

import org.jspecify.annotations.Nullable;

/**
 * Who asks for an act.
 *
 * @param name the user's name
 * @param from the address that the request came from; null for Pulse itself, whose own acts are not audited
 */
public record Caller(String name, @Nullable String from) {
    private static final int MAX = 255;

    public Caller {
        name = cut(name.isBlank() ? "unknown" : name);
        from = from == null ? null : cut(from);
    }

    /** Pulse itself, on behalf of an act that is audited elsewhere or of nobody. */
    public static Caller internal(String name) {
        return new Caller(name, null);
    }

    /** Whether what it does goes into the audit log. */
    public boolean isAudited() {
        return from != null;
    }

    private static String cut(String text) {
        return text.length() <= MAX ? text : text.substring(0, MAX);
    }
}
