package dev.pulse.storememory;

import dev.pulse.model.ErrorCode;
import dev.pulse.model.Outcome;
import dev.pulse.model.PulseException;
import dev.pulse.model.SessionInfo;
import dev.pulse.model.SessionSpec;
import dev.pulse.store.CancelRequest;
import dev.pulse.store.Decider;
import dev.pulse.store.Ended;
import dev.pulse.store.Held;
import dev.pulse.store.SessionStore;
import dev.pulse.store.Swept;
import dev.pulse.store.Term;
import dev.pulse.storememory.StoredJob.Grant;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.BiFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The sessions and their leases. Stops 7 and 10 of the path; any thread. Keeps I2 and I3. */
final class MemorySessionStore implements SessionStore {
    /** Fewer lapses than this at once are taken for what they seem to be. */
    private static final int BRAKE_FROM = 3;

    /** One part in so many of the sessions may lapse at once. */
    private static final int BRAKE_SHARE = 5;

    private final Tables tables;
    private final Leadership leadership;

    MemorySessionStore(Tables tables, Leadership leadership) {
        this.tables = tables;
        this.leadership = leadership;
    }

    @Override
    public boolean open(SessionSpec spec) {
        return tables.locked(() -> {
            boolean there = tables.sessions.containsKey(spec.id());
            StoredSession session =
                    tables.sessions.computeIfAbsent(spec.id(), id -> new StoredSession(spec, tables.now()));
            if (session.isEnded()) {
                throw new PulseException(
                        ErrorCode.SESSION_ENDED,
                        "session " + spec.id() + " of worker " + spec.worker()
                                + " has ended and is never revived; open one with a new id");
            }
            String owner = session.spec.owner();
            if (!owner.isEmpty() && !owner.equals(spec.owner())) {
                throw new PulseException(ErrorCode.SESSION_NOT_FOUND, "no live session " + spec.id());
            }
            session.spec = spec;
            session.lastHeartbeat = tables.now();
            return there;
        });
    }

    @Override
    public Set<UUID> heartbeat(Set<UUID> sessions) {
        return tables.locked(() -> {
            Instant now = tables.now();
            List<StoredSession> alive = open().filter(session -> sessions.contains(session.spec.id()))
                    .toList();
            alive.forEach(session -> session.lastHeartbeat = now);
            return alive.stream().map(session -> session.spec.id()).collect(Collectors.toUnmodifiableSet());
        });
    }

    @Override
    public List<CancelRequest> cancelRequests(Set<UUID> sessions) {
        return tables.locked(() -> granted((job, grant) -> job.cancelRequested && sessions.contains(grant.session())
                ? new CancelRequest(grant.session(), job.id(), grant.token())
                : null));
    }

    @Override
    public List<Held> heldBy(UUID session) {
        return tables.locked(() -> {
            Instant now = tables.now();
            return granted((job, grant) -> grant.session().equals(session)
                    ? new Held(job.id(), grant.token(), Duration.between(grant.startedAt(), now))
                    : null);
        });
    }

    /** What the function says of each running job, where it says anything. */
    private <T> List<T> granted(BiFunction<StoredJob, Grant, @Nullable T> of) {
        List<T> found = new ArrayList<>();
        for (StoredJob job : tables.running.values()) {
            T said = of.apply(job, job.liveGrant());
            if (said != null) {
                found.add(said);
            }
        }
        return List.copyOf(found);
    }

    @Override
    public void close(UUID session) {
        tables.locked(() -> {
            Optional.ofNullable(tables.sessions.get(session)).ifPresent(this::markEnded);
            return session;
        });
    }

    private void markEnded(StoredSession session) {
        if (session.endedAt == null) {
            session.endedAt = tables.now();
        }
    }

    @Override
    public List<SessionInfo> sessions() {
        return tables.locked(() -> living().map(session -> new SessionInfo(
                        session.spec, session.startedAt, session.lastHeartbeat, running(session.spec.id())))
                .toList());
    }

    private int running(UUID session) {
        return (int) tables.running.values().stream()
                .filter(job -> job.liveGrant().session().equals(session))
                .count();
    }

    @Override
    public Optional<SessionSpec> find(UUID session) {
        return tables.locked(() -> living().map(found -> found.spec)
                .filter(spec -> spec.id().equals(session))
                .findFirst());
    }

    @Override
    public Swept sweep(Term term, int limit, Decider decider) {
        return tables.locked(() -> leadership.holds(term) ? sweep(limit, decider) : Swept.NOTHING);
    }

    private Swept sweep(int limit, Decider decider) {
        List<StoredSession> lapsed = lapsed();
        boolean brake = lapsed.size() >= BRAKE_FROM && lapsed.size() * BRAKE_SHARE > open().count();
        List<StoredSession> reaped = lapsed.subList(0, Math.min(lapsed.size(), brake ? 1 : limit));
        reaped.forEach(this::markEnded);
        List<UUID> ids = reaped.stream().map(session -> session.spec.id()).toList();
        return new Swept(ids, endAttemptsOfEndedSessions(decider), brake ? lapsed.size() - reaped.size() : 0);
    }

    /** Longest silent first. */
    private List<StoredSession> lapsed() {
        Instant now = tables.now();
        return open().filter(session -> tables.isLapsed(session, now))
                .sorted(Comparator.comparing(session -> session.lastHeartbeat))
                .toList();
    }

    /** Those just ended, and those closed while they still held something. */
    private List<Ended> endAttemptsOfEndedSessions(Decider decider) {
        List<StoredJob> orphans = tables.running.values().stream()
                .filter(job -> isEnded(job.liveGrant().session()))
                .toList();
        return orphans.stream()
                .map(job -> tables.end(job, job.liveGrant(), new Outcome.Lapse(), decider))
                .toList();
    }

    private boolean isEnded(UUID session) {
        StoredSession holder = tables.sessions.get(session);
        return holder == null || holder.isEnded();
    }

    /** Not ended and not lapsed. */
    private Stream<StoredSession> living() {
        Instant now = tables.now();
        return open().filter(session -> !tables.isLapsed(session, now));
    }

    /** Not ended. A lapsed session that nobody swept yet may still be saved: a lapse only permits the sweep. */
    private Stream<StoredSession> open() {
        return tables.sessions.values().stream().filter(session -> !session.isEnded());
    }
}
