package dev.pulse.torture;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.MethodDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.pulse.model.ErrorCode;
import dev.pulse.model.PulseException;
import dev.pulse.protocol.WireErrors;
import dev.pulse.protocol.v1.Wire;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.Status;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/**
 * Fuzzes the gRPC door: each method that the description has, its messages made from their descriptors, so that a method or
 * field that is added later is fuzzed as well; one in ten is damaged on the way. One thread.
 */
final class FuzzGrpc {
    private static final String SERVICE = "pulse.v1.PulseService";
    private static final List<MethodDescriptor> METHODS =
            Wire.getDescriptor().findServiceByName("PulseService").getMethods();
    private static final int DEADLINE_SECONDS = 5;
    private static final int DELETE = 3;
    private static final int MAX_DEPTH = 5;

    /** Those that may keep a caller waiting for half a minute, as documented. */
    private static final Set<String> WAITING =
            Set.of("WaitJob", "WaitBundle", "BulkJobs", "GetBulkOperation", "ClaimJobs", "LeaseEvents");

    /** What the gRPC runtime answers itself, before Pulse sees the call. */
    private static final Set<Status.Code> OF_THE_RUNTIME =
            Set.of(Status.Code.UNIMPLEMENTED, Status.Code.RESOURCE_EXHAUSTED);

    private final Channel channel;
    private final FuzzWords words;
    private final FuzzWords.Acknowledged acknowledged;
    private final Consumer<String> defect;

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Ended(Status status, Metadata trailers, byte[] message) {}

    FuzzGrpc(Channel channel, FuzzWords words, FuzzWords.Acknowledged acknowledged, Consumer<String> defect) {
        this.channel = channel;
        this.words = words;
        this.acknowledged = acknowledged;
        this.defect = defect;
    }

    /** Calls one method, and judges how it ends. */
    void step() throws InterruptedException {
        MethodDescriptor method = words.chance(0.2) ? named("SubmitJob") : words.one(METHODS);
        if (method.isClientStreaming()) {
            stream(method);
        } else {
            DynamicMessage request = message(method.getInputType(), method.getName(), 0);
            byte[] bytes = damaged(request.toByteArray());
            boolean waits = method.isServerStreaming() || WAITING.contains(method.getName());
            judge(method, request, call(method, List.of(bytes), waits));
        }
    }

    /** A worker that says a few things in any order, after a hello that is often a good one. */
    private void stream(MethodDescriptor method) throws InterruptedException {
        Descriptor said = method.getInputType();
        java.util.ArrayList<byte[]> messages = new java.util.ArrayList<>();
        if (words.chance(0.8)) {
            messages.add(Wire.WorkerMessage.newBuilder()
                    .setHello(Wire.Hello.newBuilder()
                            .setSessionId(words.good("session_id"))
                            .setWorker("fuzz")
                            .addTypes(words.text("type"))
                            .setSlots(1 + words.random().nextInt(3))
                            .setLeaseTtl(
                                    com.google.protobuf.Duration.newBuilder().setSeconds(1)))
                    .build()
                    .toByteArray());
        }
        for (int i = words.random().nextInt(4); i >= 0; i--) {
            messages.add(damaged(message(said, method.getName(), 0).toByteArray()));
        }
        judge(method, "a stream", call(method, messages, true));
    }

