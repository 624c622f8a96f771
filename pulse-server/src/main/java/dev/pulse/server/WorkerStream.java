package dev.pulse.server;

import dev.pulse.engine.Beat;
import dev.pulse.engine.Deliveries;
import dev.pulse.engine.SessionListener;
import dev.pulse.engine.WorkerSession;
import dev.pulse.json.ResultCheck;
import dev.pulse.model.Assignment;
import dev.pulse.model.ErrorCode;
import dev.pulse.model.IdSource;
import dev.pulse.model.LeaseToken;
import dev.pulse.model.Limits;
import dev.pulse.model.PulseException;
import dev.pulse.model.SessionSpec;
import dev.pulse.protocol.WireErrors;
import dev.pulse.protocol.WireNotes;
import dev.pulse.protocol.WireSessions;
import dev.pulse.protocol.WireValues;
import dev.pulse.protocol.v1.Wire;
import dev.pulse.store.CancelRequest;
import dev.pulse.store.Ended;
import dev.pulse.store.Report;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One worker's stream. Stops 6 and 8 of the path. Messages of the worker come in on the connection's event loop, one at a
 * time; the engine speaks on threads of its own; neither may block, so the hello, which asks the store, is handled on a
 * virtual thread while the next message waits. Keeps I2 and I9: what cannot be delivered is handed back by the engine, and
 * every report is answered or will be repeated.
 */
final class WorkerStream implements StreamObserver<Wire.WorkerMessage>, SessionListener {
    private static final Logger LOG = LoggerFactory.getLogger(WorkerStream.class);

    private final SessionDesk desk;
    private final Limits limits;
    private final IdSource ids;
    private final Executor blocking;
    private final Outbox outbox;
    private final String serverName;
    private final Consumer<WorkerStream> onClosed;
    private final AtomicBoolean closed = new AtomicBoolean();
    private final Deliveries deliveries = new Deliveries();

    private volatile boolean draining;
    private volatile @Nullable WorkerSession session;
    private @Nullable ServerCallStreamObserver<Wire.ServerMessage> inbound;

    WorkerStream(
            SessionDesk desk,
            Limits limits,
            IdSource ids,
            Executor blocking,
            Outbox outbox,
            String serverName,
            Consumer<WorkerStream> onClosed) {
        this.desk = desk;
        this.limits = limits;
        this.ids = ids;
        this.blocking = blocking;
        this.outbox = outbox;
        this.serverName = serverName;
        this.onClosed = onClosed;
    }

    /** Called once, within the call that opens the stream. */
    void start(ServerCallStreamObserver<Wire.ServerMessage> out) {
        inbound = out;
        out.disableAutoRequest();
        out.setOnReadyHandler(outbox::flush);
        out.setOnCancelHandler(this::gone);
        out.request(1);
    }

    // ---- what the worker says ----

    @Override
    public void onNext(Wire.WorkerMessage message) {
        WorkerSession attached = session;
        try {
            if (outbox.isStalled()) {
                drop();
            } else if (attached == null) {
                hello(message);
            } else {
                hear(attached, message);
                next();
            }
        } catch (RuntimeException e) {
            fail(Failures.of(e));
        }
    }

    private void hello(Wire.WorkerMessage message) {
        if (!message.hasHello()) {
            throw PulseException.invalid("hello", "has to be the first message of the stream");
        }
        SessionSpec spec = WireSessions.spec(message.getHello(), ids);
        Set<LeaseToken> held = WireSessions.held(message.getHello().getHeldList());
        blocking.execute(() -> attach(spec, held));
    }

    private void attach(SessionSpec spec, Set<LeaseToken> held) {
        try {
            deliveries.taken(held);
            WorkerSession attached = desk.attach(spec, held, this);
            send(Wire.ServerMessage.newBuilder()
                    .setWelcome(Wire.Welcome.newBuilder()
                            .setSessionId(spec.id().toString())
                            .setLeaseTtl(WireValues.duration(spec.leaseTtl()))
                            .setServer(serverName))
                    .build());
            session = attached;
            if (closed.get()) {
                attached.detach();
                return;
            }
            if (draining) {
                drain();
            }
            next();
        } catch (RuntimeException e) {
            fail(Failures.of(e));
        }
    }

    private void hear(WorkerSession attached, Wire.WorkerMessage message) {
        switch (message.getMessageCase()) {
            case CREDITS -> credits(attached, message.getCredits().getN());
            case REPORTS -> report(attached, message.getReports().getReportsList());
            case HEARTBEAT -> heartbeat(attached, message.getHeartbeat());
            case NOTES -> desk.note(WireNotes.notes(message.getNotes().getNotesList()));
            case GOODBYE -> goodbye(attached);
            case HELLO -> throw PulseException.invalid("hello", "is said once a stream");
            // A worker newer than this server may say what it does not know yet.
            case MESSAGE_NOT_SET -> {}
        }
    }

    private static void credits(WorkerSession attached, int credits) {
        if (credits < 1 || credits > WireSessions.MAX_SLOTS) {
            throw PulseException.invalid("credits", "1 to " + WireSessions.MAX_SLOTS + " are allowed, got " + credits);
        }
        attached.grant(credits);
    }

    private void report(WorkerSession attached, List<Wire.Report> messages) {
        var unused = attached.report(reports(messages, limits)).whenComplete((ended, failure) -> {
            if (failure != null) {
                unanswered(failure);
                return;
            }
            send(Wire.ServerMessage.newBuilder()
                    .setAnswers(Wire.ReportAnswers.newBuilder().addAllAnswers(answers(ended)))
                    .build());
            ended.forEach(one -> deliveries.ended(one.token()));
            leaveWhenIdle();
        });
    }

