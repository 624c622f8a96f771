package dev.pulse.server;

import dev.pulse.json.JobShapes;
import dev.pulse.json.ListQuery;
import dev.pulse.json.LogJson;
import dev.pulse.json.Schema;
import dev.pulse.model.ErrorCode;
import dev.pulse.model.Permission;
import dev.pulse.model.PulseException;
import dev.pulse.model.Violation;
import java.util.List;
import java.util.UUID;

/** The REST route of what a job's attempts told of themselves. Each call on its own virtual thread. */
final class LogRoutes {
    static final int DEFAULT_LIMIT = 100;

    private final Desks desks;

    LogRoutes(Desks desks) {
        this.desks = desks;
    }

    void addTo(Router router) {
        router.add("GET", "/jobs/{id}/logs", Rule.inQueues(Permission.READ), 0, this::logs)
                .described("getJobLogs", "What a job's attempts wrote to its log, oldest first")
                .takes(
                        "after",
                        Schema.text().with("pattern", "^[0-9]{1,18}$").says("the next_cursor of the page before"),
                        "0")
                .takes("limit", JobShapes.LIMIT.with("default", DEFAULT_LIMIT), "10")
                .answers(200, JobShapes.LOG, "one page")
                .refuses(ErrorCode.JOB_NOT_FOUND);
    }

    private Reply logs(Call call) {
        call.allow("after", "limit");
        UUID id = call.id();
        long after = number(call, "after", 0, 0, Long.MAX_VALUE);
        int limit = (int) number(call, "limit", DEFAULT_LIMIT, ListQuery.MIN_LIMIT, ListQuery.MAX_LIMIT);
        return Reply.ok(LogJson.log(desks.of(call).jobs().log(id, after, limit), after));
    }

    private static long number(Call call, String name, long standard, long min, long max) {
        List<String> given = call.query().getOrDefault(name, List.of());
        if (given.isEmpty()) {
            return standard;
        }
        String text = given.getFirst();
        // Eighteen digits are below the end of a long; no line has more.
        long number = given.size() == 1 && text.matches("\\d{1,18}") ? Long.parseLong(text) : -1;
        if (number < min || number > max) {
            String allowed = max == Long.MAX_VALUE ? "a whole number of " + min + " or more" : min + " to " + max;
            throw PulseException.of(
                    ErrorCode.INVALID_QUERY, List.of(new Violation(name, allowed + ", given once, is expected")));
        }
        return number;
    }
}
