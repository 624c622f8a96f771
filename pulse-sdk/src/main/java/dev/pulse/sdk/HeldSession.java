package dev.pulse.sdk;

import dev.pulse.model.Assignment;
import dev.pulse.model.AttemptError;
import dev.pulse.model.LeaseToken;
import dev.pulse.model.Note;
import dev.pulse.model.Outcome;
import dev.pulse.model.PulseException;
import dev.pulse.model.ReportAnswer;
import dev.pulse.model.SessionSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One session as its worker holds it: the tokens, the lease, the reports without an answer. Stops 6 and 8 of the path.
 * Everything happens under the worker's lock, on whichever thread brings the news.
 *
 * <p>The lease is counted on the monotonic clock from before the message that renewed it was sent, so it ends here before
 * it ends at the server (I2): from then on the handlers are stopped and their results dropped (I3).
 */
final class HeldSession implements BrokerListener {
    private static final Duration FIRST_REPEAT = Duration.ofMillis(500);
    private static final Duration LAST_REPEAT = Duration.ofSeconds(5);
    private static final Duration NOTE_EVERY = Duration.ofSeconds(1);

    /** Reports without an answer beyond which no more work is asked for: the database is slower than the handlers. */
    private static final int MOST_UNANSWERED = 1_000;

    private final Worker worker;
    private final SessionSpec spec;
    private final WorkerConfig config;
    private final Map<LeaseToken, RunningAttempt> held = new LinkedHashMap<>();
    private @Nullable BrokerSession link;
    private boolean connected;
    private boolean draining;
    private boolean over;
    private int credits;
    private long helloAt;
    private long nextHeartbeat;
    private boolean noteDue;
    private long noteAt;
    private volatile long leaseEnd;

    HeldSession(Worker worker, SessionSpec spec, WorkerConfig config) {
        this.worker = worker;
        this.spec = spec;
        this.config = config;
        this.leaseEnd = worker.now();
    }

    void bind(BrokerSession session) {
        link = session;
    }

    private BrokerSession link() {
        if (link == null) {
            throw new IllegalStateException("a broker must not call back before it has opened the session");
        }
        return link;
    }

    // ---- What the broker says

    @Override
    public Set<LeaseToken> connecting() {
        return worker.locked(() -> {
            helloAt = worker.now();
            return Set.copyOf(held.keySet());
        });
    }

    @Override
    public void connected() {
        worker.run(() -> {
            if (over) {
                return;
            }
            connected = true;
            draining = false;
            credits = 0;
            renewed(helloAt);
            nextHeartbeat = worker.now() + config.heartbeatPeriod().toNanos();
            worker.wakeBy(nextHeartbeat);
            worker.tell(listener -> listener.connected(spec.id()));
            unanswered().forEach(this::report);
            worker.grantRoom();
        });
    }

    @Override
    public void disconnected(PulseException cause) {
        worker.run(() -> {
            connected = false;
            credits = 0;
            worker.tell(listener -> listener.disconnected(spec.id(), cause));
        });
    }

    @Override
    public void assigned(List<Assignment> jobs) {
        worker.run(() -> jobs.forEach(this::take));
    }

    private void take(Assignment assignment) {
        if (over || held.containsKey(assignment.token())) {
            return;
        }
        RunningAttempt attempt = new RunningAttempt(assignment, this, worker.now());
        held.put(assignment.token(), attempt);
        boolean room = credits > 0 && worker.isWorking();
        credits = Math.max(0, credits - 1);
        if (room) {
            worker.begin(attempt);
            worker.wakeBy(attempt.dueAt(config.stopGrace()));
        } else {
            attempt.handlerDone();
            settle(attempt, new Outcome.Release());
        }
    }

    @Override
    public void cancel(Set<LeaseToken> tokens) {
        worker.run(() -> stop(tokens));
    }

    private void stop(Set<LeaseToken> tokens) {
        for (LeaseToken token : tokens) {
            RunningAttempt attempt = held.get(token);
            if (attempt != null) {
                stop(attempt, StopReason.CANCEL);
            }
        }
    }

    @Override
    public void drain() {
        worker.run(() -> draining = true);
    }

    @Override
    public void ended(String reason) {
        worker.run(() -> {
            if (!over) {
                over = true;
                connected = false;
                dropAll("session ended: " + reason);
                worker.tell(listener -> listener.sessionEnded(spec.id(), reason));
                worker.sessionOver();
            }
        });
    }

