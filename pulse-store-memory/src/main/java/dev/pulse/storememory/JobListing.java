package dev.pulse.storememory;

import dev.pulse.model.AttemptError;
import dev.pulse.model.ErrorCode;
import dev.pulse.model.Job;
import dev.pulse.model.JobFacts;
import dev.pulse.model.JobFilter;
import dev.pulse.model.JobPage;
import dev.pulse.model.PulseException;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Filters, sorts and cuts a list of jobs, newest first. Pure. */
final class JobListing {
    static final int MAX_PAGE = 1_000;

    private static final Comparator<Place> NEWEST_FIRST = Comparator.comparing(Place::createdAt)
            .thenComparing(Place::id, Tables.BY_ID)
            .reversed();

    private JobListing() {}

    /** Where a job stands in every list. */
    private record Place(Instant createdAt, UUID id) {
        static Place of(StoredJob job) {
            return new Place(job.facts.createdAt(), job.id());
        }

        String cursor() {
            return createdAt + "/" + id;
        }

        static Place parse(String cursor) {
            String[] parts = cursor.split("/", 2);
            try {
                if (parts.length == 2) {
                    return new Place(Instant.parse(parts[0]), UUID.fromString(parts[1]));
                }
            } catch (DateTimeParseException | IllegalArgumentException e) {
                throw foreign(e);
            }
            throw foreign(null);
        }

        private static PulseException foreign(@Nullable Throwable cause) {
            return new PulseException(
                    ErrorCode.INVALID_QUERY,
                    "cursor: not one that this list gave; start again without a cursor",
                    cause);
        }
    }

    static JobPage page(Collection<StoredJob> jobs, JobFilter filter, int limit, @Nullable String cursor) {
        if (limit < 1 || limit > MAX_PAGE) {
            throw new IllegalArgumentException("limit: 1 to " + MAX_PAGE + " are allowed, got " + limit);
        }
        Place after = cursor == null ? null : Place.parse(cursor);
        List<StoredJob> found = jobs.stream()
                .filter(job -> matches(filter, job))
                .filter(job -> after == null || NEWEST_FIRST.compare(Place.of(job), after) > 0)
                .sorted(Comparator.comparing(Place::of, NEWEST_FIRST))
                .limit(limit + 1L)
                .toList();
        List<StoredJob> shown = found.subList(0, Math.min(limit, found.size()));
        List<Job> items = shown.stream().map(StoredJob::listed).toList();
        return new JobPage(
                items, found.size() > limit ? Place.of(shown.getLast()).cursor() : null);
    }

    static boolean matches(JobFilter filter, StoredJob job) {
        JobFacts facts = job.facts;
        return (filter.status() == null || filter.status() == job.status)
                && (filter.type() == null || filter.type().equals(facts.type()))
                && (filter.queue() == null || filter.queue().equals(facts.queue()))
                && facts.labels().tags().entrySet().containsAll(filter.tags().entrySet())
                && (filter.origin() == null
                        || filter.origin().equals(facts.labels().origin()))
                && (filter.since() == null || !facts.createdAt().isBefore(filter.since()))
                && (filter.until() == null || facts.createdAt().isBefore(filter.until()))
                && (filter.bundleId() == null || filter.bundleId().equals(facts.bundleId()))
                && (filter.scheduleId() == null || filter.scheduleId().equals(facts.scheduleId()))
                && (filter.text() == null || mentions(job.lastFailure(), filter.text()));
    }

    private static boolean mentions(@Nullable AttemptError error, String text) {
        return error != null && error.message().toLowerCase(Locale.ROOT).contains(text.toLowerCase(Locale.ROOT));
    }
}
