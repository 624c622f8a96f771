package dev.pulse.schedules;

/** The instants of a rule without its bounds, in microseconds since 1970: the finest that the database keeps. */
sealed interface Plan permits CronPlan, EveryPlan, OncePlan {
    long NONE = Long.MIN_VALUE;

    /** The first instant at or after that one, or {@link #NONE}. */
    long next(long from);

    /** The last instant at or before that one, or {@link #NONE}. */
    long previous(long until);

    /** How many instants there are from the first to the second, both included. */
    long count(long from, long until);
}
