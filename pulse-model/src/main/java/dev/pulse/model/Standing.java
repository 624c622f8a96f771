package dev.pulse.model;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How a waiting job stands at one moment: what {@link Explanation} decides from.
 *
 * @param status scheduled, retrying or pending
 * @param attempt the number of the last attempt, 0 before the first
 * @param runAt when it becomes ready; null for a pending one
 * @param now the store's clock
 * @param line its place; of interest for a pending job only
 * @param settings those of everything, its queue and its type that say something
 * @param uses how far the limits among them are used
 * @param workers who could run it
 */
public record Standing(
        JobStatus status,
        int attempt,
        @Nullable Instant runAt,
        Instant now,
        Line line,
        List<Setting> settings,
        Map<Scope, Use> uses,
        Workers workers) {
    /** Jobs before it are counted up to here. */
    public static final int MOST_BEFORE = 10_000;

    /**
     * Its place among jobs of the same queue, type and priority.
     *
     * @param before ready jobs that go first; more than {@link #MOST_BEFORE} means that there are more
     * @param suspect whether its last two attempts lost their worker
     */
    public record Line(String queue, String type, int priority, long before, boolean suspect) {}

    /**
     * How far a limit is used.
     *
     * @param running jobs that run under it
     * @param tokens starts that its rate allows now
     */
    public record Use(long running, double tokens) {}

    /**
     * The living sessions that could run it.
     *
     * @param ofType sessions that serve its type, in whatever queue
     * @param sessions those of them that serve its queue, too
     * @param slots how many jobs these run at once
     * @param busy how many of those slots are taken
     */
    public record Workers(int ofType, int sessions, long slots, long busy) {}

    public Standing {
        settings = List.copyOf(settings);
        uses = Map.copyOf(uses);
    }
}
