package dev.pulse.cli;

import dev.pulse.model.Payload;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The two words that name a job's work: its type and its payload; flags say the same where a word is not at hand. */
final class JobWords {
    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    @Parameters(index = "0", arity = "0..1", paramLabel = "TYPE", description = "The type of the job.")
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

    @SuppressWarnings("NullAway.Init") // picocli sets the specification
    JobWords() {}

    String type() {
        if (type != null && second != null) {
            throw usage("Give the type once: as a word or by --type");
        }
        String word = type == null ? first : type;
        if (word == null) {
            throw usage("Missing the job's TYPE");
        }
        return word;
    }

    Payload payload(Shell shell) {
        String word = type == null ? second : first;
        if (word != null && payload != null) {
            throw usage("Give the payload once: as a word or by --payload");
        }
        return Payloads.read(payload == null ? word : payload, shell);
    }

    private ParameterException usage(String message) {
        return new ParameterException(spec.commandLine(), message);
    }
}
