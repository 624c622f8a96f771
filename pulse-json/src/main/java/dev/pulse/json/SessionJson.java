package dev.pulse.json;

import dev.pulse.model.Assignment;
import dev.pulse.model.JobStatus;
import dev.pulse.model.SessionSpec;
import dev.pulse.store.CancelRequest;
import dev.pulse.store.Ended;
import java.util.List;

/** The answers to workers that speak HTTP. */
public final class SessionJson {
    private SessionJson() {}

    public static byte[] opened(SessionSpec spec) {
        return Out.object(out -> {
            out.text("session_id", spec.id().toString());
            out.seconds("lease_ttl_s", spec.leaseTtl());
        });
    }

    /** Jobs granted, each with the token that its report has to carry. */
    public static byte[] claimed(List<Assignment> assignments) {
        return Out.object(out -> out.objects("jobs", assignments, (item, assignment) -> {
            JobJson.facts(item, assignment.facts());
            item.text("status", JobStatus.RUNNING.wireName());
            item.number("attempt", assignment.attempt());
            item.text("token", assignment.token().text());
        }));
    }

    public static byte[] heartbeat(List<CancelRequest> cancels, boolean drain) {
        return Out.object(out -> {
            out.texts(
                    "cancel",
                    cancels.stream().map(cancel -> cancel.jobId().toString()).toList());
            out.bool("drain", drain);
        });
    }

    public static byte[] reported(List<Ended> ended) {
        return Out.object(out -> out.objects("items", ended, (item, one) -> {
            item.text("id", one.jobId().toString());
            item.text("answer", one.answer().wireName());
        }));
    }
}
