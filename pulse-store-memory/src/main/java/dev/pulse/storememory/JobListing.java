package dev.pulse.storememory;

import dev.pulse.model.AttemptError;
import dev.pulse.model.Job;
import dev.pulse.model.JobFacts;
import dev.pulse.model.JobFilter;
import dev.pulse.model.JobPage;
import dev.pulse.store.Place;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Filters, sorts and cuts a list of jobs, newest first. Pure. */
final class JobListing {
    static final int MAX_PAGE = 1_000;

    private JobListing() {}

    private static Place place(StoredJob job) {
        return new Place(job.facts.createdAt(), job.id());
    }

    static JobPage page(Collection<StoredJob> jobs, JobFilter filter, int limit, @Nullable String cursor) {
        if (limit < 1 || limit > MAX_PAGE) {
            throw new IllegalArgumentException("limit: 1 to " + MAX_PAGE + " are allowed, got " + limit);
        }
        Place after = Place.parse(cursor);
        List<StoredJob> found = jobs.stream()
                .filter(job -> matches(filter, job))
                .filter(job -> place(job).compareTo(after) > 0)
                .sorted(Comparator.comparing(JobListing::place))
                .limit(limit + 1L)
                .toList();
        List<StoredJob> shown = found.subList(0, Math.min(limit, found.size()));
        List<Job> items = shown.stream().map(StoredJob::listed).toList();
        return new JobPage(items, found.size() > limit ? place(shown.getLast()).cursor() : null);
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
