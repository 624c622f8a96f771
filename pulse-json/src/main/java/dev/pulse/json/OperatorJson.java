package dev.pulse.json;

import dev.pulse.model.AuditEntry;
import dev.pulse.model.AuditPage;
import dev.pulse.model.BulkOperation;
import dev.pulse.model.BulkResult;
import java.util.List;
import java.util.SortedMap;

/** Acts on many jobs, and the audit log, as JSON. */
public final class OperatorJson {
    private OperatorJson() {}

    /** What a bulk act did, or would do. {@code finished} is false where that is not all. */
    public static byte[] result(BulkResult result) {
        return Out.object(out -> {
            out.number("matched", result.matched());
            out.number("changed", result.changed());
            skipped(out, result.skipped());
            out.bool("finished", result.finished());
            if (result.operation() != null) {
                out.text("id", result.operation().toString());
            }
        });
    }

    public static byte[] operation(BulkOperation operation) {
        return Out.object(out -> write(out, operation));
    }

    public static byte[] operations(List<BulkOperation> operations) {
        return Out.page(operations, null, OperatorJson::write);
    }

    private static void write(Out out, BulkOperation operation) {
        out.text("id", operation.id().toString());
        out.text("action", operation.action().wireName());
        out.texts("filter", operation.filter().toMap());
        out.text("state", operation.state().wireName());
        out.number("matched", operation.result().matched());
        out.number("changed", operation.result().changed());
        skipped(out, operation.result().skipped());
        if (operation.rate() == null) {
            out.nothing("rate");
        } else {
            out.number("rate", operation.rate());
        }
        out.text("actor", operation.actor());
        out.instant("started_at", operation.startedAt());
        out.instant("finished_at", operation.finishedAt());
    }

    private static void skipped(Out out, SortedMap<String, Long> skipped) {
        out.object("skipped", reasons -> skipped.forEach(reasons::number));
    }

    /** One page of the audit log. */
    public static byte[] audit(AuditPage page) {
        return Out.page(page.items(), page.nextCursor(), OperatorJson::write);
    }

    private static void write(Out out, AuditEntry entry) {
        out.instant("at", entry.at());
        out.text("actor", entry.actor());
        out.text("action", entry.action());
        out.text("target", entry.target());
        out.text("from", entry.from());
        out.texts("before", entry.before());
        out.texts("after", entry.after());
        out.text("outcome", entry.outcome());
    }
}
