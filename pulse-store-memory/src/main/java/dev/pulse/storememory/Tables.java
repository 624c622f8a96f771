package dev.pulse.storememory;

import dev.pulse.model.Decision;
import dev.pulse.model.EventKind;
import dev.pulse.model.JobStatus;
import dev.pulse.model.Outcome;
import dev.pulse.model.ReportAnswer;
import dev.pulse.model.Transition;
import dev.pulse.store.Decider;
import dev.pulse.store.Ended;
import dev.pulse.store.Lane;
import dev.pulse.storememory.StoredJob.Grant;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * All that the store knows, and the one way in which a job changes its status. Everything in here is touched under the
 * lock only: see {@link #locked}. Keeps I5 and I7.
 */
final class Tables {
    /** The order of the ids' bytes, which is how PostgreSQL sorts them. */
    static final Comparator<UUID> BY_ID = Comparator.comparing(UUID::getMostSignificantBits, Long::compareUnsigned)
            .thenComparing(UUID::getLeastSignificantBits, Long::compareUnsigned);

    private static final Comparator<StoredJob> BY_DUE_TIME =
            Comparator.comparing(StoredJob::dueAt).thenComparing(StoredJob::id, BY_ID);

    final NavigableMap<UUID, StoredJob> jobs = new TreeMap<>(BY_ID);
    final NavigableMap<UUID, StoredJob> running = new TreeMap<>(BY_ID);
    final NavigableSet<StoredJob> due = new TreeSet<>(BY_DUE_TIME);
    final NavigableMap<UUID, StoredSession> sessions = new TreeMap<>(BY_ID);
    final NavigableMap<UUID, StoredSchedule> schedules = new TreeMap<>(BY_ID);
    /** The version of the time zone data, as it was told last. */
    @Nullable
    String zones;

    final Valves valves = new Valves();
    final EventLog events = new EventLog();

    /** How many attempts ended in each minute, by what became of the job. Outlives the jobs. */
    final NavigableMap<Instant, Map<JobStatus, Long>> minutes = new TreeMap<>();

    final NavigableMap<UUID, StoredBundle> bundles = new TreeMap<>(BY_ID);
    /** Bundles whose counts changed since they were folded, the longest waiting first. */
    final Set<UUID> dirty = new LinkedHashSet<>();

    private final ReentrantLock lock = new ReentrantLock();
    private final InstantSource clock;
    private final Map<Integer, NavigableMap<Long, StoredJob>> ready = new TreeMap<>();
    private final Map<LaneName, Lane> lanes = new LinkedHashMap<>();
    private final Map<TypedKey, StoredJob> keys = new TreeMap<>();
    private Instant now = Instant.EPOCH;
    private long lastSeq;

    /** No lease ends before one whole lease after this. */
    Instant leaseFloor = Instant.EPOCH;

    Tables(InstantSource clock) {
        this.clock = clock;
    }

    /** A key is unique per type. */
    record TypedKey(String type, String key) implements Comparable<TypedKey> {
        private static final Comparator<TypedKey> ORDER =
                Comparator.comparing(TypedKey::type).thenComparing(TypedKey::key);

        @Override
        public int compareTo(TypedKey other) {
            return ORDER.compare(this, other);
        }
    }

    private record LaneName(String queue, String type, int priority, boolean suspect) {}

    /** One unit of work. It reads the clock once, so that what it does happens at one moment. */
    <T> T locked(Supplier<T> work) {
        lock.lock();
        try {
            now = stored(clock.instant());
            return work.get();
        } finally {
            lock.unlock();
        }
    }

    /** The moment of this unit of work. */
    Instant now() {
        return now;
    }

    /** The moment as the store keeps it, in microseconds. */
    static Instant stored(Instant exact) {
        return exact.truncatedTo(ChronoUnit.MICROS);
    }

    /** The lane of that name; made when it is first asked for. */
    Lane lane(String queue, String type, int priority, boolean suspect) {
        return lanes.computeIfAbsent(
                new LaneName(queue, type, priority, suspect),
                name -> new Lane(lanes.size() + 1, queue, type, priority, suspect));
    }

    Iterable<Lane> lanes() {
        return lanes.values();
    }

    /** Places are never given twice. */
    long nextSeq() {
        return ++lastSeq;
    }

    /** The first ready job of the lane at or behind the given place. */
    Optional<StoredJob> firstReady(int lane, long fromSeq) {
        NavigableMap<Long, StoredJob> line = ready.get(lane);
        Map.Entry<Long, StoredJob> first = line == null ? null : line.ceilingEntry(fromSeq);
        return Optional.ofNullable(first).map(Map.Entry::getValue);
    }

    /** Who keeps others from using the key now, if anybody. */
    @Nullable
    StoredJob keyHolder(TypedKey key, Instant now) {
        StoredJob holder = keys.get(key);
        return holder != null && holder.holdsKeyAt(now) ? holder : null;
    }

    void takeKey(TypedKey key, StoredJob holder) {
        keys.put(key, holder);
    }

    boolean isLapsed(StoredSession session, Instant now) {
        return session.isLapsed(leaseFloor, now);
    }

    void add(StoredJob job) {
        jobs.put(job.id(), job);
        enter(job);
        events.tell(EventKind.SUBMITTED, job, now);
    }

    /** Retention has passed: its bundle, which is finished, goes on counting it. */
    void forget(StoredJob job) {
        leave(job);
        drop(job);
    }

    void remove(StoredJob job) {
        leave(job);
        StoredBundle bundle = bundleOf(job.facts.bundleId());
        if (bundle != null) {
            bundle.lost(asFinal(job.status));
            dirty.add(bundle.id());
        }
        drop(job);
    }

    private void drop(StoredJob job) {
        jobs.remove(job.id());
        events.tell(EventKind.DELETED, job, now);
        TypedKey key = job.key();
        if (key != null) {
            keys.remove(key, job);
        }
    }

    /**
     * Moves a job. Nothing else changes a status.
     *
     * @param change what else changes with it: the place in line, the due time
     */
    void move(StoredJob job, Transition transition, JobStatus to, Runnable change) {
        if (!transition.isLegalFrom(job.status) || !transition.to().contains(to)) {
            throw new IllegalStateException(
                    transition + " does not lead from " + job.status + " to " + to + ": job=" + job.id());
        }
        leave(job);
        change.run();
        JobStatus was = job.status;
        job.status = to;
        enter(job);
        count(job, was);
        tell(job, transition);
    }

    private void tell(StoredJob job, Transition transition) {
        switch (transition) {
            case CLAIM, PROMOTE, SUBMIT -> {}
            case CANCEL -> events.tell(EventKind.CANCELED, job, now);
            case REQUEUE -> events.tell(EventKind.REQUEUED, job, now);
            case COMPLETE, RETRY, BURY, SNOOZE, RELEASE, LAPSE, ABORT ->
                events.tell(EventKind.ofEnd(job.status), job, now);
        }
    }

    /** The bundle of that id, where it is one and is there. */
    @Nullable
    StoredBundle bundleOf(@Nullable UUID id) {
        return id == null ? null : bundles.get(id);
    }

    private void count(StoredJob job, JobStatus was) {
        StoredBundle bundle = bundleOf(job.facts.bundleId());
        if (bundle != null && was.isFinal() != job.status.isFinal()) {
            bundle.moved(asFinal(was), asFinal(job.status));
            dirty.add(bundle.id());
        }
    }

    private static @Nullable JobStatus asFinal(JobStatus status) {
        return status.isFinal() ? status : null;
    }

    /** Ends the attempt that holds the grant, as the law decides. Stops 9 and 10 of the path. */
    Ended end(StoredJob job, Grant grant, Outcome outcome, Decider decider) {
        Instant now = now();
        Decision decision = decider.decide(job.attemptState(), outcome);
        move(job, decision.transition(), decision.to(), () -> {
            job.noteEnd(grant, now, decision.outcome(), decision.error());
            job.grant = null;
            job.cancelRequested = false;
            job.charged = decision.charged();
            job.crashes = decision.crashes();
            job.runAt = decision.delay() == null ? null : stored(now.plus(decision.delay()));
            job.finishedAt = decision.to().isFinal() ? now : null;
            job.result = decision.result();
        });
        noteMinute(decision.to());
        return new Ended(
                job.id(),
                grant.token(),
                ReportAnswer.APPLIED,
                decision.to(),
                decision.delay(),
                decision.to().isFinal() ? job.facts.bundleId() : null);
    }

    private void noteMinute(JobStatus to) {
        minutes.computeIfAbsent(now().truncatedTo(ChronoUnit.MINUTES), minute -> new EnumMap<>(JobStatus.class))
                .merge(to, 1L, Long::sum);
    }

    private void leave(StoredJob job) {
        boolean found = switch (job.status) {
            case PENDING -> line(job).remove(job.seq, job);
            case RUNNING -> running.remove(job.id(), job);
            case SCHEDULED, RETRYING -> due.remove(job);
            case COMPLETED, DEAD_LETTERED, CANCELED -> true;
        };
        if (!found) {
            throw new IllegalStateException("not where its status says: job=" + job.id() + " status=" + job.status);
        }
    }

    private void enter(StoredJob job) {
        switch (job.status) {
            case PENDING -> line(job).put(job.seq, job);
            case RUNNING -> running.put(job.id(), job);
            case SCHEDULED, RETRYING -> due.add(job);
            case COMPLETED, DEAD_LETTERED, CANCELED -> {}
        }
    }

    private NavigableMap<Long, StoredJob> line(StoredJob job) {
        return ready.computeIfAbsent(job.lane.number(), lane -> new TreeMap<>());
    }
}
