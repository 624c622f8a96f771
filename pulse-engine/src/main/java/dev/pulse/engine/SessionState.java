package dev.pulse.engine;

import dev.pulse.model.Assignment;
import dev.pulse.model.ErrorCode;
import dev.pulse.model.LeaseToken;
import dev.pulse.model.Outcome;
import dev.pulse.model.PulseException;
import dev.pulse.model.SessionSpec;
import dev.pulse.store.CancelRequest;
import dev.pulse.store.Held;
import dev.pulse.store.Report;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntPredicate;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * What this server knows of one session: its demand, what it was granted, and when it was heard. A memory, not the truth:
 * the truth is the store's, and losing this loses no job. Any thread; listeners are called outside the lock.
 */
final class SessionState {
    private static final Duration LONGEST_PERIOD = Duration.ofSeconds(5);
    private static final int PERIODS_PER_LEASE = 6;
    private static final long SPAN_MARGIN = Duration.ofSeconds(1).toNanos();

    /**
     * A turn that the session holds as far as we know.
     *
     * @param afterBeat how many heartbeats had been heard when it was delivered; until then {@link #UNDELIVERED}
     * @param at when, on our ticker
     */
    private record Grant(UUID jobId, long afterBeat, long at, boolean suspect) {}

    private static final long UNDELIVERED = Long.MAX_VALUE;

    /** When claims failed without an answer. */
    private record Span(long from, long to) {}

    private record Handed(Poll poll, List<Assignment> jobs) {}

    final UUID id;
    private final ReentrantLock lock = new ReentrantLock();
    private final ArrayDeque<Poll> polls = new ArrayDeque<>();
    private final Map<LeaseToken, Grant> granted = new HashMap<>();
    private final Set<LeaseToken> reporting = new HashSet<>();
    private volatile SessionSpec spec;
    private volatile int demand;
    private volatile boolean polling;
    private volatile long heardAt;
    private volatile long renewalAskedAt;
    private volatile boolean ended;
    private @Nullable WorkerSession connection;
    private @Nullable SessionListener listener;
    private int credits;
    private int suspects;
    private long beats;
    private Set<LeaseToken> named = Set.of();
    private boolean relearn;
    private @Nullable Span unknownClaims;
    private Set<LeaseToken> strangers = Set.of();

    SessionState(SessionSpec spec, long now) {
        this.id = spec.id();
        this.spec = spec;
        this.heardAt = now;
        this.renewalAskedAt = now;
    }

    SessionSpec spec() {
        return spec;
    }

    /** A sixth of the lease, at most 5 s: how often a worker is to be heard. */
    long periodNanos() {
        Duration sixth = spec.leaseTtl().dividedBy(PERIODS_PER_LEASE);
        return (sixth.compareTo(LONGEST_PERIOD) < 0 ? sixth : LONGEST_PERIOD).toNanos();
    }

    // ---- connection ----

    /** Puts a new connection in the place of the old one, whose listener is returned. */
    @Nullable
    SessionListener connect(SessionSpec newSpec, WorkerSession newConnection, SessionListener newListener) {
        lock.lock();
        try {
            SessionListener old = listener;
            spec = newSpec;
            connection = newConnection;
            listener = newListener;
            credits = 0;
            countDemand();
            return old;
        } finally {
            lock.unlock();
        }
    }

