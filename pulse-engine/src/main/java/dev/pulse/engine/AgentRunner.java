package dev.pulse.engine;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

/**
 * Turns one agent on a platform thread of its own: step, rest, wait. The one border where everything is caught: no
 * failure ends the thread; it rests longer and longer while steps fail, and starts afresh when one works.
 */
final class AgentRunner {
    /** A step that takes longer than this has lost its way. */
    static final Duration STUCK = Duration.ofSeconds(60);

    private static final long REST_AFTER_FAILURE = Duration.ofMillis(50).toNanos();
    private static final long LONGEST_REST = Duration.ofSeconds(1).toNanos();

    private final Agent agent;
    private final Wake wake;
    private final LongSupplier ticker;
    private final FaultLog faults;
    private final Counters counters;
    private final Thread thread;
    private volatile boolean stopping;
    private volatile boolean working;
    private volatile long stepStarted;

    AgentRunner(Agent agent, Wake wake, LongSupplier ticker, Counters counters) {
        this.agent = agent;
        this.wake = wake;
        this.ticker = ticker;
        this.counters = counters;
        this.faults = new FaultLog(agent.name(), ticker);
        this.thread =
                Thread.ofPlatform().name("pulse-" + agent.name()).daemon(true).unstarted(this::run);
    }

    String name() {
        return agent.name();
    }

    void start() {
        thread.start();
    }

    /** Asks the thread to end after the step it is in. */
    void stop() {
        stopping = true;
        wake.signal();
        LockSupport.unpark(thread);
    }

    /** Whether the thread ended in time. Call {@link #stop} first. */
    boolean join(Duration time) {
        try {
            return thread.join(time);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Whether the agent makes progress: its thread lives and is not lost in a step. */
    boolean isWell() {
        return thread.isAlive() && !(working && ticker.getAsLong() - stepStarted > STUCK.toNanos());
    }

    private void run() {
        long penalty = REST_AFTER_FAILURE;
        while (!stopping) {
            int done = turn();
            if (done < 0) {
                rest(penalty);
                penalty = Math.min(penalty * 2, LONGEST_REST);
            } else {
                penalty = REST_AFTER_FAILURE;
                rest(agent.rest());
                wake.await(stopping ? 0 : agent.patience(done));
            }
        }
    }

    /** One step; -1 where it failed. */
    private int turn() {
        wake.clear();
        stepStarted = ticker.getAsLong();
        working = true;
        try {
            int done = agent.step();
            faults.worked();
            return done;
        } catch (Throwable e) { // this is the border: see the class comment
            counters.agentFailures.increment();
            faults.failed(e);
            return -1;
        } finally {
            working = false;
        }
    }

    private void rest(long nanos) {
        long start = ticker.getAsLong();
        long left = nanos;
        while (!stopping && left > 0) {
            LockSupport.parkNanos(this, left);
            left = nanos - (ticker.getAsLong() - start);
        }
    }
}
