package dev.pulse.store;

import java.util.List;
import java.util.UUID;

/**
 * Asks for work.
 *
 * @param from the lanes to look into, each with the seq to start at
 * @param slots one entry per free slot: the session that gets the job. The first job claimed goes to the first slot.
 *     At most {@code slots.size()} jobs are granted, none to a session that is ended or lapsed
 * @param switches the version of the switches that the lanes were chosen by: nothing is granted where the store has another.
 *     {@link #ANY_SWITCHES} does not ask
 */
public record Claim(List<LaneStart> from, List<UUID> slots, long switches) {
    public static final long ANY_SWITCHES = -1;

    /**
     * @param priority of the lane, because the best lane goes first
     * @param seq nothing below is looked at; 0 looks at everything
     */
    public record LaneStart(int lane, int priority, long seq) {}

    public Claim {
        from = List.copyOf(from);
        slots = List.copyOf(slots);
    }

    /** A claim whatever the switches say: for those who look at jobs under no switch. */
    public Claim(List<LaneStart> from, List<UUID> slots) {
        this(from, slots, ANY_SWITCHES);
    }
}
