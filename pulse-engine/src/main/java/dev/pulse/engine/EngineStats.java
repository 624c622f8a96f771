package dev.pulse.engine;

/**
 * What this server did since it started, and what it holds now.
 *
 * @param promoted due jobs made ready
 * @param agentFailures steps of the engine's roles that failed; each was tried again
 * @param sessions sessions known to this server now
 * @param waiters calls that wait for a job to become final now
 */
public record EngineStats(
        Submits submits,
        Claims claims,
        Reports reports,
        Leases leases,
        long promoted,
        long agentFailures,
        int sessions,
        int waiters) {
    /**
     * What was taken in.
     *
     * @param submitted jobs taken in
     * @param inserts insert statements; with {@code rows}, how large they were
     * @param rows jobs in those statements
     * @param refused calls turned away because too much waited
     */
    public record Submits(long submitted, long inserts, long rows, long refused) {}

    /**
     * How work was claimed.
     *
     * @param claims claim statements
     * @param empty those that found nothing
     * @param fullScans lanes looked through from the very beginning
     * @param granted jobs granted
     * @param handedBack grants released because they could not be delivered or were lost
     */
    public record Claims(long claims, long empty, long fullScans, long granted, long handedBack) {}

    /**
     * How reports were answered.
     *
     * @param flushes ending statements
     * @param applied reports that counted, repeats included
     * @param stale reports whose lease was gone
     * @param unknown reports of jobs that do not exist
     */
    public record Reports(long flushes, long applied, long stale, long unknown) {}

    /**
     * How leases were kept and ended.
     *
     * @param heartbeats heartbeats taken in
     * @param flushes heartbeat statements
     * @param lapsedSessions sessions ended by this server because they fell silent
     * @param lapsedJobs jobs that those held
     * @param brakes sweeps that held back because too many sessions lapsed at once
     * @param floorsRaised times that all leases were pushed forward after an outage
     */
    public record Leases(
            long heartbeats, long flushes, long lapsedSessions, long lapsedJobs, long brakes, long floorsRaised) {}
}
