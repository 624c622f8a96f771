package dev.pulse.store;

/** The law of schedules. Called with the schedule held; must not block and must not throw. */
@FunctionalInterface
public interface FiringDecider {
    Firing decide(Due due);
}
