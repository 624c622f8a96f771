package dev.pulse.cli;

import dev.pulse.client.PulseClient;
import dev.pulse.json.JobJson;
import dev.pulse.model.JobFilter;
import dev.pulse.model.JobPage;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** One page of the jobs that a schedule made, newest first. */
@Command(name = "jobs", description = "List the jobs that it made, newest first.")
final class SchedulesJobsCommand implements Callable<Integer> {
    private final Shell shell;

    @Spec
    private CommandSpec spec;

    @Mixin
    private Remote remote = new Remote();

    @Mixin
    private Json json = new Json();

    @Mixin
    private ScheduleWord word = new ScheduleWord();

    @Mixin
    private Filter filter = new Filter();

    @Option(names = "--limit", paramLabel = "N", defaultValue = "50", description = "1 to 1000; default 50.")
    private int limit;

    @Option(names = "--cursor", paramLabel = "CURSOR", description = "Go on where a page before ended.")
    private @Nullable String cursor;

    @SuppressWarnings("NullAway.Init") // picocli sets the specification
    SchedulesJobsCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() {
        JobFilter wanted = filter.value();
        if (wanted.scheduleId() != null) {
            throw new ParameterException(spec.commandLine(), "Name the schedule once, without --schedule");
        }
        try (PulseClient client = remote.connect(shell)) {
            JobPage page = client.list(wanted.ofSchedule(word.find(client).id()), limit, cursor);
            if (json.wanted()) {
                Json.print(shell.out(), JobJson.page(page));
            } else {
                JobsListCommand.print(shell, page);
            }
            return Exit.OK;
        }
    }
}
