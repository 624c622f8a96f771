package dev.pulse.sdk;

import dev.pulse.model.LeaseToken;
import dev.pulse.model.Note;
import dev.pulse.model.ReportAnswer;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * One session at the broker. No method blocks. A future fails with {@link dev.pulse.model.PulseException} when the
 * connection is lost before the answer came; the runtime then asks again once it is back.
 */
public interface BrokerSession {
    /** Adds room for so many assignments; each uses one up, and a new connection starts with none. */
    void grant(int credits);

    /** Brings a report; the answer may be late, and asking again for the same token is safe. */
    CompletableFuture<ReportAnswer> report(AttemptReport report);

    /**
     * Extends the lease and names what the worker holds. The caller keeps the listener's {@code assigned} from running
     * between putting {@code held} together and this call: what was assigned before and is not named is handed back.
     */
    CompletableFuture<Heartbeat> heartbeat(Set<LeaseToken> held);

    /** Carries what attempts tell of themselves, where there is somewhere to carry it to; not answered, may be dropped. */
    default void note(List<Note> notes) {}

    /**
     * An attempt was ended past this session, by a transaction that committed: it is held no more, and no report follows.
     */
    default void endedElsewhere(LeaseToken token) {}

    /** Hands back all that the session holds, and ends it. Completes, also without a connection, within a few seconds. */
    CompletableFuture<Void> close();
}
