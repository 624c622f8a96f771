package dev.pulse.engine;

import dev.pulse.model.JobStatus;
import dev.pulse.model.OutcomeKind;
import java.time.Duration;
import java.util.Map;

/** What this server did since it started, and what it holds now. What all servers share is in a {@link Census}. */
public record EngineStats(
        Submits submits, Claims claims, Reports reports, Attempts attempts, Leases leases, Chores chores, Now now) {
    /**
     * What was taken in.
     *
     * @param submitted jobs taken in
     * @param inserts insert statements; with {@code rows}, how large they were
     * @param rows jobs in those statements
     * @param refused calls turned away because too much waited
     * @param batches jobs per insert statement
     */
    public record Submits(long submitted, long inserts, long rows, long refused, Distribution batches) {}

    /**
     * How work was claimed.
     *
     * @param claims claim statements
     * @param empty those that found nothing
     * @param fullScans lanes looked through from the very beginning
     * @param granted jobs granted
     * @param handedBack grants released because they could not be delivered or were lost
     * @param batches jobs per claim statement that found some
     * @param starts seconds from ready to claimed, by the database clock
     */
    public record Claims(
            long claims,
            long empty,
            long fullScans,
            long granted,
            long handedBack,
            Distribution batches,
            Distribution starts) {}

    /**
     * How reports were answered.
     *
     * @param flushes ending statements
     * @param applied reports that counted, repeats included
     * @param stale reports whose lease was gone
     * @param unknown reports of jobs that do not exist
     * @param unreadable reports that the payload could not be read
     * @param batches reports per ending statement
     */
    public record Reports(
            long flushes, long applied, long stale, long unknown, long unreadable, Distribution batches) {}

    /**
     * What became of attempts, each counted once, on the server that ended it.
     *
     * @param movedTo the status that the job went to: completed, retrying, dead_lettered and so on
     * @param outcomes what was said of the attempt, lapses included
     * @param seconds from claimed to reported, of attempts claimed and reported here
     */
    public record Attempts(Map<JobStatus, Long> movedTo, Map<OutcomeKind, Long> outcomes, Distribution seconds) {
        public Attempts {
            movedTo = Map.copyOf(movedTo);
            outcomes = Map.copyOf(outcomes);
        }
    }

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

    /**
     * What was done beside.
     *
     * @param promoted due jobs made ready
     * @param schedulesFired jobs made by schedules
     * @param bundlesFolded bundles whose counts were brought up to date
     * @param bundlesFinished bundles that were found to be done
     * @param prunedDays days of history dropped
     * @param prunedJobs jobs removed one by one when their retention had passed
     * @param agentFailures steps of the engine's roles that failed; each was tried again
     */
    public record Chores(
            long promoted,
            long schedulesFired,
            long bundlesFolded,
            long bundlesFinished,
            long prunedDays,
            long prunedJobs,
            long agentFailures) {}

    /**
     * What this server holds at this moment.
     *
     * @param leader whether it leads the servers
     * @param draining whether it claims nothing more
     * @param sessions sessions known to it
     * @param waiters calls that wait for a job to become final
     * @param followers calls that follow the events
     * @param followersCutOff followers that were sent away since the start because they read too slowly
     * @param scheduleLag how late the latest job of the last schedules was made
     */
    public record Now(
            boolean leader,
            boolean draining,
            int sessions,
            int waiters,
            int followers,
            long followersCutOff,
            Duration scheduleLag) {}
}
