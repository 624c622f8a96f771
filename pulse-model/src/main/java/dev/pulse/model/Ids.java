package dev.pulse.model;

import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/** The one spelling of an id at every door: 36 characters, hexadecimal in any case, with hyphens. */
public final class Ids {
    private static final UUID NIL = new UUID(0, 0);

    // UUID.fromString takes "1-1-1-1-1" as well, which would make many spellings of one id.
    private static final Pattern CANONICAL =
            Pattern.compile("[0-9A-Fa-f]{8}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{12}");

    private Ids() {}

    /** The id, or empty for anything that is not one; the nil UUID names nothing and is none. */
    public static Optional<UUID> parse(String text) {
        return CANONICAL.matcher(text).matches()
                ? Optional.of(UUID.fromString(text)).filter(Ids::isUsable)
                : Optional.empty();
    }

    /**
     * The id that a caller named.
     *
     * @throws PulseException with INVALID_ID for anything that is not one
     */
    public static UUID require(String text) {
        return parse(text).orElseThrow(() -> new PulseException(ErrorCode.INVALID_ID, fault(text)));
    }

    static boolean isUsable(UUID id) {
        return !id.equals(NIL);
    }

    /** What is wrong with a text that {@link #parse} refused. */
    static String fault(String text) {
        return "not an id: " + Text.shown(text)
                + "; an id is a UUID of 36 characters such as 0192f3a4-5b6c-7d8e-9f01-23456789abcd, not all zeros";
    }
}
