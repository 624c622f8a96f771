package dev.pulse.model;

import org.jspecify.annotations.Nullable;

/**
 * Why an attempt failed, as data: cleaned and cut so that a report never fails for its error text.
 *
 * @param type a short stable name, usually the exception's class
 * @param message for a person; at most {@value #MAX_MESSAGE} characters
 * @param stack stack trace, or null; at most {@value #MAX_STACK} characters
 */
public record AttemptError(
        String type, String message, @Nullable String stack) {
    public static final int MAX_TYPE = 256;
    public static final int MAX_MESSAGE = 4_096;
    public static final int MAX_STACK = 16_384;

    public AttemptError {
        type = clean(type, MAX_TYPE);
        message = clean(message, MAX_MESSAGE);
        stack = stack == null ? null : clean(stack, MAX_STACK);
    }

    public static AttemptError of(String type, String message) {
        return new AttemptError(type, message, null);
    }

    /** PostgreSQL text holds no U+0000 and UTF-8 no lone surrogate: both become U+FFFD; what is cut is counted. */
    private static String clean(String text, int max) {
        int end = Math.min(text.length(), max);
        StringBuilder cleaned = new StringBuilder(end);
        for (int i = 0; i < end; i++) {
            char c = text.charAt(i);
            boolean pair = Character.isHighSurrogate(c) && i + 1 < end && Character.isLowSurrogate(text.charAt(i + 1));
            if (pair) {
                cleaned.append(c).append(text.charAt(++i));
            } else {
                cleaned.append(c == 0 || Character.isSurrogate(c) ? '\uFFFD' : c);
            }
        }
        if (text.length() > max) {
            String note = " … (" + text.length() + " characters)";
            cleaned.setLength(Math.min(cleaned.length(), max - note.length()));
            if (!cleaned.isEmpty() && Character.isHighSurrogate(cleaned.charAt(cleaned.length() - 1))) {
                cleaned.setLength(cleaned.length() - 1);
            }
            cleaned.append(note);
        }
        return cleaned.toString();
    }
}
