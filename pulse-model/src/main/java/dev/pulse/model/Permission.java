package dev.pulse.model;

/** One thing that a caller may do; a {@link Role} is a set of them. */
public enum Permission {
    /** Look at jobs, schedules, bundles, events, counts and workers. */
    READ,
    /** Make jobs, bundles and declared schedules. */
    SUBMIT,
    /** Open sessions, claim jobs, report what became of them, consume events. */
    WORK,
    /** Act on jobs, bundles, schedules, queues, types and the dispatch switch. */
    OPERATE,
    /** Make and revoke API keys. */
    ADMINISTER
}
