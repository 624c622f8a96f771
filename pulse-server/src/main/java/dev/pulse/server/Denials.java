package dev.pulse.server;

import dev.pulse.access.Access;
import dev.pulse.engine.Engine;
import dev.pulse.model.ErrorCode;
import dev.pulse.model.PulseException;
import io.grpc.ForwardingServerCall;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.Status;
import java.util.Map;

/**
 * Tells the audit log who was refused for lack of rights, at whichever place of a call: each door asks here with what it
 * answers. An act that the log knows when it is done has its name there; any other call is named as it was made. Any thread.
 */
final class Denials {
    /** What the log calls the acts that it knows. */
    private static final Map<String, String> ACTIONS = Map.ofEntries(
            Map.entry("POST /jobs/{id}/cancel", "job.cancel"),
            Map.entry("CancelJob", "job.cancel"),
            Map.entry("POST /jobs/{id}/requeue", "job.requeue"),
            Map.entry("POST /dlq/{id}/retry", "job.requeue"),
            Map.entry("RequeueJob", "job.requeue"),
            Map.entry("POST /jobs/{id}/run-now", "job.run-now"),
            Map.entry("RunJobNow", "job.run-now"),
            Map.entry("DELETE /jobs/{id}", "job.delete"),
            Map.entry("DeleteJob", "job.delete"),
            Map.entry("POST /bulk/{id}/stop", "bulk.stop"),
            Map.entry("StopBulkOperation", "bulk.stop"),
            Map.entry("POST /bundles/{id}/cancel", "bundle.cancel"),
            Map.entry("CancelBundle", "bundle.cancel"),
            Map.entry("DELETE /bundles/{id}", "bundle.delete"),
            Map.entry("DeleteBundle", "bundle.delete"),
            Map.entry("POST /schedules", "schedule.create"),
            Map.entry("CreateSchedule", "schedule.create"),
            Map.entry("DeclareSchedules", "schedule.declare"),
            Map.entry("PATCH /schedules/{id}", "schedule.edit"),
            Map.entry("UpdateSchedule", "schedule.edit"),
            Map.entry("DELETE /schedules/{id}", "schedule.delete"),
            Map.entry("DeleteSchedule", "schedule.delete"),
            Map.entry("POST /schedules/{id}/pause", "schedule.pause"),
            Map.entry("PauseSchedule", "schedule.pause"),
            Map.entry("POST /schedules/{id}/resume", "schedule.resume"),
            Map.entry("ResumeSchedule", "schedule.resume"),
            Map.entry("POST /schedules/{id}/run-now", "schedule.run_now"),
            Map.entry("RunScheduleNow", "schedule.run_now"),
            Map.entry("POST /dispatch/pause", "dispatch.pause"),
            Map.entry("PauseDispatch", "dispatch.pause"),
            Map.entry("POST /dispatch/resume", "dispatch.resume"),
            Map.entry("ResumeDispatch", "dispatch.resume"),
            Map.entry("POST /queues/{name}/pause", "queue.pause"),
            Map.entry("PauseQueue", "queue.pause"),
            Map.entry("POST /queues/{name}/resume", "queue.resume"),
            Map.entry("ResumeQueue", "queue.resume"),
            Map.entry("PATCH /queues/{name}", "queue.limit"),
            Map.entry("SetQueueLimits", "queue.limit"),
            Map.entry("POST /types/{name}/pause", "type.pause"),
            Map.entry("PauseType", "type.pause"),
            Map.entry("POST /types/{name}/resume", "type.resume"),
            Map.entry("ResumeType", "type.resume"),
            Map.entry("PATCH /types/{name}", "type.limit"),
            Map.entry("SetTypeLimits", "type.limit"),
            Map.entry("CreateSubscription", "subscription.create"),
            Map.entry("DELETE /subscriptions/{name}", "subscription.delete"),
            Map.entry("DeleteSubscription", "subscription.delete"),
            Map.entry("POST /subscriptions/{name}/parked/release", "subscription.release"),
            Map.entry("ReleaseParkedEvents", "subscription.release"));

    private final Engine engine;

    Denials(Engine engine) {
        this.engine = engine;
    }

    /** A REST call came to this end. */
    void look(PulseException end, Access access, Router.Match match) {
        if (end.code() == ErrorCode.FORBIDDEN) {
            Map<String, String> open = match.variables();
            note(access, match.route().name(), open.getOrDefault("id", open.getOrDefault("name", "")));
        }
    }

    /** The same gRPC call, whose end is looked at. */
    <A, B> ServerCall<A, B> watched(ServerCall<A, B> call, Access access) {
        return new ForwardingServerCall.SimpleForwardingServerCall<>(call) {
            @Override
            public void close(Status status, Metadata trailers) {
                if (status.getCode() == Status.Code.PERMISSION_DENIED) {
                    note(access, String.valueOf(call.getMethodDescriptor().getBareMethodName()), "");
                }
                super.close(status, trailers);
            }
        };
    }

    private void note(Access access, String call, String target) {
        engine.denied(access.caller(), ACTIONS.getOrDefault(call, call), target);
    }
}
