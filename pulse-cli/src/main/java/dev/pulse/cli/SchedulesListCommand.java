package dev.pulse.cli;

import dev.pulse.client.PulseClient;
import dev.pulse.json.ScheduleJson;
import dev.pulse.model.ScheduleFilter;
import dev.pulse.model.ScheduleInfo;
import dev.pulse.model.SchedulePage;
import dev.pulse.model.ScheduleStatus;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** One page of schedules, newest first. */
@Command(name = "list", description = "List schedules, newest first.")
final class SchedulesListCommand implements Callable<Integer> {
    private final Shell shell;

    @Mixin
    private Remote remote = new Remote();

    @Mixin
    private Json json = new Json();

    @Option(
            names = "--status",
            paramLabel = "STATUS",
            completionCandidates = Candidates.ScheduleStatuses.class,
            description = "active, paused, parked or ended.")
    private @Nullable ScheduleStatus status;

    @Option(
            names = {"--type", "--topic"},
            paramLabel = "TYPE",
            description = "Those of jobs of this type.")
    private @Nullable String type;

    @Option(names = "--queue", paramLabel = "QUEUE", description = "Those of jobs in this queue.")
    private @Nullable String queue;

    @Option(names = "--name", paramLabel = "NAME", description = "The one of this name.")
    private @Nullable String name;

    @Option(names = "--limit", paramLabel = "N", defaultValue = "50", description = "1 to 1000; default 50.")
    private int limit;

    @Option(names = "--cursor", paramLabel = "CURSOR", description = "Go on where a page before ended.")
    private @Nullable String cursor;

    SchedulesListCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() {
        try (PulseClient client = remote.connect(shell)) {
            SchedulePage page = client.listSchedules(new ScheduleFilter(status, type, queue, name), limit, cursor);
            if (json.wanted()) {
                Json.print(shell.out(), ScheduleJson.page(page));
            } else {
                print(page);
            }
            return Exit.OK;
        }
    }

    private void print(SchedulePage page) {
        Table table = new Table("ID", "NAME", "TYPE", "STATUS", "NEXT", "FIRED", "RULE");
        for (ScheduleInfo schedule : page.items()) {
            String scheduleName = schedule.spec().name();
            table.row(
                    schedule.id(),
                    scheduleName == null ? "-" : scheduleName,
                    schedule.spec().job().type(),
                    schedule.status().wireName(),
                    shown(schedule.nextAt()),
                    schedule.counts().fired(),
                    ScheduleJson.words(schedule));
        }
        table.print(shell);
        SchedulesCommand.more(shell, page.nextCursor());
    }

    private static Object shown(@Nullable Instant next) {
        return next == null ? "-" : next.truncatedTo(ChronoUnit.SECONDS);
    }
}
