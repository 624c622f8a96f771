package dev.pulse.sdk;

import dev.pulse.model.ExplainedJob;
import dev.pulse.model.LimitChange;
import dev.pulse.model.LineInfo;
import dev.pulse.model.PulseException;
import dev.pulse.model.Scope;
import dev.pulse.model.Setting;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What operators steer: pauses and limits, of everything, queues and types; and why a job waits. Every method blocks until
 * the answer is there and throws {@link PulseException} with a stable code. Thread-safe.
 */
public interface SwitchClient {
    /** Whether everything is paused, by whom, since when and why. */
    Setting dispatch();

    /**
     * Stops claims: submits land and running jobs finish. Binds every claim of every server that begins after this returned,
     * and lasts until {@link #resume}, over any restart. Pausing what is paused keeps since when it is.
     *
     * @param scope {@link Scope#DISPATCH}, a queue or a type, seen before or not
     * @param reason for people, at most 500 characters; null for none
     */
    Setting pause(Scope scope, @Nullable String reason);

    /** Lets claims go on, best priority first; nothing happens to what is not paused. */
    Setting resume(Scope scope);

    /** Changes how much of a queue or type may run, over all servers. */
    Setting limit(Scope scope, LimitChange change);

    /** All queues, or all types, that have been seen or set, with what waits and runs in them, by name. */
    List<LineInfo> lines(Scope.Kind kind);

    /** A job with what keeps it waiting. */
    Optional<ExplainedJob> explain(UUID id);
}
