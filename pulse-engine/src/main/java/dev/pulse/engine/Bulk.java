package dev.pulse.engine;

import dev.pulse.model.BulkResult;
import dev.pulse.model.Job;
import dev.pulse.model.JobFilter;
import dev.pulse.model.JobPage;
import dev.pulse.model.PulseException;
import dev.pulse.store.Acted;
import dev.pulse.store.JobStore;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** One act on all jobs that a filter finds, page by page, newest first. The caller's thread. */
final class Bulk {
    private static final int PAGE = 1_000;
    /** A million jobs in one call; a caller with more calls again (I8). */
    private static final int PAGES_MAX = 1_000;

    private final JobStore store;

    Bulk(JobStore store) {
        this.store = store;
    }

    BulkResult run(JobFilter filter, boolean dryRun, Function<UUID, Acted> act) {
        if (filter.isEmpty()) {
            throw PulseException.invalid("filter", "must not be empty: name a status, a type, a queue or a tag");
        }
        long matched = 0;
        long changed = 0;
        @Nullable String cursor = null;
        for (int page = 0; page < PAGES_MAX; page++) {
            JobPage found = store.list(filter, PAGE, cursor);
            matched += found.items().size();
            if (!dryRun) {
                changed += actOnAll(found, act);
            }
            cursor = found.nextCursor();
            if (cursor == null) {
                break;
            }
        }
        return new BulkResult(matched, changed);
    }

    private static long actOnAll(JobPage page, Function<UUID, Acted> act) {
        long changed = 0;
        for (Job job : page.items()) {
            if (act.apply(job.facts().id()) instanceof Acted.Done) {
                changed++;
            }
        }
        return changed;
    }
}
