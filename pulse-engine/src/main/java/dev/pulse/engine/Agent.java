package dev.pulse.engine;

/** A role of the engine, cut into steps: a thread turns it in production, a test turns it by hand. */
interface Agent {
    String name();

    /** Does a bounded piece of work and returns how much; 0 means that there was none. */
    int step();

    /**
     * How long to rest before the next step, in nanoseconds, whatever signals come: what arrives meanwhile is done
     * together.
     */
    default long rest() {
        return 0;
    }

    /** How long to wait for a signal before the next step, in nanoseconds. */
    long patience(int done);
}
