package dev.pulse.model;

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

    /** Whether it says nothing. */
    public boolean isOpen() {
        return pause == null && limits.isNone();
    }
}
