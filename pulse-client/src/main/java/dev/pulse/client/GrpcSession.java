package dev.pulse.client;

import dev.pulse.model.Assignment;
import dev.pulse.model.ErrorCode;
import dev.pulse.model.LeaseToken;
import dev.pulse.model.Note;
import dev.pulse.model.PulseException;
import dev.pulse.model.ReportAnswer;
import dev.pulse.model.SessionSpec;
import dev.pulse.protocol.WireEnums;
import dev.pulse.protocol.WireErrors;
import dev.pulse.protocol.WireNotes;
import dev.pulse.protocol.WireSessions;
import dev.pulse.protocol.v1.PulseServiceGrpc;
import dev.pulse.protocol.v1.Wire;
import dev.pulse.sdk.AttemptReport;
import dev.pulse.sdk.BrokerListener;
import dev.pulse.sdk.BrokerSession;
import dev.pulse.sdk.Heartbeat;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * One session over as many streams as it takes. Stops 6 and 8 of the path.
 *
 * <p>One thread per session does everything: it reads, it writes, it waits before it connects again; so nothing here needs
 * a lock, and what callers bring in meanwhile goes out together. Callers only add to queues, which are bounded by what the
 * worker holds (I8).
 */
final class GrpcSession implements BrokerSession {
    private static final System.Logger LOG = System.getLogger("dev.pulse.client");
    private static final Duration WELCOME_WITHIN = Duration.ofSeconds(10);
    private static final Duration GOODBYE_WITHIN = Duration.ofSeconds(5);
    /** So many heartbeats without an answer, and the connection is taken for dead, whatever TCP believes. */
    private static final int SILENT_HEARTBEATS = 3;
    /** A message of reports is sent once it is this large; results make reports large. */
    private static final int REPORTS_BYTES = 1 << 20;

    private static final int MAX_DOUBLINGS = 20;

    /** A report on its way out. */
    private record Outgoing(AttemptReport report, CompletableFuture<ReportAnswer> answer) {}

    /** How far the worker has read on which stream. */
    private record Read(@Nullable Stream stream, long seq) {}

    private final ManagedChannel channel;
    private final SessionSpec spec;
    private final BrokerListener listener;
    private final ClientConfig config;
    private final RandomGenerator random;
    private final ScheduledThreadPoolExecutor thread;

    private final Queue<Outgoing> reports = new ConcurrentLinkedQueue<>();
    private final AtomicInteger credits = new AtomicInteger();
    private final AtomicBoolean flushing = new AtomicBoolean();
    private final CompletableFuture<Void> closed = new CompletableFuture<>();

    /** Written once the listener has taken what was read, never before: a heartbeat must not claim more than it knows. */
    private volatile Read read = new Read(null, 0);

    // Only the session's thread touches what follows.
    private final Map<LeaseToken, CompletableFuture<ReportAnswer>> unanswered = new HashMap<>();
    private final TreeMap<Long, CompletableFuture<Heartbeat>> heartbeats = new TreeMap<>();
    private @Nullable Stream stream;
    private boolean troubleTold;
    private boolean closing;
    private boolean over;
    private int failures;
    private long heartbeatSeq;

