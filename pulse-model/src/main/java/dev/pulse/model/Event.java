package dev.pulse.model;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Something that happened to a job or a bundle, and has been committed.
 *
 * @param id its place in the feed; the same at every delivery
 * @param at when, by the database clock
 * @param subject the job, or the bundle for {@link EventKind#BUNDLE_COMPLETED}
 * @param type of the job or the bundle
 * @param queue of the job; null for a bundle
 * @param attempt the job's last attempt at that time; 0 before the first, and for a bundle
 */
public record Event(
        EventCursor id,
        Instant at,
        EventKind kind,
        UUID subject,
        String type,
        @Nullable String queue,
        int attempt) {
    public boolean isOfBundle() {
        return kind == EventKind.BUNDLE_COMPLETED;
    }
}
