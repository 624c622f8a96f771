package dev.pulse.json;

import dev.pulse.model.BundleFilter;
import dev.pulse.model.BundleStatus;
import dev.pulse.model.ErrorCode;
import dev.pulse.model.Ids;
import dev.pulse.model.JobFilter;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a list of bundles was asked for in its query parameters.
 *
 * @param limit as for a list of jobs
 * @param cursor as a page before gave it, or null for the first page
 */
public record BundleQuery(
        BundleFilter filter, int limit, @Nullable String cursor) {
    private static final Set<String> KNOWN =
            Set.of("status", "parent_id", "type", "origin", "since", "until", "limit", "cursor");

    /**
     * Reads the parameters, each given once.
     *
     * @throws dev.pulse.model.PulseException with INVALID_QUERY, naming every fault
     */
    public static BundleQuery parse(Map<String, List<String>> parameters) {
        ListQuery.requireKnown(parameters, KNOWN);
        Faults faults = new Faults();
        FilterFields shared = new FilterFields(faults);
        int limit = ListQuery.DEFAULT_LIMIT;
        String cursor = null;
        BundleStatus status = null;
        UUID parent = null;
        for (Map.Entry<String, List<String>> parameter : parameters.entrySet()) {
            String name = parameter.getKey();
            if (parameter.getValue().size() != 1) {
                faults.invalid(name, "is given more than once");
                continue;
            }
            String text = parameter.getValue().getFirst();
            switch (name) {
                case "limit" -> limit = ListQuery.limit(text, faults);
                case "cursor" -> cursor = ListQuery.cursor(text, faults);
                case "status" -> status = status(text, faults);
                case "parent_id" -> parent = id(name, text, faults);
                default -> shared.put(name, text);
            }
        }
        JobFilter found = shared.filter();
        if (!faults.invalid().isEmpty()) {
            throw Faults.refusal(ErrorCode.INVALID_QUERY, faults.invalid());
        }
        return new BundleQuery(
                new BundleFilter(status, found.type(), found.origin(), parent, found.since(), found.until()),
                limit,
                cursor);
    }

    private static @Nullable BundleStatus status(String text, Faults faults) {
        BundleStatus status = BundleStatus.fromWire(text).orElse(null);
        if (status == null) {
            faults.invalid(
                    "status", "one of open, completed, failed, canceled is expected, got \"" + Shown.text(text) + "\"");
        }
        return status;
    }

    static @Nullable UUID id(String field, String text, Faults faults) {
        UUID id = Ids.parse(text).orElse(null);
        if (id == null) {
            faults.invalid(field, "a UUID is expected, got \"" + Shown.text(text) + "\"");
        }
        return id;
    }
}
