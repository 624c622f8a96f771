package dev.pulse.json;

import dev.pulse.model.HealthDetails;
import dev.pulse.model.ServerInfo;
import dev.pulse.model.SessionInfo;
import java.util.List;

/** Sessions and replicas as operators see them, as JSON. */
public final class SystemJson {
    private SystemJson() {}

    public static byte[] workers(List<SessionInfo> sessions) {
        return Out.page(sessions, null, (out, session) -> {
            out.text("session_id", session.spec().id().toString());
            out.text("worker", session.spec().worker());
            out.texts("types", session.spec().types().stream().sorted().toList());
            out.texts("queues", session.spec().queues().stream().sorted().toList());
            out.number("slots", session.spec().slots());
            out.number("running", session.running());
            out.seconds("lease_ttl_s", session.spec().leaseTtl());
            out.instant("started_at", session.startedAt());
            out.instant("last_heartbeat", session.lastHeartbeat());
        });
    }

    public static byte[] servers(List<ServerInfo> servers) {
        return Out.page(servers, null, (out, server) -> {
            out.text("id", server.id().toString());
            out.text("name", server.name());
            out.text("version", server.version());
            out.bool("leader", server.leader());
            out.instant("started_at", server.startedAt());
            out.instant("last_seen", server.lastSeen());
        });
    }

    /** How a server is, check by check. */
    public static byte[] health(HealthDetails health) {
        return Out.object(out -> {
            out.text("status", health.level().wireName());
            out.bool("live", health.live());
            out.bool("ready", health.ready());
            out.bool("leader", health.leader());
            out.objects("checks", health.checks(), (one, check) -> {
                one.text("name", check.name());
                one.text("status", check.level().wireName());
                one.text("message", check.message());
                one.text("advice", check.advice());
            });
        });
    }

    /** {@code {"status": "…"}}. */
    public static byte[] status(String status) {
        return Out.object(out -> out.text("status", status));
    }
}
