package dev.pulse.json;

import dev.pulse.model.ErrorCode;
import dev.pulse.model.JobFilter;
import dev.pulse.model.Violation;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a list of jobs was asked for in its query parameters.
 *
 * @param limit {@value #MIN_LIMIT} to {@value #MAX_LIMIT}
 * @param cursor as a page before gave it, or null for the first page
 */
public record ListQuery(
        JobFilter filter, int limit, @Nullable String cursor) {
    public static final int MIN_LIMIT = 1;
    public static final int MAX_LIMIT = 1_000;
    public static final int DEFAULT_LIMIT = 50;

    private static final int MAX_CURSOR = 1_024;

    /**
     * Reads the parameters, each given once, but for {@code tag}.
     *
     * @param except filters that this list does not have
     * @throws dev.pulse.model.PulseException with INVALID_QUERY, naming every fault
     */
    public static ListQuery parse(Map<String, List<String>> parameters, Set<String> except) {
        Set<String> known = new HashSet<>(FilterFields.NAMES);
        known.addAll(Set.of("limit", "cursor"));
        known.removeAll(except);
        requireKnown(parameters, known);
        Faults faults = new Faults();
        FilterFields fields = new FilterFields(faults);
        int limit = DEFAULT_LIMIT;
        String cursor = null;
        for (Map.Entry<String, List<String>> parameter : parameters.entrySet()) {
            String name = parameter.getKey();
            if (parameter.getValue().size() > 1 && !name.equals("tag")) {
                faults.invalid(name, "is given more than once");
                continue;
            }
            for (String text : parameter.getValue()) {
                switch (name) {
                    case "limit" -> limit = limit(text, faults);
                    case "cursor" -> cursor = cursor(text, faults);
                    default -> fields.put(name, text);
                }
            }
        }
        ListQuery query = new ListQuery(fields.filter(), limit, cursor);
        if (!faults.invalid().isEmpty()) {
            throw Faults.refusal(ErrorCode.INVALID_QUERY, faults.invalid());
        }
        return query;
    }

    /** Refuses parameters that a route does not know, with the nearest that it does. */
    public static void requireKnown(Map<String, List<String>> parameters, Set<String> known) {
        List<Violation> unknown = new ArrayList<>();
        for (String name : parameters.keySet()) {
            if (!known.contains(name)) {
                unknown.add(new Violation(Shown.text(name), "unknown query parameter, " + Nearest.hint(name, known)));
            }
        }
        if (!unknown.isEmpty()) {
            throw Faults.refusal(ErrorCode.INVALID_QUERY, unknown);
        }
    }

    static int limit(String text, Faults faults) {
        int limit = text.matches("\\d{1,9}") ? Integer.parseInt(text) : -1;
        if (limit < MIN_LIMIT || limit > MAX_LIMIT) {
            faults.invalid("limit", MIN_LIMIT + " to " + MAX_LIMIT + " is expected, got \"" + Shown.text(text) + "\"");
            return DEFAULT_LIMIT;
        }
        return limit;
    }

    static String cursor(String text, Faults faults) {
        if (text.isEmpty() || text.length() > MAX_CURSOR || !text.chars().allMatch(c -> c > 0x20 && c < 0x7f)) {
            faults.invalid("cursor", "give the next_cursor of the page before, as it was");
        }
        return text;
    }
}
