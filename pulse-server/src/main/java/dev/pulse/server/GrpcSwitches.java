package dev.pulse.server;

import dev.pulse.engine.Engine;
import dev.pulse.model.Scope;
import dev.pulse.protocol.WireSwitches;
import dev.pulse.protocol.v1.Wire;
import org.jspecify.annotations.Nullable;

/** The methods of the gRPC door that pause, resume and limit. Each blocks as long as the store does. */
final class GrpcSwitches {
    private final Engine engine;

    GrpcSwitches(Engine engine) {
        this.engine = engine;
    }

    Wire.Switch dispatch() {
        return WireSwitches.setting(engine.switches().of(Scope.DISPATCH));
    }

    Wire.Switch pause(Wire.PauseDispatchRequest request) {
        return pause(Scope.DISPATCH, request.hasReason() ? request.getReason() : null);
    }

    Wire.Switch resumeDispatch() {
        return WireSwitches.setting(engine.resume(Scope.DISPATCH, Callers.current()));
    }

    Wire.ListLinesResponse list(Scope.Kind kind) {
        Wire.ListLinesResponse.Builder response = Wire.ListLinesResponse.newBuilder();
        engine.lines(kind).forEach(line -> response.addItems(WireSwitches.line(line)));
        return response.build();
    }

    Wire.Switch pause(Scope.Kind kind, Wire.PauseLineRequest request) {
        return pause(new Scope(kind, request.getName()), request.hasReason() ? request.getReason() : null);
    }

    Wire.Switch resume(Scope.Kind kind, Wire.ResumeLineRequest request) {
        return WireSwitches.setting(engine.resume(new Scope(kind, request.getName()), Callers.current()));
    }

    Wire.Switch limit(Scope.Kind kind, Wire.SetLimitsRequest request) {
        Scope scope = new Scope(kind, request.getName());
        return WireSwitches.setting(engine.limit(scope, WireSwitches.change(request), Callers.current()));
    }

    private Wire.Switch pause(Scope scope, @Nullable String reason) {
        return WireSwitches.setting(engine.pause(scope, reason, Callers.current()));
    }
}
