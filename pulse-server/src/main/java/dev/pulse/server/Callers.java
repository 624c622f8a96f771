package dev.pulse.server;

import dev.pulse.model.Caller;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/** Who calls, for the audit log: at the gRPC door carried by the call's context. */
final class Callers implements ServerInterceptor {
    /** Nobody has signed in, so nobody can be named. */
    private static final String NAME = "operator";

    private static final Context.Key<Caller> CALLER = Context.key("caller");

    /** The caller of the gRPC call that this thread works for. */
    static Caller current() {
        Caller caller = CALLER.get();
        return caller == null ? at("grpc") : caller;
    }

    /** Somebody at that address. */
    static Caller at(String address) {
        return new Caller(NAME, address);
    }

    @Override
    public <A, B> ServerCall.Listener<A> interceptCall(
            ServerCall<A, B> call, Metadata headers, ServerCallHandler<A, B> next) {
        SocketAddress remote = call.getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR);
        Context context = Context.current().withValue(CALLER, at(shown(remote)));
        return Contexts.interceptCall(context, call, headers, next);
    }

    private static String shown(@Nullable SocketAddress remote) {
        return remote instanceof InetSocketAddress inet && inet.getAddress() != null
                ? inet.getAddress().getHostAddress()
                : "grpc";
    }
}
