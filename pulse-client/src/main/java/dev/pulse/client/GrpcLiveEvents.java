package dev.pulse.client;

import dev.pulse.model.ErrorCode;
import dev.pulse.model.Event;
import dev.pulse.model.PulseException;
import dev.pulse.protocol.WireErrors;
import dev.pulse.protocol.WireEvents;
import dev.pulse.protocol.v1.PulseServiceGrpc;
import dev.pulse.protocol.v1.Wire;
import dev.pulse.sdk.LiveEvents;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.Status;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * One stream of events. Messages are asked for as they are polled, so that a slow reader is slow all the way to the server,
 * which then cuts it off; a few are asked for ahead.
 */
final class GrpcLiveEvents extends ClientCall.Listener<Wire.WatchEventsResponse> implements LiveEvents {
    private static final int AHEAD = 4;

    private final ClientCall<Wire.WatchEventsRequest, Wire.WatchEventsResponse> call;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final ArrayDeque<Wire.WatchEventsResponse> arrived = new ArrayDeque<>();
    private @Nullable PulseException failure;
    private boolean begun;
    private boolean gap;

    private GrpcLiveEvents(ClientCall<Wire.WatchEventsRequest, Wire.WatchEventsResponse> call) {
        this.call = call;
    }

    /** Returns when the server has said that the watch has begun. */
    static LiveEvents open(Calls calls, Wire.WatchEventsRequest request, Duration within) {
        GrpcLiveEvents events = new GrpcLiveEvents(calls.channel()
                .newCall(PulseServiceGrpc.getWatchEventsMethod(), CallOptions.DEFAULT.withExecutor(Runnable::run)));
        events.call.start(events, new Metadata());
        events.call.request(AHEAD);
        events.call.sendMessage(request);
        events.call.halfClose();
        try {
            events.awaitBegun(within);
        } catch (InterruptedException e) {
            events.close();
            Thread.currentThread().interrupt();
            throw new PulseException(ErrorCode.UNREACHABLE, "interrupted before the watch began", e);
        } catch (RuntimeException e) {
            events.close();
            throw e;
        }
        return events;
    }

    private void awaitBegun(Duration within) throws InterruptedException {
        lock.lock();
        try {
            long left = within.toNanos();
            while (!begun && failure == null && left > 0) {
                left = changed.awaitNanos(left);
            }
            if (failure != null) {
                throw failure;
            }
            if (!begun) {
                throw new PulseException(
                        ErrorCode.TIMED_OUT, "the watch did not begin within " + within.toSeconds() + "s");
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public List<Event> poll(Duration timeout) throws InterruptedException {
        List<Event> events = new ArrayList<>();
        int taken = 0;
        lock.lock();
        try {
            long left = timeout.toNanos();
            while (arrived.isEmpty() && failure == null && left > 0) {
                left = changed.awaitNanos(left);
            }
            for (Wire.WatchEventsResponse one = arrived.poll(); one != null; one = arrived.poll()) {
                one.getEventsList().forEach(event -> events.add(WireEvents.event(event)));
                gap |= one.getGap();
                taken++;
            }
            if (taken == 0 && failure != null) {
                throw failure;
            }
        } finally {
            lock.unlock();
        }
        if (taken > 0) {
            call.request(taken);
        }
        return events;
    }

    @Override
    public boolean takeGap() {
        lock.lock();
        try {
            boolean was = gap;
            gap = false;
            return was;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void onMessage(Wire.WatchEventsResponse message) {
        lock.lock();
        try {
            if (begun) {
                arrived.add(message);
            } else {
                begun = true;
                call.request(1);
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
        lock.lock();
        try {
            failure = status.isOk()
                    ? new PulseException(ErrorCode.SHUTTING_DOWN, "the server ended the watch")
                    : WireErrors.fromStatus(status.asRuntimeException(trailers));
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        call.cancel("closed by the reader", null);
    }
}
