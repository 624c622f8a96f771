package dev.pulse.json;

import dev.pulse.model.PulseException;
import dev.pulse.model.Submission;
import java.util.List;

/**
 * Jobs submitted in one call.
 *
 * @param atomic whether one refusal refuses all; then no entry is {@link Bad}
 */
public record BatchRequest(boolean atomic, List<Entry> entries) {
    public BatchRequest {
        entries = List.copyOf(entries);
    }

    /** One place of the batch. */
    public sealed interface Entry {}

    public record Good(Submission submission) implements Entry {}

    /** Refused at the door; its fields are named from the job's root. */
    public record Bad(PulseException reason) implements Entry {}
}
