package dev.pulse.store;

import dev.pulse.model.AttemptState;
import dev.pulse.model.Decision;
import dev.pulse.model.Outcome;

/** The law that a store asks, inside the transaction that holds the turn: see {@link dev.pulse.model.OutcomePolicy}. */
@FunctionalInterface
public interface Decider {
    Decision decide(AttemptState state, Outcome outcome);
}
