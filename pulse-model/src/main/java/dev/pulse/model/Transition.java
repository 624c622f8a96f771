package dev.pulse.model;

import static dev.pulse.model.JobStatus.CANCELED;
import static dev.pulse.model.JobStatus.COMPLETED;
import static dev.pulse.model.JobStatus.DEAD_LETTERED;
import static dev.pulse.model.JobStatus.PENDING;
import static dev.pulse.model.JobStatus.RETRYING;
import static dev.pulse.model.JobStatus.RUNNING;
import static dev.pulse.model.JobStatus.SCHEDULED;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/**
 * Every legal move of a job. SQL, schema, documents and tests are checked against this table; nothing else defines a
 * move. A job changes status through one of six statements; each move names its own.
 */
@SuppressWarnings("ImmutableEnumChecker") // the sets are unmodifiable
public enum Transition {
    /** Makes the job durable. */
    SUBMIT(none(), of(PENDING, SCHEDULED), actors(Actor.CLIENT), "job_insert"),
    /** Grants one attempt to one session: attempt + 1, a fresh token. */
    CLAIM(of(PENDING), of(RUNNING), actors(Actor.SERVER), "job_claim"),
    /** Ack or Drop, by the holder of the live token. */
    COMPLETE(of(RUNNING), of(COMPLETED), actors(Actor.WORKER), "attempt_end"),
    /** Failure, Retry or timeout, with attempts left; waits the backoff or the wait that was asked for. */
    RETRY(of(RUNNING), of(RETRYING), actors(Actor.WORKER), "attempt_end"),
    /** A charged ending with no attempt left, DeadLetter, or the third lapse in a row. */
    BURY(of(RUNNING), of(DEAD_LETTERED), actors(Actor.WORKER, Actor.SWEEPER), "attempt_end"),
    /** Not now: charges no attempt. */
    SNOOZE(of(RUNNING), of(SCHEDULED), actors(Actor.WORKER), "attempt_end"),
    /** Hand-back of an unstarted or drained job: charges no attempt. */
    RELEASE(of(RUNNING), of(PENDING), actors(Actor.WORKER, Actor.SERVER), "attempt_end"),
    /** The session's lease ended first, with attempts left; waits one second for each lapse in a row. */
    LAPSE(of(RUNNING), of(RETRYING), actors(Actor.SWEEPER), "attempt_end"),
    /** A cancel was asked for and the attempt ended without success. */
    ABORT(of(RUNNING), of(CANCELED), actors(Actor.WORKER, Actor.SWEEPER), "attempt_end"),
    /** The job is due, or somebody said run now. */
    PROMOTE(of(SCHEDULED, RETRYING), of(PENDING), actors(Actor.LEADER, Actor.OPERATOR), "job_promote"),
    /** Ends a job that waits. */
    CANCEL(of(SCHEDULED, PENDING, RETRYING), of(CANCELED), actors(Actor.CLIENT), "job_cancel"),
    /** Puts a final job back in line: fresh budget, attempt numbers go on. */
    REQUEUE(of(DEAD_LETTERED, CANCELED, COMPLETED), of(PENDING), actors(Actor.OPERATOR), "job_requeue");

    private final Set<JobStatus> from;
    private final Set<JobStatus> to;
    private final Set<Actor> actors;
    private final String statement;

    Transition(Set<JobStatus> from, Set<JobStatus> to, Set<Actor> actors, String statement) {
        this.from = Collections.unmodifiableSet(from);
        this.to = Collections.unmodifiableSet(to);
        this.actors = Collections.unmodifiableSet(actors);
        this.statement = statement;
    }

    /** The statuses that the move leaves; empty for {@link #SUBMIT}, which makes the job. */
    public Set<JobStatus> from() {
        return from;
    }

    /** The statuses that the move may reach. */
    public Set<JobStatus> to() {
        return to;
    }

    public Set<Actor> actors() {
        return actors;
    }

    /** The statement file, without its ending, that makes the move in PostgreSQL. */
    public String statement() {
        return statement;
    }

    /** Whether the move may start from this status. */
    public boolean isLegalFrom(JobStatus status) {
        return from.contains(status);
    }

    private static Set<JobStatus> none() {
        return EnumSet.noneOf(JobStatus.class);
    }

    private static Set<JobStatus> of(JobStatus first, JobStatus... more) {
        return EnumSet.of(first, more);
    }

    private static Set<Actor> actors(Actor first, Actor... more) {
        return EnumSet.of(first, more);
    }
}