    private static MethodDescriptor named(String name) {
        return METHODS.stream()
                .filter(method -> method.getName().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private byte[] damaged(byte[] bytes) {
        return words.chance(0.1) ? words.mutated(bytes) : bytes;
    }

    /** A stream that stays open is one that was understood: it is taken back. */
    private Ended call(MethodDescriptor method, List<byte[]> messages, boolean mayStayOpen)
            throws InterruptedException {
        ClientCall<byte[], byte[]> call = channel.newCall(
                io.grpc.MethodDescriptor.<byte[], byte[]>newBuilder()
                        .setFullMethodName(SERVICE + "/" + method.getName())
                        .setType(
                                method.isClientStreaming()
                                        ? io.grpc.MethodDescriptor.MethodType.BIDI_STREAMING
                                        : io.grpc.MethodDescriptor.MethodType.SERVER_STREAMING)
                        .setRequestMarshaller(BYTES)
                        .setResponseMarshaller(BYTES)
                        .build(),
                CallOptions.DEFAULT);
        CompletableFuture<Ended> end = new CompletableFuture<>();
        call.start(
                new ClientCall.Listener<>() {
                    private byte[] last = new byte[0];

                    @Override
                    public void onMessage(byte[] message) {
                        last = message;
                        call.request(1);
                    }

                    @Override
                    public void onClose(Status status, Metadata trailers) {
                        end.complete(new Ended(status, trailers, last));
                    }
                },
                new Metadata());
        call.request(1);
        messages.forEach(call::sendMessage);
        if (words.chance(method.isClientStreaming() ? 0.7 : 1)) {
            call.halfClose();
        }
        try {
            return mayStayOpen ? end.get(20, TimeUnit.MILLISECONDS) : end.get(DEADLINE_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            call.cancel("enough", null);
            return new Ended(mayStayOpen ? Status.OK : Status.DEADLINE_EXCEEDED, new Metadata(), new byte[0]);
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    private void judge(MethodDescriptor method, Object request, Ended ended) {
        Status status = ended.status;
        if (status.isOk()) {
            remember(method, ended.message);
            return;
        }
        PulseException trouble = WireErrors.fromStatus(status.asRuntimeException(ended.trailers));
        boolean own =
                ended.trailers.containsKey(Metadata.Key.of("grpc-status-details-bin", Metadata.BINARY_BYTE_MARSHALLER));
        boolean known = own
                ? trouble.code() != ErrorCode.INTERNAL
                        && trouble.code().httpStatus() < 500
                        && trouble.code().grpcStatus().equals(status.getCode().name())
                : OF_THE_RUNTIME.contains(status.getCode());
        if (!known) {
            String said = String.valueOf(request);
            defect.accept("answer " + status + " to " + method.getName() + "\n"
                    + (said.length() > 2_000 ? said.substring(0, 2_000) + "…" : said));
        }
    }

    private void remember(MethodDescriptor method, byte[] answer) {
        if (method.getName().equals("SubmitJob")) {
            try {
                acknowledged.add(
                        Wire.SubmitJobResponse.parseFrom(answer).getJob().getId());
            } catch (InvalidProtocolBufferException e) {
                defect.accept("an answer to SubmitJob that cannot be read");
            }
        }
    }

    // ---- messages ----

    private DynamicMessage message(Descriptor type, String method, int depth) {
        DynamicMessage.Builder message = DynamicMessage.newBuilder(type);
        boolean deletes = method.equals("DeleteJob") || method.equals("DeleteBundle");
        for (FieldDescriptor field : type.getFields()) {
            double likely = depth == 0
                            || field.getName().startsWith("type")
                            || field.getName().equals("job")
                    ? 0.8
                    : 0.35;
            if (field.getContainingOneof() != null && message.hasOneof(field.getContainingOneof())) {
                continue;
            }
            if ((depth >= MAX_DEPTH && field.getJavaType() == FieldDescriptor.JavaType.MESSAGE)
                    || !words.chance(likely)) {
                continue;
            }
            if (!field.isRepeated()) {
                message.setField(
                        field,
                        deletes && field.getName().equals("id") ? words.deletable() : value(field, method, depth));
                continue;
            }
            for (int i = words.random().nextInt(3); i > 0; i--) {
                message.addRepeatedField(field, value(field, method, depth));
            }
        }
        return message.build();
    }

    private Object value(FieldDescriptor field, String method, int depth) {
        return switch (field.getJavaType()) {
            case STRING -> clean(words.text(field.getName()));
            case BYTE_STRING -> ByteString.copyFromUtf8(words.chance(0.7) ? "{\"a\":1}" : clean(words.nasty()));
            case BOOLEAN -> words.chance(0.5);
            case INT -> words.number();
            case LONG -> (long) words.number();
            case FLOAT -> words.random().nextFloat();
            case DOUBLE -> words.random().nextDouble();
            case ENUM -> {
                var values = field.getEnumType().getValues();
                var chosen = words.one(values);
                // What was acknowledged must be there in the end, so nothing may delete it.
                yield field.getEnumType().getName().equals("BulkAction") && chosen.getNumber() == DELETE
                        ? values.getFirst()
                        : chosen;
            }
            case MESSAGE -> wellKnown(field, method, depth);
        };
    }

    private DynamicMessage wellKnown(FieldDescriptor field, String method, int depth) {
        Descriptor type = field.getMessageType();
        boolean good = words.chance(0.8);
        return switch (type.getFullName()) {
            case "google.protobuf.Duration" -> {
                boolean waits = Set.of("wait", "timeout").contains(field.getName());
                boolean rare = field.getName().equals("every");
                yield span(
                        type,
                        good ? rare ? 30_000_000 : waits ? 0 : 1 : waits ? -1 : words.number(),
                        good ? 1_000_000 : words.number());
            }
            case "google.protobuf.Timestamp" ->
                span(
                        type,
                        good ? words.time().getEpochSecond() : words.number() * 1_000_000L,
                        good ? 0 : words.number());
            default -> message(type, method, depth + 1);
        };
    }

    private static DynamicMessage span(Descriptor type, long seconds, int nanos) {
        return DynamicMessage.newBuilder(type)
                .setField(type.findFieldByName("seconds"), seconds)
                .setField(type.findFieldByName("nanos"), nanos)
                .build();
    }

    /** Protobuf itself refuses half a character; damage on the way makes bytes that are none. */
    private static String clean(String text) {
        return text.replaceAll("[\\ud800-\\udfff]", "?");
    }

    private static final io.grpc.MethodDescriptor.Marshaller<byte[]> BYTES =
            new io.grpc.MethodDescriptor.Marshaller<>() {
                @Override
                public InputStream stream(byte[] value) {
                    return new ByteArrayInputStream(value);
                }

                @Override
                public byte[] parse(InputStream stream) {
                    try {
                        return stream.readAllBytes();
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                }
            };
}
