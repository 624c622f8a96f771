package dev.pulse.cli;

import dev.pulse.json.Rfc3339;
import dev.pulse.model.BundleStatus;
import dev.pulse.model.Durations;
import dev.pulse.model.EventCursor;
import dev.pulse.model.EventKind;
import dev.pulse.model.Ids;
import dev.pulse.model.JobStatus;
import dev.pulse.model.ScheduleStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.UUID;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.TypeConversionException;

/** How the texts of options become values; every refusal says what is allowed. */
final class Values {
    private Values() {}

    static void registerOn(CommandLine line) {
        line.registerConverter(Duration.class, Values::duration);
        line.registerConverter(JobStatus.class, Values::status);
        line.registerConverter(BundleStatus.class, Values::bundleStatus);
        line.registerConverter(ScheduleStatus.class, Values::scheduleStatus);
        line.registerConverter(UUID.class, Values::id);
        line.registerConverter(Instant.class, Values::instant);
        line.registerConverter(EventKind.class, Values::eventKind);
        line.registerConverter(EventCursor.class, Values::eventCursor);
    }

    static Duration duration(String text) {
        try {
            return Durations.parse(text);
        } catch (IllegalArgumentException e) {
            throw new TypeConversionException(String.valueOf(e.getMessage()));
        }
    }

    static JobStatus status(String text) {
        return Arrays.stream(JobStatus.values())
                .filter(status -> status.wireName().equalsIgnoreCase(text))
                .findFirst()
                .orElseThrow(() -> new TypeConversionException("no status \"" + text + "\"; one of "
                        + Arrays.stream(JobStatus.values())
                                .map(JobStatus::wireName)
                                .collect(Collectors.joining(", "))));
    }

    static EventKind eventKind(String text) {
        return EventKind.fromWire(text)
                .orElseThrow(() -> new TypeConversionException("no kind of event \"" + text + "\"; one of "
                        + Arrays.stream(EventKind.values())
                                .map(EventKind::wireName)
                                .collect(Collectors.joining(", "))));
    }

    static EventCursor eventCursor(String text) {
        return EventCursor.parse(text)
                .orElseThrow(() -> new TypeConversionException(
                        "not the id of an event: \"" + text + "\"; ids are as pulse events prints them"));
    }

    static BundleStatus bundleStatus(String text) {
        return BundleStatus.fromWire(text)
                .orElseThrow(() -> new TypeConversionException(
                        "no status \"" + text + "\"; one of open, completed, failed, canceled"));
    }

    static ScheduleStatus scheduleStatus(String text) {
        return ScheduleStatus.fromWire(text)
                .orElseThrow(() -> new TypeConversionException(
                        "no status \"" + text + "\"; one of active, paused, parked, ended"));
    }

    static UUID id(String text) {
        return Ids.parse(text)
                .orElseThrow(() -> new TypeConversionException(
                        "not an id: \"" + text + "\"; ids are UUIDs as pulse submit and pulse jobs list print them"));
    }

    static Instant instant(String text) {
        try {
            return Rfc3339.parse(text);
        } catch (IllegalArgumentException e) {
            throw new TypeConversionException(String.valueOf(e.getMessage()));
        }
    }
}
