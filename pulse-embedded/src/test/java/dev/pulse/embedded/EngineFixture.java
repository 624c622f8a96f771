package dev.pulse.embedded;

import dev.pulse.engine.Engine;
import dev.pulse.engine.EngineConfig;
import dev.pulse.sdk.BrokerFixture;
import dev.pulse.sdk.Connection;
import dev.pulse.store.Hints;
import dev.pulse.store.Stores;
import java.time.InstantSource;
import java.util.Random;
import java.util.UUID;

/** A connection over an engine of its own, with real threads and the given store. */
final class EngineFixture implements BrokerFixture {
    private final Engine engine;
    private final EngineConnection connection;
    private final Hints hints;
    private final Runnable closeStore;

    EngineFixture(Stores stores, Hints hints, Runnable closeStore) {
        this.hints = hints;
        this.closeStore = closeStore;
        engine = Engine.start(
                EngineConfig.DEFAULT,
                stores,
                hints,
                new Engine.EngineRuntime(
                        UUID.randomUUID(), "embedded", "test", InstantSource.system(), System::nanoTime, new Random()));
        connection = new EngineConnection(engine, "tester");
    }

    @Override
    public Connection connection() {
        return connection;
    }

    @Override
    public void drain() {
        engine.drain();
    }

    @Override
    public void close() {
        connection.close();
        engine.close();
        hints.close();
        closeStore.run();
    }
}
