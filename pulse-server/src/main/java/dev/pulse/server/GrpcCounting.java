package dev.pulse.server;

import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;

/** Counts gRPC calls by method and status. The outermost interceptor: it sees refusals, too. */
final class GrpcCounting implements ServerInterceptor {
    private final CallCounts counts;
    private final LongSupplier ticker;

    GrpcCounting(CallCounts counts, LongSupplier ticker) {
        this.counts = counts;
        this.ticker = ticker;
    }

    @Override
    public <A, B> ServerCall.Listener<A> interceptCall(
            ServerCall<A, B> call, Metadata headers, ServerCallHandler<A, B> next) {
        One one = new One(call.getMethodDescriptor());
        ServerCall.Listener<A> listener = next.startCall(
                new SimpleForwardingServerCall<>(call) {
                    @Override
                    public void close(Status status, Metadata trailers) {
                        one.ended(status.getCode());
                        super.close(status, trailers);
                    }
                },
                headers);
        return new SimpleForwardingServerCallListener<>(listener) {
            @Override
            public void onCancel() {
                one.ended(Status.Code.CANCELLED);
                super.onCancel();
            }
        };
    }

    /** One call: it ends once, by its answer or by the caller's going. */
    private final class One {
        private final String method;
        private final boolean stream;
        private final long from = ticker.getAsLong();
        private final AtomicBoolean ended = new AtomicBoolean();

        One(MethodDescriptor<?, ?> descriptor) {
            String bare = descriptor.getBareMethodName();
            this.method = bare == null ? CallCounts.NO_ROUTE : bare;
            this.stream = descriptor.getType() != MethodDescriptor.MethodType.UNARY;
            if (stream) {
                counts.streams(method, 1);
            }
        }

        void ended(Status.Code code) {
            if (ended.compareAndSet(false, true)) {
                counts.grpc(method, code.name(), ticker.getAsLong() - from);
                if (stream) {
                    counts.streams(method, -1);
                }
            }
        }
    }
}
