package dev.pulse.store;

import dev.pulse.model.BulkAction;
import dev.pulse.model.BulkResult;
import dev.pulse.model.JobStatus;
import java.util.HashSet;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;

/** Adds up what became of the jobs of one chunk; the same words in every store. Not thread-safe. */
public final class BulkTally {
    private final BulkAction action;
    private final SortedMap<String, Long> skipped;
    private final Set<Integer> lanes = new HashSet<>();
    private final Set<UUID> ended = new HashSet<>();
    private final Set<UUID> sessions = new HashSet<>();
    private long matched;
    private long changed;

    /** Goes on from what the chunks before have done. */
    public BulkTally(BulkAction action, BulkResult before) {
        this.action = action;
        this.matched = before.matched();
        this.changed = before.changed();
        this.skipped = new TreeMap<>(before.skipped());
    }

    public void add(UUID id, Acted acted) {
        matched++;
        switch (acted) {
            case Acted.Done done when action == BulkAction.RUN_NOW && done.lane() == 0 -> skip(JobStatus.PENDING);
            case Acted.Done done -> add(id, done);
            case Acted.Illegal(JobStatus status) -> skip(status);
            case Acted.KeyTaken taken -> skip("key_taken");
            case Acted.NotFound() -> skip("gone");
        }
    }

    private void add(UUID id, Acted.Done done) {
        changed++;
        if (done.lane() != 0) {
            lanes.add(done.lane());
        }
        if (done.session() != null) {
            sessions.add(done.session());
        } else if (action == BulkAction.CANCEL || action == BulkAction.DELETE) {
            ended.add(id);
        }
    }

    private void skip(JobStatus status) {
        skip("status_" + status.wireName());
    }

    private void skip(String reason) {
        skipped.merge(reason, 1L, Long::sum);
    }

    /** What has been done in all. */
    public BulkResult result(UUID operation, boolean finished) {
        return new BulkResult(matched, changed, skipped, finished, operation);
    }

    /** The lanes that got work in this chunk. */
    public Set<Integer> lanes() {
        return Set.copyOf(lanes);
    }

    /** The jobs that became final or are gone by this chunk. */
    public Set<UUID> ended() {
        return Set.copyOf(ended);
    }

    /** The sessions that have to be told of a cancel. */
    public Set<UUID> sessions() {
        return Set.copyOf(sessions);
    }
}
