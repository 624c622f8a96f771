package dev.pulse.json;

import dev.pulse.model.AuditFilter;
import dev.pulse.model.ErrorCode;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the audit log was asked for in query parameters.
 *
 * @param limit {@value ListQuery#MIN_LIMIT} to {@value ListQuery#MAX_LIMIT}
 */
public record AuditQuery(
        AuditFilter filter, int limit, @Nullable String cursor) {
    private static final Set<String> KNOWN = Set.of("since", "until", "actor", "action", "target", "limit", "cursor");
    private static final int MAX_TEXT = 255;

    /**
     * Reads the parameters, each given once.
     *
     * @throws dev.pulse.model.PulseException with INVALID_QUERY, naming every fault
     */
    public static AuditQuery parse(Map<String, List<String>> parameters) {
        ListQuery.requireKnown(parameters, KNOWN);
        Faults faults = new Faults();
        int limit = ListQuery.DEFAULT_LIMIT;
        String cursor = null;
        Instant since = null;
        Instant until = null;
        String target = null;
        String actor = null;
        String action = null;
        for (Map.Entry<String, List<String>> parameter : parameters.entrySet()) {
            String name = parameter.getKey();
            String text = parameter.getValue().getFirst();
            if (parameter.getValue().size() > 1) {
                faults.invalid(name, "is given more than once");
                continue;
            }
            switch (name) {
                case "limit" -> limit = ListQuery.limit(text, faults);
                case "cursor" -> cursor = ListQuery.cursor(text, faults);
                case "since" -> since = instant(name, text, faults);
                case "until" -> until = instant(name, text, faults);
                case "actor" -> actor = text(name, text, faults);
                case "action" -> action = text(name, text, faults);
                case "target" -> target = text(name, text, faults);
                default -> throw new AssertionError(name);
            }
        }
        if (!faults.invalid().isEmpty()) {
            throw Faults.refusal(ErrorCode.INVALID_QUERY, faults.invalid());
        }
        return new AuditQuery(new AuditFilter(since, actor, action, until, target), limit, cursor);
    }

    private static @Nullable Instant instant(String field, String text, Faults faults) {
        try {
            return Rfc3339.parse(text);
        } catch (IllegalArgumentException e) {
            faults.invalid(field, String.valueOf(e.getMessage()));
            return null;
        }
    }

    private static @Nullable String text(String field, String text, Faults faults) {
        boolean storable = text.codePoints()
                .noneMatch(c -> c == 0 || (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE));
        if (storable && !text.isEmpty() && text.length() <= MAX_TEXT) {
            return text;
        }
        faults.invalid(field, "1 to " + MAX_TEXT + " characters are expected, got \"" + Shown.text(text) + "\"");
        return null;
    }
}
