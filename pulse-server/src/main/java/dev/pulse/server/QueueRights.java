package dev.pulse.server;

import dev.pulse.access.Access;
import dev.pulse.model.ErrorCode;
import dev.pulse.model.JobFilter;
import dev.pulse.model.PulseException;
import dev.pulse.model.Submission;
import dev.pulse.model.Violation;
import java.util.ArrayList;
import java.util.List;

/** What queues mean to callers who are narrowed to some: said once, for every desk. Pure. */
final class QueueRights {
    private QueueRights() {}

    /**
     * The filter, for one queue of the caller's: the one it names, or the caller's only one. A list over several would leave
     * the index that it stands on.
     *
     * @throws PulseException FORBIDDEN for another queue, or where the caller has to say which
     */
    static JobFilter narrowed(Access access, JobFilter filter) {
        if (access.queues().isAll()) {
            return filter;
        }
        if (filter.queue() != null) {
            access.requireQueue(filter.queue());
            return filter;
        }
        if (access.queues().isListed() && access.queues().patterns().size() == 1) {
            return filter.inQueue(access.queues().patterns().iterator().next());
        }
        throw new PulseException(
                ErrorCode.FORBIDDEN,
                access.caller().name() + " may see the queues " + access.queues() + " only: name one of them as queue");
    }

    /** One job, and how it is named to the caller: {@code jobs[7].}, or empty. */
    record Place(String path, Submission job) {}

    /**
     * Refuses jobs for queues that are not the caller's.
     *
     * @throws PulseException FORBIDDEN, naming each of them
     */
    static void requireAll(Access access, Iterable<Place> places) {
        if (access.queues().isAll()) {
            return;
        }
        List<Violation> foreign = new ArrayList<>();
        for (Place place : places) {
            if (!access.sees(place.job().queue())) {
                foreign.add(new Violation(
                        place.path() + "queue",
                        access.caller().name() + " may not use the queue "
                                + place.job().queue() + "; allowed: " + access.queues()));
            }
        }
        if (!foreign.isEmpty()) {
            throw PulseException.of(ErrorCode.FORBIDDEN, foreign);
        }
    }
}
