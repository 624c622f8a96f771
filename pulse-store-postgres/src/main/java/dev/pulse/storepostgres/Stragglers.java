package dev.pulse.storepostgres;

import dev.pulse.store.Pruned;
import dev.pulse.store.Retention;
import dev.pulse.store.Term;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Removes what lies beside the days once its retention has passed, and keys that hold nobody: in passes over all of them,
 * batch by batch. Runs on the pruner's thread, for the leader; remembers where its passes stand.
 */
final class Stragglers {
    private static final UUID START = new UUID(0, 0);
    private static final Key FIRST_KEY = new Key("", "");

    private final Database control;
    private UUID jobsFrom = START;
    private Key keysFrom = FIRST_KEY;

    Stragglers(Database control) {
        this.control = control;
    }

    private record Key(String type, String key) {}

    private record Looked(UUID id, UUID place, boolean due) {}

    /** One batch of jobs; the last one of a pass says that there is no more. */
    Pruned removeJobs(Term term, Retention keep) {
        List<Looked> looked = control.read(calls -> keep(calls.sql(Statement.OTHER_LOOK), keep)
                .set("after", jobsFrom)
                .set("limit", keep.batchMax())
                .list(row -> new Looked(Sql.uuid(row, "id"), Sql.uuid(row, "list_id"), row.getBoolean("due"))));
        List<UUID> due = looked.stream().filter(Looked::due).map(Looked::id).toList();
        int removed = due.isEmpty() ? 0 : remove(term, keep, due);
        boolean more = looked.size() == keep.batchMax();
        jobsFrom = more ? looked.getLast().place() : START;
        return new Pruned(0, 0, removed, more, "");
    }

    private int remove(Term term, Retention keep, List<UUID> due) {
        return control.transact(calls -> {
            List<UUID> held = new ArrayList<>(
                    calls.sql(Statement.OTHER_HOLD).setUuids("ids", due).list(row -> Sql.uuid(row, "id")));
            if (!PgHistoryStore.holdRollup(calls, term)) {
                return 0;
            }
            Integer removed = keep(calls.sql(Statement.OTHER_REMOVE), keep)
                    .setUuids("ids", held)
                    .first(row -> row.getInt("removed"));
            return removed == null ? 0 : removed;
        });
    }

    private static Sql keep(Sql sql, Retention keep) {
        return sql.set("completed_ms", keep.completed().toMillis())
                .set("canceled_ms", keep.canceled().toMillis())
                .set("dead_ms", DayDrop.millis(keep));
    }

    /** One batch of keys; the last one of a pass says that there is no more. */
    boolean forgetKeys(Term term, Retention keep) {
        @Nullable
        Key last = control.<@Nullable Key>write(calls -> calls.sql(Statement.KEY_FORGET)
                .set("type", keysFrom.type())
                .set("key", keysFrom.key())
                .set("limit", keep.batchMax())
                .set("server", term.server())
                .set("term", term.number())
                .first(row -> new Key(row.getString("type"), row.getString("key"))));
        keysFrom = last == null ? FIRST_KEY : last;
        return last != null;
    }
}
