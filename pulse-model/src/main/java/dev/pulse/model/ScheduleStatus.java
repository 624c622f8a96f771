package dev.pulse.model;

import java.util.Locale;
import java.util.Optional;

/** Where a schedule stands. The order is the order of the database enum. */
public enum ScheduleStatus {
    /** Fires when its next occurrence is due. */
    ACTIVE,
    /** Somebody stopped it; what falls due meanwhile is skipped and counted. */
    PAUSED,
    /** It cannot be evaluated; its reason says why. An edit or a resume tries again. */
    PARKED,
    /** No occurrence is left. */
    ENDED;

    private final String wireName = name().toLowerCase(Locale.ROOT);

    /** The name in JSON, SQL, the CLI and the dashboard. */
    public String wireName() {
        return wireName;
    }

    /** The status of that wire name, or empty. */
    public static Optional<ScheduleStatus> fromWire(String name) {
        for (ScheduleStatus status : values()) {
            if (status.wireName.equals(name)) {
                return Optional.of(status);
            }
        }
        return Optional.empty();
    }
}
