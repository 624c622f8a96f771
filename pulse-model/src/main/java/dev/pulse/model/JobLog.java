package dev.pulse.model;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the attempts of a job told of themselves, or a part of it.
 *
 * @param progress of the last attempt that told any, or null
 * @param lost lines of the last attempt that told anything, which are not here because they were too many or came too fast
 * @param lines oldest first
 */
public record JobLog(@Nullable JobProgress progress, long lost, List<LogLine> lines) {
    public static final JobLog NONE = new JobLog(null, 0, List.of());

    public JobLog {
        lines = List.copyOf(lines);
    }

    /** The progress of that attempt: what an earlier one told says nothing about it. */
    public @Nullable JobProgress progressOf(int attempt) {
        return progress != null && progress.attempt() == attempt ? progress : null;
    }
}
