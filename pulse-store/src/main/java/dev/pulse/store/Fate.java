package dev.pulse.store;

/** What became of a transaction. */
public enum Fate {
    /** It has not ended. */
    OPEN,
    /** What it wrote is visible to everything that begins from now on. */
    COMMITTED,
    ROLLED_BACK,
    /** It ended too long ago for the store to say how, or is none of the store's. */
    UNKNOWN
}
