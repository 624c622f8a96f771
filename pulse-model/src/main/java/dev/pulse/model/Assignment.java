package dev.pulse.model;

import java.util.UUID;

/**
 * One job granted to one session for one attempt.
 *
 * @param token the right to end this attempt
 * @param session who holds it
 * @param attempt the attempt's number, from 1
 * @param suspect whether the job's last two attempts both lost their worker: at most one such runs in a session
 */
public record Assignment(JobFacts facts, LeaseToken token, UUID session, int attempt, boolean suspect) {}
