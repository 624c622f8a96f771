package dev.pulse.server;

import dev.pulse.model.Scope;
import dev.pulse.protocol.WireSwitches;
import dev.pulse.protocol.v1.Wire;
import org.jspecify.annotations.Nullable;

/** The methods of the gRPC door that pause, resume and limit. Each blocks as long as the store does. */
final class GrpcSwitches {
    private final Desks desks;

    GrpcSwitches(Desks desks) {
        this.desks = desks;
    }

    Wire.Switch dispatch() {
        return WireSwitches.setting(desks.current().switches().dispatch());
    }

    Wire.Switch pause(Wire.PauseDispatchRequest request) {
        return pause(Scope.DISPATCH, request.hasReason() ? request.getReason() : null);
    }

    Wire.Switch resumeDispatch() {
        return WireSwitches.setting(desks.current().switches().resume(Scope.DISPATCH));
    }

    Wire.ListLinesResponse list(Scope.Kind kind) {
        Wire.ListLinesResponse.Builder response = Wire.ListLinesResponse.newBuilder();
        desks.current().switches().lines(kind).forEach(line -> response.addItems(WireSwitches.line(line)));
        return response.build();
    }

    Wire.Switch pause(Scope.Kind kind, Wire.PauseLineRequest request) {
        return pause(new Scope(kind, request.getName()), request.hasReason() ? request.getReason() : null);
    }

    Wire.Switch resume(Scope.Kind kind, Wire.ResumeLineRequest request) {
        return WireSwitches.setting(desks.current().switches().resume(new Scope(kind, request.getName())));
    }

    Wire.Switch limit(Scope.Kind kind, Wire.SetLimitsRequest request) {
        Scope scope = new Scope(kind, request.getName());
        return WireSwitches.setting(desks.current().switches().limit(scope, WireSwitches.change(request)));
    }

    private Wire.Switch pause(Scope scope, @Nullable String reason) {
        return WireSwitches.setting(desks.current().switches().pause(scope, reason));
    }
}
