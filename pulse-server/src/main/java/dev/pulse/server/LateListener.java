package dev.pulse.server;

import io.grpc.ServerCall;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Listens to a call whose method has not been started, because its caller is still being signed in: keeps what happens until
 * then and tells it, in order, to the method's own listener. Nothing is read of the call's messages before the method asks for
 * them, so what is kept are a few signs and never data. Events come on the call's event loop; {@link #start} on any thread.
 */
final class LateListener<A> extends ServerCall.Listener<A> {
    private final Queue<Consumer<ServerCall.Listener<A>>> kept = new ArrayDeque<>();
    private boolean over;
    private volatile ServerCall.@Nullable Listener<A> method;

    /** Starts the method, unless the call has ended meanwhile. Once. */
    void start(Supplier<ServerCall.Listener<A>> starting) {
        synchronized (kept) {
            if (over) {
                return;
            }
        }
        ServerCall.Listener<A> started = starting.get();
        while (true) {
            Consumer<ServerCall.Listener<A>> next;
            synchronized (kept) {
                next = kept.poll();
                if (next == null) {
                    method = started;
                    return;
                }
            }
            next.accept(started);
        }
    }

    private void tell(Consumer<ServerCall.Listener<A>> event, boolean last) {
        ServerCall.Listener<A> started = method;
        if (started == null) {
            synchronized (kept) {
                started = method;
                if (started == null) {
                    kept.add(event);
                    over |= last;
                    return;
                }
            }
        }
        event.accept(started);
    }

    @Override
    public void onMessage(A message) {
        tell(listener -> listener.onMessage(message), false);
    }

    @Override
    public void onHalfClose() {
        tell(ServerCall.Listener::onHalfClose, false);
    }

    @Override
    public void onCancel() {
        tell(ServerCall.Listener::onCancel, true);
    }

    @Override
    public void onComplete() {
        tell(ServerCall.Listener::onComplete, true);
    }

    @Override
    public void onReady() {
        tell(ServerCall.Listener::onReady, false);
    }
}
