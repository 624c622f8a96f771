package dev.pulse.cli;

import dev.pulse.client.PulseClient;
import dev.pulse.json.JobJson;
import dev.pulse.model.BulkAction;
import dev.pulse.model.BulkResult;
import dev.pulse.model.Job;
import dev.pulse.model.JobFilter;
import dev.pulse.model.JobStatus;
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
 * Cancels, requeues or deletes one job, or all that match a filter. Many at once need {@code --all} and a yes; without
 * it the command tells how many it would be and changes nothing.
 */
@Command
final class JobsActCommand implements Callable<Integer> {
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
            case DELETE -> {
                client.delete(job);
                shell.out().println(job + " deleted");
            }
        }
        return Exit.OK;
    }

    private int many(PulseClient client, JobFilter matching) {
        if (dryRun || yes) {
            print(client.bulk(act, matching, dryRun));
            return Exit.OK;
        }
        long matched = client.bulk(act, matching, true).matched();
        throw usage(matched + " jobs match; nothing was changed. Give --yes to go on");
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
            Json.print(shell.out(), JobJson.bulk(result.matched(), result.changed()));
        } else {
            shell.out().println("matched " + result.matched() + ", changed " + result.changed());
        }
    }

    private ParameterException usage(String message) {
        return new ParameterException(spec.commandLine(), message);
    }
}
