package dev.pulse.server;

import dev.pulse.engine.Engine;
import dev.pulse.json.RequestReader;
import dev.pulse.json.SwitchJson;
import dev.pulse.json.SwitchReader;
import dev.pulse.model.Scope;

/** The REST routes that pause, resume and limit: everything, queues, types. Each call on its own virtual thread. */
final class SwitchRoutes {
    private static final int SMALL_BODY = 64 << 10;

    private final Engine engine;

    SwitchRoutes(Engine engine) {
        this.engine = engine;
    }

    void addTo(Router router) {
        router.add("GET", "/dispatch", 0, call -> {
            call.allow();
            return Reply.ok(SwitchJson.dispatch(engine.switches().of(Scope.DISPATCH)));
        });
        router.add("POST", "/dispatch/pause", SMALL_BODY, call -> {
            call.allow();
            return Reply.ok(
                    SwitchJson.dispatch(engine.pause(Scope.DISPATCH, SwitchReader.reason(call.body()), call.caller())));
        });
        router.add("POST", "/dispatch/resume", SMALL_BODY, call -> {
            call.allow();
            RequestReader.nothing(call.body());
            return Reply.ok(SwitchJson.dispatch(engine.resume(Scope.DISPATCH, call.caller())));
        });
        addLines(router, "/queues", Scope.Kind.QUEUE);
        addLines(router, "/types", Scope.Kind.TYPE);
    }

    private void addLines(Router router, String path, Scope.Kind kind) {
        router.add("GET", path, 0, call -> {
            call.allow();
            return Reply.ok(SwitchJson.lines(engine.lines(kind)));
        });
        router.add("POST", path + "/{name}/pause", SMALL_BODY, call -> {
            Scope scope = scope(kind, call);
            return Reply.ok(SwitchJson.line(engine.pause(scope, SwitchReader.reason(call.body()), call.caller())));
        });
        router.add("POST", path + "/{name}/resume", SMALL_BODY, call -> {
            Scope scope = scope(kind, call);
            RequestReader.nothing(call.body());
            return Reply.ok(SwitchJson.line(engine.resume(scope, call.caller())));
        });
        router.add("PATCH", path + "/{name}", SMALL_BODY, call -> {
            Scope scope = scope(kind, call);
            return Reply.ok(SwitchJson.line(engine.limit(scope, SwitchReader.limits(call.body()), call.caller())));
        });
    }

    private static Scope scope(Scope.Kind kind, Call call) {
        call.allow();
        return new Scope(kind, call.variables().getOrDefault("name", ""));
    }
}
