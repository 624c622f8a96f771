package dev.pulse.cli;

import dev.pulse.client.PulseClient;
import dev.pulse.json.ScheduleJson;
import dev.pulse.model.Fire;
import dev.pulse.model.FirePage;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** One page of what a schedule fired, the latest occurrence first. */
@Command(name = "fires", description = "List the occurrences that made jobs, the latest first.")
final class SchedulesFiresCommand implements Callable<Integer> {
    private final Shell shell;

    @Mixin
    private Remote remote = new Remote();

    @Mixin
    private Json json = new Json();

    @Mixin
    private ScheduleWord word = new ScheduleWord();

    @Option(names = "--limit", paramLabel = "N", defaultValue = "50", description = "1 to 1000; default 50.")
    private int limit;

    @Option(names = "--cursor", paramLabel = "CURSOR", description = "Go on where a page before ended.")
    private @Nullable String cursor;

    SchedulesFiresCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() {
        try (PulseClient client = remote.connect(shell)) {
            FirePage page = client.listFires(word.find(client).id(), limit, cursor);
            if (json.wanted()) {
                Json.print(shell.out(), ScheduleJson.fires(page));
            } else {
                print(page);
            }
            return Exit.OK;
        }
    }

    private void print(FirePage page) {
        Table table = new Table("OCCURRENCE", "LAG_MS", "JOB", "COALESCED", "BY");
        for (Fire fire : page.items()) {
            table.row(
                    fire.occurrence(),
                    fire.lag().toMillis(),
                    fire.jobId(),
                    fire.coalesced(),
                    fire.manual() ? "hand" : "rule");
        }
        table.print(shell);
        SchedulesCommand.more(shell, page.nextCursor());
    }
}
