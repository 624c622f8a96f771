package dev.pulse.server;

import dev.pulse.engine.Beat;
import dev.pulse.engine.WorkerSession;
import dev.pulse.json.ListQuery;
import dev.pulse.model.Job;
import dev.pulse.model.JobProgress;
import dev.pulse.model.PulseException;
import dev.pulse.protocol.WireNotes;
import dev.pulse.protocol.WireSessions;
import dev.pulse.protocol.WireSwitches;
import dev.pulse.protocol.WireValues;
import dev.pulse.protocol.v1.Wire;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

/** What attempts tell of themselves, at the gRPC door. */
final class GrpcLogs {
    private final Desks desks;

    GrpcLogs(Desks desks) {
        this.desks = desks;
    }

    /** The job with its history, how far it has come, and what keeps it waiting. */
    Wire.Job job(Wire.GetJobRequest request) {
        JobDesk jobs = desks.current().jobs();
        Job job = jobs.find(WireValues.id("id", request.getId()));
        JobProgress progress = jobs.progress(job);
        Wire.Job message = WireSwitches.explained(job, jobs.waiting(job));
        return progress == null
                ? message
                : message.toBuilder().setProgress(WireNotes.progress(progress)).build();
    }

    Wire.GetJobLogsResponse log(Wire.GetJobLogsRequest request) {
        UUID id = WireValues.id("id", request.getId());
        int limit = request.hasLimit() ? request.getLimit() : LogRoutes.DEFAULT_LIMIT;
        if (limit < ListQuery.MIN_LIMIT || limit > ListQuery.MAX_LIMIT) {
            throw PulseException.invalid(
                    "limit", ListQuery.MIN_LIMIT + " to " + ListQuery.MAX_LIMIT + " are allowed, got " + limit);
        }
        if (request.getAfter() < 0) {
            throw PulseException.invalid("after", "0 or more, got " + request.getAfter());
        }
        return WireNotes.log(desks.current().jobs().log(id, request.getAfter(), limit));
    }

    CompletableFuture<Beat> heartbeat(WorkerSession session, Wire.HeartbeatRequest request) {
        desks.current().sessions().note(WireNotes.notes(request.getNotesList()));
        return session.heartbeat(WireSessions.held(request.getHeldList()));
    }
}
