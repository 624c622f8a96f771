package dev.pulse.cli;

import dev.pulse.client.PulseClient;
import dev.pulse.json.ThroughputJson;
import dev.pulse.model.Throughput;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What happened over time. */
@Command(name = "throughput", description = "Show what was completed, dead-lettered and retried over time.")
final class ThroughputCommand implements Callable<Integer> {
    private final Shell shell;

    @Mixin
    private Remote remote = new Remote();

    @Mixin
    private Json json = new Json();

    @Option(
            names = "--window",
            paramLabel = "DURATION",
            defaultValue = "1h",
            description = "How far back, at most 366d; default ${DEFAULT-VALUE}.")
    private Duration window = Throughput.DEFAULT_WINDOW;

    @Option(
            names = "--bucket",
            paramLabel = "DURATION",
            defaultValue = "1m",
            description = "The length of each line, whole minutes; default ${DEFAULT-VALUE}.")
    private Duration bucket = Throughput.DEFAULT_BUCKET;

    ThroughputCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() {
        try (PulseClient client = remote.connect(shell)) {
            Throughput throughput = client.throughput(window, bucket);
            if (json.wanted()) {
                Json.print(shell.out(), ThroughputJson.throughput(throughput));
                return Exit.OK;
            }
            Table table = new Table("START", "COMPLETED", "DEAD", "RETRIED");
            throughput
                    .buckets()
                    .forEach(line -> table.row(line.start(), line.completed(), line.deadLettered(), line.retried()));
            table.print(shell);
            return Exit.OK;
        }
    }
}
