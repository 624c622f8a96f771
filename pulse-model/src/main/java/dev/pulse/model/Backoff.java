package dev.pulse.model;

import java.time.Duration;
import java.util.Locale;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;

/**
 * How long a failed job waits. Grammar: {@code fixed D | quadratic D | exponential D x F}, each with {@code cap D} and
 * {@code jitter J}. Left out, cap is one hour (or D, where that is longer) and jitter is none.
 *
 * @param shape how the wait grows
 * @param base D, above zero
 * @param factor F, at least 1; 1 for the other shapes
 * @param cap no wait is longer; not below the base
 * @param jitter 0 to 1: the wait is spread evenly over plus and minus this part of it, then capped
 */
public record Backoff(Shape shape, Duration base, double factor, Duration cap, double jitter) {
    /** attempts squared seconds, as users of such systems know it, with a cap and a little spread. */
    public static final Backoff DEFAULT =
            new Backoff(Shape.QUADRATIC, Duration.ofSeconds(1), 1, Duration.ofHours(1), 0.1);

    private static final Duration DEFAULT_CAP = Duration.ofHours(1);
    private static final int MAX_TEXT = 128;

    // Double.parseDouble alone would take 2f, 0x1p3 and NaN as well.
    private static final Pattern NUMBER = Pattern.compile("[0-9]+(\\.[0-9]+)?(e-?[0-9]+)?");

    /** How the wait grows with the attempts charged. */
    public enum Shape {
        FIXED,
        QUADRATIC,
        EXPONENTIAL
    }

    public Backoff {
        require(base.isPositive(), "the base wait must be above 0");
        require(base.compareTo(Durations.MAX) <= 0, "the base wait is at most " + Durations.MAX.toDays() + "d");
        require(cap.compareTo(base) >= 0, "cap must not be below " + Durations.format(base));
        require(cap.compareTo(Durations.MAX) <= 0, "cap is at most " + Durations.MAX.toDays() + "d");
        require(factor >= 1 && factor <= 1000, "the factor must be between 1 and 1000");
        require(shape == Shape.EXPONENTIAL || factor == 1, "only exponential takes a factor");
        require(jitter >= 0 && jitter <= 1, "jitter must be between 0 and 1");
    }

    /**
     * The wait before the next attempt.
     *
     * @param charged attempts charged since submission or the last requeue, this one included; at least 1
     */
    public Duration delay(int charged, RandomGenerator random) {
        double nanos = base.toNanos();
        double grown = switch (shape) {
            case FIXED -> nanos;
            case QUADRATIC -> nanos * charged * charged;
            case EXPONENTIAL -> nanos * Math.pow(factor, charged - 1.0);
        };
        double capped = Math.min(grown, (double) cap.toNanos());
        double spread = jitter == 0 ? capped : capped * (1 + jitter * (2 * random.nextDouble() - 1));
        // Clamped as whole numbers: a double has lost single nanos beyond 104 days and would step over the cap.
        return Duration.ofNanos(Math.clamp(Math.round(spread), 0L, cap.toNanos()));
    }

    /**
     * Reads the grammar above.
     *
     * @throws IllegalArgumentException with a sentence for a person
     */
    public static Backoff parse(String text) {
        String[] words = text.strip().toLowerCase(Locale.ROOT).split("\\s+", 16);
        if (text.length() > MAX_TEXT || words.length < 2) {
            throw malformed(text);
        }
        Shape shape = shape(words[0], text);
        Duration base = Durations.parse(words[1]);
        double factor = 1;
        int next = 2;
        if (shape == Shape.EXPONENTIAL) {
            if (words.length < 4 || !words[2].equals("x")) {
                throw malformed(text);
            }
            factor = number(words[3], text);
            next = 4;
        }
        Duration cap = base.compareTo(DEFAULT_CAP) > 0 ? base : DEFAULT_CAP;
        double jitter = 0;
        boolean capSeen = false;
        boolean jitterSeen = false;
        for (; next < words.length; next += 2) {
            if (next + 1 == words.length) {
                throw malformed(text);
            }
            if (words[next].equals("cap") && !capSeen) {
                cap = Durations.parse(words[next + 1]);
                capSeen = true;
            } else if (words[next].equals("jitter") && !jitterSeen) {
                jitter = number(words[next + 1], text);
                jitterSeen = true;
            } else {
                throw malformed(text);
            }
        }
        return new Backoff(shape, base, factor, cap, jitter);
    }

    /** The text that {@link #parse} reads back to an equal value. */
    public String format() {
        String growth = shape == Shape.EXPONENTIAL ? " x " + plain(factor) : "";
        return shape.name().toLowerCase(Locale.ROOT) + " " + Durations.format(base) + growth + " cap "
                + Durations.format(cap) + " jitter " + plain(jitter);
    }

    private static String plain(double number) {
        return number == Math.rint(number) ? Long.toString((long) number) : Double.toString(number);
    }

    private static Shape shape(String word, String text) {
        return switch (word) {
            case "fixed" -> Shape.FIXED;
            case "quadratic" -> Shape.QUADRATIC;
            case "exponential" -> Shape.EXPONENTIAL;
            default -> throw malformed(text);
        };
    }

    private static double number(String word, String text) {
        if (!NUMBER.matcher(word).matches()) {
            throw malformed(text);
        }
        return Double.parseDouble(word);
    }

    private static void require(boolean holds, String message) {
        if (!holds) {
            throw new IllegalArgumentException(message);
        }
    }

    private static IllegalArgumentException malformed(String text) {
        return new IllegalArgumentException("not a backoff: " + Text.shown(text)
                + "; write `fixed 5s`, `quadratic 1s` or `exponential 1s x 2`, each with `cap 1h` and `jitter 0.1`");
    }
}
