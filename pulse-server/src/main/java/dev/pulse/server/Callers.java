package dev.pulse.server;

import dev.pulse.access.Access;
import dev.pulse.access.SignIn;
import dev.pulse.model.Caller;
import dev.pulse.protocol.WireErrors;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.StatusRuntimeException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Lets callers of the gRPC door in, by the rule of the method, and carries who they are in the call's context. */
final class Callers implements ServerInterceptor {
    private static final Context.Key<Access> ACCESS = Context.key("access");
    private static final Metadata.Key<String> AUTHORIZATION =
            Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);

    private final SignIn signIn;

    Callers(SignIn signIn) {
        this.signIn = signIn;
    }

    /** The caller of the gRPC call that this thread works for. */
    static Caller current() {
        return access().caller();
    }

    /** The same, with what they may do; outside of a call nothing. */
    static Access access() {
        Access access = ACCESS.get();
        return access == null ? Access.nobody("grpc") : access;
    }

    @Override
    public <A, B> ServerCall.Listener<A> interceptCall(
            ServerCall<A, B> call, Metadata headers, ServerCallHandler<A, B> next) {
        Access access;
        try {
            access = admit(call, headers);
        } catch (RuntimeException e) {
            StatusRuntimeException refusal = WireErrors.toStatus(Failures.of(e));
            Metadata trailers = refusal.getTrailers();
            call.close(refusal.getStatus(), trailers == null ? new Metadata() : trailers);
            return new ServerCall.Listener<>() {};
        }
        return Contexts.interceptCall(Context.current().withValue(ACCESS, access), call, headers, next);
    }

    private Access admit(ServerCall<?, ?> call, Metadata headers) {
        String from = shown(call.getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR));
        Rule rule = GrpcRules.of(call.getMethodDescriptor());
        if (rule.isPublic()) {
            return Access.nobody(from);
        }
        Access access = signIn.signIn(Optional.ofNullable(headers.get(AUTHORIZATION)), from);
        rule.check(access);
        return access;
    }

    private static String shown(@Nullable SocketAddress remote) {
        return remote instanceof InetSocketAddress inet && inet.getAddress() != null
                ? inet.getAddress().getHostAddress()
                : "grpc";
    }
}