    /** Ignores a connection that was replaced before it noticed its own end. */
    void disconnect(WorkerSession from) {
        lock.lock();
        try {
            if (connection == from) {
                connection = null;
                listener = null;
                credits = 0;
                countDemand();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Nothing more is granted and nobody waits any more; what is held is reported to the caller's care. */
    void end(@Nullable String reasonToTell) {
        SessionListener told;
        List<Poll> open;
        lock.lock();
        try {
            if (ended) {
                return;
            }
            ended = true;
            told = reasonToTell == null ? null : listener;
            connection = null;
            listener = null;
            credits = 0;
            open = List.copyOf(polls);
            polls.clear();
            countDemand();
        } finally {
            lock.unlock();
        }
        PulseException gone = endedError();
        open.forEach(poll -> poll.answer.completeExceptionally(gone));
        if (told != null && reasonToTell != null) {
            told.ended(reasonToTell);
        }
    }

    boolean isConnected() {
        return listener() != null;
    }

    boolean isEnded() {
        return ended;
    }

    PulseException endedError() {
        return endedError(id);
    }

    static PulseException endedError(UUID id) {
        return new PulseException(
                ErrorCode.SESSION_ENDED,
                "session " + id + " has ended: its lease lapsed or it was closed; open a new session");
    }

    void tellDrain() {
        SessionListener told = listener();
        if (told != null) {
            told.drain();
        }
    }

    void tellCancel(List<CancelRequest> requests) {
        SessionListener told = listener();
        if (told != null && !requests.isEmpty()) {
            told.cancel(requests);
        }
    }

    private @Nullable SessionListener listener() {
        lock.lock();
        try {
            return listener;
        } finally {
            lock.unlock();
        }
    }

    // ---- demand ----

    /** Jobs that could be delivered now; none to a session that has been silent for its whole lease. */
    int demand(long now) {
        int wanted = demand;
        return wanted == 0 || isSilent(now) ? 0 : wanted;
    }

    void grant(WorkerSession from, int more, int max) {
        lock.lock();
        try {
            if (connection == from) {
                credits = Math.min(max, credits + more);
                countDemand();
            }
        } finally {
            lock.unlock();
        }
    }

    void enqueue(Poll poll, int pollsMax) {
        lock.lock();
        try {
            if (ended) {
                throw endedError();
            }
            polls.removeIf(old -> old.answer.isDone());
            if (polls.size() >= pollsMax) {
                throw new PulseException(
                        ErrorCode.LIMIT_REACHED,
                        "session " + id + " has " + polls.size() + " claim calls waiting, at most " + pollsMax);
            }
            polls.add(poll);
            countDemand();
        } finally {
            lock.unlock();
        }
    }

    boolean hasPolls() {
        return polling;
    }

    /** A claim on behalf of this session begins. */
    void pollsSeen() {
        if (polling) {
            lock.lock();
            try {
                polls.forEach(poll -> poll.seen = true);
            } finally {
                lock.unlock();
            }
        }
    }

    /** That claim has run, well or not. */
    void pollsTried() {
        if (polling) {
            lock.lock();
            try {
                polls.forEach(poll -> poll.tried = poll.seen);
            } finally {
                lock.unlock();
            }
        }
    }

    /**
     * Sends away the polls whose time is over, or all of them.
     *
     * @return nanoseconds until the next one's time is over; {@code Long.MAX_VALUE} where none waits
     */
    long answerPolls(long now, boolean all, @Nullable RuntimeException trouble) {
        List<Poll> over = new ArrayList<>();
        long next = Long.MAX_VALUE;
        lock.lock();
        try {
            if (polls.isEmpty()) {
                return next;
            }
            for (Poll poll : polls) {
                boolean late = now - poll.deadline >= 0 && poll.tried;
                if (all || late || poll.answer.isDone()) {
                    over.add(poll);
                } else {
                    next = Math.min(next, Math.max(0, poll.deadline - now));
                }
            }
            polls.removeAll(over);
            countDemand();
        } finally {
            lock.unlock();
        }
        for (Poll poll : over) {
            if (trouble != null && !all) {
                poll.answer.completeExceptionally(Trouble.told(trouble));
            } else {
                poll.answer.complete(List.of());
            }
        }
        return next;
    }

    private void countDemand() {
        int sum = credits;
        for (Poll poll : polls) {
            sum += poll.max;
        }
        demand = sum;
        polling = !polls.isEmpty();
    }

    // ---- grants ----

    boolean holdsSuspect() {
        lock.lock();
        try {
            return suspects > 0;
        } finally {
            lock.unlock();
        }
    }

    /** Stop 6: hands over what was claimed; returns what found no taker. */
    List<Assignment> deliver(List<Assignment> jobs, long now) {
        List<Handed> toPolls = new ArrayList<>();
        List<Assignment> toListener;
        SessionListener taker;
        int at = 0;
        lock.lock();
        try {
            while (at < jobs.size() && !polls.isEmpty()) {
                Poll poll = polls.remove();
                if (!poll.answer.isDone()) {
                    int end = Math.min(jobs.size(), at + poll.max);
                    toPolls.add(new Handed(poll, List.copyOf(jobs.subList(at, end))));
                    at = end;
                }
            }
            taker = listener;
            int end = taker == null ? at : Math.min(jobs.size(), at + credits);
            toListener = List.copyOf(jobs.subList(at, end));
            credits -= toListener.size();
            countDemand();
            jobs.subList(0, end).forEach(job -> remember(job, now));
            at = end;
        } finally {
            lock.unlock();
        }
        List<Assignment> left = new ArrayList<>(jobs.subList(at, jobs.size()));
        for (Handed handed : toPolls) {
            if (!handed.poll().answer.complete(handed.jobs())) {
                left.addAll(handed.jobs());
            }
        }
        if (taker != null && !toListener.isEmpty() && !tell(taker, toListener)) {
            left.addAll(toListener);
        }
        settle(jobs.subList(0, at), left);
        return left;
    }

    /** From here on heartbeats are asked for what was delivered; until here a slow delivery is not a lost one. */
    private void settle(List<Assignment> delivered, List<Assignment> left) {
        lock.lock();
        try {
            left.forEach(job -> take(job.token()));
            delivered.forEach(job -> granted.computeIfPresent(
                    job.token(), (token, grant) -> new Grant(grant.jobId(), beats, grant.at(), grant.suspect())));
        } finally {
            lock.unlock();
        }
    }

    private static boolean tell(SessionListener taker, List<Assignment> jobs) {
        try {
            taker.assigned(jobs);
            return true;
        } catch (RuntimeException e) { // the connection's trouble, not ours: the jobs go back
            return false;
        }
    }

    private void remember(Assignment job, long now) {
        put(job.token(), new Grant(job.facts().id(), UNDELIVERED, now, job.suspect()));
    }

    private void put(LeaseToken token, Grant grant) {
        if (granted.put(token, grant) == null && grant.suspect()) {
            suspects++;
        }
    }

    private @Nullable Grant take(LeaseToken token) {
        Grant grant = granted.remove(token);
        if (grant != null && grant.suspect()) {
            suspects--;
        }
        return grant;
    }

    // ---- reports ----

    /**
     * A report has arrived: its token is no longer expected in heartbeats.
     *
     * @param grantedAt is told when each was granted, on our ticker, where that was here
     */
    void reporting(Collection<Report> reports, LongConsumer grantedAt) {
        lock.lock();
        try {
            for (Report report : reports) {
                Grant grant = take(report.token());
                reporting.add(report.token());
                if (grant != null) {
                    grantedAt.accept(grant.at());
                }
            }
        } finally {
            lock.unlock();
        }
    }

    /** An attempt was ended past this session: its token is no longer expected in heartbeats. */
    void endedElsewhere(LeaseToken token) {
        lock.lock();
        try {
            take(token);
        } finally {
            lock.unlock();
        }
    }

    /** The reports were answered, or failed: then the worker, which tells them again, is expected to name them. */
    void reported(Collection<Report> reports, boolean failed) {
        lock.lock();
        try {
            for (Report report : reports) {
                reporting.remove(report.token());
            }
            relearn |= failed;
        } finally {
            lock.unlock();
        }
    }

    // ---- heartbeats ----

    void heard(long now) {
        heardAt = now;
    }

    boolean isSilent(long now) {
        return now - heardAt > spec.leaseTtl().toNanos();
    }

    /** Whether the lease should be renewed because of a sign of life that is no heartbeat; once every half period. */
    boolean askRenewal(long now) {
        if (now - renewalAskedAt < periodNanos() / 2) {
            return false;
        }
        renewalAskedAt = now;
        return true;
    }

    /**
     * A heartbeat, or the hello of a reconnect, names the tokens that the worker holds. What was granted before the
     * previous one and is named in neither never arrived: it is handed back (E4).
     */
    List<Report> named(Set<LeaseToken> held, long now) {
        renewalAskedAt = now;
        lock.lock();
        try {
            beats++;
            List<Report> lost = new ArrayList<>();
            granted.forEach((token, grant) -> {
                // Two heartbeats that cross a delivery, one shortly after the other, prove nothing: hence the age.
                boolean old = grant.afterBeat() <= beats - 2 && now - grant.at() >= periodNanos() / 2;
                if (old && !held.contains(token) && !named.contains(token)) {
                    lost.add(release(grant.jobId(), token));
                }
            });
            lost.forEach(report -> take(report.token()));
            named = Set.copyOf(held);
            return lost;
        } finally {
            lock.unlock();
        }
    }

    // ---- learning what the store knows ----

    /** A claim for this session ended without an answer: it may hold what we do not know of. Times are our ticker's. */
    void claimUnknown(long from, long to) {
        lock.lock();
        try {
            relearn = true;
            unknownClaims = new Span(unknownClaims == null ? from : unknownClaims.from(), to);
        } finally {
            lock.unlock();
        }
    }

    void relearn() {
        lock.lock();
        try {
            relearn = true;
        } finally {
            lock.unlock();
        }
    }

    /** Whether the store is to be asked what the session holds; clears the question. */
    boolean takeRelearn() {
        lock.lock();
        try {
            boolean asked = relearn;
            relearn = false;
            return asked;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Takes over what the store says the session holds. The heartbeats that follow sort out what never arrived. A worker
     * that never names its tokens gets back what a failed claim of ours left behind, once it is seen for the second time:
     * the first time it may be a claim on its way to be delivered.
     *
     * @param asked when the store was asked, on our ticker
     */
    List<Report> learn(List<Held> held, long asked, IntPredicate isSuspectLane) {
        lock.lock();
        try {
            boolean naming = beats > 0 || listener != null;
            Set<LeaseToken> seenNow = new HashSet<>();
            List<Report> lost = new ArrayList<>();
            for (Held turn : held) {
                LeaseToken token = turn.token();
                if (granted.containsKey(token) || reporting.contains(token)) {
                    continue;
                }
                if (naming || !isOfUnknownClaim(turn, asked)) {
                    put(token, new Grant(turn.jobId(), beats, asked, isSuspectLane.test(token.lane())));
                } else if (strangers.contains(token)) {
                    lost.add(release(turn.jobId(), token));
                } else {
                    seenNow.add(token);
                }
            }
            strangers = seenNow;
            relearn |= !seenNow.isEmpty();
            if (seenNow.isEmpty()) {
                unknownClaims = null;
            }
            return lost;
        } finally {
            lock.unlock();
        }
    }

    private boolean isOfUnknownClaim(Held turn, long asked) {
        Span span = unknownClaims;
        if (span == null) {
            return false;
        }
        long claimedAt = asked - turn.age().toNanos();
        return claimedAt >= span.from() - SPAN_MARGIN && claimedAt <= span.to() + SPAN_MARGIN;
    }

    /**
     * A worker that another server knew says hello. What it does not name and was granted more than a heartbeat ago never
     * arrived, because the connection that was to bring it is gone; of younger ones the next heartbeats decide.
     */
    List<Report> takeUp(List<Held> held, Set<LeaseToken> names, long asked, IntPredicate isSuspectLane) {
        lock.lock();
        try {
            List<Report> lost = new ArrayList<>();
            for (Held turn : held) {
                LeaseToken token = turn.token();
                if (!names.contains(token) && turn.age().toNanos() >= periodNanos()) {
                    lost.add(release(turn.jobId(), token));
                } else {
                    put(token, new Grant(turn.jobId(), beats, asked, isSuspectLane.test(token.lane())));
                }
            }
            return lost;
        } finally {
            lock.unlock();
        }
    }

    /** What is to be handed back when the session ends: all that it holds but what it has reported. */
    List<Report> releases(List<Held> held) {
        lock.lock();
        try {
            return held.stream()
                    .filter(turn -> !reporting.contains(turn.token()))
                    .map(turn -> release(turn.jobId(), turn.token()))
                    .toList();
        } finally {
            lock.unlock();
        }
    }

    private static Report release(UUID jobId, LeaseToken token) {
        return new Report(jobId, token, new Outcome.Release());
    }
}
