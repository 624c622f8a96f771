package dev.pulse.model;

import java.util.Locale;
import java.util.Optional;

/** What becomes of an occurrence while the schedule's job before it is not done. */
public enum Overlap {
    /** Its job is made; both may run at once. */
    ALLOW,
    /** It makes no job, and is counted. */
    SKIP,
    /** It waits for the end of the job before; of several that wait the latest stays, the others are counted as skipped. */
    QUEUE_ONE;

    private final String wireName = name().toLowerCase(Locale.ROOT);

    /** The name in JSON, SQL and the CLI. */
    public String wireName() {
        return wireName;
    }

    /** The policy of that wire name, or empty. */
    public static Optional<Overlap> fromWire(String name) {
        for (Overlap overlap : values()) {
            if (overlap.wireName.equals(name)) {
                return Optional.of(overlap);
            }
        }
        return Optional.empty();
    }
}
