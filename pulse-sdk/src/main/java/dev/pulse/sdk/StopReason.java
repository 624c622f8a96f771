package dev.pulse.sdk;

/** Why a handler was asked to stop. */
public enum StopReason {
    /** Somebody canceled the job. */
    CANCEL,
    /** The job's timeout is over. */
    TIMEOUT,
    /** The lease is lost: another worker may run the job already, and what this handler says counts no more. */
    LEASE_LOST,
    /** The worker stops, and its drain limit is over. */
    DRAIN
}
