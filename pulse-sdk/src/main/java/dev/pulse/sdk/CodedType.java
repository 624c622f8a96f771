package dev.pulse.sdk;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The content type of changed bytes, for example
 * {@code application/vnd.pulse.coded; coding="gzip,aes-gcm"; of="application/json"}.
 *
 * @param codings what was done, in this order
 * @param of the content type of the plain bytes
 */
record CodedType(List<String> codings, String of) {
    private static final String NAME = "application/vnd.pulse.coded";
    private static final Pattern FORM = Pattern.compile(
            Pattern.quote(NAME) + "; coding=\"([a-z0-9-]{1,32}(?:,[a-z0-9-]{1,32})*)\"; of=\"((?:[^\"\\\\]|\\\\.)*)\"");

    /** Null for a content type that is not of this kind. */
    static @Nullable CodedType parse(String contentType) {
        if (!contentType.startsWith(NAME)) {
            return null;
        }
        Matcher form = FORM.matcher(contentType);
        if (!form.matches()) {
            throw new IllegalArgumentException("not a content type of coded bytes: " + contentType);
        }
        return new CodedType(
                List.of(form.group(1).split(",", -1)), form.group(2).replaceAll("\\\\(.)", "$1"));
    }

    CodedType plus(String coding) {
        List<String> more = new ArrayList<>(codings);
        more.add(coding);
        return new CodedType(List.copyOf(more), of);
    }

    String text() {
        return NAME + "; coding=\"" + String.join(",", codings) + "\"; of=\"" + of.replaceAll("([\"\\\\])", "\\\\$1")
                + "\"";
    }
}
