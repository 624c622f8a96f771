package dev.pulse.server;

import dev.pulse.model.PulseException;
import io.grpc.ForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;

/** Keeps callers of the gRPC door within their quotas. Stands behind {@link Callers}, who say who they are. */
final class QuotaGate implements ServerInterceptor {
    private final Quotas quotas;

    QuotaGate(Quotas quotas) {
        this.quotas = quotas;
    }

    @Override
    public <A, B> ServerCall.Listener<A> interceptCall(
            ServerCall<A, B> call, Metadata headers, ServerCallHandler<A, B> next) {
        Quotas.Usage usage = quotas.of(Callers.access());
        boolean stream = call.getMethodDescriptor().getType() != MethodType.UNARY;
        try {
            usage.request();
            if (stream) {
                usage.streamBegins();
            } else {
                usage.callBegins();
            }
        } catch (PulseException e) {
            Callers.refuse(call, e);
            return new ServerCall.Listener<>() {};
        }
        return new Counted<>(next.startCall(call, headers), usage, stream);
    }

    /** The library tells of each call's end exactly once: that it is complete, or that it was taken back. */
    private static final class Counted<A> extends ForwardingServerCallListener.SimpleForwardingServerCallListener<A> {
        private final Quotas.Usage usage;
        private final boolean stream;

        Counted(ServerCall.Listener<A> listener, Quotas.Usage usage, boolean stream) {
            super(listener);
            this.usage = usage;
            this.stream = stream;
        }

        @Override
        public void onCancel() {
            end();
            super.onCancel();
        }

        @Override
        public void onComplete() {
            end();
            super.onComplete();
        }

        private void end() {
            if (stream) {
                usage.streamEnds();
            } else {
                usage.callEnds();
            }
        }
    }
}
