package dev.pulse.server;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.Descriptors;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.Descriptors.ServiceDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.JsonFormat;
import io.grpc.CallOptions;
import io.grpc.MethodDescriptor;
import io.grpc.protobuf.ProtoUtils;
import io.grpc.reflection.v1.ServerReflectionGrpc;
import io.grpc.reflection.v1.ServerReflectionRequest;
import io.grpc.reflection.v1.ServerReflectionResponse;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A client that knows nothing but an address: it asks the server what there is, and works with that. None of our stubs. */
final class ReflectionClientTest {
    private static final JsonMapper JSON = new JsonMapper();
    private static final String SERVICE = "pulse.v1.PulseService";

    private static TestServer server;
    private static @Nullable ServiceDescriptor service;

    @BeforeAll
    static void discover() throws Exception {
        server = TestServer.start();
        assertThat(ask(ServerReflectionRequest.newBuilder().setListServices("").build())
                        .getListServicesResponse()
                        .getServiceList())
                .anyMatch(found -> found.getName().equals(SERVICE));
        Map<String, FileDescriptorProto> files = new HashMap<>();
        fetch(
                ServerReflectionRequest.newBuilder()
                        .setFileContainingSymbol(SERVICE)
                        .build(),
                files);
        for (FileDescriptorProto file : files.values()) {
            FileDescriptor built = build(file.getName(), files, new HashMap<>());
            ServiceDescriptor found = built.findServiceByName("PulseService");
            if (found != null) {
                service = found;
            }
        }
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void aJobIsSubmittedAndWorkedByCallsThatWereDiscovered() throws Exception {
        String job = submit("unary");
        String session = call(
                        "OpenSession", "{\"hello\":{\"worker\":\"found\",\"types\":[\"unary\"],\"leaseTtl\":\"30s\"}}")
                .path("sessionId")
                .asString();

        JsonNode claimed = call("ClaimJobs", "{\"sessionId\":\"" + session + "\",\"max\":1,\"wait\":\"5s\"}")
                .at("/jobs/0");
        assertThat(claimed.at("/job/id").asString()).isEqualTo(job);
        String token = claimed.path("token").asString();
        assertThat(call("Heartbeat", "{\"sessionId\":\"" + session + "\",\"held\":[\"" + token + "\"]}")
                        .path("drain")
                        .asBoolean())
                .isFalse();
        JsonNode answer =
                call("ReportResults", "{\"sessionId\":\"" + session + "\",\"reports\":[" + ack(job, token) + "]}");

        assertThat(answer.at("/answers/0/answer").asString()).isEqualTo("REPORT_ANSWER_APPLIED");
        assertThat(status(job)).isEqualTo("JOB_STATUS_COMPLETED");
    }

    @Test
    void aJobIsWorkedOverTheStreamThatWasDiscovered() throws Exception {
        String job = submit("streamed");
        BlockingQueue<JsonNode> heard = new LinkedBlockingQueue<>();
        StreamObserver<DynamicMessage> says = ClientCalls.asyncBidiStreamingCall(
                server.channel().newCall(method("StreamJobs"), CallOptions.DEFAULT), new Listener(heard));

        says.onNext(message("StreamJobs", "{\"hello\":{\"worker\":\"found\",\"types\":[\"streamed\"],\"slots\":1}}"));
        assertThat(next(heard, "welcome").path("sessionId").asString()).isNotEmpty();
        says.onNext(message("StreamJobs", "{\"credits\":{\"n\":1}}"));
        JsonNode assignment = next(heard, "assignments").at("/jobs/0");
        assertThat(assignment.at("/job/id").asString()).isEqualTo(job);
        says.onNext(message(
                "StreamJobs",
                "{\"reports\":{\"reports\":["
                        + ack(job, assignment.path("token").asString()) + "]}}"));
        assertThat(next(heard, "answers").at("/answers/0/answer").asString()).isEqualTo("REPORT_ANSWER_APPLIED");
        says.onNext(message("StreamJobs", "{\"goodbye\":{}}"));
        says.onCompleted();

        assertThat(status(job)).isEqualTo("JOB_STATUS_COMPLETED");
    }

    private static String submit(String type) throws InvalidProtocolBufferException {
        return call("SubmitJob", "{\"job\":{\"type\":\"" + type + "\"}}")
                .at("/job/id")
                .asString();
    }

    private static String status(String job) throws InvalidProtocolBufferException {
        return call("GetJob", "{\"id\":\"" + job + "\"}").path("status").asString();
    }

    private static String ack(String job, String token) {
        return "{\"jobId\":\"" + job + "\",\"token\":\"" + token + "\",\"outcome\":\"OUTCOME_ACK\"}";
    }

    private static JsonNode next(BlockingQueue<JsonNode> heard, String kind) throws InterruptedException {
        while (true) {
            JsonNode message = heard.poll(30, TimeUnit.SECONDS);
            assertThat(message).as("waited for " + kind).isNotNull();
            if (message.has(kind)) {
                return message.path(kind);
            }
        }
    }

    private static JsonNode call(String method, String request) throws InvalidProtocolBufferException {
        return json(ClientCalls.blockingUnaryCall(
                server.channel(), method(method), CallOptions.DEFAULT, message(method, request)));
    }

    private static DynamicMessage message(String method, String json) throws InvalidProtocolBufferException {
        DynamicMessage.Builder message = DynamicMessage.newBuilder(
                requireNonNull(service).findMethodByName(method).getInputType());
        JsonFormat.parser().merge(json, message);
        return message.build();
    }

    private static JsonNode json(DynamicMessage message) throws InvalidProtocolBufferException {
        return JSON.readTree(JsonFormat.printer().print(message));
    }

    private static MethodDescriptor<DynamicMessage, DynamicMessage> method(String name) {
        Descriptors.MethodDescriptor found = requireNonNull(service).findMethodByName(name);
        return MethodDescriptor.<DynamicMessage, DynamicMessage>newBuilder()
                .setFullMethodName(MethodDescriptor.generateFullMethodName(SERVICE, name))
                .setType(
                        found.isServerStreaming()
                                ? MethodDescriptor.MethodType.BIDI_STREAMING
                                : MethodDescriptor.MethodType.UNARY)
                .setRequestMarshaller(ProtoUtils.marshaller(DynamicMessage.getDefaultInstance(found.getInputType())))
                .setResponseMarshaller(ProtoUtils.marshaller(DynamicMessage.getDefaultInstance(found.getOutputType())))
                .build();
    }

    /** All files that the answer brings, and those that they import, asked for by name. */
    private static void fetch(ServerReflectionRequest request, Map<String, FileDescriptorProto> files)
            throws Exception {
        for (ByteString bytes : ask(request).getFileDescriptorResponse().getFileDescriptorProtoList()) {
            FileDescriptorProto file = FileDescriptorProto.parseFrom(bytes);
            files.put(file.getName(), file);
            for (String imported : file.getDependencyList()) {
                if (!files.containsKey(imported)) {
                    fetch(
                            ServerReflectionRequest.newBuilder()
                                    .setFileByFilename(imported)
                                    .build(),
                            files);
                }
            }
        }
    }

    private static FileDescriptor build(
            String name, Map<String, FileDescriptorProto> files, Map<String, FileDescriptor> built) throws Exception {
        FileDescriptorProto file = requireNonNull(files.get(name), name);
        FileDescriptor[] imports = new FileDescriptor[file.getDependencyCount()];
        for (int i = 0; i < imports.length; i++) {
            String imported = file.getDependency(i);
            imports[i] = built.containsKey(imported) ? built.get(imported) : build(imported, files, built);
        }
        FileDescriptor descriptor = FileDescriptor.buildFrom(file, imports);
        built.put(name, descriptor);
        return descriptor;
    }

    private static ServerReflectionResponse ask(ServerReflectionRequest request) throws InterruptedException {
        BlockingQueue<ServerReflectionResponse> answers = new LinkedBlockingQueue<>();
        StreamObserver<ServerReflectionRequest> asks = ServerReflectionGrpc.newStub(server.channel())
                .serverReflectionInfo(new StreamObserver<>() {
                    @Override
                    public void onNext(ServerReflectionResponse answer) {
                        answers.add(answer);
                    }

                    @Override
                    public void onError(Throwable failure) {
                        answers.add(ServerReflectionResponse.getDefaultInstance());
                    }

                    @Override
                    public void onCompleted() {}
                });
        asks.onNext(request);
        ServerReflectionResponse answer = answers.poll(30, TimeUnit.SECONDS);
        asks.onCompleted();
        assertThat(answer).as("the answer to " + request).isNotNull();
        return answer;
    }

    private record Listener(BlockingQueue<JsonNode> heard) implements StreamObserver<DynamicMessage> {
        @Override
        public void onNext(DynamicMessage message) {
            try {
                heard.add(json(message));
            } catch (InvalidProtocolBufferException e) {
                throw new AssertionError(e);
            }
        }

        @Override
        public void onError(Throwable failure) {
            heard.add(JSON.createObjectNode().put("failure", failure.toString()));
        }

        @Override
        public void onCompleted() {}
    }
}
