package dev.pulse.embedded;

import dev.pulse.engine.Engine;
import dev.pulse.model.Limits;
import dev.pulse.sdk.Broker;
import dev.pulse.sdk.BundleClient;
import dev.pulse.sdk.Connection;
import dev.pulse.sdk.EventClient;
import dev.pulse.sdk.JobClient;
import dev.pulse.sdk.ScheduleClient;

/**
 * The SDK's connection over an engine in the same process: for {@link dev.pulse.sdk.Pulse#over}. Thread-safe. Closing it
 * ends nothing but itself: the engine and its store belong to whoever made them, and are closed after it.
 */
public final class EngineConnection implements Connection {
    private final EngineJobs jobs;
    private final EngineBundles bundles;
    private final EngineSchedules schedules;
    private final EngineBroker broker;
    private final EngineEvents events;

    /** A connection with every default, for the caller of that name. */
    public EngineConnection(Engine engine, String actor) {
        this(engine, actor, Limits.DEFAULT, Turns.ownThreads());
    }

    /**
     * A connection.
     *
     * @param actor who cancels, for the history of canceled jobs, and who changes schedules, for the audit log
     * @param limits what a payload may weigh
     * @param turns who lends the threads
     */
    public EngineConnection(Engine engine, String actor, Limits limits, Turns turns) {
        this.jobs = new EngineJobs(engine, actor, limits, turns);
        this.bundles = new EngineBundles(engine.bundles(), actor, limits, turns);
        this.schedules = new EngineSchedules(engine.schedules(), actor, jobs);
        this.broker = new EngineBroker(engine, turns);
        this.events = new EngineEvents(engine.events());
    }

    /** What the doors check, for whoever submits past them. */
    EngineJobs checks() {
        return jobs;
    }

    @Override
    public JobClient jobs() {
        return jobs;
    }

    @Override
    public BundleClient bundles() {
        return bundles;
    }

    @Override
    public ScheduleClient schedules() {
        return schedules;
    }

    @Override
    public Broker broker() {
        return broker;
    }

    @Override
    public EventClient events() {
        return events;
    }

    /** Cuts the sessions that are still open: those that were to say goodbye have done so by now. */
    @Override
    public void close() {
        broker.close();
    }
}
