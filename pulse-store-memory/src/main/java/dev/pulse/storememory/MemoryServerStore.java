package dev.pulse.storememory;

import dev.pulse.model.ServerInfo;
import dev.pulse.store.ServerStore;
import dev.pulse.store.Term;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;

/** The replicas, their leader and the clock. Any thread. */
final class MemoryServerStore implements ServerStore {
    /** A replica silent for so long is forgotten; so is a session ended so long ago. */
    private static final Duration FORGOTTEN_AFTER = Duration.ofDays(1);

    private final Tables tables;
    private final Leadership leadership;
    private final NavigableMap<UUID, Seen> servers = new TreeMap<>(Tables.BY_ID);

    MemoryServerStore(Tables tables, Leadership leadership) {
        this.tables = tables;
        this.leadership = leadership;
    }

    private record Seen(String name, String version, Instant startedAt, Instant lastSeen) {}

    @Override
    public void beat(UUID server, String name, String version) {
        tables.locked(() -> {
            Instant now = tables.now();
            Seen before = servers.get(server);
            servers.put(server, new Seen(name, version, before == null ? now : before.startedAt, now));
            return servers.values().removeIf(seen -> seen.lastSeen.isBefore(now.minus(FORGOTTEN_AFTER)));
        });
    }

    @Override
    public void leave(UUID server) {
        tables.locked(() -> {
            leadership.resign(server);
            return Optional.ofNullable(servers.remove(server));
        });
    }

    @Override
    public List<ServerInfo> servers() {
        return tables.locked(() -> servers.entrySet().stream()
                .map(entry -> info(entry.getKey(), entry.getValue()))
                .toList());
    }

    private ServerInfo info(UUID id, Seen seen) {
        return new ServerInfo(id, seen.name, seen.version, seen.startedAt, seen.lastSeen, leadership.isLeader(id));
    }

    @Override
    public Optional<Term> lead(UUID server, Duration ttl) {
        return tables.locked(() -> leadership.lead(server, ttl));
    }

    @Override
    public void raiseLeaseFloor() {
        tables.locked(() -> tables.leaseFloor = tables.now());
    }

    @Override
    public boolean raiseLeaseFloorAfter(Duration silence) {
        return tables.locked(() -> {
            Instant now = tables.now();
            boolean silent = servers.values().stream().noneMatch(seen -> seen.lastSeen.isAfter(now.minus(silence)));
            if (silent) {
                tables.leaseFloor = now;
            }
            return silent;
        });
    }

    @Override
    public void tidy(Term term) {
        tables.locked(() ->
                leadership.holds(term) && forgetSessionsEndedBefore(tables.now().minus(FORGOTTEN_AFTER)));
    }

    private boolean forgetSessionsEndedBefore(Instant limit) {
        return tables.sessions.values().removeIf(session -> session.endedAt != null && session.endedAt.isBefore(limit));
    }

    @Override
    public Instant now() {
        return tables.locked(tables::now);
    }
}
