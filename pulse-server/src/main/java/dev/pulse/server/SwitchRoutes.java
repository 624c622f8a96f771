package dev.pulse.server;

import dev.pulse.json.RequestReader;
import dev.pulse.json.SwitchJson;
import dev.pulse.json.SwitchReader;
import dev.pulse.model.Permission;
import dev.pulse.model.Scope;
import java.util.function.Function;

/** The REST routes that pause, resume and limit: everything, queues, types. Each call on its own virtual thread. */
final class SwitchRoutes {
    private static final int SMALL_BODY = 64 << 10;

    private final Desks desks;

    SwitchRoutes(Desks desks) {
        this.desks = desks;
    }

    void addTo(Router router) {
        router.add("GET", "/dispatch", Rule.system(Permission.READ), 0, call -> {
            call.allow();
            return Reply.ok(SwitchJson.dispatch(desks.of(call).switches().dispatch()));
        });
        router.add("POST", "/dispatch/pause", Rule.system(Permission.OPERATE), SMALL_BODY, call -> {
            call.allow();
            return Reply.ok(SwitchJson.dispatch(
                    desks.of(call).switches().pause(Scope.DISPATCH, SwitchReader.reason(call.body()))));
        });
        router.add("POST", "/dispatch/resume", Rule.system(Permission.OPERATE), SMALL_BODY, call -> {
            call.allow();
            RequestReader.nothing(call.body());
            return Reply.ok(SwitchJson.dispatch(desks.of(call).switches().resume(Scope.DISPATCH)));
        });
        addLines(router, "/queues", Scope.Kind.QUEUE, Rule::inQueues);
        addLines(router, "/types", Scope.Kind.TYPE, Rule::system);
    }

    private void addLines(Router router, String path, Scope.Kind kind, Function<Permission, Rule> rule) {
        router.add("GET", path, rule.apply(Permission.READ), 0, call -> {
            call.allow();
            return Reply.ok(SwitchJson.lines(desks.of(call).switches().lines(kind)));
        });
        router.add("POST", path + "/{name}/pause", rule.apply(Permission.OPERATE), SMALL_BODY, call -> {
            Scope scope = scope(kind, call);
            return Reply.ok(SwitchJson.line(desks.of(call).switches().pause(scope, SwitchReader.reason(call.body()))));
        });
        router.add("POST", path + "/{name}/resume", rule.apply(Permission.OPERATE), SMALL_BODY, call -> {
            Scope scope = scope(kind, call);
            RequestReader.nothing(call.body());
            return Reply.ok(SwitchJson.line(desks.of(call).switches().resume(scope)));
        });
        router.add("PATCH", path + "/{name}", rule.apply(Permission.OPERATE), SMALL_BODY, call -> {
            Scope scope = scope(kind, call);
            return Reply.ok(SwitchJson.line(desks.of(call).switches().limit(scope, SwitchReader.limits(call.body()))));
        });
    }

    private static Scope scope(Scope.Kind kind, Call call) {
        call.allow();
        return new Scope(kind, call.variables().getOrDefault("name", ""));
    }
}
