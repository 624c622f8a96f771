package dev.pulse.server;

import dev.pulse.access.Access;
import dev.pulse.access.Origin;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;

/** Lets callers of the gRPC door in, by the rule of the method, and carries who they are in the call's context. */
final class Callers implements ServerInterceptor {
    private static final Context.Key<Access> ACCESS = Context.key("access");
    private static final Metadata.Key<String> AUTHORIZATION =
            Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);

    private final SignIn signIn;
    private final Denials denials;
    private final Executor blocking;

    /**
     * @param denials is told whom a rule or a method refused
     * @param blocking where callers are signed in who are not known at once
     */
    Callers(SignIn signIn, Denials denials, Executor blocking) {
        this.signIn = signIn;
        this.denials = denials;
        this.blocking = blocking;
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
        Rule rule = GrpcRules.of(call.getMethodDescriptor());
        Origin origin = Origin.of(
                call.getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR),
                call.getAttributes().get(Grpc.TRANSPORT_ATTR_SSL_SESSION) != null,
                Peers.name(call).orElse(null));
        List<String> authorization = authorization(headers);
        try {
            Optional<Access> known = rule.isPublic()
                    ? Optional.of(Access.nobody(origin.address()))
                    : signIn.recall(authorization, origin);
            if (known.isPresent()) {
                return enter(rule, known.get(), Context.current(), call, headers, next);
            }
        } catch (RuntimeException e) {
            refuse(call, e);
            return new ServerCall.Listener<>() {};
        }
        return signInElsewhere(rule, authorization, origin, call, headers, next);
    }

    /** A slow hash, or a look into the database, is not for the event loop. */
    private <A, B> ServerCall.Listener<A> signInElsewhere(
            Rule rule,
            List<String> authorization,
            Origin origin,
            ServerCall<A, B> call,
            Metadata headers,
            ServerCallHandler<A, B> next) {
        LateListener<A> listener = new LateListener<>();
        Context context = Context.current();
        blocking.execute(() -> {
            try {
                Access access = signIn.signIn(authorization, origin);
                listener.start(() -> enter(rule, access, context, call, headers, next));
            } catch (RuntimeException e) {
                refuse(call, e);
            }
        });
        return listener;
    }

    private <A, B> ServerCall.Listener<A> enter(
            Rule rule,
            Access access,
            Context context,
            ServerCall<A, B> call,
            Metadata headers,
            ServerCallHandler<A, B> next) {
        ServerCall<A, B> watched = denials.watched(call, access);
        try {
            rule.check(access);
        } catch (RuntimeException e) {
            refuse(watched, e);
            return new ServerCall.Listener<>() {};
        }
        return Contexts.interceptCall(context.withValue(ACCESS, access), watched, headers, next);
    }

    /** Ends a call that never began. */
    static void refuse(ServerCall<?, ?> call, RuntimeException cause) {
        StatusRuntimeException refusal = WireErrors.toStatus(Failures.of(cause));
        Metadata trailers = refusal.getTrailers();
        call.close(refusal.getStatus(), trailers == null ? new Metadata() : trailers);
    }

    private static List<String> authorization(Metadata headers) {
        Iterable<String> all = headers.getAll(AUTHORIZATION);
        List<String> values = new ArrayList<>();
        if (all != null) {
            all.forEach(values::add);
        }
        return values;
    }
}
