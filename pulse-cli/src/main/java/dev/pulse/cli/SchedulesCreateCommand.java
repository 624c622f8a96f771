package dev.pulse.cli;

import dev.pulse.client.PulseClient;
import dev.pulse.model.Limits;
import dev.pulse.model.ScheduleSpec;
import dev.pulse.model.SubmissionBuilder;
import dev.pulse.schedules.ScheduleDraft;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Stores a schedule and prints its id, nothing else. */
@Command(
        name = "create",
        description = "Make a schedule; prints its id. One of --cron, --every, --at, --after is required.")
final class SchedulesCreateCommand implements Callable<Integer> {
    private final Shell shell;

    @Spec
    private CommandSpec spec;

    @Mixin
    private Remote remote = new Remote();

    @Parameters(index = "0", arity = "0..1", paramLabel = "TYPE", description = "The type of its jobs.")
    private @Nullable String first;

    @Parameters(
            index = "1",
            arity = "0..1",
            paramLabel = "PAYLOAD",
            description = "JSON, @FILE, or - for standard input; default {}.")
    private @Nullable String second;

    @Option(
            names = {"--type", "--topic"},
            hidden = true,
            description = "The type, in place of the first word.")
    private @Nullable String type;

    @Option(names = "--payload", hidden = true, description = "The payload, in place of the second word.")
    private @Nullable String payload;

    @Mixin
    private ScheduleOptions options = new ScheduleOptions();

    @SuppressWarnings("NullAway.Init") // picocli sets the specification
    SchedulesCreateCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() {
        ScheduleSpec wanted = options.fill(
                new ScheduleDraft(),
                new SubmissionBuilder(new Limits(Limits.HARD_PAYLOAD_BYTES)),
                typeWord(),
                Payloads.read(payloadWord(), shell.in()),
                shell);
        try (PulseClient client = remote.connect(shell)) {
            shell.out().println(client.createSchedule(wanted).id());
            return Exit.OK;
        }
    }

    private String typeWord() {
        if (type != null && second != null) {
            throw new ParameterException(spec.commandLine(), "Give the type once: as a word or by --type");
        }
        String word = type == null ? first : type;
        if (word == null) {
            throw new ParameterException(spec.commandLine(), "Missing the TYPE of its jobs");
        }
        return word;
    }

    private @Nullable String payloadWord() {
        String word = type == null ? second : first;
        if (word != null && payload != null) {
            throw new ParameterException(spec.commandLine(), "Give the payload once: as a word or by --payload");
        }
        return payload == null ? word : payload;
    }
}
