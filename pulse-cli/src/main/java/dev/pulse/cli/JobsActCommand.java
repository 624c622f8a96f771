package dev.pulse.cli;

import dev.pulse.client.PulseClient;
import dev.pulse.json.JobJson;
import dev.pulse.json.OperatorJson;
import dev.pulse.model.BulkAction;
import dev.pulse.model.BulkResult;
import dev.pulse.model.Job;
import dev.pulse.model.JobFilter;
import dev.pulse.model.JobStatus;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * Cancels, requeues, runs now or deletes one job, or all that match a filter. Many at once need {@code --all} and a yes; without
 * it the command tells how many it would be and changes nothing.
 */
@Command
final class JobsActCommand implements Callable<Integer> {
    /** Beyond it the operation goes on alone. */
    private static final Duration LONGEST_WAIT = Duration.ofDays(1);

    private final Shell shell;
    private final BulkAction act;

    @Spec
    private CommandSpec spec;

    @Mixin
    private Remote remote = new Remote();

    @Mixin
    private Json json = new Json();

    @Mixin
    private Filter filter = new Filter();

    @Parameters(arity = "0..1", paramLabel = "ID", description = "The job's id; or give --all and a filter.")
    private @Nullable UUID id;

    @Option(names = "--all", description = "Every job that matches the filter.")
    private boolean all;

    @Option(names = "--dry-run", description = "With --all: only count.")
    private boolean dryRun;

    @Option(
            names = {"-y", "--yes"},
            description = "With --all: do not ask.")
    private boolean yes;

    @Option(names = "--rate", paramLabel = "N", description = "With --all: at most so many jobs a second.")
    private @Nullable Integer rate;

    @Option(
            names = "--no-wait",
            description = "With --all: print the operation's id at once; pulse bulk get ID tells more.")
    private boolean noWait;

    @SuppressWarnings("NullAway.Init") // picocli sets the specification
    JobsActCommand(Shell shell, BulkAction act) {
        this.shell = shell;
        this.act = act;
    }

    @Override
    public Integer call() {
        JobFilter matching = filter.value();
        if (id != null && (all || !matching.isEmpty())) {
            throw usage("Give an ID or a filter with --all, not both");
        }
        if (id == null && !all) {
            throw usage("Give an ID, or --all with a filter such as --status dead_lettered");
        }
        if (all && matching.isEmpty()) {
            throw usage("--all needs a filter such as --status dead_lettered or --type TYPE");
        }
        try (PulseClient client = remote.connect(shell)) {
            return id == null ? many(client, matching) : one(client, id);
        }
    }

    private int one(PulseClient client, UUID job) {
        switch (act) {
            case CANCEL -> print(client.cancel(job));
            case REQUEUE -> print(client.requeue(job));
            case RUN_NOW -> print(client.runNow(job));
            case DELETE -> {
                client.delete(job);
                shell.out().println(job + " deleted");
            }
        }
        return Exit.OK;
    }

    private int many(PulseClient client, JobFilter matching) {
        if (dryRun || yes) {
            BulkResult result = client.bulk(act, matching, dryRun, rate, noWait ? Duration.ZERO : LONGEST_WAIT);
            print(result);
            return dryRun || result.matched() > 0 || !result.finished() ? Exit.OK : Exit.NOT_FOUND;
        }
        BulkResult counted = client.bulk(act, matching, true);
        throw usage((counted.finished() ? "" : "at least ") + counted.matched()
                + " jobs match; nothing was changed. Give --yes to go on");
    }

    private void print(Job job) {
        if (json.wanted()) {
            Json.print(shell.out(), JobJson.job(job));
        } else {
            shell.out().println(job.facts().id() + " " + said(job.status()));
        }
    }

    /** A running job is canceled by its worker, some time later. */
    private String said(JobStatus status) {
        return act == BulkAction.CANCEL && status == JobStatus.RUNNING
                ? "running, cancel requested"
                : status.wireName();
    }

    private void print(BulkResult result) {
        if (json.wanted()) {
            Json.print(shell.out(), OperatorJson.result(result));
            return;
        }
        String atLeast = dryRun && !result.finished() ? "at least " : "";
        StringBuilder line =
                new StringBuilder("matched " + atLeast + result.matched() + ", changed " + result.changed());
        result.skipped()
                .forEach((reason, count) ->
                        line.append(", ").append(reason).append(' ').append(count));
        shell.out().println(line);
        if (!dryRun && !result.finished()) {
            shell.out().flush();
            shell.err().println("pulse: it goes on; see pulse bulk get " + result.operation());
        }
    }

    private ParameterException usage(String message) {
        return new ParameterException(spec.commandLine(), message);
    }
}
