package dev.pulse.engine;

import dev.pulse.model.Assignment;
import dev.pulse.model.Outcome;
import dev.pulse.store.Report;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings what was claimed to the sessions that it was claimed for. Stop 6 of the path, on the claimer's thread. What finds
 * no taker, because the connection went or the call was given up meanwhile, is handed back at once.
 */
final class Dispatcher {
    private static final Logger log = LoggerFactory.getLogger(Dispatcher.class);

    private final HandBack handBack;

    Dispatcher(HandBack handBack) {
        this.handBack = handBack;
    }

    /** {@code members} are the sessions that the slots were made from. */
    void deliver(List<Assignment> jobs, Map<UUID, SessionState> members, long now) {
        Map<UUID, List<Assignment>> bySession = new LinkedHashMap<>();
        for (Assignment job : jobs) {
            bySession.computeIfAbsent(job.session(), id -> new ArrayList<>()).add(job);
        }
        bySession.forEach((id, some) -> {
            SessionState session = members.get(id);
            if (session == null) {
                throw new IllegalStateException("the store granted jobs to session " + id + ", which had no slot");
            }
            List<Assignment> left = session.deliver(some, now);
            if (!left.isEmpty()) {
                log.debug("session {}: {} of {} jobs found no taker and go back", id, left.size(), some.size());
                handBack.of(session, left.stream().map(Dispatcher::release).toList());
            }
        });
    }

    /** What must not start after all goes back to where it was, uncharged. */
    void giveBack(List<Assignment> jobs, Map<UUID, SessionState> members) {
        for (Assignment job : jobs) {
            SessionState session = members.get(job.session());
            if (session != null) {
                handBack.of(session, List.of(release(job)));
            }
        }
    }

    private static Report release(Assignment job) {
        return new Report(job.facts().id(), job.token(), new Outcome.Release());
    }
}
