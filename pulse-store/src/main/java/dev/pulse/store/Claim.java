package dev.pulse.store;

import java.util.List;
import java.util.UUID;

/**
 * Asks for work.
 *
 * @param from the lanes to look into, each with the seq to start at
 * @param slots one entry per free slot: the session that gets the job. The first job claimed goes to the first slot.
 *     At most {@code slots.size()} jobs are granted, none to a session that is ended or lapsed
 */
public record Claim(List<LaneStart> from, List<UUID> slots) {
    /**
     * @param priority of the lane, because the best lane goes first
     * @param seq nothing below is looked at; 0 looks at everything
     */
    public record LaneStart(int lane, int priority, long seq) {}

    public Claim {
        from = List.copyOf(from);
        slots = List.copyOf(slots);
    }
}
