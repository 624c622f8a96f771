package dev.pulse.model;

import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** What a caller wants of the limits of one queue or type: each one kept, set, or taken away. */
public final class LimitChange {
    private final UnaryOperator<RunLimits> change;
    private final boolean empty;

    private LimitChange(UnaryOperator<RunLimits> change, boolean empty) {
        this.change = change;
        this.empty = empty;
    }

    /** Keeps both. */
    public static LimitChange none() {
        return new LimitChange(UnaryOperator.identity(), true);
    }

    /** Also sets how many may run at once; null takes the limit away. */
    public LimitChange maxRunning(@Nullable Integer maxRunning) {
        return and(limits -> new RunLimits(maxRunning, limits.rate()));
    }

    /** Also sets how many may start a second; null takes the limit away. */
    public LimitChange rate(@Nullable Double rate) {
        return and(limits -> new RunLimits(limits.maxRunning(), rate));
    }

    private LimitChange and(UnaryOperator<RunLimits> more) {
        return new LimitChange(limits -> more.apply(change.apply(limits)), false);
    }

    /** Whether nothing was asked for. */
    public boolean isEmpty() {
        return empty;
    }

    /** @throws PulseException naming the field that is out of range */
    public RunLimits on(RunLimits limits) {
        return change.apply(limits);
    }
}
