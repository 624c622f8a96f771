package dev.pulse.json;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.util.regex.Pattern;

/** Points in time at every door: RFC 3339 with its offset, nothing guessed. */
public final class Rfc3339 {
    private static final Pattern SHAPE =
            Pattern.compile("\\d{4}-\\d{2}-\\d{2}[Tt]\\d{2}:\\d{2}:\\d{2}(?:\\.\\d{1,9})?(?:[Zz]|[+-]\\d{2}:\\d{2})");

    private Rfc3339() {}

    /**
     * Reads one instant. Days and hours that do not exist are refused, leap seconds and {@code 24:00} too.
     *
     * @throws IllegalArgumentException with a sentence for a person
     */
    public static Instant parse(String text) {
        if (!SHAPE.matcher(text).matches()) {
            throw malformed(text);
        }
        try {
            return OffsetDateTime.parse(text, DateTimeFormatter.ISO_OFFSET_DATE_TIME)
                    .toInstant();
        } catch (DateTimeException e) {
            throw malformed(text);
        }
    }

    private static IllegalArgumentException malformed(String text) {
        return new IllegalArgumentException("RFC 3339 with offset is expected, for example 2026-11-22T07:00:00Z or"
                + " 2026-11-22T08:00:00+01:00, got \"" + Shown.text(text) + "\"");
    }
}
