package dev.pulse.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Which events somebody wants; an empty set lets all through. An event of a bundle has no queue: a filter that names queues
 * does not let it through.
 *
 * @param types of jobs or bundles, at most {@value #MAX_NAMES}
 * @param queues at most {@value #MAX_NAMES}
 */
public record EventFilter(Set<EventKind> kinds, Set<String> types, Set<String> queues) {
    public static final int MAX_NAMES = 100;

    public static final EventFilter ALL = new EventFilter(Set.of(), Set.of(), Set.of());

    /**
     * The filter that somebody asked for.
     *
     * @throws PulseException naming every fault
     */
    public EventFilter {
        kinds = Set.copyOf(kinds);
        types = Set.copyOf(types);
        queues = Set.copyOf(queues);
        List<Violation> violations = new ArrayList<>();
        checkNames("types", types, violations);
        checkNames("queues", queues, violations);
        if (!violations.isEmpty()) {
            throw PulseException.invalid(violations);
        }
    }

    private static void checkNames(String field, Set<String> names, List<Violation> violations) {
        if (names.size() > MAX_NAMES) {
            violations.add(new Violation(field, names.size() + " names, at most " + MAX_NAMES));
            return;
        }
        for (String name : names) {
            if (!Limits.NAME.matcher(name).matches()) {
                violations.add(new Violation(field, Text.shown(name) + ": " + Text.nameFault(name)));
            }
        }
    }

    /** Events of these kinds. */
    public static EventFilter kinds(EventKind... kinds) {
        return new EventFilter(Set.of(kinds), Set.of(), Set.of());
    }

    /** The same for these types only. */
    public EventFilter types(String... names) {
        return new EventFilter(kinds, Set.of(names), queues);
    }

    /** The same for these queues only. */
    public EventFilter queues(String... names) {
        return new EventFilter(kinds, types, Set.of(names));
    }

    /** What it says, for the audit log. */
    public Map<String, String> described() {
        Map<String, String> fields = new TreeMap<>();
        put(fields, "kinds", kinds.stream().map(EventKind::wireName));
        put(fields, "types", types.stream());
        put(fields, "queues", queues.stream());
        return fields;
    }

    private static void put(Map<String, String> fields, String name, Stream<String> values) {
        String text = values.sorted().collect(Collectors.joining(","));
        if (!text.isEmpty()) {
            fields.put(name, text);
        }
    }

    public boolean matches(Event event) {
        return (kinds.isEmpty() || kinds.contains(event.kind()))
                && (types.isEmpty() || types.contains(event.type()))
                && (queues.isEmpty() || event.queue() != null && queues.contains(event.queue()));
    }
}
