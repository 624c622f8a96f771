package dev.pulse.cli;

import dev.pulse.client.PulseClient;
import dev.pulse.json.Nearest;
import dev.pulse.json.ScheduleJson;
import dev.pulse.model.Limits;
import dev.pulse.model.Payload;
import dev.pulse.model.ScheduleInfo;
import dev.pulse.model.ScheduleSpec;
import dev.pulse.model.SubmissionBuilder;
import dev.pulse.schedules.ScheduleDraft;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Changes what is named of a schedule. Somebody else's change in between is never overwritten. */
@Command(name = "edit", description = "Change what is named; all else stays as it is.")
final class SchedulesEditCommand implements Callable<Integer> {
    private static final Set<String> CLEARABLE = Set.of(
            "name",
            "payload",
            "headers",
            "tags",
            "origin",
            "queue",
            "priority",
            "max-attempts",
            "backoff",
            "timeout",
            "fixed-delay",
            "time-zone",
            "start",
            "end",
            "jitter",
            "excluded-days",
            "misfire",
            "misfire-limit",
            "misfire-rate",
            "overlap");

    private final Shell shell;

    @Spec
    private CommandSpec spec;

    @Mixin
    private Remote remote = new Remote();

    @Mixin
    private Json json = new Json();

    @Mixin
    private ScheduleWord word = new ScheduleWord();

    @Option(
            names = "--version",
            paramLabel = "N",
            description = "Only if this is still its version; default: whatever it is now.")
    private @Nullable Long version;

    @Option(
            names = {"--type", "--topic"},
            paramLabel = "TYPE",
            description = "The type of its jobs.")
    private @Nullable String type;

    @Option(names = "--payload", paramLabel = "PAYLOAD", description = "JSON, @FILE, or - for standard input.")
    private @Nullable String payload;

    @Mixin
    private ScheduleOptions options = new ScheduleOptions();

    @Option(
            names = "--clear",
            paramLabel = "FIELD",
            split = ",",
            description = "Take its default again: end, jitter, tags, excluded-days, …; repeat for several.")
    private List<String> clear = List.of();

    @SuppressWarnings("NullAway.Init") // picocli sets the specification
    SchedulesEditCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() {
        Set<String> without = cleared();
        Payload bytes = payload == null ? null : Payloads.read(payload, shell);
        try (PulseClient client = remote.connect(shell)) {
            ScheduleInfo seen = word.find(client);
            ScheduleSpec wanted = options.fill(
                    new ScheduleDraft(seen.spec(), without),
                    new SubmissionBuilder(new Limits(Limits.HARD_PAYLOAD_BYTES))
                            .like(seen.spec().job(), without),
                    type,
                    bytes,
                    shell);
            ScheduleInfo edited = client.editSchedule(seen.id(), version == null ? seen.version() : version, wanted);
            if (json.wanted()) {
                Json.print(shell.out(), ScheduleJson.schedule(edited));
            } else {
                shell.out()
                        .println(Table.oneLine(
                                edited.id() + " version " + edited.version() + ": " + ScheduleJson.words(edited)));
            }
            return Exit.OK;
        }
    }

    private Set<String> cleared() {
        Set<String> names = new HashSet<>();
        for (String field : clear) {
            String name = field.replace('_', '-');
            if (!CLEARABLE.contains(name)) {
                throw new ParameterException(
                        spec.commandLine(),
                        "--clear: nothing that can be cleared is called " + field + ", "
                                + Nearest.hint(name, CLEARABLE));
            }
            names.add(name.replace('-', '_'));
        }
        return names;
    }
}
