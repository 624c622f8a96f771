/**
 * The port between the engine and wherever jobs are kept. Callers see requests and answers, never a column: a store is
 * free to keep statuses as it likes. Every method is one bounded unit of work that has committed when it returns (I1), and
 * every store is safe for any number of threads and of processes.
 *
 * <p>Trouble is a {@link dev.pulse.model.PulseException}: DATABASE_UNAVAILABLE means that nothing was done,
 * OUTCOME_UNKNOWN that the commit's answer was lost and the call is safe to repeat.
 */
@NullMarked
package dev.pulse.store;

import org.jspecify.annotations.NullMarked;