    @Override
    public void refused(PulseException reason) {
        worker.run(() -> {
            over = true;
            connected = false;
            dropAll("session refused: " + reason.getMessage());
            worker.refused(reason);
        });
    }

    // ---- What the worker does

    /** Fills the free slots with credits, as long as the answers to reports keep up. */
    void grant(int free) {
        int room = config.concurrency() + MOST_UNANSWERED - held.size();
        int more = Math.min(free, room) - credits;
        if (connected && !draining && more > 0) {
            credits += more;
            link().grant(more);
        }
    }

    /** The handler has ended, one way or another. */
    void finished(RunningAttempt attempt, Outcome outcome) {
        if (attempt.isLost()) {
            worker.tell(listener -> listener.dropped(attempt.context(), outcome, "the lease was lost"));
        } else if (attempt.settled() != null) {
            worker.tell(listener -> listener.dropped(attempt.context(), outcome, "the attempt was ended without it"));
        } else if (attempt.elsewhere() instanceof RunningAttempt.Elsewhere elsewhere) {
            // Held, and named in heartbeats, until it is known which of the two ends counts.
            var unused = elsewhere
                    .end()
                    .thenAccept(end -> worker.run(() -> endedElsewhere(attempt, outcome, elsewhere, end)));
        } else {
            settle(attempt, outcome);
        }
    }

    /**
     * The transaction in which a handler completed its job has ended, and so has the handler. Where it committed no report
     * is due. Where it did not, the handler's work is undone, and its return says nothing; where nobody knows, a failure is
     * the one report that is right either way: the committed one makes it stale.
     */
    private void endedElsewhere(
            RunningAttempt attempt, Outcome returned, RunningAttempt.Elsewhere elsewhere, TransactionEnd end) {
        if (held.get(attempt.token()) != attempt || attempt.settled() != null) {
            return;
        }
        switch (end) {
            case COMMITTED -> {
                attempt.settle(elsewhere.outcome());
                link().endedElsewhere(attempt.token());
                answered(attempt, elsewhere.outcome(), ReportAnswer.APPLIED);
            }
            case ROLLED_BACK -> settle(attempt, undone(returned, "the transaction that completed the job rolled back"));
            case UNKNOWN ->
                settle(
                        attempt,
                        undone(returned, "nobody knows whether the transaction that completed the job committed"));
        }
    }

    private static Outcome undone(Outcome returned, String why) {
        return returned instanceof Outcome.Ack || returned instanceof Outcome.Drop
                ? new Outcome.Fail(AttemptError.of("transaction_not_committed", why))
                : returned;
    }

    private void settle(RunningAttempt attempt, Outcome outcome) {
        attempt.settle(outcome);
        report(attempt);
    }

    private void report(RunningAttempt attempt) {
        Outcome outcome = attempt.settled();
        if (outcome == null) {
            throw new IllegalStateException("nothing to report");
        }
        long againAt = worker.now() + repeatAfter(attempt.reports()).toNanos();
        attempt.reported(againAt);
        worker.wakeBy(againAt);
        if (connected) {
            note(List.of(attempt), worker.now());
            AttemptReport report = new AttemptReport(attempt.context().id(), attempt.token(), outcome);
            // A failure needs no handling: the report stays unanswered, and is repeated.
            link().report(report).thenAccept(answer -> worker.run(() -> answered(attempt, outcome, answer)));
        }
    }

    /** Doubles with each report, spread so that a thousand workers do not repeat in step. */
    private Duration repeatAfter(int reports) {
        Duration first = config.heartbeatPeriod().compareTo(FIRST_REPEAT) < 0 ? config.heartbeatPeriod() : FIRST_REPEAT;
        Duration grown = first.multipliedBy(1L << Math.min(reports, 10));
        Duration most = grown.compareTo(LAST_REPEAT) < 0 ? grown : LAST_REPEAT;
        return worker.spread(most);
    }

    private void answered(RunningAttempt attempt, Outcome outcome, ReportAnswer answer) {
        if (held.remove(attempt.token(), attempt)) {
            worker.tell(listener -> listener.ended(attempt.context(), outcome, answer));
            worker.grantRoom();
            worker.progressed();
        }
    }

