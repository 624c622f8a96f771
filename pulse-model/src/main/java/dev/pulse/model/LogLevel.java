package dev.pulse.model;

import java.util.Locale;
import java.util.Optional;

/** How grave a log line is. */
public enum LogLevel {
    TRACE,
    DEBUG,
    INFO,
    WARN,
    ERROR;

    private final String wireName = name().toLowerCase(Locale.ROOT);

    /** The name in JSON, SQL and proto, for example {@code warn}. */
    public String wireName() {
        return wireName;
    }

    /** The level of that wire name, or empty. */
    public static Optional<LogLevel> fromWire(String name) {
        for (LogLevel level : values()) {
            if (level.wireName.equals(name)) {
                return Optional.of(level);
            }
        }
        return Optional.empty();
    }
}
