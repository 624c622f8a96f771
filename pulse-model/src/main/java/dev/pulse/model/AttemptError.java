package dev.pulse.model;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
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
    /** The type of what no worker could read: dead-lettered at once. */
    public static final String UNREADABLE_PAYLOAD = "unreadable_payload";

    /** The type of what reached a worker without a handler for it: dead-lettered at once. */
    public static final String NO_HANDLER = "no_handler";

    public static final int MAX_TYPE = 256;
    public static final int MAX_MESSAGE = 4_096;
    public static final int MAX_STACK = 16_384;

    private static final int MAX_CAUSES = 10;
    private static final int MAX_FRAMES = 64;

    public AttemptError {
        type = Text.cleaned(type, MAX_TYPE);
        message = Text.cleaned(message, MAX_MESSAGE);
        stack = stack == null ? null : Text.cleaned(stack, MAX_STACK);
    }

    public static AttemptError of(String type, String message) {
        return new AttemptError(type, message, null);
    }

    /** The error of a handler that threw. Never throws, whatever the exception's own methods do. */
    public static AttemptError of(Throwable thrown) {
        return new AttemptError(thrown.getClass().getName(), messageOf(thrown), stackOf(thrown));
    }

    private static String messageOf(Throwable thrown) {
        try {
            String message = thrown.getMessage();
            return message == null ? "" : message;
        } catch (RuntimeException | Error e) {
            return "(its getMessage threw " + e.getClass().getName() + ")";
        }
    }

    /** Like printStackTrace, but bounded while it is made: causes may be endless and messages huge. */
    private static String stackOf(Throwable thrown) {
        StringBuilder stack = new StringBuilder();
        Set<Throwable> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        Throwable cause = thrown;
        while (cause != null && seen.size() < MAX_CAUSES && seen.add(cause)) {
            stack.append(stack.isEmpty() ? "" : "Caused by: ")
                    .append(cause.getClass().getName());
            stack.append(": ")
                    .append(Text.cleaned(messageOf(cause), MAX_MESSAGE))
                    .append('\n');
            for (StackTraceElement frame : framesOf(cause)) {
                stack.append("\tat ").append(frame).append('\n');
            }
            cause = causeOf(cause);
        }
        return stack.toString();
    }

    private static List<StackTraceElement> framesOf(Throwable thrown) {
        try {
            StackTraceElement[] frames = thrown.getStackTrace();
            return List.of(frames).subList(0, Math.min(frames.length, MAX_FRAMES));
        } catch (RuntimeException | Error e) {
            return List.of();
        }
    }

    private static @Nullable Throwable causeOf(Throwable thrown) {
        try {
            return thrown.getCause();
        } catch (RuntimeException | Error e) {
            return null;
        }
    }
}