    /** Does what time alone asks for. */
    void step(long now) {
        if (!held.isEmpty() && now - leaseEnd >= 0) {
            dropAll("the lease ended before a heartbeat came through");
        }
        if (connected && now - nextHeartbeat >= 0) {
            nextHeartbeat = now + config.heartbeatPeriod().toNanos();
            heartbeat(now);
        }
        if (connected && noteDue && now - noteAt >= 0) {
            noteDue = false;
            note(held.values(), now);
        }
        for (RunningAttempt attempt : List.copyOf(held.values())) {
            step(attempt, now);
        }
    }

    // ---- What handlers tell

    /** A handler has told something, for the first time since the last note. Any thread. */
    void noteSoon() {
        worker.run(() -> {
            if (!noteDue) {
                noteDue = true;
                noteAt = worker.now() + NOTE_EVERY.toNanos();
                worker.wakeBy(noteAt);
            }
        });
    }

    private void note(Collection<RunningAttempt> attempts, long now) {
        List<Note> notes = new ArrayList<>();
        for (RunningAttempt attempt : attempts) {
            Note note = attempt.note(now);
            if (note != null) {
                notes.add(note);
            }
        }
        if (!notes.isEmpty()) {
            link().note(notes);
        }
    }

    long now() {
        return worker.now();
    }

    // ---- What time asks for

    private void step(RunningAttempt attempt, long now) {
        if (attempt.isTimeoutDue(now)) {
            stop(attempt, StopReason.TIMEOUT);
        } else if (attempt.isStuck(now, config.stopGrace())) {
            giveUp(attempt);
        } else if (connected && attempt.isReportDue(now)) {
            report(attempt);
        }
    }

    /** The handler ignores its interrupt: its attempt is ended without it, and its slot stays taken while it runs. */
    private void giveUp(RunningAttempt attempt) {
        StopReason reason = attempt.stopReason();
        if (reason != null) {
            worker.tell(listener -> listener.dropped(
                    attempt.context(), null, "the handler did not stop when it was interrupted for " + reason));
            settle(attempt, attempt.isExiting() ? AttemptRunner.exited() : AttemptRunner.stopped(attempt, reason));
        }
    }

    private void heartbeat(long now) {
        link().heartbeat(Set.copyOf(held.keySet()))
                .thenAccept(answer -> worker.run(() -> {
                    renewed(now);
                    stop(answer.cancel());
                    draining |= answer.drain();
                }));
    }

    private void renewed(long sentAt) {
        long end = sentAt + spec.leaseTtl().toNanos();
        if (end - leaseEnd > 0) {
            leaseEnd = end;
        }
        worker.wakeBy(leaseEnd);
    }

    /** How long until time alone asks for something. */
    long quietFor(long now) {
        long quiet = RunningAttempt.FOREVER;
        if (connected) {
            quiet = Math.min(quiet, nextHeartbeat - now);
            if (noteDue) {
                quiet = Math.min(quiet, noteAt - now);
            }
        }
        if (!held.isEmpty()) {
            quiet = Math.min(quiet, leaseEnd - now);
        }
        for (RunningAttempt attempt : held.values()) {
            // Without a connection a report waits for the next one, not for its time.
            if (attempt.settled() == null || connected) {
                quiet = Math.min(quiet, attempt.dueAt(config.stopGrace()) - now);
            }
        }
        return quiet;
    }

    void stopAll(StopReason reason) {
        List.copyOf(held.values()).forEach(attempt -> stop(attempt, reason));
    }

    private void stop(RunningAttempt attempt, StopReason reason) {
        attempt.stop(reason, worker.now());
        worker.wakeBy(attempt.dueAt(config.stopGrace()));
    }

    private void dropAll(String why) {
        for (RunningAttempt attempt : List.copyOf(held.values())) {
            if (attempt.isHandlerDone()) {
                worker.tell(listener -> listener.dropped(attempt.context(), attempt.settled(), why));
            } else {
                attempt.stop(StopReason.LEASE_LOST, worker.now());
            }
        }
        held.clear();
        worker.progressed();
    }

    private List<RunningAttempt> unanswered() {
        return held.values().stream()
                .filter(attempt -> attempt.settled() != null)
                .toList();
    }

    boolean isIdle() {
        return held.isEmpty();
    }

    boolean isOver() {
        return over;
    }

    BrokerSession broker() {
        return link();
    }

    Duration leaseRemaining() {
        long left = leaseEnd - worker.now();
        return left > 0 ? Duration.ofNanos(left) : Duration.ZERO;
    }
}
