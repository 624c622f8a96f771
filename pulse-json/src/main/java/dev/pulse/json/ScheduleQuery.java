package dev.pulse.json;

import dev.pulse.model.ErrorCode;
import dev.pulse.model.JobFilter;
import dev.pulse.model.ScheduleFilter;
import dev.pulse.model.ScheduleStatus;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a list of schedules, or of the fires of one, was asked for in its query parameters.
 *
 * @param limit as for a list of jobs
 * @param cursor as a page before gave it, or null for the first page
 */
public record ScheduleQuery(
        ScheduleFilter filter, int limit, @Nullable String cursor) {
    private static final Set<String> PAGE = Set.of("limit", "cursor");
    private static final Set<String> ALL = Set.of("status", "type", "queue", "name", "limit", "cursor");

    /**
     * Reads the parameters, each given once.
     *
     * @throws dev.pulse.model.PulseException with INVALID_QUERY, naming every fault
     */
    public static ScheduleQuery parse(Map<String, List<String>> parameters) {
        return parse(parameters, ALL);
    }

    /** The same of a list that has no filter. */
    public static ScheduleQuery page(Map<String, List<String>> parameters) {
        return parse(parameters, PAGE);
    }

    private static ScheduleQuery parse(Map<String, List<String>> parameters, Set<String> known) {
        ListQuery.requireKnown(parameters, known);
        Faults faults = new Faults();
        FilterFields names = new FilterFields(faults);
        int limit = ListQuery.DEFAULT_LIMIT;
        String cursor = null;
        String called = null;
        ScheduleStatus status = null;
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
                case "name" -> called = names.name(name, text);
                default -> names.put(name, text);
            }
        }
        JobFilter found = names.filter();
        if (!faults.invalid().isEmpty()) {
            throw Faults.refusal(ErrorCode.INVALID_QUERY, faults.invalid());
        }
        return new ScheduleQuery(new ScheduleFilter(status, found.type(), found.queue(), called), limit, cursor);
    }

    private static @Nullable ScheduleStatus status(String text, Faults faults) {
        ScheduleStatus status = ScheduleStatus.fromWire(text).orElse(null);
        if (status == null) {
            faults.invalid(
                    "status", "one of active, paused, parked, ended is expected, got \"" + Shown.text(text) + "\"");
        }
        return status;
    }
}
