package dev.pulse.store;

import dev.pulse.model.JobStatus;
import dev.pulse.model.PulseException;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What became of one submission of a batch. */
public sealed interface Inserted {
    /**
     * Committed as a new job.
     *
     * @param status {@code PENDING} or {@code SCHEDULED}
     * @param lane the lane it waits in, or will
     * @param seq its place, 0 while scheduled
     * @param runAt when it becomes ready, by the database clock; null for pending
     * @param dueIn how long until then; null for pending
     */
    record Stored(
            UUID id,
            JobStatus status,
            int lane,
            long seq,
            Instant createdAt,
            @Nullable Instant runAt,
            @Nullable Duration dueIn)
            implements Inserted {}

    /** The same content was stored before, under this id. */
    record Duplicate(UUID id) implements Inserted {}

    /** Not stored: the id or the key is taken by other content, or the data was refused. */
    record Refused(PulseException reason) implements Inserted {}
}
