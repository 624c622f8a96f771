package dev.pulse.model;

import java.time.Duration;
import java.util.UUID;

/**
 * One job granted to one session for one attempt.
 *
 * @param token the right to end this attempt
 * @param session who holds it
 * @param attempt the attempt's number, from 1
 * @param suspect whether the job's last two attempts both lost their worker: at most one such runs in a session
 * @param waited how long the job had been ready; known where it was claimed and not sent over any wire
 */
public record Assignment(
        JobFacts facts, LeaseToken token, UUID session, int attempt, boolean suspect, Duration waited) {
    /** One that came over a wire: how long it waited is not known. */
    public Assignment(JobFacts facts, LeaseToken token, UUID session, int attempt, boolean suspect) {
        this(facts, token, session, attempt, suspect, Duration.ZERO);
    }
}
