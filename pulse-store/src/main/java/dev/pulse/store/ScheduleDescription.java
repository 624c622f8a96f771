package dev.pulse.store;

import dev.pulse.model.Durations;
import dev.pulse.model.Pause;
import dev.pulse.model.ScheduleInfo;
import dev.pulse.model.ScheduleRule;
import dev.pulse.model.Timing;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;

/** A schedule as the audit log tells it: what a person can change. Payloads are left out. */
public final class ScheduleDescription {
    private ScheduleDescription() {}

    public static Map<String, String> of(ScheduleInfo schedule) {
        Map<String, String> parts = new TreeMap<>();
        Timing timing = schedule.spec().timing();
        parts.put("status", schedule.status().wireName());
        parts.put("version", String.valueOf(schedule.version()));
        parts.put("type", schedule.spec().job().type());
        parts.put("queue", schedule.spec().job().queue());
        parts.put("rule", rule(timing.rule()));
        parts.put("time_zone", timing.zone());
        parts.put("misfire", schedule.spec().misfire().policy().wireName());
        parts.put("overlap", schedule.spec().overlap().wireName());
        String name = schedule.spec().name();
        if (name != null) {
            parts.put("name", name);
        }
        Pause pause = schedule.pause();
        if (pause != null && pause.reason() != null) {
            parts.put("reason", pause.reason());
        }
        return parts;
    }

    private static String rule(ScheduleRule rule) {
        return switch (rule) {
            case ScheduleRule.At(Instant at) -> "at " + at;
            case ScheduleRule.After(Duration delay) -> "after " + Durations.format(delay);
            case ScheduleRule.Every(Duration period, ScheduleRule.Pace pace) ->
                "every " + Durations.format(period)
                        + (pace == ScheduleRule.Pace.FIXED_DELAY ? " after the end of the one before" : "");
            case ScheduleRule.Cron(String expression) -> "cron " + expression;
        };
    }
}
