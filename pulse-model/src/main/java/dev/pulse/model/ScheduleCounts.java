package dev.pulse.model;

/**
 * What became of a schedule's occurrences, from its creation on. Each occurrence is counted once.
 *
 * @param fired made a job, by hand too
 * @param coalesced missed, and made up for by the job of a later one
 * @param skipped missed and dropped: by the misfire policy, above its limit, or while the schedule was paused
 * @param overlapped dropped because the job before was not done
 */
public record ScheduleCounts(long fired, long coalesced, long skipped, long overlapped) {
    public static final ScheduleCounts NONE = new ScheduleCounts(0, 0, 0, 0);

    public ScheduleCounts plus(ScheduleCounts more) {
        return new ScheduleCounts(
                fired + more.fired, coalesced + more.coalesced, skipped + more.skipped, overlapped + more.overlapped);
    }
}
