package dev.pulse.embedded;

import dev.pulse.engine.Beat;
import dev.pulse.engine.Engine;
import dev.pulse.engine.SessionListener;
import dev.pulse.engine.WorkerSession;
import dev.pulse.json.ResultCheck;
import dev.pulse.model.Assignment;
import dev.pulse.model.ErrorCode;
import dev.pulse.model.LeaseToken;
import dev.pulse.model.Note;
import dev.pulse.model.PulseException;
import dev.pulse.model.ReportAnswer;
import dev.pulse.model.SessionSpec;
import dev.pulse.sdk.AttemptReport;
import dev.pulse.sdk.BrokerListener;
import dev.pulse.sdk.BrokerSession;
import dev.pulse.sdk.Heartbeat;
import dev.pulse.store.CancelRequest;
import dev.pulse.store.Report;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One session at an engine in the same process. Stops 6 and 8 of the path.
 *
 * <p>What the engine says comes on several of its threads and goes through the session's own line, one after another (the
 * seam's promise); the hello, which asks the store, happens there, too. What the worker says goes straight to the engine,
 * which gathers it with its neighbours and never blocks. Keeps I2 and I9: what finds the line closed is handed back, and a
 * report without an answer is told again by the runtime.
 */
final class EngineSession implements BrokerSession, SessionListener {
    private static final Duration FIRST_WAIT = Duration.ofMillis(100);
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(5);
    private static final Duration GOODBYE_WITHIN = Duration.ofSeconds(5);
    private static final int MAX_DOUBLINGS = 20;
    /** No credential is called so: nobody takes such a session over through a door. */
    private static final String OWNER = "(embedded)";

    private final Engine engine;
    private final SessionSpec spec;
    private final BrokerListener worker;
    private final Turns.Line line;
    private final Consumer<EngineSession> onOver;
    private final CompletableFuture<Void> closed = new CompletableFuture<>();
    private volatile @Nullable WorkerSession link;

    // Only the line touches what follows.
    private boolean closing;
    private boolean over;
    private boolean troubleTold;
    private int failures;

    EngineSession(
            Engine engine, SessionSpec spec, BrokerListener worker, Turns.Line line, Consumer<EngineSession> onOver) {
        this.engine = engine;
        this.spec = spec;
        this.worker = worker;
        this.line = line;
        this.onOver = onOver;
    }

    void start() {
        line.execute(this::connect);
    }

    // ---- what the worker says ----

    @Override
    public void grant(int credits) {
        WorkerSession live = link;
        if (live != null) {
            live.grant(credits);
        }
    }

    @Override
    public void endedElsewhere(LeaseToken token) {
        WorkerSession live = link;
        if (live != null) {
            live.endedElsewhere(token);
        }
    }

    @Override
    public CompletableFuture<ReportAnswer> report(AttemptReport report) {
        WorkerSession live = link;
        if (live == null) {
            return noConnection();
        }
        Report told = new Report(report.jobId(), report.token(), ResultCheck.checked(report.outcome()));
        return told(() -> live.report(List.of(told))
                .thenApply(answers -> answers.getFirst().answer()));
    }

    @Override
    public CompletableFuture<Heartbeat> heartbeat(Set<LeaseToken> held) {
        WorkerSession live = link;
        if (live == null) {
            return noConnection();
        }
        return told(() -> live.heartbeat(held).thenApply(EngineSession::heartbeat));
    }

    private static Heartbeat heartbeat(Beat beat) {
        return new Heartbeat(tokens(beat.cancel()), beat.drain());
    }

    private static Set<LeaseToken> tokens(List<CancelRequest> requests) {
        return requests.stream().map(CancelRequest::token).collect(Collectors.toUnmodifiableSet());
    }

    @Override
    public void note(List<Note> notes) {
        engine.note(notes);
    }

    @Override
    public CompletableFuture<Void> close() {
        if (!line.execute(this::sayGoodbye)) {
            closed.complete(null);
        }
        return closed;
    }

    private interface Call<T> {
        CompletableFuture<T> make();
    }

    /** The engine's answer; whatever fails it, the worker hears a {@link PulseException}. */
    private <T> CompletableFuture<T> told(Call<T> call) {
        CompletableFuture<T> told = new CompletableFuture<>();
        try {
            var unused = call.make().whenComplete((answer, failure) -> {
                if (failure == null) {
                    told.complete(answer);
                } else {
                    fail(told, Trouble.of(failure));
                }
            });
        } catch (RuntimeException e) {
            fail(told, Trouble.of(e));
        }
        return told;
    }

    private void fail(CompletableFuture<?> told, PulseException trouble) {
        told.completeExceptionally(trouble);
        if (Trouble.isSessionGone(trouble)) {
            ended(String.valueOf(trouble.getMessage()));
        }
    }

    private static <T> CompletableFuture<T> noConnection() {
        return CompletableFuture.failedFuture(
                new PulseException(ErrorCode.UNREACHABLE, "the session has not been opened yet, or is over"));
    }

    // ---- what the engine says ----

    @Override
    public void assigned(List<Assignment> jobs) {
        if (!line.execute(() -> tell(() -> worker.assigned(jobs)))) {
            throw new IllegalStateException("the session is over");
        }
    }

    @Override
    public void cancel(List<CancelRequest> requests) {
        line.execute(() -> tell(() -> worker.cancel(tokens(requests))));
    }

    @Override
    public void drain() {
        line.execute(() -> tell(worker::drain));
    }

    @Override
    public void ended(String reason) {
        line.execute(() -> tell(() -> {
            finish();
            worker.ended(reason);
        }));
    }

    /** Nothing is told before the worker was told that it is connected, and nothing after the end. */
    private void tell(Runnable news) {
        if (!over && !closing && link != null) {
            news.run();
        }
    }

    // ---- the line ----

    private void connect() {
        if (closing || over) {
            finish();
            return;
        }
        try {
            link = engine.attach(spec.ownedBy(OWNER), worker.connecting(), this);
        } catch (RuntimeException e) {
            refused(Trouble.of(e));
            return;
        }
        worker.connected();
    }

    private void refused(PulseException trouble) {
        if (Trouble.isSessionGone(trouble)) {
            finish();
            worker.ended(String.valueOf(trouble.getMessage()));
        } else if (trouble.code().kind() == ErrorCode.Kind.CALLER
                && !trouble.code().retryable()) {
            finish();
            worker.refused(trouble);
        } else {
            if (!troubleTold) {
                troubleTold = true;
                worker.disconnected(trouble);
            }
            Duration wait = FIRST_WAIT.multipliedBy(1L << Math.min(failures++, MAX_DOUBLINGS));
            line.after(wait.compareTo(LONGEST_WAIT) < 0 ? wait : LONGEST_WAIT, this::connect);
        }
    }

    private void sayGoodbye() {
        closing = true;
        WorkerSession live = link;
        if (live == null) {
            finish();
            return;
        }
        var unused = live.close().whenComplete((done, failure) -> {
            if (!line.execute(this::finish)) {
                closed.complete(null);
            }
        });
        line.after(GOODBYE_WITHIN, this::finish);
    }

    /** Nothing comes after this; what is still asked for fails at once. */
    private void finish() {
        if (!over) {
            over = true;
            link = null;
            line.close();
            onOver.accept(this);
            closed.complete(null);
        }
    }

    /** Leaves without a goodbye: the lease goes on, and the store's sweep finds what is held. */
    void abandon() {
        line.execute(() -> {
            WorkerSession live = link;
            if (live != null) {
                live.detach();
            }
            finish();
        });
    }
}
