package dev.pulse.model;

/** Who may cause a transition. */
public enum Actor {
    CLIENT,
    SERVER,
    WORKER,
    SWEEPER,
    LEADER,
    OPERATOR
}