    GrpcSession(
            ManagedChannel channel,
            SessionSpec spec,
            BrokerListener listener,
            ClientConfig config,
            RandomGenerator random) {
        this.channel = channel;
        this.spec = spec;
        this.listener = listener;
        this.config = config;
        this.random = random;
        this.thread = new ScheduledThreadPoolExecutor(
                1,
                Thread.ofPlatform()
                        .name("pulse-session-" + spec.worker())
                        .daemon()
                        .factory());
        thread.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    void start() {
        execute(this::connect);
    }

    // ---- What callers bring

    @Override
    public void grant(int more) {
        credits.addAndGet(more);
        flushSoon();
    }

    @Override
    public CompletableFuture<ReportAnswer> report(AttemptReport report) {
        CompletableFuture<ReportAnswer> answer = new CompletableFuture<>();
        reports.add(new Outgoing(report, answer));
        flushSoon();
        return answer;
    }

    /** What comes in before the thread gets to it goes out in the same message. */
    private void flushSoon() {
        if (flushing.compareAndSet(false, true) && !execute(this::flush)) {
            flushing.set(false);
            failReports(noConnection());
        }
    }

    @Override
    public CompletableFuture<Heartbeat> heartbeat(Set<LeaseToken> held) {
        CompletableFuture<Heartbeat> answer = new CompletableFuture<>();
        // Now, not when it is sent: what is read in between is not in held.
        Read before = read;
        if (!execute(() -> sendHeartbeat(held, before, answer))) {
            answer.completeExceptionally(noConnection());
        }
        return answer;
    }

    @Override
    public void note(List<Note> notes) {
        execute(() -> sendNotes(notes));
    }

    @Override
    public CompletableFuture<Void> close() {
        if (!execute(this::sayGoodbye)) {
            closed.complete(null);
        }
        return closed;
    }

    private boolean execute(Runnable task) {
        try {
            thread.execute(guarded(task));
            return true;
        } catch (RejectedExecutionException sessionIsOver) {
            return false;
        }
    }

    private void after(Duration wait, Runnable task) {
        thread.schedule(guarded(task), wait.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** The executor keeps what a task throws to itself; a defect here must be heard, and cost one stream at most. */
    private Runnable guarded(Runnable task) {
        return () -> {
            try {
                task.run();
            } catch (RuntimeException defect) {
                LOG.log(Level.ERROR, "session step failed: session=" + spec.id(), defect);
                if (stream != null) {
                    stream.cancel("session step failed");
                }
            }
        };
    }

    // ---- Out

    private void flush() {
        flushing.set(false);
        Stream live = welcomed();
        if (live == null) {
            failReports(noConnection());
            return;
        }
        Wire.Reports.Builder batch = Wire.Reports.newBuilder();
        int bytes = 0;
        for (Outgoing next = reports.poll(); next != null; next = reports.poll()) {
            Wire.Report message = WireSessions.report(
                    next.report().jobId(), next.report().token(), next.report().outcome());
            CompletableFuture<ReportAnswer> before =
                    unanswered.put(next.report().token(), next.answer());
            if (before != null) {
                next.answer().thenAccept(before::complete);
            }
            batch.addReports(message);
            bytes += message.getSerializedSize();
            if (bytes >= REPORTS_BYTES || batch.getReportsCount() == WireSessions.MAX_REPORTS) {
                send(live, batch);
                batch.clear();
                bytes = 0;
            }
        }
        if (batch.getReportsCount() > 0) {
            send(live, batch);
        }
        int room = credits.getAndSet(0);
        if (room > 0) {
            live.send(Wire.WorkerMessage.newBuilder()
                    .setCredits(Wire.Credits.newBuilder().setN(room))
                    .build());
        }
    }

    private static void send(Stream live, Wire.Reports.Builder batch) {
        live.send(Wire.WorkerMessage.newBuilder().setReports(batch).build());
    }

    private void sendHeartbeat(Set<LeaseToken> held, Read before, CompletableFuture<Heartbeat> answer) {
        Stream live = welcomed();
        if (live == null) {
            answer.completeExceptionally(noConnection());
            return;
        }
        if (heartbeats.size() >= SILENT_HEARTBEATS) {
            answer.completeExceptionally(noConnection());
            // A new stream would go over the same dead connection.
            channel.enterIdle();
            live.cancel("no answer to " + heartbeats.size() + " heartbeats");
            return;
        }
        long seq = heartbeatSeq++;
        heartbeats.put(seq, answer);
        Wire.HeartbeatNote.Builder note =
                Wire.HeartbeatNote.newBuilder().setSeq(seq).setRead(before.stream() == live ? before.seq() : 0);
        held.forEach(token -> note.addHeld(token.text()));
        live.send(Wire.WorkerMessage.newBuilder().setHeartbeat(note).build());
    }

    /** Lines may be dropped, and are where the connection is behind with what matters more. */
    private void sendNotes(List<Note> notes) {
        Stream live = welcomed();
        if (live == null) {
            return;
        }
        Wire.Notes.Builder batch = Wire.Notes.newBuilder();
        int bytes = 0;
        for (Note note : notes) {
            Wire.Note message = WireNotes.note(live.isBehind() ? note.withoutLines() : note);
            batch.addNotes(message);
            bytes += message.getSerializedSize();
            if (bytes >= REPORTS_BYTES) {
                live.send(Wire.WorkerMessage.newBuilder().setNotes(batch).build());
                batch.clear();
                bytes = 0;
            }
        }
        if (batch.getNotesCount() > 0) {
            live.send(Wire.WorkerMessage.newBuilder().setNotes(batch).build());
        }
    }

    private void sayGoodbye() {
        closing = true;
        Stream live = stream;
        if (live == null) {
            finish();
            return;
        }
        if (live.welcomed) {
            flush();
            live.send(Wire.WorkerMessage.newBuilder()
                    .setGoodbye(Wire.Goodbye.getDefaultInstance())
                    .build());
            after(GOODBYE_WITHIN, () -> live.cancel("no answer to the goodbye"));
        } else {
            live.cancel("closing");
        }
    }

    // ---- Connecting

    private void connect() {
        if (closing || over || channel.isShutdown()) {
            finish();
            return;
        }
        Wire.Hello hello = WireSessions.hello(spec, listener.connecting());
        credits.set(0);
        // gRPC's own pause between attempts grows to two minutes; ours is the one that counts.
        channel.resetConnectBackoff();
        Stream opened = new Stream();
        stream = opened;
        PulseServiceGrpc.newStub(channel).withExecutor(thread).streamJobs(opened);
        opened.send(Wire.WorkerMessage.newBuilder().setHello(hello).build());
        after(WELCOME_WITHIN, () -> {
            if (!opened.welcomed) {
                opened.cancel("no welcome");
            }
        });
    }

    private void streamClosed(PulseException cause, boolean wasWelcomed) {
        stream = null;
        failReports(cause);
        unanswered.values().forEach(answer -> answer.completeExceptionally(cause));
        unanswered.clear();
        heartbeats.values().forEach(answer -> answer.completeExceptionally(cause));
        heartbeats.clear();
        if (closing || over) {
            finish();
        } else if (cause.code() == ErrorCode.SESSION_ENDED || cause.code() == ErrorCode.SESSION_NOT_FOUND) {
            finish();
            listener.ended(String.valueOf(cause.getMessage()));
        } else if (!wasWelcomed && isForGood(cause)) {
            finish();
            listener.refused(cause);
        } else {
            if (wasWelcomed || !troubleTold) {
                troubleTold = true;
                listener.disconnected(cause);
            }
            after(backoff(), this::connect);
        }
    }

    private static boolean isForGood(PulseException cause) {
        return cause.code().kind() == ErrorCode.Kind.CALLER && !cause.code().retryable();
    }

    /** Full jitter: anywhere between nothing and the doubled bound, so that a fleet does not come back in step. */
    private Duration backoff() {
        Duration bound = config.reconnectFirst().multipliedBy(1L << Math.min(failures++, MAX_DOUBLINGS));
        Duration capped = bound.compareTo(config.reconnectMost()) < 0 ? bound : config.reconnectMost();
        return Duration.ofNanos(random.nextLong(capped.toNanos() + 1));
    }

    private void failReports(PulseException cause) {
        for (Outgoing next = reports.poll(); next != null; next = reports.poll()) {
            next.answer().completeExceptionally(cause);
        }
    }

    /** Nothing comes after this; what is still asked for fails at once. */
    private void finish() {
        over = true;
        thread.shutdown();
        // The shutdown may have dropped a flush; whoever reports from here on finds that out for itself.
        flushing.set(false);
        failReports(noConnection());
        closed.complete(null);
    }

    private @Nullable Stream welcomed() {
        return stream != null && stream.welcomed ? stream : null;
    }

    private PulseException noConnection() {
        return new PulseException(ErrorCode.UNREACHABLE, "not connected to " + config.address());
    }

    // ---- In

    /** One stream of the session. Its callbacks run on the session's thread. */
    private final class Stream implements ClientResponseObserver<Wire.WorkerMessage, Wire.ServerMessage> {
        private @Nullable ClientCallStreamObserver<Wire.WorkerMessage> out;
        private boolean welcomed;
        private boolean mute;

        @Override
        public void beforeStart(ClientCallStreamObserver<Wire.WorkerMessage> requests) {
            out = requests;
        }

        void send(Wire.WorkerMessage message) {
            if (out != null && !mute) {
                out.onNext(message);
            }
        }

        boolean isBehind() {
            return out != null && !out.isReady();
        }

        void cancel(String why) {
            if (out != null) {
                mute = true;
                out.cancel(why, null);
            }
        }

        @Override
        public void onNext(Wire.ServerMessage message) {
            switch (message.getMessageCase()) {
                case WELCOME -> welcome();
                case ASSIGNMENTS -> assigned(message.getAssignments());
                case ANSWERS -> message.getAnswers().getAnswersList().forEach(GrpcSession.this::answered);
                case HEARTBEAT -> heartbeatAnswered(message.getHeartbeat());
                case CANCELS -> listener.cancel(tokens(message.getCancels().getCancelsList()));
                case DRAIN -> listener.drain();
                case ENDED -> sessionEnded(message.getEnded().getReason());
                // From a newer server; what it means is unknown, and nothing that we know of depends on it.
                case MESSAGE_NOT_SET -> {}
            }
        }

        private void assigned(Wire.Assignments message) {
            listener.assigned(assignments(message));
            read = new Read(this, message.getSeq());
        }

        private void welcome() {
            welcomed = true;
            troubleTold = true;
            failures = 0;
            listener.connected();
        }

        private void sessionEnded(String reason) {
            over = true;
            cancel("session ended");
            listener.ended(reason);
        }

        @Override
        public void onError(Throwable failure) {
            mute = true;
            StatusRuntimeException status = failure instanceof StatusRuntimeException known
                    ? known
                    : Status.fromThrowable(failure).asRuntimeException();
            streamClosed(WireErrors.fromStatus(status), welcomed);
        }

        @Override
        public void onCompleted() {
            mute = true;
            streamClosed(new PulseException(ErrorCode.UNREACHABLE, "the server closed the stream"), welcomed);
        }
    }

    private List<Assignment> assignments(Wire.Assignments message) {
        List<Assignment> jobs = new ArrayList<>(message.getJobsCount());
        for (Wire.Assignment job : message.getJobsList()) {
            try {
                jobs.add(WireSessions.assignment(job, spec.id()));
            } catch (RuntimeException unreadable) {
                // Never named by a heartbeat, so the server hands it back.
                LOG.log(
                        Level.ERROR,
                        "assignment cannot be read: job=" + job.getJob().getId(),
                        unreadable);
            }
        }
        return jobs;
    }

    private void answered(Wire.Answer answer) {
        LeaseToken.parse(answer.getToken()).map(unanswered::remove).ifPresent(waiting -> {
            switch (answer.getAnswer()) {
                case REPORT_ANSWER_APPLIED, REPORT_ANSWER_STALE, REPORT_ANSWER_UNKNOWN ->
                    waiting.complete(WireEnums.answer("answer", answer.getAnswer()));
                case REPORT_ANSWER_UNSPECIFIED, UNRECOGNIZED ->
                    waiting.completeExceptionally(new PulseException(ErrorCode.INTERNAL, "an answer without meaning"));
            }
        });
    }

    private void heartbeatAnswered(Wire.HeartbeatAnswer answer) {
        CompletableFuture<Heartbeat> waiting = heartbeats.remove(answer.getSeq());
        // An answer shows that the connection lives; older ones are not waited for any more.
        heartbeats.headMap(answer.getSeq()).values().forEach(older -> older.completeExceptionally(noConnection()));
        heartbeats.headMap(answer.getSeq()).clear();
        if (waiting != null) {
            waiting.complete(new Heartbeat(tokens(answer.getCancelsList()), answer.getDrain()));
        }
    }

    private static Set<LeaseToken> tokens(List<Wire.Cancel> cancels) {
        Set<LeaseToken> tokens = HashSet.newHashSet(cancels.size());
        cancels.forEach(cancel -> LeaseToken.parse(cancel.getToken()).ifPresent(tokens::add));
        return tokens;
    }
}
