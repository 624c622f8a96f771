package dev.pulse.json;

import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/** Ids as text: the 36 characters of a UUID, upper or lower case, but not the nil one. */
public final class Ids {
    private static final Pattern SHAPE =
            Pattern.compile("\\p{XDigit}{8}-\\p{XDigit}{4}-\\p{XDigit}{4}-\\p{XDigit}{4}-\\p{XDigit}{12}");
    private static final UUID NIL = new UUID(0, 0);

    private Ids() {}

    /** The id of that text, or empty. */
    public static Optional<UUID> parse(String text) {
        // UUID.fromString alone takes texts such as 1-1-1-1-1.
        if (!SHAPE.matcher(text).matches()) {
            return Optional.empty();
        }
        return Optional.of(UUID.fromString(text)).filter(id -> !id.equals(NIL));
    }
}
