package dev.pulse.model;

import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * How one scope is set.
 *
 * @param pause null while it runs
 */
public record Setting(Scope scope, @Nullable Pause pause, RunLimits limits) {
    /** What holds where nobody has set anything. */
    public static Setting open(Scope scope) {
        return new Setting(scope, null, RunLimits.NONE);
    }

    public boolean isPaused() {
        return pause != null;
    }

    /** What it says, for the audit log. */
    public Map<String, String> described() {
        Map<String, String> fields = new TreeMap<>();
        fields.put("paused", Boolean.toString(isPaused()));
        if (pause != null && pause.reason() != null) {
            fields.put("reason", pause.reason());
        }
        if (limits.maxRunning() != null) {
            fields.put("max_running", limits.maxRunning().toString());
        }
        if (limits.rate() != null) {
            fields.put("rate", limits.rate().toString());
        }
        return fields;
    }

    /** Whether it says nothing. */
    public boolean isOpen() {
        return pause == null && limits.isNone();
    }
}
