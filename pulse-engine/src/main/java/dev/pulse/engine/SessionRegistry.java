package dev.pulse.engine;

import dev.pulse.model.ErrorCode;
import dev.pulse.model.PulseException;
import dev.pulse.model.SessionSpec;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** The sessions that this server knows, and the groups in which the claimer serves them. Any thread; bounded (I8). */
final class SessionRegistry {
    private static final int REMEMBERED_ENDS = 10_000;

    private final int sessionsMax;
    private final Map<UUID, SessionState> states = new ConcurrentHashMap<>();
    private final Set<UUID> endedLately = Collections.synchronizedSet(Collections.newSetFromMap(new Lately()));
    private final ReentrantLock groupsLock = new ReentrantLock();
    private final Map<DemandGroup.Key, DemandGroup> groupsByKey = new HashMap<>();
    private final Map<UUID, DemandGroup> groupOf = new HashMap<>();
    private volatile List<DemandGroup> groups = List.of();

    /** Forgets the eldest where it would grow beyond its bound. */
    private static final class Lately extends LinkedHashMap<UUID, Boolean> {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<UUID, Boolean> eldest) {
            return size() > REMEMBERED_ENDS;
        }
    }

    SessionRegistry(int sessionsMax) {
        this.sessionsMax = sessionsMax;
    }

    Optional<SessionState> find(UUID id) {
        return Optional.ofNullable(states.get(id));
    }

    Collection<SessionState> all() {
        return states.values();
    }

    int size() {
        return states.size();
    }

    boolean endedLately(UUID id) {
        return endedLately.contains(id);
    }

    /** The state of that session: the one that is known, or a new one. */
    SessionState admit(SessionSpec spec, long now) {
        if (!states.containsKey(spec.id()) && states.size() >= sessionsMax) {
            throw new PulseException(
                    ErrorCode.LIMIT_REACHED,
                    "this server serves " + states.size() + " sessions, its most; connect to another or later");
        }
        return states.computeIfAbsent(spec.id(), id -> new SessionState(spec, now));
    }

    /**
     * Puts the session into the group of those that serve what it serves now, and back among the known ones where it was
     * forgotten meanwhile.
     */
    void place(SessionState state) {
        SessionState current = states.putIfAbsent(state.id, state);
        if (current != null && current != state) {
            throw new PulseException(
                    ErrorCode.SESSION_NOT_FOUND,
                    "session " + state.id + " was taken up anew while this call was under way; call again");
        }
        DemandGroup.Key key =
                new DemandGroup.Key(state.spec().types(), state.spec().queues());
        groupsLock.lock();
        try {
            DemandGroup group = groupOf.get(state.id);
            if (group == null || !group.key.equals(key) || !group.members.contains(state)) {
                leaveGroup(state.id);
                group = groupsByKey.computeIfAbsent(key, DemandGroup::new);
                List<SessionState> members = new ArrayList<>(group.members);
                members.add(state);
                group.members = List.copyOf(members);
                groupOf.put(state.id, group);
                groups = List.copyOf(groupsByKey.values());
            }
            group.eager = true;
        } finally {
            groupsLock.unlock();
        }
    }

    /** The session made a wish known that is not to be answered from memory. */
    void askStoreFor(SessionState state) {
        groupsLock.lock();
        try {
            DemandGroup group = groupOf.get(state.id);
            if (group != null) {
                group.eager = true;
            }
        } finally {
            groupsLock.unlock();
        }
    }

    List<DemandGroup> groups() {
        return groups;
    }

    /** The session has ended, by its own wish or not. */
    void ended(SessionState state, @Nullable String reasonToTell) {
        endedLately.add(state.id);
        forget(state);
        state.end(reasonToTell);
    }

    void ended(UUID id, String reason) {
        SessionState state = states.get(id);
        if (state != null) {
            ended(state, reason);
        }
    }

    /** This server no longer serves the session, which may live on elsewhere. */
    void forget(SessionState state) {
        if (states.remove(state.id, state)) {
            groupsLock.lock();
            try {
                leaveGroup(state.id);
                groups = List.copyOf(groupsByKey.values());
            } finally {
                groupsLock.unlock();
            }
        }
    }

    private void leaveGroup(UUID id) {
        DemandGroup group = groupOf.remove(id);
        if (group != null) {
            group.members = group.members.stream()
                    .filter(member -> !member.id.equals(id))
                    .toList();
            if (group.members.isEmpty()) {
                groupsByKey.remove(group.key);
            }
        }
    }

    /** Sends away the polls whose time is over, or all; returns the nanoseconds until the next one's is. */
    long answerPolls(long now, boolean all, @Nullable RuntimeException trouble) {
        long next = Long.MAX_VALUE;
        for (DemandGroup group : groups) {
            for (SessionState member : group.members) {
                if (member.hasPolls()) {
                    next = Math.min(next, member.answerPolls(now, all, trouble));
                }
            }
        }
        return next;
    }
}
