package dev.pulse.sdk;

import dev.pulse.model.AttemptError;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Turns whatever a handler threw into data. Nothing in it may fail: the throwable's own methods may throw, its causes may
 * go round in a circle, its texts may be of any length.
 */
final class Failures {
    private static final int MAX_CAUSES = 16;

    private Failures() {}

    static AttemptError error(Throwable thrown) {
        return error(thrown.getClass().getName(), thrown);
    }

    static AttemptError error(String type, Throwable thrown) {
        String message = text(thrown::getMessage, "(no message)");
        return new AttemptError(type, message, stack(thrown));
    }

    /** As the JDK prints it, but bounded: it ends once the model would cut it anyway. */
    private static String stack(Throwable thrown) {
        StringBuilder text = new StringBuilder();
        Set<Throwable> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        Throwable current = thrown;
        String lead = "";
        while (current != null && seen.size() < MAX_CAUSES && text.length() < AttemptError.MAX_STACK) {
            if (!seen.add(current)) {
                text.append(lead).append("(the causes go round in a circle)\n");
                break;
            }
            appendOne(lead, current, text);
            lead = "Caused by: ";
            current = cause(current);
        }
        return text.toString();
    }

    private static void appendOne(String lead, Throwable thrown, StringBuilder text) {
        String name = thrown.getClass().getName();
        String message = text(thrown::getMessage, "");
        int room = Math.min(message.length(), AttemptError.MAX_MESSAGE);
        text.append(lead).append(name);
        if (room > 0) {
            text.append(": ").append(message, 0, room);
        }
        text.append('\n');
        for (StackTraceElement frame : frames(thrown)) {
            if (text.length() >= AttemptError.MAX_STACK) {
                return;
            }
            text.append("\tat ").append(frame).append('\n');
        }
    }

    private static StackTraceElement[] frames(Throwable thrown) {
        try {
            return thrown.getStackTrace();
        } catch (Throwable unreadable) {
            return new StackTraceElement[0];
        }
    }

    private static @Nullable Throwable cause(Throwable thrown) {
        try {
            return thrown.getCause();
        } catch (Throwable unreadable) {
            return null;
        }
    }

    private static String text(Supplier<@Nullable String> source, String instead) {
        try {
            String text = source.get();
            return text == null ? instead : text;
        } catch (Throwable unreadable) {
            return "(its message cannot be read: " + unreadable.getClass().getName() + ")";
        }
    }
}
