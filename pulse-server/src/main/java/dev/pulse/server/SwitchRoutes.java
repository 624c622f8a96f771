package dev.pulse.server;

import dev.pulse.json.RequestReader;
import dev.pulse.json.SwitchJson;
import dev.pulse.json.SwitchReader;
import dev.pulse.json.SystemShapes;
import dev.pulse.model.Permission;
import dev.pulse.model.Scope;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The REST routes that pause, resume and limit: everything, queues, types. Each call on its own virtual thread. */
final class SwitchRoutes {
    private static final int SMALL_BODY = 64 << 10;

    private final Desks desks;

    SwitchRoutes(Desks desks) {
        this.desks = desks;
    }

    void addTo(Router router) {
        Rule operate = Rule.system(Permission.OPERATE);
        router.add("GET", "/dispatch", Rule.system(Permission.READ), 0, call -> {
                    call.allow();
                    return Reply.ok(
                            SwitchJson.dispatch(desks.of(call).switches().dispatch()));
                })
                .described("getDispatchStatus", "Whether anything is granted at all")
                .answers(200, SystemShapes.SWITCH, "the switch");
        router.add("POST", "/dispatch/pause", operate, SMALL_BODY, call -> {
                    @Nullable String reason = reason(call);
                    return Reply.ok(
                            SwitchJson.dispatch(desks.of(call).switches().pause(Scope.DISPATCH, reason)));
                })
                .described("pauseDispatch", "Grants nothing more, anywhere; what runs goes on")
                .mayRead(SystemShapes.PAUSE, "{\"reason\": \"maintenance\"}")
                .answers(200, SystemShapes.SWITCH, "the switch");
        router.add("POST", "/dispatch/resume", operate, SMALL_BODY, call -> {
                    nothing(call);
                    return Reply.ok(
                            SwitchJson.dispatch(desks.of(call).switches().resume(Scope.DISPATCH)));
                })
                .described("resumeDispatch", "Grants again")
                .mayRead(SystemShapes.NOTHING)
                .answers(200, SystemShapes.SWITCH, "the switch");
        addLines(router, "/queues", Scope.Kind.QUEUE, Rule::inQueues);
        addLines(router, "/types", Scope.Kind.TYPE, Rule::system);
    }

    private void addLines(Router router, String path, Scope.Kind kind, Function<Permission, Rule> rule) {
        String one = kind == Scope.Kind.QUEUE ? "Queue" : "Type";
        Rule operate = rule.apply(Permission.OPERATE);
        router.add("GET", path, rule.apply(Permission.READ), 0, call -> {
                    call.allow();
                    return Reply.ok(SwitchJson.lines(desks.of(call).switches().lines(kind)));
                })
                .described("list" + one + "s", "What waits and runs, with pauses and limits")
                .answers(200, SystemShapes.LINES, "all that were ever seen or set");
        router.add("POST", path + "/{name}/pause", operate, SMALL_BODY, call -> {
                    @Nullable String reason = reason(call);
                    return Reply.ok(SwitchJson.line(desks.of(call).switches().pause(scope(kind, call), reason)));
                })
                .described("pause" + one, "Grants nothing more of it; what runs goes on")
                .mayRead(SystemShapes.PAUSE, "{\"reason\": \"the mail server is down\"}")
                .answers(200, SystemShapes.LINE, "as it is set now");
        router.add("POST", path + "/{name}/resume", operate, SMALL_BODY, call -> {
                    nothing(call);
                    return Reply.ok(SwitchJson.line(desks.of(call).switches().resume(scope(kind, call))));
                })
                .described("resume" + one, "Grants of it again")
                .mayRead(SystemShapes.NOTHING)
                .answers(200, SystemShapes.LINE, "as it is set now");
        router.add("PATCH", path + "/{name}", operate, SMALL_BODY, call -> {
                    Scope scope = scope(kind, call);
                    return Reply.ok(
                            SwitchJson.line(desks.of(call).switches().limit(scope, SwitchReader.limits(call.body()))));
                })
                .described("set" + one + "Limits", "Limits how many of it run at once, and start a second")
                .detail("What is left out stays; null takes a limit away.")
                .reads(SystemShapes.LIMITS, "{\"max_running\": 5, \"rate\": 2.5}")
                .answers(200, SystemShapes.LINE, "as it is set now");
    }

    private static @Nullable String reason(Call call) {
        call.allow();
        return SwitchReader.reason(call.body());
    }

    private static void nothing(Call call) {
        call.allow();
        RequestReader.nothing(call.body());
    }

    private static Scope scope(Scope.Kind kind, Call call) {
        call.allow();
        return new Scope(kind, call.variables().getOrDefault("name", ""));
    }
}
