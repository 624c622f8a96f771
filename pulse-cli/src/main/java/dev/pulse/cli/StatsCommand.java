package dev.pulse.cli;

import dev.pulse.client.PulseClient;
import dev.pulse.json.JobJson;
import dev.pulse.model.Durations;
import dev.pulse.model.JobCounts;
import dev.pulse.model.JobStatus;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** How many jobs stand where, per type. */
@Command(name = "stats", description = "Count the jobs by type and status.")
final class StatsCommand implements Callable<Integer> {
    private final Shell shell;

    @Mixin
    private Remote remote = new Remote();

    @Mixin
    private Json json = new Json();

    @Option(names = "--watch", description = "Show it again and again until interrupted.")
    private boolean watch;

    @Option(
            names = "--interval",
            paramLabel = "DURATION",
            defaultValue = "2s",
            description = "With --watch: how often; default ${DEFAULT-VALUE}.")
    private Duration interval = Duration.ofSeconds(2);

    StatsCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    @SuppressWarnings("BusyWait") // a person's screen is refreshed by the clock, there is no event to wait for
    public Integer call() throws InterruptedException {
        try (PulseClient client = remote.connect(shell)) {
            if (watch && !json.wanted() && shell.terminal().able()) {
                Screen screen = new Screen(shell);
                while (!shell.pipeClosed()) {
                    Terminal now = shell.terminal().measured();
                    screen.show(lines(client.counts(), now), now);
                    Thread.sleep(interval);
                }
                return Exit.OK;
            }
            print(client.counts());
            while (watch && !shell.pipeClosed()) {
                Thread.sleep(interval);
                shell.out().println();
                print(client.counts());
            }
            return Exit.OK;
        }
    }

    private void print(JobCounts counts) {
        if (json.wanted()) {
            Json.print(shell.out(), JobJson.counts(counts));
        } else {
            Table.print(shell.out(), lines(counts, shell.terminal()));
        }
    }

    private List<String> lines(JobCounts counts, Terminal terminal) {
        Table table = new Table("TYPE", "PENDING", "SCHEDULED", "RUNNING", "RETRYING", "COMPLETED", "DEAD", "CANCELED");
        counts.byType().forEach((type, numbers) -> row(table, type, numbers));
        row(table, "TOTAL", counts.total());
        List<String> lines = table.lines(terminal, shell.clock().instant());
        lines.add("oldest waiting job: " + oldest(counts));
        return lines;
    }

    private String oldest(JobCounts counts) {
        Duration age = counts.oldestPending();
        if (age == null) {
            return "none";
        }
        String since = shell.clock()
                .instant()
                .minus(age)
                .truncatedTo(ChronoUnit.SECONDS)
                .toString();
        return since + " (" + Durations.format(age.truncatedTo(ChronoUnit.SECONDS)) + ")";
    }

    private static void row(Table table, String type, Map<JobStatus, Long> counts) {
        table.row(
                type,
                of(counts, JobStatus.PENDING),
                of(counts, JobStatus.SCHEDULED),
                of(counts, JobStatus.RUNNING),
                of(counts, JobStatus.RETRYING),
                of(counts, JobStatus.COMPLETED),
                of(counts, JobStatus.DEAD_LETTERED),
                of(counts, JobStatus.CANCELED));
    }

    private static long of(Map<JobStatus, Long> counts, JobStatus status) {
        return counts.getOrDefault(status, 0L);
    }
}
