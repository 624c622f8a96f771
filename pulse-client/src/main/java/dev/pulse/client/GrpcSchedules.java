package dev.pulse.client;

import dev.pulse.model.ErrorCode;
import dev.pulse.model.FirePage;
import dev.pulse.model.PulseException;
import dev.pulse.model.ScheduleFilter;
import dev.pulse.model.ScheduleInfo;
import dev.pulse.model.SchedulePage;
import dev.pulse.model.SchedulePreview;
import dev.pulse.model.ScheduleSpec;
import dev.pulse.model.Timing;
import dev.pulse.protocol.WireSchedules;
import dev.pulse.protocol.WireValues;
import dev.pulse.protocol.v1.PulseServiceGrpc;
import dev.pulse.protocol.v1.Wire;
import io.grpc.MethodDescriptor;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The calls about schedules. Blocking, thread-safe. */
final class GrpcSchedules {
    private final Calls calls;
    private final Duration timeout;

    GrpcSchedules(Calls calls, Duration timeout) {
        this.calls = calls;
        this.timeout = timeout;
    }

    ScheduleInfo create(ScheduleSpec spec) {
        return one(
                PulseServiceGrpc.getCreateScheduleMethod(),
                Wire.CreateScheduleRequest.newBuilder()
                        .setSchedule(WireSchedules.spec(spec))
                        .build());
    }

    Optional<ScheduleInfo> find(String idOrName) {
        try {
            return Optional.of(one(
                    PulseServiceGrpc.getGetScheduleMethod(),
                    Wire.GetScheduleRequest.newBuilder().setId(idOrName).build()));
        } catch (PulseException e) {
            if (e.code() == ErrorCode.SCHEDULE_NOT_FOUND) {
                return Optional.empty();
            }
            throw e;
        }
    }

    SchedulePage list(ScheduleFilter filter, int limit, @Nullable String cursor) {
        Wire.ListSchedulesRequest.Builder request = WireSchedules.filter(filter).setLimit(limit);
        if (cursor != null) {
            request.setCursor(cursor);
        }
        Wire.ListSchedulesResponse page = call(PulseServiceGrpc.getListSchedulesMethod(), request.build());
        return new SchedulePage(
                page.getItemsList().stream().map(WireSchedules::schedule).toList(),
                page.hasNextCursor() ? page.getNextCursor() : null);
    }

    ScheduleInfo edit(UUID id, long version, ScheduleSpec spec) {
        return one(
                PulseServiceGrpc.getUpdateScheduleMethod(),
                Wire.UpdateScheduleRequest.newBuilder()
                        .setId(id.toString())
                        .setVersion(version)
                        .setSchedule(WireSchedules.spec(spec))
                        .build());
    }

    ScheduleInfo pause(UUID id, @Nullable String reason) {
        Wire.PauseScheduleRequest.Builder request =
                Wire.PauseScheduleRequest.newBuilder().setId(id.toString());
        if (reason != null) {
            request.setReason(reason);
        }
        return one(PulseServiceGrpc.getPauseScheduleMethod(), request.build());
    }

    ScheduleInfo resume(UUID id) {
        return one(
                PulseServiceGrpc.getResumeScheduleMethod(),
                Wire.ResumeScheduleRequest.newBuilder().setId(id.toString()).build());
    }

    UUID runNow(UUID id) {
        Wire.RunScheduleNowResponse fired = call(
                PulseServiceGrpc.getRunScheduleNowMethod(),
                Wire.RunScheduleNowRequest.newBuilder().setId(id.toString()).build());
        return WireValues.id("job_id", fired.getJobId());
    }

    void delete(UUID id) {
        call(
                PulseServiceGrpc.getDeleteScheduleMethod(),
                Wire.DeleteScheduleRequest.newBuilder().setId(id.toString()).build());
    }

    FirePage fires(UUID id, int limit, @Nullable String cursor) {
        Wire.ListScheduleFiresRequest.Builder request =
                Wire.ListScheduleFiresRequest.newBuilder().setId(id.toString()).setLimit(limit);
        if (cursor != null) {
            request.setCursor(cursor);
        }
        Wire.ListScheduleFiresResponse page = call(PulseServiceGrpc.getListScheduleFiresMethod(), request.build());
        return new FirePage(
                page.getItemsList().stream().map(WireSchedules::fire).toList(),
                page.hasNextCursor() ? page.getNextCursor() : null);
    }

    SchedulePreview preview(Timing timing, @Nullable Instant from, int count) {
        Wire.PreviewScheduleRequest.Builder request = Wire.PreviewScheduleRequest.newBuilder()
                .setTiming(WireSchedules.timing(timing))
                .setCount(count);
        if (from != null) {
            request.setFrom(WireValues.timestamp(from));
        }
        return WireSchedules.preview(call(PulseServiceGrpc.getPreviewScheduleMethod(), request.build()));
    }

    List<ScheduleInfo> declare(String by, List<ScheduleSpec> specs) {
        Wire.DeclareSchedulesRequest.Builder request =
                Wire.DeclareSchedulesRequest.newBuilder().setDeclaredBy(by);
        specs.forEach(spec -> request.addSchedules(WireSchedules.spec(spec)));
        return call(PulseServiceGrpc.getDeclareSchedulesMethod(), request.build()).getMissingList().stream()
                .map(WireSchedules::schedule)
                .toList();
    }

    private <Q> ScheduleInfo one(MethodDescriptor<Q, Wire.Schedule> method, Q request) {
        return WireSchedules.schedule(call(method, request));
    }

    private <Q, A> A call(MethodDescriptor<Q, A> method, Q request) {
        return calls.call(method, request, timeout);
    }
}
