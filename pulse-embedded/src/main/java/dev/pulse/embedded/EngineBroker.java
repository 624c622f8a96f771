package dev.pulse.embedded;

import dev.pulse.engine.Engine;
import dev.pulse.model.SessionSpec;
import dev.pulse.sdk.Broker;
import dev.pulse.sdk.BrokerListener;
import dev.pulse.sdk.BrokerSession;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The broker over an engine in the same process. Stop 6 of the path, on the worker's side. Thread-safe. */
final class EngineBroker implements Broker {
    private final Engine engine;
    private final Turns turns;
    private final Set<EngineSession> open = ConcurrentHashMap.newKeySet();

    EngineBroker(Engine engine, Turns turns) {
        this.engine = engine;
        this.turns = turns;
    }

    @Override
    public BrokerSession open(SessionSpec spec, BrokerListener listener) {
        EngineSession session =
                new EngineSession(engine, spec, listener, turns.line("pulse-session-" + spec.worker()), open::remove);
        open.add(session);
        session.start();
        return session;
    }

    void close() {
        open.forEach(EngineSession::abandon);
    }
}