    private void heartbeat(WorkerSession attached, Wire.HeartbeatNote note) {
        Set<LeaseToken> held = WireSessions.held(note.getHeldList());
        // A worker that does not say how far it has read is taken at its word.
        Set<LeaseToken> named = note.hasRead() ? deliveries.named(held, note.getRead()) : held;
        var unused = attached.heartbeat(named).whenComplete((beat, failure) -> {
            if (failure != null) {
                unanswered(failure);
                return;
            }
            send(answer(note.getSeq(), beat));
        });
    }

    private static Wire.ServerMessage answer(long seq, Beat beat) {
        return Wire.ServerMessage.newBuilder()
                .setHeartbeat(Wire.HeartbeatAnswer.newBuilder()
                        .setSeq(seq)
                        .addAllCancels(cancels(beat.cancel()))
                        .setDrain(beat.drain()))
                .build();
    }

    /** The worker repeats what gets no answer; only a session that is over is told so. */
    private void unanswered(Throwable failure) {
        PulseException trouble = Failures.of(failure);
        if (trouble.code() == ErrorCode.SESSION_ENDED || trouble.code() == ErrorCode.SESSION_NOT_FOUND) {
            ended(String.valueOf(trouble.getMessage()));
        } else if (!trouble.code().retryable()) {
            fail(trouble);
        }
    }

    private void goodbye(WorkerSession attached) {
        var unused = attached.close().whenComplete((done, failure) -> {
            if (failure == null) {
                complete();
            } else {
                fail(Failures.of(failure));
            }
        });
    }

    @Override
    public void onError(Throwable connectionLost) {
        gone();
    }

    @Override
    public void onCompleted() {
        complete();
    }

    // ---- what the engine says ----

    @Override
    public void assigned(List<Assignment> jobs) {
        Wire.Assignments.Builder message = Wire.Assignments.newBuilder();
        int bytes = 0;
        int from = 0;
        for (int at = 0; at < jobs.size(); at++) {
            Wire.Assignment item = WireSessions.assignment(jobs.get(at));
            if (bytes > 0 && bytes + item.getSerializedSize() > outbox.messageBytes()) {
                deliver(message, jobs.subList(from, at));
                message = Wire.Assignments.newBuilder();
                bytes = 0;
                from = at;
            }
            message.addJobs(item);
            bytes += item.getSerializedSize();
        }
        deliver(message, jobs.subList(from, jobs.size()));
    }

    /** What it throws makes the engine hand the jobs back; those that did arrive are named by the next heartbeat. */
    private void deliver(Wire.Assignments.Builder message, List<Assignment> jobs) {
        message.setSeq(deliveries.number(jobs));
        if (!outbox.send(Wire.ServerMessage.newBuilder().setAssignments(message).build())) {
            drop();
            throw new IllegalStateException("the worker does not read its stream");
        }
    }

    /** Before the welcome nothing is said; what is left out here the next heartbeat is answered with. */
    @Override
    public void cancel(List<CancelRequest> requests) {
        if (session == null) {
            return;
        }
        send(Wire.ServerMessage.newBuilder()
                .setCancels(Wire.Cancels.newBuilder().addAllCancels(cancels(requests)))
                .build());
    }

    @Override
    public void drain() {
        draining = true;
        if (session == null) {
            return;
        }
        send(Wire.ServerMessage.newBuilder()
                .setDrain(Wire.Drain.getDefaultInstance())
                .build());
        leaveWhenIdle();
    }

    /** Lets the worker go to another server as soon as it has nothing more to report here. */
    private void leaveWhenIdle() {
        if (draining && deliveries.isEmpty()) {
            complete();
        }
    }

    @Override
    public void ended(String reason) {
        send(Wire.ServerMessage.newBuilder()
                .setEnded(Wire.SessionEnded.newBuilder().setReason(reason))
                .build());
        complete();
    }

    // ---- the end ----

    private void send(Wire.ServerMessage message) {
        if (!outbox.send(message)) {
            drop();
        }
    }

    /** Lets go of a worker that does not read: it may come back with a stream that it does read. */
    private void drop() {
        WorkerSession attached = session;
        if (!closed.get()) {
            LOG.warn(
                    "session {} does not read its stream: the stream is closed, its lease goes on",
                    attached == null ? "(new)" : attached.id());
        }
        if (close()) {
            outbox.fail(Status.RESOURCE_EXHAUSTED
                    .withDescription("the worker does not read its stream")
                    .asRuntimeException());
        }
    }

    private void fail(PulseException trouble) {
        if (close()) {
            outbox.fail(WireErrors.toStatus(trouble));
        }
    }

    private void complete() {
        if (close()) {
            outbox.complete();
        }
    }

    private void gone() {
        if (close()) {
            outbox.abandon();
        }
    }

    private boolean close() {
        if (!closed.compareAndSet(false, true)) {
            return false;
        }
        WorkerSession attached = session;
        if (attached != null) {
            attached.detach();
        }
        onClosed.accept(this);
        return true;
    }

    private void next() {
        ServerCallStreamObserver<Wire.ServerMessage> in = inbound;
        if (in != null && !closed.get()) {
            in.request(1);
        }
    }

    // ---- shared with the unary methods ----

    static List<Report> reports(List<Wire.Report> messages, Limits limits) {
        return WireSessions.reports(messages, limits).stream()
                .map(report -> new Report(report.jobId(), report.token(), ResultCheck.checked(report.outcome())))
                .toList();
    }

    static List<Wire.Answer> answers(List<Ended> ended) {
        return ended.stream()
                .map(one -> WireSessions.answer(one.jobId(), one.token(), one.answer()))
                .toList();
    }

    static List<Wire.Cancel> cancels(List<CancelRequest> requests) {
        return requests.stream()
                .map(request -> WireSessions.cancel(request.jobId(), request.token()))
                .toList();
    }
}
