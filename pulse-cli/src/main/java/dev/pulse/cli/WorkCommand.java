package dev.pulse.cli;

import dev.pulse.model.Durations;
import dev.pulse.model.Payload;
import dev.pulse.model.SessionSpec;
import dev.pulse.sdk.JobType;
import dev.pulse.sdk.Pulse;
import dev.pulse.sdk.PulseOptions;
import dev.pulse.sdk.WorkerConfig;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** A worker whose handler is a shell command. */
@Command(
        name = "work",
        description = {
            "Run a shell command for each job of these types.",
            "The payload is on the command's standard input; PULSE_JOB_ID, PULSE_ATTEMPT and PULSE_TYPE are set.",
            "Exit 0 completes the job (output that is JSON becomes its result), 75 retries, 65 dead-letters; anything"
                    + " else fails the attempt with the end of standard error."
        })
final class WorkCommand implements Callable<Integer> {
    private final Shell shell;

    @Spec
    private CommandSpec spec;

    @Mixin
    private Remote remote = new Remote();

    @Parameters(arity = "1..*", paramLabel = "TYPE", description = "The types to work on.")
    private List<String> types = List.of();

    @Option(names = "--exec", required = true, paramLabel = "CMD", description = "Run by /bin/sh -c.")
    private String command;

    @Option(
            names = "--concurrency",
            paramLabel = "N",
            defaultValue = "" + WorkerConfig.DEFAULT_CONCURRENCY,
            description = "Jobs at once; default ${DEFAULT-VALUE}.")
    private int concurrency;

    @Option(
            names = "--queue",
            paramLabel = "QUEUE",
            description = "Take work from this queue only; repeat for several; default all.")
    private Set<String> queues = new LinkedHashSet<>();

    @Option(
            names = "--lease",
            paramLabel = "DURATION",
            description = "How long this worker may be silent before its jobs go to others; default 30s.")
    private Duration lease = SessionSpec.DEFAULT_LEASE;

    @Option(
            names = "--drain-timeout",
            paramLabel = "DURATION",
            description = "How long a stopping worker waits for its commands; default 30s.")
    private Duration drainTimeout = Duration.ofSeconds(30);

    @Option(names = "--name", paramLabel = "NAME", description = "For people; default made of host and process.")
    private @Nullable String name;

    @SuppressWarnings("NullAway.Init") // picocli sets the specification and requires the command
    WorkCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() {
        try (Pulse pulse = connect()) {
            ExecHandler handler = new ExecHandler(new ShellJob(command));
            new LinkedHashSet<>(types).forEach(type -> pulse.handleReturning(jobType(type), handler));
            Signals.drainOn(Thread.ofPlatform().name("drain").unstarted(pulse::close)::start);
            pulse.run();
            return Exit.OK;
        }
    }

    private Pulse connect() {
        try {
            return Pulse.connect(remote.address(shell), remote.credentials(shell), this::configure);
        } catch (IllegalArgumentException e) {
            throw usage(e);
        }
    }

    private void configure(PulseOptions options) {
        options.concurrency(concurrency)
                .queues(queues.toArray(String[]::new))
                .leaseTtl(lease)
                .drainTimeout(drainTimeout)
                .listener(new WorkLog(shell, String.join(" ", types) + ", lease " + Durations.format(lease)));
        if (name != null) {
            options.name(name);
        }
    }

    private JobType<Payload> jobType(String type) {
        try {
            return JobType.of(type);
        } catch (IllegalArgumentException e) {
            throw usage(e);
        }
    }

    private ParameterException usage(IllegalArgumentException e) {
        return new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()));
    }
}
