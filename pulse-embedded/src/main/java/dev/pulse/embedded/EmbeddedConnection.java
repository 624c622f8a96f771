package dev.pulse.embedded;

import dev.pulse.engine.Engine;
import dev.pulse.model.OutcomePolicy;
import dev.pulse.sdk.Broker;
import dev.pulse.sdk.BundleClient;
import dev.pulse.sdk.Connection;
import dev.pulse.sdk.EventClient;
import dev.pulse.sdk.JobClient;
import dev.pulse.sdk.ScheduleClient;
import dev.pulse.sdk.Transactions;
import dev.pulse.storepostgres.PgStores;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** The application's own engine with all that belongs to it: closing it ends the agents, then the pools. Thread-safe. */
final class EmbeddedConnection implements Connection {
    private final EngineConnection connection;
    private final Engine engine;
    private final PgStores stores;
    private final Transactions transactions;

    EmbeddedConnection(EngineConnection connection, Engine engine, PgStores stores, RandomGenerator random) {
        this.connection = connection;
        this.engine = engine;
        this.stores = stores;
        this.transactions = new CallersTransactions(
                connection.checks(), engine, stores.transactions(), new OutcomePolicy(random)::decide);
    }

    @Override
    public JobClient jobs() {
        return connection.jobs();
    }

    @Override
    public Broker broker() {
        return connection.broker();
    }

    @Override
    public EventClient events() {
        return connection.events();
    }

    @Override
    public BundleClient bundles() {
        return connection.bundles();
    }

    @Override
    public ScheduleClient schedules() {
        return connection.schedules();
    }

    @Override
    public Transactions transactions() {
        return transactions;
    }

    @Override
    public <T> Optional<T> unwrap(Class<T> type) {
        return type.isInstance(engine) ? Optional.of(type.cast(engine)) : Optional.empty();
    }

    @Override
    public void close() {
        connection.close();
        engine.close();
        stores.close();
    }
}
