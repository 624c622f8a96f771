package dev.pulse.model;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The duration grammar of every door: {@code 90s}, {@code 1h30m}, {@code 250ms}, {@code 2d}, or ISO-8601 {@code PT5M}. */
public final class Durations {
    /** Longest duration that any door takes: about 100 years, far below what the database or a long of nanos holds. */
    public static final Duration MAX = Duration.ofDays(36_500);

    /** The sentence that names what is allowed, for messages. */
    static final String RANGE = "0s to " + MAX.toDays() + "d are allowed";

    private static final int MAX_TEXT = 64;
    private static final Pattern PART = Pattern.compile("(\\d{1,12}(?:\\.\\d{1,9})?)(ms|s|m|h|d)");

    private Durations() {}

    /**
     * Reads a duration of zero or more, at most {@link #MAX}.
     *
     * @throws IllegalArgumentException with a sentence for a person
     */
    public static Duration parse(String text) {
        if (text.isEmpty() || text.length() > MAX_TEXT) {
            throw notADuration(text);
        }
        Duration duration = text.toUpperCase(Locale.ROOT).startsWith("P") ? parseIso(text) : parseParts(text);
        if (duration.isNegative()) {
            throw new IllegalArgumentException("must not be negative, got " + text);
        }
        if (duration.compareTo(MAX) > 0) {
            throw new IllegalArgumentException(RANGE + ", got " + text);
        }
        return duration;
    }

    private static Duration parseIso(String text) {
        try {
            return Duration.parse(text);
        } catch (DateTimeParseException | ArithmeticException e) {
            throw notADuration(text);
        }
    }

    private static Duration parseParts(String text) {
        Matcher part = PART.matcher(text);
        Duration sum = Duration.ZERO;
        int end = 0;
        while (end < text.length() && part.find(end) && part.start() == end) {
            sum = sum.plus(amount(new BigDecimal(part.group(1)), part.group(2)));
            end = part.end();
        }
        if (end != text.length()) {
            throw notADuration(text);
        }
        return sum;
    }

    private static Duration amount(BigDecimal number, String unit) {
        long nanosPerUnit = switch (unit) {
            case "ms" -> 1_000_000L;
            case "s" -> 1_000_000_000L;
            case "m" -> 60_000_000_000L;
            case "h" -> 3_600_000_000_000L;
            case "d" -> 86_400_000_000_000L;
            default -> throw new AssertionError(unit);
        };
        BigDecimal[] seconds = number.multiply(BigDecimal.valueOf(nanosPerUnit))
                .divideAndRemainder(BigDecimal.valueOf(1_000_000_000L));
        return Duration.ofSeconds(seconds[0].longValueExact(), seconds[1].longValue());
    }

    /** Text that {@link #parse} reads back to the same duration, for example {@code 1h30m}; a negative one as ISO-8601. */
    public static String format(Duration duration) {
        if (duration.isZero()) {
            return "0s";
        }
        if (duration.isNegative()) {
            return duration.toString();
        }
        StringBuilder text = new StringBuilder();
        append(text, duration.toDays(), "d");
        append(text, duration.toHoursPart(), "h");
        append(text, duration.toMinutesPart(), "m");
        if (duration.toNanosPart() % 1_000_000 != 0) {
            BigDecimal seconds =
                    BigDecimal.valueOf(duration.toSecondsPart()).add(BigDecimal.valueOf(duration.toNanosPart(), 9));
            return text.append(seconds.stripTrailingZeros().toPlainString())
                    .append('s')
                    .toString();
        }
        append(text, duration.toSecondsPart(), "s");
        append(text, duration.toMillisPart(), "ms");
        return text.toString();
    }

    private static void append(StringBuilder text, long amount, String unit) {
        if (amount != 0) {
            text.append(amount).append(unit);
        }
    }

    private static IllegalArgumentException notADuration(String text) {
        return new IllegalArgumentException(
                "not a duration: " + Text.shown(text) + "; write 250ms, 90s, 5m, 2h, 1d, 1h30m or PT5M");
    }
}
