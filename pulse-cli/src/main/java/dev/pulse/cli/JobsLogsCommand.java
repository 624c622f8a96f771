package dev.pulse.cli;

import dev.pulse.client.PulseClient;
import dev.pulse.json.LogJson;
import dev.pulse.model.JobLog;
import dev.pulse.model.LogLine;
import java.time.Duration;
import java.util.Locale;
import java.util.UUID;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Prints what a job's attempts told of themselves; with --follow, until the job is final. */
@Command(name = "logs", description = "Show the log lines of a job, oldest first.")
final class JobsLogsCommand implements Callable<Integer> {
    private static final int PAGE = 1_000;
    /** How long the wait for the job's end lasts between two looks at its log. */
    private static final Duration LOOK_EVERY = Duration.ofSeconds(1);

    private final Shell shell;

    @Spec
    private CommandSpec spec;

    @Mixin
    private Remote remote = new Remote();

    @Mixin
    private Json json = new Json();

    @Parameters(paramLabel = "ID", description = "The job's id.")
    private UUID id;

    @Option(
            names = {"-f", "--follow"},
            description = "Go on until the job is final.")
    private boolean follow;

    @Option(names = "--after", paramLabel = "N", description = "Only lines after this one, as next_cursor names it.")
    private long after;

    @SuppressWarnings("NullAway.Init") // picocli requires the id
    JobsLogsCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() throws InterruptedException {
        if (after < 0) {
            throw new ParameterException(spec.commandLine(), "--after: 0 or more, got " + after);
        }
        try (PulseClient client = remote.connect(shell)) {
            if (json.wanted()) {
                Json.print(shell.out(), LogJson.log(client.log(id, after, PAGE), after));
                return Exit.OK;
            }
            long lost = print(client);
            if (follow) {
                while (!shell.pipeClosed()
                        && !client.await(id, LOOK_EVERY).status().isFinal()) {
                    print(client);
                }
                // The last lines may be written a moment after the end: servers gather them.
                Thread.sleep(LOOK_EVERY);
                lost = print(client);
            }
            if (lost > 0) {
                shell.err()
                        .println(lost + " lines of the last attempt were too many or came too fast and are not here");
            }
            return Exit.OK;
        }
    }

    /** Prints all that is new, and returns how many lines were lost. */
    private long print(PulseClient client) {
        while (true) {
            JobLog log = client.log(id, after, PAGE);
            log.lines().forEach(this::print);
            if (!log.lines().isEmpty()) {
                after = log.lines().getLast().n();
            }
            if (log.lines().size() < PAGE) {
                return log.lost();
            }
        }
    }

    private void print(LogLine line) {
        shell.out()
                .println(line.at() + " " + line.attempt() + " "
                        + line.level().wireName().toUpperCase(Locale.ROOT) + " " + line.message());
    }
}
