package dev.pulse.cli;

import dev.pulse.client.PulseClient;
import dev.pulse.json.JobJson;
import dev.pulse.model.Job;
import dev.pulse.model.JobFacts;
import dev.pulse.model.JobPage;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** One page of jobs, newest first. */
@Command(name = "list", description = "List jobs, newest first.")
final class JobsListCommand implements Callable<Integer> {
    private final Shell shell;

    @Mixin
    private Remote remote = new Remote();

    @Mixin
    private Json json = new Json();

    @Mixin
    private Filter filter = new Filter();

    @Option(names = "--limit", paramLabel = "N", defaultValue = "50", description = "1 to 1000; default 50.")
    private int limit;

    @Option(names = "--cursor", paramLabel = "CURSOR", description = "Go on where a page before ended.")
    private @Nullable String cursor;

    JobsListCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() {
        try (PulseClient client = remote.connect(shell)) {
            JobPage page = client.list(filter.value(), limit, cursor);
            if (json.wanted()) {
                Json.print(shell.out(), JobJson.page(page));
            } else {
                print(shell, page);
            }
            return Exit.OK;
        }
    }

    /** The table of a page, and how the next one is had. */
    static void print(Shell shell, JobPage page) {
        Table table = new Table("ID", "TYPE", "STATUS", "PRIO", "ATTEMPTS", "SUBMITTED", "ERROR");
        for (Job job : page.items()) {
            JobFacts facts = job.facts();
            table.row(
                    facts.id(),
                    facts.type(),
                    job.status().wireName(),
                    facts.priority(),
                    job.attempt() + "/" + facts.policy().maxAttempts(),
                    facts.createdAt().truncatedTo(ChronoUnit.SECONDS),
                    error(job));
        }
        table.print(shell);
        if (page.nextCursor() != null) {
            shell.out().flush();
            shell.err().println("pulse: more with --cursor " + page.nextCursor());
        }
    }

    private static String error(Job job) {
        return job.error() == null ? "" : job.error().message();
    }
}
