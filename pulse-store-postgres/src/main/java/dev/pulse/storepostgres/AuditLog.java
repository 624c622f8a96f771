package dev.pulse.storepostgres;

import dev.pulse.model.AuditEntry;
import dev.pulse.model.BulkAction;
import dev.pulse.model.Caller;
import dev.pulse.model.JobStatus;
import dev.pulse.store.Acted;
import java.sql.SQLException;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Writes down what operators do, in the transaction that does it. */
final class AuditLog {
    private AuditLog() {}

    /** Notes an act, unless it is Pulse's own. */
    static void note(
            Database.Calls calls,
            Caller by,
            String action,
            String target,
            Map<String, String> before,
            Map<String, String> after,
            String outcome)
            throws SQLException {
        if (by.from() == null) {
            return;
        }
        calls.sql(Statement.AUDIT_ADD)
                .set("actor", by.name())
                .set("action", action)
                .set("target", target)
                .set("address", by.from())
                .set("before", StringMaps.write(before))
                .set("after", StringMaps.write(after))
                .set("outcome", outcome)
                .update();
    }

    /** Notes an act on one job; nothing for a job that is not there. */
    static void act(Database.Calls calls, Caller by, BulkAction action, UUID id, JobActs.Change change)
            throws SQLException {
        String name = "job." + action.wireName();
        switch (change.acted()) {
            case Acted.Done done -> {
                Map<String, String> after = action == BulkAction.DELETE ? Map.of() : status(done.status());
                boolean asked = action == BulkAction.CANCEL && done.status() == JobStatus.RUNNING;
                note(
                        calls,
                        by,
                        name,
                        id.toString(),
                        status(change.was()),
                        asked ? Map.of("status", "running", "cancel", "requested") : after,
                        AuditEntry.DONE);
            }
            case Acted.Illegal(JobStatus status) ->
                note(calls, by, name, id.toString(), status(status), status(status), AuditEntry.REFUSED);
            case Acted.KeyTaken(String key, UUID holder) ->
                note(
                        calls,
                        by,
                        name,
                        id.toString(),
                        Map.of("key", key, "key_holder", holder.toString()),
                        Map.of(),
                        AuditEntry.REFUSED);
            case Acted.NotFound() -> {}
        }
    }

    private static Map<String, String> status(@Nullable JobStatus status) {
        return status == null ? Map.of() : Map.of("status", status.wireName());
    }
}
