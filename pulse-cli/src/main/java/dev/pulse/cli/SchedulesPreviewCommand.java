package dev.pulse.cli;

import dev.pulse.client.PulseClient;
import dev.pulse.json.ScheduleJson;
import dev.pulse.model.SchedulePreview;
import dev.pulse.model.Timing;
import dev.pulse.schedules.TimingDraft;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The next occurrences of a rule by its own clock, then what may surprise about them. The server computes them. */
@Command(
        name = "preview",
        description = "Show when a rule would fire, and what happens when clocks change; stores nothing.")
final class SchedulesPreviewCommand implements Callable<Integer> {
    private final Shell shell;

    @Mixin
    private Remote remote = new Remote();

    @Mixin
    private Json json = new Json();

    @Mixin
    private TimingOptions options = new TimingOptions();

    @Option(names = "--from", paramLabel = "TIME", description = "After this instant, RFC 3339; default now.")
    private @Nullable Instant from;

    @Option(names = "--count", paramLabel = "N", defaultValue = "10", description = "1 to 1000; default 10.")
    private int count;

    SchedulesPreviewCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() {
        TimingDraft draft = new TimingDraft();
        options.fill(draft);
        Timing timing = draft.build();
        try (PulseClient client = remote.connect(shell)) {
            SchedulePreview preview = client.previewSchedule(timing, from, count);
            if (json.wanted()) {
                Json.print(shell.out(), ScheduleJson.preview(preview));
            } else {
                print(preview, ZoneId.of(timing.zone()));
            }
            return Exit.OK;
        }
    }

    private void print(SchedulePreview preview, ZoneId zone) {
        preview.items()
                .forEach(item -> shell.out().println(DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(item.atZone(zone))));
        shell.out().println("rule: " + Table.oneLine(preview.words()));
        preview.notes().forEach(note -> shell.out().println("note: " + Table.oneLine(note)));
    }
}
