package dev.pulse.embedded;

import dev.pulse.engine.Schedules;
import dev.pulse.model.Caller;
import dev.pulse.model.ErrorCode;
import dev.pulse.model.FirePage;
import dev.pulse.model.Limits;
import dev.pulse.model.Misfire;
import dev.pulse.model.PulseException;
import dev.pulse.model.ScheduleFilter;
import dev.pulse.model.ScheduleInfo;
import dev.pulse.model.SchedulePage;
import dev.pulse.model.SchedulePreview;
import dev.pulse.model.ScheduleSpec;
import dev.pulse.model.Timing;
import dev.pulse.model.Violation;
import dev.pulse.sdk.ScheduleClient;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Schedules as their owners see them, over an engine in the same process; on the caller's thread. */
final class EngineSchedules implements ScheduleClient {
    private static final int MAX_PAGE = 1_000;
    private static final int MAX_DECLARED = 1_000;
    private static final int MAX_APPLICATION = 100;

    private final Schedules schedules;
    private final Caller caller;
    private final EngineJobs checks;

    EngineSchedules(Schedules schedules, String actor, EngineJobs checks) {
        this.schedules = schedules;
        this.caller = new Caller(actor, EngineJobs.ADDRESS);
        this.checks = checks;
    }

    @Override
    public ScheduleInfo createSchedule(ScheduleSpec spec) {
        check(spec);
        return schedules.create(spec, caller);
    }

    /** What a server's doors check while they read, this door checks, too. */
    private void check(ScheduleSpec spec) {
        List<Violation> faults = new ArrayList<>();
        String name = spec.name();
        if (name != null && !Limits.NAME.matcher(name).matches()) {
            faults.add(new Violation(
                    "name", "1 to " + Limits.MAX_NAME + " of A-Z a-z 0-9 . _ : - are allowed, got \"" + name + "\""));
        }
        Misfire misfire = spec.misfire();
        if (misfire.limit() < 1 || misfire.limit() > Misfire.MOST_JOBS) {
            faults.add(new Violation(
                    "misfire_limit", "1 to " + Misfire.MOST_JOBS + " are allowed, got " + misfire.limit()));
        }
        Double rate = misfire.rate();
        if (rate != null && !(rate > 0 && rate <= Misfire.MOST_RATE)) {
            faults.add(new Violation("misfire_rate", "above 0 to " + Misfire.MOST_RATE + " are allowed, got " + rate));
        }
        if (!faults.isEmpty()) {
            throw PulseException.invalid(faults);
        }
        checks.check("", List.of(spec.job()));
    }

    @Override
    public Optional<ScheduleInfo> findSchedule(UUID id) {
        return schedules.find(id);
    }

    @Override
    public SchedulePage listSchedules(ScheduleFilter filter, int limit, @Nullable String cursor) {
        checkPage(limit);
        return schedules.list(filter, limit, cursor);
    }

    private static void checkPage(int limit) {
        if (limit < 1 || limit > MAX_PAGE) {
            throw PulseException.invalid("limit", "1 to " + MAX_PAGE + " are allowed, got " + limit);
        }
    }

    @Override
    public ScheduleInfo editSchedule(UUID id, long version, ScheduleSpec spec) {
        check(spec);
        return schedules.edit(id, version, old -> spec, caller);
    }

    @Override
    public ScheduleInfo pauseSchedule(UUID id, @Nullable String reason) {
        return schedules.pause(id, reason, caller);
    }

    @Override
    public ScheduleInfo resumeSchedule(UUID id) {
        return schedules.resume(id, caller);
    }

    @Override
    public UUID runScheduleNow(UUID id) {
        return schedules.runNow(id, caller);
    }

    @Override
    public void deleteSchedule(UUID id) {
        schedules.delete(id, caller);
    }

    @Override
    public FirePage listFires(UUID id, int limit, @Nullable String cursor) {
        checkPage(limit);
        return schedules.fires(id, limit, cursor);
    }

    @Override
    public SchedulePreview previewSchedule(Timing timing, @Nullable Instant from, int count) {
        return schedules.preview(timing, from, count);
    }

    @Override
    public List<ScheduleInfo> declareSchedules(String by, List<ScheduleSpec> specs) {
        if (by.isBlank() || by.length() > MAX_APPLICATION || by.chars().anyMatch(Character::isISOControl)) {
            throw PulseException.invalid(
                    "by", "1 to " + MAX_APPLICATION + " characters without control characters are allowed");
        }
        if (specs.size() > MAX_DECLARED) {
            throw new PulseException(
                    ErrorCode.TOO_MANY_ITEMS,
                    "schedules: " + specs.size() + ", at most " + MAX_DECLARED + " in one application");
        }
        Set<String> names = new HashSet<>();
        for (ScheduleSpec spec : specs) {
            String name = spec.name();
            if (name == null || !names.add(name)) {
                throw PulseException.invalid(
                        "name", name == null ? "a declared schedule has one" : "\"" + name + "\" is declared twice");
            }
            try {
                check(spec);
            } catch (PulseException e) {
                throw e.within("schedules[" + name + "].");
            }
        }
        return schedules.declare(by, specs, caller);
    }
}
