package dev.pulse.cli;

import dev.pulse.client.PulseClient;
import dev.pulse.model.Durations;
import dev.pulse.model.ErrorCode;
import dev.pulse.model.Job;
import dev.pulse.model.PulseException;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** One job, now or at its end, and how to speak of it. */
final class Waiting {
    private Waiting() {}

    /** The job once it is final, or as it stands when the limit is over; no limit waits for good. */
    static Job untilFinal(PulseClient client, UUID id, @Nullable Duration limit) {
        return client.await(id, limit == null ? Durations.MAX : limit);
    }

    static <T> T found(Optional<T> job, UUID id) {
        return job.orElseThrow(() -> new PulseException(ErrorCode.JOB_NOT_FOUND, "no job " + id));
    }

    /** The last error as the end of a sentence. */
    static String because(Job job) {
        return job.error() == null ? "" : ": " + Table.oneLine(job.error().message());
    }
}
