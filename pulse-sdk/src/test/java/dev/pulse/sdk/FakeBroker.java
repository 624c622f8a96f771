package dev.pulse.sdk;

import dev.pulse.model.Assignment;
import dev.pulse.model.ErrorCode;
import dev.pulse.model.LeaseToken;
import dev.pulse.model.Note;
import dev.pulse.model.PulseException;
import dev.pulse.model.ReportAnswer;
import dev.pulse.model.SessionSpec;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** A broker in the hands of the test: it carries nothing until the test says so. */
final class FakeBroker implements Broker {
    private static final long HANGS = 10;

    final BlockingQueue<Session> opened = new LinkedBlockingQueue<>();

    @Override
    public BrokerSession open(SessionSpec spec, BrokerListener listener) {
        Session session = new Session(spec, listener);
        opened.add(session);
        return session;
    }

    /** The next session, connected. */
    Session connect() {
        Session session = next(opened);
        session.connect();
        return session;
    }

    static <T> T next(BlockingQueue<T> queue) {
        try {
            T next = queue.poll(HANGS, TimeUnit.SECONDS);
            if (next == null) {
                throw new AssertionError("nothing came");
            }
            return next;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** A report and the way to answer it. */
    record Sent(AttemptReport report, CompletableFuture<ReportAnswer> answer) {}

    /** A heartbeat and the way to answer it. */
    record Beat(Set<LeaseToken> held, CompletableFuture<Heartbeat> answer) {}

    static final class Session implements BrokerSession {
        final SessionSpec spec;
        final BrokerListener listener;
        final AtomicInteger credits = new AtomicInteger();
        final BlockingQueue<Sent> reports = new LinkedBlockingQueue<>();
        final BlockingQueue<Beat> heartbeats = new LinkedBlockingQueue<>();
        final BlockingQueue<Note> notes = new LinkedBlockingQueue<>();
        final CompletableFuture<Void> closed = new CompletableFuture<>();
        final BlockingQueue<Boolean> closes = new LinkedBlockingQueue<>();

        Session(SessionSpec spec, BrokerListener listener) {
            this.spec = spec;
            this.listener = listener;
        }

        Set<LeaseToken> connect() {
            Set<LeaseToken> held = listener.connecting();
            credits.set(0);
            listener.connected();
            return held;
        }

        void disconnect() {
            listener.disconnected(new PulseException(ErrorCode.UNREACHABLE, "cut"));
        }

        void assign(Assignment... jobs) {
            credits.addAndGet(-jobs.length);
            listener.assigned(List.of(jobs));
        }

        Sent report() {
            return next(reports);
        }

        void answer(ReportAnswer answer) {
            report().answer().complete(answer);
        }

        @Override
        public void grant(int more) {
            credits.addAndGet(more);
        }

        @Override
        public CompletableFuture<ReportAnswer> report(AttemptReport report) {
            Sent sent = new Sent(report, new CompletableFuture<>());
            reports.add(sent);
            return sent.answer();
        }

        @Override
        public CompletableFuture<Heartbeat> heartbeat(Set<LeaseToken> held) {
            Beat beat = new Beat(held, new CompletableFuture<>());
            heartbeats.add(beat);
            return beat.answer();
        }

        @Override
        public void note(List<Note> told) {
            notes.addAll(told);
        }

        @Override
        public CompletableFuture<Void> close() {
            closes.add(true);
            return closed;
        }
    }
}
