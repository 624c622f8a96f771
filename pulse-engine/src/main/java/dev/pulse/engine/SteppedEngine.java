package dev.pulse.engine;

import dev.pulse.store.Hints;
import dev.pulse.store.Stores;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * An engine without threads: whoever holds it turns its roles by hand, under a clock of their own. For tests and
 * simulations. What the engine answers by a future completes within {@link #step}.
 *
 * <p>Not thread-safe, unlike the engine itself.
 */
public final class SteppedEngine implements AutoCloseable {
    /** Steps until the engine comes to rest take a few rounds; so many mean that it never will. */
    private static final int ROUNDS = 10_000;

    private final Roles roles;
    private final Engine engine;

    /** An engine on a store that belongs to the caller, who closes it after this. */
    public SteppedEngine(EngineConfig config, Stores stores, Hints hints, Engine.EngineRuntime runtime) {
        this(config, stores, hints, runtime, null);
    }

    /** As above, for callers that also work inside transactions of their own. */
    public SteppedEngine(
            EngineConfig config,
            Stores stores,
            Hints hints,
            Engine.EngineRuntime runtime,
            @Nullable CallerTransactions transactions) {
        this.roles = new Roles(config, stores, hints, runtime, transactions);
        this.engine = Engine.of(roles, stores, hints, runtime);
    }

    /** The engine; to be closed by this object's {@link #close}, not by its own. */
    public Engine engine() {
        return engine;
    }

    /**
     * Turns every role once and returns how much was done; with 0 nothing is left to do at this moment.
     *
     * @throws RuntimeException what a role threw; an engine with threads would try again
     */
    public int step() {
        int done = 0;
        for (Agent agent : roles.agents) {
            done += agent.step();
        }
        return done;
    }

    /** As {@link #step}, but grants no job to anybody: what is ready stays ready. */
    public int stepWithoutGrants() {
        int done = 0;
        for (Agent agent : roles.agents) {
            done += agent == roles.claimer ? 0 : agent.step();
        }
        return done;
    }

    /** Tells that the clock was moved on purpose: it is no outage, and whatever was to come later may be due now. */
    public void clockMoved() {
        roles.watch.forget();
        roles.timer.dueIn(Duration.ZERO);
        roles.scheduleTimer.dueIn(Duration.ZERO);
    }

    /** Does what was taken in, and ends. Sessions live on and can be taken up. */
    @Override
    public void close() {
        engine.drain();
        if (!roles.lifecycle.advance(Lifecycle.Phase.CLOSED)) {
            return;
        }
        roles.takeNothingMore();
        for (int round = 0; roles.hasWork() && round < ROUNDS; round++) {
            step();
        }
        roles.failTheRest();
        engine.signOff();
    }
}
