package dev.pulse.server;

import dev.pulse.json.ListQuery;
import dev.pulse.model.ErrorCode;
import dev.pulse.model.FirePage;
import dev.pulse.model.IdSource;
import dev.pulse.model.Limits;
import dev.pulse.model.PulseException;
import dev.pulse.model.ScheduleFilter;
import dev.pulse.model.ScheduleInfo;
import dev.pulse.model.SchedulePage;
import dev.pulse.model.ScheduleSpec;
import dev.pulse.model.Violation;
import dev.pulse.protocol.WireSchedules;
import dev.pulse.protocol.WireValues;
import dev.pulse.protocol.v1.Wire;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the gRPC door does with schedules; called where blocking is allowed. A schedule is named by its id or its name. */
final class ScheduleCalls {
    private static final int DEFAULT_COUNT = 10;
    private static final int MOST_DECLARED = 1_000;
    /** A page above this is asked for again with fewer schedules: clients bound what they take. */
    private static final int MAX_PAGE_BYTES = 3 << 20;

    private final Desks desks;
    private final Limits limits;
    private final IdSource ids;

    ScheduleCalls(Desks desks, Limits limits, IdSource ids) {
        this.desks = desks;
        this.limits = limits;
        this.ids = ids;
    }

    Wire.Schedule create(Wire.CreateScheduleRequest request) {
        ScheduleSpec spec = ScheduleMessages.spec(request.getSchedule(), limits, ids);
        return WireSchedules.schedule(schedules().create(spec));
    }

    Wire.Schedule update(Wire.UpdateScheduleRequest request) {
        if (!request.hasVersion()) {
            throw PulseException.invalid("version", "is required: the version of the schedule that was read");
        }
        ScheduleSpec spec = ScheduleMessages.spec(request.getSchedule(), limits, ids);
        return WireSchedules.schedule(schedules().edit(request.getId(), request.getVersion(), unused -> spec));
    }

    Wire.Schedule get(Wire.GetScheduleRequest request) {
        return WireSchedules.schedule(schedules().require(request.getId()));
    }

    Wire.Schedule pause(Wire.PauseScheduleRequest request) {
        String reason = request.hasReason() ? request.getReason() : null;
        return WireSchedules.schedule(schedules().pause(request.getId(), reason));
    }

    Wire.Schedule resume(Wire.ResumeScheduleRequest request) {
        return WireSchedules.schedule(schedules().resume(request.getId()));
    }

    Wire.RunScheduleNowResponse runNow(Wire.RunScheduleNowRequest request) {
        ScheduleDesk.Fired fired = schedules().runNow(request.getId());
        return Wire.RunScheduleNowResponse.newBuilder()
                .setScheduleId(fired.schedule().toString())
                .setJobId(fired.job().toString())
                .build();
    }

    Wire.DeleteScheduleResponse delete(Wire.DeleteScheduleRequest request) {
        ScheduleInfo unused = schedules().delete(request.getId());
        return Wire.DeleteScheduleResponse.getDefaultInstance();
    }

    Wire.PreviewScheduleResponse preview(Wire.PreviewScheduleRequest request) {
        Instant from = request.hasFrom() ? WireValues.instant("from", request.getFrom()) : null;
        int count = request.hasCount() ? request.getCount() : DEFAULT_COUNT;
        return WireSchedules.preview(schedules().preview(ScheduleMessages.timing(request.getTiming()), from, count));
    }

    Wire.ListSchedulesResponse list(Wire.ListSchedulesRequest request) {
        return page(
                WireSchedules.filter(request),
                limit(request.hasLimit(), request.getLimit()),
                request.hasCursor() ? request.getCursor() : null);
    }

    private Wire.ListSchedulesResponse page(ScheduleFilter filter, int limit, @Nullable String cursor) {
        SchedulePage page = schedules().list(filter, limit, cursor);
        Wire.ListSchedulesResponse.Builder response = Wire.ListSchedulesResponse.newBuilder();
        int bytes = 0;
        for (ScheduleInfo schedule : page.items()) {
            Wire.Schedule item = WireSchedules.schedule(schedule);
            bytes += item.getSerializedSize();
            if (bytes > MAX_PAGE_BYTES && response.getItemsCount() > 0) {
                return page(filter, response.getItemsCount(), cursor);
            }
            response.addItems(item);
        }
        if (page.nextCursor() != null) {
            response.setNextCursor(page.nextCursor());
        }
        return response.build();
    }

    Wire.ListScheduleFiresResponse fires(Wire.ListScheduleFiresRequest request) {
        FirePage page = schedules()
                .fires(
                        request.getId(),
                        limit(request.hasLimit(), request.getLimit()),
                        request.hasCursor() ? request.getCursor() : null);
        Wire.ListScheduleFiresResponse.Builder response = Wire.ListScheduleFiresResponse.newBuilder();
        page.items().forEach(fire -> response.addItems(WireSchedules.fire(fire)));
        if (page.nextCursor() != null) {
            response.setNextCursor(page.nextCursor());
        }
        return response.build();
    }

    Wire.DeclareSchedulesResponse declare(Wire.DeclareSchedulesRequest request) {
        requireApplication(request.getDeclaredBy());
        Wire.DeclareSchedulesResponse.Builder response = Wire.DeclareSchedulesResponse.newBuilder();
        schedules()
                .declare(request.getDeclaredBy(), declared(request.getSchedulesList()))
                .forEach(missing -> response.addMissing(WireSchedules.schedule(missing)));
        return response.build();
    }

    private static void requireApplication(String name) {
        int length = name.codePointCount(0, name.length());
        if (length < 1 || length > Limits.MAX_ORIGIN || name.indexOf('\u0000') >= 0) {
            throw PulseException.invalid(
                    "declared_by", "1 to " + Limits.MAX_ORIGIN + " characters are allowed: the application's name");
        }
    }

    private List<ScheduleSpec> declared(List<Wire.ScheduleSpec> messages) {
        if (messages.size() > MOST_DECLARED) {
            throw new PulseException(
                    ErrorCode.TOO_MANY_ITEMS, "schedules: " + messages.size() + ", at most " + MOST_DECLARED);
        }
        List<ScheduleSpec> specs = new ArrayList<>();
        List<Violation> faults = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (int i = 0; i < messages.size(); i++) {
            // By its name, as the engine names it, because code that declares it knows no number.
            String name = messages.get(i).getName();
            String path = "schedules[" + (Limits.NAME.matcher(name).matches() ? name : i) + "].";
            try {
                ScheduleSpec spec = ScheduleMessages.spec(messages.get(i), limits, ids);
                specs.add(spec);
                if (spec.name() == null) {
                    faults.add(new Violation(path + "name", "is required: a declared schedule is known by it"));
                } else if (!names.add(spec.name())) {
                    faults.add(new Violation(path + "name", "is declared twice"));
                }
            } catch (PulseException e) {
                e.violations().forEach(fault -> faults.add(new Violation(path + fault.field(), fault.message())));
            }
        }
        if (!faults.isEmpty()) {
            throw PulseException.invalid(faults);
        }
        return specs;
    }

    private ScheduleDesk schedules() {
        return desks.current().schedules();
    }

    static int limit(boolean given, int wanted) {
        int limit = given ? wanted : ListQuery.DEFAULT_LIMIT;
        if (limit < ListQuery.MIN_LIMIT || limit > ListQuery.MAX_LIMIT) {
            throw PulseException.invalid(
                    "limit", ListQuery.MIN_LIMIT + " to " + ListQuery.MAX_LIMIT + " are allowed, got " + limit);
        }
        return limit;
    }
}
