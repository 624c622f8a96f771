package dev.pulse.protocol;

import dev.pulse.model.HealthCheck;
import dev.pulse.model.HealthDetails;
import dev.pulse.model.JobCounts;
import dev.pulse.model.JobStatus;
import dev.pulse.model.ServerInfo;
import dev.pulse.model.SessionInfo;
import dev.pulse.model.SessionSpec;
import dev.pulse.protocol.v1.Wire;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** What operators look at, between wire and model. Pure. */
public final class WireStats {
    private WireStats() {}

    public static Wire.Stats stats(JobCounts counts) {
        Wire.Stats.Builder message = Wire.Stats.newBuilder().setTotal(counts(counts.total()));
        counts.byType()
                .forEach((type, n) -> message.addTypes(
                        Wire.TypeCounts.newBuilder().setType(type).setCounts(counts(n))));
        if (counts.oldestPending() != null) {
            message.setOldestPendingAge(WireValues.duration(counts.oldestPending()));
        }
        return message.build();
    }

    public static JobCounts stats(Wire.Stats message) {
        SortedMap<String, Map<JobStatus, Long>> byType = new TreeMap<>();
        message.getTypesList().forEach(type -> byType.put(type.getType(), counts(type.getCounts())));
        return new JobCounts(
                byType,
                message.hasOldestPendingAge()
                        ? WireValues.duration("oldest_pending_age", message.getOldestPendingAge())
                        : null);
    }

    static Wire.Counts counts(Map<JobStatus, Long> counts) {
        return Wire.Counts.newBuilder()
                .setScheduled(counts.getOrDefault(JobStatus.SCHEDULED, 0L))
                .setPending(counts.getOrDefault(JobStatus.PENDING, 0L))
                .setRunning(counts.getOrDefault(JobStatus.RUNNING, 0L))
                .setRetrying(counts.getOrDefault(JobStatus.RETRYING, 0L))
                .setCompleted(counts.getOrDefault(JobStatus.COMPLETED, 0L))
                .setDeadLettered(counts.getOrDefault(JobStatus.DEAD_LETTERED, 0L))
                .setCanceled(counts.getOrDefault(JobStatus.CANCELED, 0L))
                .build();
    }

    static Map<JobStatus, Long> counts(Wire.Counts message) {
        Map<JobStatus, Long> counts = new EnumMap<>(JobStatus.class);
        for (JobStatus status : JobStatus.values()) {
            long n = count(message, status);
            if (n != 0) {
                counts.put(status, n);
            }
        }
        return counts;
    }

    private static long count(Wire.Counts message, JobStatus status) {
        return switch (status) {
            case SCHEDULED -> message.getScheduled();
            case PENDING -> message.getPending();
            case RUNNING -> message.getRunning();
            case RETRYING -> message.getRetrying();
            case COMPLETED -> message.getCompleted();
            case DEAD_LETTERED -> message.getDeadLettered();
            case CANCELED -> message.getCanceled();
        };
    }

    public static Wire.Worker worker(SessionInfo session) {
        SessionSpec spec = session.spec();
        return Wire.Worker.newBuilder()
                .setSessionId(spec.id().toString())
                .setWorker(spec.worker())
                .addAllTypes(spec.types())
                .addAllQueues(spec.queues())
                .setSlots(spec.slots())
                .setRunning(session.running())
                .setLeaseTtl(WireValues.duration(spec.leaseTtl()))
                .setStartedAt(WireValues.timestamp(session.startedAt()))
                .setLastHeartbeat(WireValues.timestamp(session.lastHeartbeat()))
                .build();
    }

    public static SessionInfo worker(Wire.Worker message) {
        SessionSpec spec = new SessionSpec(
                WireValues.id("session_id", message.getSessionId()),
                message.getWorker(),
                Set.copyOf(message.getTypesList()),
                Set.copyOf(message.getQueuesList()),
                message.getSlots(),
                WireValues.duration("lease_ttl", message.getLeaseTtl()));
        return new SessionInfo(
                spec,
                WireValues.instant("started_at", message.getStartedAt()),
                WireValues.instant("last_heartbeat", message.getLastHeartbeat()),
                message.getRunning());
    }

    public static Wire.Server server(ServerInfo server) {
        return Wire.Server.newBuilder()
                .setId(server.id().toString())
                .setName(server.name())
                .setVersion(server.version())
                .setStartedAt(WireValues.timestamp(server.startedAt()))
                .setLastSeen(WireValues.timestamp(server.lastSeen()))
                .setLeader(server.leader())
                .build();
    }

    public static ServerInfo server(Wire.Server message) {
        return new ServerInfo(
                WireValues.id("id", message.getId()),
                message.getName(),
                message.getVersion(),
                WireValues.instant("started_at", message.getStartedAt()),
                WireValues.instant("last_seen", message.getLastSeen()),
                message.getLeader());
    }

    public static Wire.Health health(HealthDetails health) {
        Wire.Health.Builder message = Wire.Health.newBuilder()
                .setLive(health.live())
                .setReady(health.ready())
                .setLeader(health.leader());
        health.checks()
                .forEach(check -> message.addChecks(Wire.HealthCheck.newBuilder()
                        .setName(check.name())
                        .setStatus(check.level().wireName())
                        .setMessage(check.message())
                        .setAdvice(check.advice())));
        return message.build();
    }

    public static HealthDetails health(Wire.Health message) {
        return new HealthDetails(
                message.getLive(),
                message.getReady(),
                message.getLeader(),
                message.getChecksList().stream()
                        .map(check -> new HealthCheck(
                                check.getName(),
                                HealthCheck.Level.fromWire(check.getStatus()),
                                check.getMessage(),
                                check.getAdvice()))
                        .toList());
    }
}
