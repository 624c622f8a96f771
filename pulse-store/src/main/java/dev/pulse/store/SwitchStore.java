package dev.pulse.store;

import dev.pulse.model.Caller;
import dev.pulse.model.LimitChange;
import dev.pulse.model.LineInfo;
import dev.pulse.model.Scope;
import dev.pulse.model.Setting;
import dev.pulse.model.Switches;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where pauses and limits are kept. Each change makes a new version, and a claim that was made for another version is
 * granted nothing: what has been answered here binds every claim that begins later. Acts are written down in the audit log.
 */
public interface SwitchStore {
    /** All that is set; cheap enough to ask every second. */
    Switches read();

    /**
     * Pauses; a scope that is paused already stays so since when it was, and takes a reason that is given.
     *
     * @param reason as {@link dev.pulse.model.Pause#reason} made it
     * @throws dev.pulse.model.PulseException with LIMIT_REACHED where {@link Switches#MOST} scopes are set already
     */
    Setting pause(Scope scope, @Nullable String reason, Caller by);

    /** Lets the scope run again; nothing happens to one that runs. */
    Setting resume(Scope scope, Caller by);

    /**
     * Changes the limits of a queue or type.
     *
     * @throws dev.pulse.model.PulseException as {@link #pause}, and with INVALID_FIELD for a limit out of range
     */
    Setting limit(Scope scope, LimitChange change, Caller by);

    /** All queues, or all types, that have been seen or set, by name. One pass over what waits and runs. */
    List<LineInfo> lines(Scope.Kind kind);
}
