package dev.pulse.cli;

import dev.pulse.json.Rfc3339;
import dev.pulse.model.Durations;
import dev.pulse.model.Timing;
import dev.pulse.schedules.TimingDraft;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** When a schedule fires. The texts are kept as they are, so that all that is wrong with them is told at once. */
final class TimingOptions {
    @Option(
            names = "--cron",
            paramLabel = "RULE",
            description = "5 fields, or 6 with seconds first, or @daily and kin.")
    private @Nullable String cron;

    @Option(names = "--every", paramLabel = "DURATION", description = "Again and again: 90s, 5m, 1h30m; 1s or more.")
    private @Nullable String every;

    @Option(names = "--at", paramLabel = "TIME", description = "Once, then: RFC 3339, as 2026-12-01T07:00:00Z.")
    private @Nullable String at;

    @Option(names = "--after", paramLabel = "DURATION", description = "Once, so long after it is stored.")
    private @Nullable String after;

    @Option(
            names = "--fixed-delay",
            arity = "0..1",
            fallbackValue = "true",
            paramLabel = "BOOL",
            description = "Count --every from the end of the job before.")
    private @Nullable Boolean fixedDelay;

    @Option(names = "--time-zone", paramLabel = "ZONE", description = "For example Europe/Vienna; default UTC.")
    private @Nullable String timeZone;

    @Option(names = "--start", paramLabel = "TIME", description = "The first instant that may be an occurrence.")
    private @Nullable String start;

    @Option(names = "--end", paramLabel = "TIME", description = "The first instant that may not.")
    private @Nullable String end;

    @Option(
            names = "--jitter",
            paramLabel = "DURATION",
            description = "Each job starts at a moment of its own within so long after its occurrence; at most 24h.")
    private @Nullable String jitter;

    @Option(
            names = "--exclude-day",
            paramLabel = "DATE",
            split = ",",
            description = "A day without occurrences, as 2027-12-24; repeat for several, at most " + Timing.MAX_EXCLUDED
                    + ".")
    private List<String> excludedDays = new ArrayList<>();

    void fill(TimingDraft draft) {
        given(cron, draft::cron);
        parsed("every", every, Durations::parse, draft::every, draft);
        parsed("at", at, Rfc3339::parse, draft::at, draft);
        parsed("after", after, Durations::parse, draft::after, draft);
        given(fixedDelay, draft::fixedDelay);
        given(timeZone, draft::zone);
        parsed("start", start, Rfc3339::parse, draft::start, draft);
        parsed("end", end, Rfc3339::parse, draft::end, draft);
        parsed("jitter", jitter, Durations::parse, draft::jitter, draft);
        if (!excludedDays.isEmpty()) {
            draft.excluded(excludedDays);
        }
    }

    static <T> void given(@Nullable T value, Consumer<T> set) {
        if (value != null) {
            set.accept(value);
        }
    }

    private static <T> void parsed(
            String field, @Nullable String text, Function<String, T> reading, Consumer<T> set, TimingDraft draft) {
        if (text == null) {
            return;
        }
        T value;
        try {
            value = reading.apply(text);
        } catch (IllegalArgumentException e) {
            draft.violation(field, String.valueOf(e.getMessage()));
            return;
        }
        set.accept(value);
    }
}
