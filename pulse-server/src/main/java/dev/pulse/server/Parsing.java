package dev.pulse.server;

import dev.pulse.model.ErrorCode;
import dev.pulse.model.PulseException;
import dev.pulse.protocol.WireErrors;
import io.grpc.BindableService;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerMethodDefinition;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServiceDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.InputStream;
import java.util.List;

/**
 * Makes bytes that are no message of a method an INVALID_ARGUMENT like every other fault of a caller. By itself the runtime
 * would answer UNKNOWN and log a defect: what a marshaller throws it takes for a failure of ours. So the marshaller throws
 * nothing and hands on a mark, which ends the call where a message would have gone.
 */
final class Parsing {
    private Parsing() {}

    /** Stands for a message that was none. */
    private enum Malformed {
        MESSAGE,
        /** More than is taken, perhaps only once it is unpacked. */
        TOO_LARGE
    }

    static ServerServiceDefinition strict(BindableService service) {
        ServerServiceDefinition bound = service.bindService();
        List<ServerMethodDefinition<Object, ?>> methods = bound.getMethods().stream()
                .<ServerMethodDefinition<Object, ?>>map(Parsing::strict)
                .toList();
        ServiceDescriptor.Builder described = ServiceDescriptor.newBuilder(
                        bound.getServiceDescriptor().getName())
                .setSchemaDescriptor(bound.getServiceDescriptor().getSchemaDescriptor());
        methods.forEach(method -> described.addMethod(method.getMethodDescriptor()));
        ServerServiceDefinition.Builder strict = ServerServiceDefinition.builder(described.build());
        methods.forEach(strict::addMethod);
        return strict.build();
    }

    private static <Q, R> ServerMethodDefinition<Object, R> strict(ServerMethodDefinition<Q, R> method) {
        MethodDescriptor<Q, R> descriptor = method.getMethodDescriptor();
        return ServerMethodDefinition.create(
                descriptor.<Object, R>toBuilder(
                                new StrictMarshaller<>(descriptor.getRequestMarshaller()),
                                descriptor.getResponseMarshaller())
                        .build(),
                new StrictHandler<>(method.getServerCallHandler()));
    }

    private record StrictMarshaller<Q>(MethodDescriptor.Marshaller<Q> marshaller)
            implements MethodDescriptor.Marshaller<Object> {
        @Override
        @SuppressWarnings("unchecked") // a server never writes requests; the type is the method's
        public InputStream stream(Object value) {
            return marshaller.stream((Q) value);
        }

        @Override
        public Object parse(InputStream stream) {
            try {
                return marshaller.parse(stream);
            } catch (StatusRuntimeException e) {
                return e.getStatus().getCode() == Status.Code.RESOURCE_EXHAUSTED
                        ? Malformed.TOO_LARGE
                        : Malformed.MESSAGE;
            }
        }
    }

    private record StrictHandler<Q, R>(ServerCallHandler<Q, R> handler) implements ServerCallHandler<Object, R> {
        @Override
        @SuppressWarnings("unchecked") // requests come in through the listener only
        public ServerCall.Listener<Object> startCall(ServerCall<Object, R> call, Metadata headers) {
            ServerCall<Q, R> typed = (ServerCall<Q, R>) (ServerCall<?, R>) call;
            return new StrictListener<>(call, handler.startCall(typed, headers));
        }
    }

    private static final class StrictListener<Q> extends ServerCall.Listener<Object> {
        private final ServerCall<Object, ?> call;
        private final ServerCall.Listener<Q> listener;
        private boolean over;

        StrictListener(ServerCall<Object, ?> call, ServerCall.Listener<Q> listener) {
            this.call = call;
            this.listener = listener;
        }

        @Override
        @SuppressWarnings("unchecked") // anything but the mark comes from the method's own marshaller
        public void onMessage(Object message) {
            if (over) {
                return;
            }
            if (!(message instanceof Malformed fault)) {
                listener.onMessage((Q) message);
                return;
            }
            over = true;
            StatusRuntimeException refusal = WireErrors.toStatus(
                    switch (fault) {
                        case MESSAGE ->
                            new PulseException(
                                    ErrorCode.MALFORMED_BODY, "the message is not what pulse.v1.PulseService defines");
                        case TOO_LARGE ->
                            new PulseException(
                                    ErrorCode.BODY_TOO_LARGE, "the message is larger than this server takes, unpacked");
                    });
            Metadata trailers = refusal.getTrailers();
            call.close(refusal.getStatus(), trailers == null ? new Metadata() : trailers);
            listener.onCancel();
        }

        @Override
        public void onHalfClose() {
            if (!over) {
                listener.onHalfClose();
            }
        }

        @Override
        public void onCancel() {
            if (!over) {
                listener.onCancel();
            }
        }

        @Override
        public void onComplete() {
            if (!over) {
                listener.onComplete();
            }
        }

        @Override
        public void onReady() {
            if (!over) {
                listener.onReady();
            }
        }
    }
}
