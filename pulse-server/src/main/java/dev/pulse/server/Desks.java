package dev.pulse.server;

import dev.pulse.access.Access;
import dev.pulse.engine.Engine;

/**
 * The one way from a handler to the engine: whoever calls is given a desk, which does what they ask within their queues. What
 * a {@link Rule} asks was asked before. A handler that holds no engine cannot forget to look. Any thread.
 */
final class Desks {
    private final Engine engine;

    Desks(Engine engine) {
        this.engine = engine;
    }

    /** For a call over REST. */
    Desk of(Call call) {
        return of(call.access());
    }

    /** For the gRPC call that this thread works for. */
    Desk current() {
        return of(Callers.access());
    }

    Desk of(Access access) {
        return new Desk(engine, access);
    }
}
