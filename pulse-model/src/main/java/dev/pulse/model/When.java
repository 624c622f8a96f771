package dev.pulse.model;

import java.time.Duration;
import java.time.Instant;

/** When a job wants to run, as it was sent: a delay is counted by the database clock, not by the sender's. */
public sealed interface When {
    When NOW = new Now();

    /** As soon as a worker is free. */
    record Now() implements When {}

    /** Not before this instant; an instant in the past means now. */
    record At(Instant instant) implements When {}

    /** Not before this long after the commit's clock; above zero. */
    record After(Duration delay) implements When {}
}
