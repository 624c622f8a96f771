package dev.pulse.server;

import dev.pulse.access.Access;
import dev.pulse.engine.Engine;
import dev.pulse.model.LimitChange;
import dev.pulse.model.LineInfo;
import dev.pulse.model.Scope;
import dev.pulse.model.Setting;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What pauses, resumes and limits. Of these only queues are for callers who are narrowed to some; the rules keep them from the
 * rest. May block.
 */
final class SwitchDesk {
    private final Engine engine;
    private final Access access;

    SwitchDesk(Engine engine, Access access) {
        this.engine = engine;
        this.access = access;
    }

    Setting dispatch() {
        return engine.switches().of(Scope.DISPATCH);
    }

    List<LineInfo> lines(Scope.Kind kind) {
        return engine.lines(kind).stream()
                .filter(line -> access.sees(line.setting().scope().name()))
                .toList();
    }

    Setting pause(Scope scope, @Nullable String reason) {
        require(scope);
        return engine.pause(scope, reason, access.caller());
    }

    Setting resume(Scope scope) {
        require(scope);
        return engine.resume(scope, access.caller());
    }

    Setting limit(Scope scope, LimitChange change) {
        require(scope);
        return engine.limit(scope, change, access.caller());
    }

    private void require(Scope scope) {
        if (scope.kind() == Scope.Kind.QUEUE) {
            access.requireQueue(scope.name());
        }
    }
}
