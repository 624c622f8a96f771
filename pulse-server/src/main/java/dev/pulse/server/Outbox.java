package dev.pulse.server;

import dev.pulse.protocol.v1.Wire;
import io.grpc.stub.ServerCallStreamObserver;
import java.util.ArrayDeque;
import java.util.function.LongSupplier;

/**
 * What waits for one worker to read it. The connection takes as much as the worker's window allows; the rest waits here,
 * in order, within bounds. Any thread; one writes at a time, as the connection demands.
 */
final class Outbox {
    private final ServerCallStreamObserver<Wire.ServerMessage> out;
    private final StreamConfig config;
    private final LongSupplier ticker;
    private final ArrayDeque<Wire.ServerMessage> waiting = new ArrayDeque<>();
    private long waitingBytes;
    private long readAt;
    private boolean closed;

    Outbox(ServerCallStreamObserver<Wire.ServerMessage> out, StreamConfig config, LongSupplier ticker) {
        this.out = out;
        this.config = config;
        this.ticker = ticker;
    }

    int messageBytes() {
        return config.messageBytes();
    }

    /**
     * Sends the message now or when the worker reads on.
     *
     * @return false where the worker reads too slowly or is gone: the message will not arrive
     */
    synchronized boolean send(Wire.ServerMessage message) {
        if (closed || isStalled()) {
            return false;
        }
        flush();
        if (waiting.isEmpty() && out.isReady()) {
            out.onNext(message);
            return true;
        }
        if (waitingBytes + message.getSerializedSize() > config.outboxBytes()) {
            return false;
        }
        if (waiting.isEmpty()) {
            readAt = ticker.getAsLong();
        }
        waiting.add(message);
        waitingBytes += message.getSerializedSize();
        return true;
    }

    /** The worker has read: goes on where it was left. */
    synchronized void flush() {
        while (!closed && !waiting.isEmpty() && out.isReady()) {
            Wire.ServerMessage message = waiting.remove();
            waitingBytes -= message.getSerializedSize();
            readAt = ticker.getAsLong();
            out.onNext(message);
        }
    }

    /** Whether something waits and the worker has not read for too long. */
    synchronized boolean isStalled() {
        return !waiting.isEmpty()
                && ticker.getAsLong() - readAt > config.stall().toNanos();
    }

    /** Ends the stream in good order, behind all that was handed to the connection. */
    synchronized void complete() {
        if (!closed) {
            flush();
            closed = true;
            waiting.clear();
            out.onCompleted();
        }
    }

    synchronized void fail(Throwable status) {
        if (!closed) {
            closed = true;
            waiting.clear();
            out.onError(status);
        }
    }

    /** The connection is gone: nothing can be sent any more. */
    synchronized void abandon() {
        closed = true;
        waiting.clear();
    }
}
