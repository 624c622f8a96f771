package dev.pulse.storememory;

import dev.pulse.model.AuditEntry;
import dev.pulse.model.AuditFilter;
import dev.pulse.model.AuditPage;
import dev.pulse.model.BulkAction;
import dev.pulse.model.Caller;
import dev.pulse.model.ErrorCode;
import dev.pulse.model.JobStatus;
import dev.pulse.model.PulseException;
import dev.pulse.store.Acted;
import dev.pulse.store.AuditStore;
import dev.pulse.store.Denied;
import dev.pulse.store.Term;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The audit log. Entries are written under the lock of the act that they tell of; a number of one is a cursor. */
final class MemoryAuditStore implements AuditStore {
    private final Tables tables;
    private final Leadership leadership;
    /** By their numbers, which are never given again. */
    private final TreeMap<Long, AuditEntry> entries = new TreeMap<>();

    private long last;

    MemoryAuditStore(Tables tables, Leadership leadership) {
        this.tables = tables;
        this.leadership = leadership;
    }

    /** Notes an act, unless it is Pulse's own. Under the lock. */
    void note(
            Caller by,
            String action,
            String target,
            Map<String, String> before,
            Map<String, String> after,
            String outcome) {
        if (by.from() != null) {
            last++;
            entries.put(
                    last, new AuditEntry(tables.now(), by.name(), action, target, by.from(), before, after, outcome));
        }
    }

    /** Notes an act on one job; nothing for a job that is not there. */
    void act(Caller by, BulkAction action, UUID id, Acted acted, @Nullable JobStatus was) {
        String name = "job." + action.wireName();
        String target = id.toString();
        switch (acted) {
            case Acted.Done done -> {
                Map<String, String> after = action == BulkAction.DELETE ? Map.of() : status(done.status());
                boolean asked = action == BulkAction.CANCEL && done.status() == JobStatus.RUNNING;
                note(
                        by,
                        name,
                        target,
                        status(was),
                        asked ? Map.of("status", "running", "cancel", "requested") : after,
                        AuditEntry.DONE);
            }
            case Acted.Illegal(JobStatus status) ->
                note(by, name, target, status(status), status(status), AuditEntry.REFUSED);
            case Acted.KeyTaken(String key, UUID holder) ->
                note(
                        by,
                        name,
                        target,
                        Map.of("key", key, "key_holder", holder.toString()),
                        Map.of(),
                        AuditEntry.REFUSED);
            case Acted.NotFound() -> {}
        }
    }

    private static Map<String, String> status(@Nullable JobStatus status) {
        return status == null ? Map.of() : Map.of("status", status.wireName());
    }

    @Override
    public void denied(List<Denied> refused) {
        tables.locked(() -> {
            for (Denied one : refused) {
                Map<String, String> after = Map.of("times", String.valueOf(one.times()));
                note(one.by(), one.action(), one.target(), Map.of(), after, AuditEntry.DENIED);
            }
            return refused;
        });
    }

    @Override
    public int forget(Term term, Duration keep, int limit) {
        return tables.locked(() -> {
            if (!leadership.holds(term)) {
                return 0;
            }
            int removed = 0;
            while (removed < limit
                    && !entries.isEmpty()
                    && entries.firstEntry()
                            .getValue()
                            .at()
                            .isBefore(tables.now().minus(keep))) {
                entries.pollFirstEntry();
                removed++;
            }
            return removed;
        });
    }

    @Override
    public AuditPage list(AuditFilter filter, int limit, @Nullable String cursor) {
        long before = cursor == null ? Long.MAX_VALUE : place(cursor);
        return tables.locked(() -> {
            List<AuditEntry> page = new ArrayList<>();
            long shown = 0;
            for (Map.Entry<Long, AuditEntry> entry :
                    entries.headMap(before, false).descendingMap().entrySet()) {
                if (matches(filter, entry.getValue())) {
                    if (page.size() == limit) {
                        return new AuditPage(page, String.valueOf(shown));
                    }
                    page.add(entry.getValue());
                    shown = entry.getKey();
                }
            }
            return new AuditPage(page, null);
        });
    }

    private static long place(String cursor) {
        try {
            return Long.parseLong(cursor);
        } catch (NumberFormatException e) {
            throw new PulseException(ErrorCode.INVALID_QUERY, "cursor: not one that a page of this list gave", e);
        }
    }

    private static boolean matches(AuditFilter filter, AuditEntry entry) {
        return (filter.since() == null || !entry.at().isBefore(filter.since()))
                && (filter.actor() == null || filter.actor().equals(entry.actor()))
                && (filter.until() == null || entry.at().isBefore(filter.until()))
                && (filter.target() == null || filter.target().equals(entry.target()))
                && (filter.action() == null || filter.action().equals(entry.action()));
    }
}
