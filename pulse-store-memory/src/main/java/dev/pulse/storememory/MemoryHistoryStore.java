package dev.pulse.storememory;

import dev.pulse.model.JobStatus;
import dev.pulse.model.Throughput;
import dev.pulse.store.HistoryStore;
import dev.pulse.store.Pruned;
import dev.pulse.store.Retention;
import dev.pulse.store.Term;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** The past. Counts are taken from the jobs themselves, so that there is nothing to fold. Any thread. */
final class MemoryHistoryStore implements HistoryStore {
    private final Tables tables;
    private final Leadership leadership;

    MemoryHistoryStore(Tables tables, Leadership leadership) {
        this.tables = tables;
        this.leadership = leadership;
    }

    @Override
    public boolean fold(Term term) {
        return false;
    }

    @Override
    public Pruned prune(Term term, Retention keep) {
        return tables.locked(() -> {
            if (!leadership.holds(term)) {
                return Pruned.NOTHING;
            }
            Instant now = tables.now();
            tables.minutes.headMap(now.minus(keep.rollups())).clear();
            List<StoredJob> due = tables.jobs.values().stream()
                    .filter(job -> isDue(job, keep, now))
                    .limit(keep.batchMax())
                    .toList();
            due.forEach(tables::forget);
            return new Pruned(0, 0, due.size(), due.size() == keep.batchMax(), "");
        });
    }

    private boolean isDue(StoredJob job, Retention keep, Instant now) {
        Duration kept = switch (job.status) {
            case COMPLETED -> keep.completed();
            case CANCELED -> keep.canceled();
            case DEAD_LETTERED -> keep.deadLettered();
            case SCHEDULED, PENDING, RUNNING, RETRYING -> null;
        };
        return kept != null
                && job.finishedAt != null
                && !job.finishedAt.plus(kept).isAfter(now)
                && !job.holdsKeyAt(now)
                && !isInOpenBundle(job);
    }

    private boolean isInOpenBundle(StoredJob job) {
        StoredBundle bundle = tables.bundleOf(job.facts.bundleId());
        return bundle != null && !bundle.status().isFinal();
    }

    @Override
    public Throughput throughput(Duration window, Duration bucket) {
        Throughput.check(window, bucket);
        return tables.locked(() -> {
            long length = bucket.toMillis();
            long last = Math.floorDiv(tables.now().toEpochMilli(), length);
            long first = last - window.toMillis() / length + 1;
            List<Throughput.Bucket> buckets = new ArrayList<>();
            for (long n = first; n <= last; n++) {
                buckets.add(bucket(Instant.ofEpochMilli(n * length), Instant.ofEpochMilli((n + 1) * length)));
            }
            return new Throughput(bucket, buckets);
        });
    }

    private Throughput.Bucket bucket(Instant from, Instant until) {
        Map<JobStatus, Long> sums = new EnumMap<>(JobStatus.class);
        tables.minutes
                .subMap(from, until)
                .values()
                .forEach(minute -> minute.forEach((status, n) -> sums.merge(status, n, Long::sum)));
        return new Throughput.Bucket(
                from,
                sums.getOrDefault(JobStatus.COMPLETED, 0L),
                sums.getOrDefault(JobStatus.DEAD_LETTERED, 0L),
                sums.getOrDefault(JobStatus.RETRYING, 0L));
    }
}
