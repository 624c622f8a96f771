package dev.pulse.server;

import dev.pulse.model.ErrorCode;
import dev.pulse.model.PulseException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The routes of the REST door. A fixed part of a path goes before an open one, so that {@code /jobs/batch} is never taken
 * for a job. Filled at start, then only read.
 */
final class Router {
    /** Answers one call. */
    @FunctionalInterface
    interface Handler {
        Reply answer(Call call) throws Exception;
    }

    /**
     * What a route reads and does.
     *
     * @param name its method and path as they were added: {@code GET /jobs/{id}}
     * @param rule who may call it
     * @param maxBody largest body, in bytes; 0 for none
     * @param operation what it says of itself
     */
    record Route(String name, Rule rule, int maxBody, Handler handler, Operation operation) {}

    /**
     * @param variables the open parts of the path
     */
    record Match(Route route, Map<String, String> variables) {}

    private record Place(List<String> template, Map<String, Route> methods) {}

    private final List<Place> places = new ArrayList<>();

    /**
     * Adds a route such as {@code GET}, {@code /jobs/{id}}.
     *
     * @return what has to be told of it; a route that tells nothing fails the build
     */
    Operation add(String method, String path, Rule rule, int maxBody, Handler handler) {
        List<String> template = List.of(path.substring(1).split("/"));
        Place place = places.stream()
                .filter(known -> known.template.equals(template))
                .findFirst()
                .orElseGet(() -> {
                    Place made = new Place(template, new TreeMap<>());
                    places.add(made);
                    return made;
                });
        Operation operation = new Operation(method, path, rule);
        place.methods.put(method, new Route(method + " " + path, rule, maxBody, handler, operation));
        return operation;
    }

    /** What all routes say of themselves, in the order in which they were added. */
    List<Operation> operations() {
        return places.stream()
                .flatMap(place -> place.methods.values().stream())
                .map(Route::operation)
                .toList();
    }

    /**
     * Finds the route of a request.
     *
     * @param segments the decoded parts of the path
     * @throws PulseException ROUTE_NOT_FOUND, or METHOD_NOT_ALLOWED with the methods in {@link #allowed}
     */
    Match find(String method, List<String> segments) {
        Place place = place(segments);
        if (place == null) {
            throw new PulseException(ErrorCode.ROUTE_NOT_FOUND, "there is nothing at /" + String.join("/", segments));
        }
        Route route = place.methods.get(method.equals("HEAD") ? "GET" : method);
        if (route == null) {
            throw new PulseException(
                    ErrorCode.METHOD_NOT_ALLOWED,
                    method + " is not allowed at /" + String.join("/", place.template) + "; allowed: " + allow(place));
        }
        return new Match(route, variables(place.template, segments));
    }

    /** The names of all routes. */
    List<String> names() {
        return places.stream()
                .flatMap(place -> place.methods.values().stream())
                .map(Route::name)
                .toList();
    }

    /** The methods that a path takes, for the Allow header. */
    String allowed(List<String> segments) {
        Place place = place(segments);
        return place == null ? "" : allow(place);
    }

    private static String allow(Place place) {
        Map<String, Boolean> methods = new LinkedHashMap<>();
        place.methods.keySet().forEach(method -> {
            methods.put(method, true);
            if (method.equals("GET")) {
                methods.put("HEAD", true);
            }
        });
        return String.join(", ", methods.keySet());
    }

    private @Nullable Place place(List<String> segments) {
        Place best = null;
        for (Place place : places) {
            if (matches(place.template, segments) && (best == null || fixed(place) > fixed(best))) {
                best = place;
            }
        }
        return best;
    }

    private static long fixed(Place place) {
        return place.template.stream().filter(part -> !isOpen(part)).count();
    }

    private static boolean matches(List<String> template, List<String> segments) {
        if (template.size() != segments.size()) {
            return false;
        }
        for (int i = 0; i < template.size(); i++) {
            boolean fits = isOpen(template.get(i))
                    ? !segments.get(i).isEmpty()
                    : template.get(i).equals(segments.get(i));
            if (!fits) {
                return false;
            }
        }
        return true;
    }

    private static Map<String, String> variables(List<String> template, List<String> segments) {
        Map<String, String> variables = new HashMap<>();
        for (int i = 0; i < template.size(); i++) {
            String part = template.get(i);
            if (isOpen(part)) {
                variables.put(part.substring(1, part.length() - 1), segments.get(i));
            }
        }
        return variables;
    }

    private static boolean isOpen(String part) {
        return part.startsWith("{");
    }
}
