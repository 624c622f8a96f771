package dev.pulse.server;

import dev.pulse.engine.Engine;
import dev.pulse.model.AuditFilter;
import dev.pulse.model.AuditPage;
import dev.pulse.model.HealthDetails;
import dev.pulse.model.JobCounts;
import dev.pulse.model.ServerInfo;
import dev.pulse.model.SessionInfo;
import dev.pulse.model.Throughput;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What concerns every queue: its routes and methods have rules that narrowed callers do not pass. May block. */
final class SystemDesk {
    private final Engine engine;

    SystemDesk(Engine engine) {
        this.engine = engine;
    }

    JobCounts counts() {
        return engine.counts();
    }

    Throughput throughput(Duration window, Duration bucket) {
        return engine.throughput(window, bucket);
    }

    List<SessionInfo> sessions() {
        return engine.sessions();
    }

    List<ServerInfo> servers() {
        return engine.servers();
    }

    HealthDetails checkup() {
        return engine.checkup();
    }

    AuditPage audit(AuditFilter filter, int limit, @Nullable String cursor) {
        return engine.audit(filter, limit, cursor);
    }
}
