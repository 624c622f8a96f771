package dev.pulse.server;

import dev.pulse.model.IdSource;
import dev.pulse.model.Limits;
import dev.pulse.protocol.v1.Wire;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/** The worker streams that are open here: makes them, and waits for them to end when the server stops. Any thread. */
final class WorkerStreams {
    private final Desks desks;
    private final Limits limits;
    private final IdSource ids;
    private final Executor blocking;
    private final LongSupplier ticker;
    private final StreamConfig config;
    private final Set<WorkerStream> open = ConcurrentHashMap.newKeySet();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition fewer = lock.newCondition();

    WorkerStreams(
            Desks desks, Limits limits, IdSource ids, Executor blocking, LongSupplier ticker, StreamConfig config) {
        this.desks = desks;
        this.limits = limits;
        this.ids = ids;
        this.blocking = blocking;
        this.ticker = ticker;
        this.config = config;
    }

    StreamObserver<Wire.WorkerMessage> open(ServerCallStreamObserver<Wire.ServerMessage> out, String serverName) {
        Outbox outbox = new Outbox(out, config, ticker);
        WorkerStream stream =
                new WorkerStream(desks.current().sessions(), limits, ids, blocking, outbox, serverName, this::closed);
        open.add(stream);
        stream.start(out);
        return stream;
    }

    private void closed(WorkerStream stream) {
        open.remove(stream);
        lock.lock();
        try {
            fewer.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Waits until no stream is open; false when the time was over first. */
    boolean awaitNone(Duration longest) throws InterruptedException {
        long left = longest.toNanos();
        lock.lock();
        try {
            while (!open.isEmpty() && left > 0) {
                left = fewer.awaitNanos(left);
            }
            return open.isEmpty();
        } finally {
            lock.unlock();
        }
    }
}
