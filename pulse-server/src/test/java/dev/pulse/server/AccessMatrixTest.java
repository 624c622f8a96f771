package dev.pulse.server;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Message;
import com.google.protobuf.TextFormat;
import dev.pulse.protocol.v1.PulseServiceGrpc;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Context;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every route and method, called by every role, narrowed and not, with things in its own and in a foreign queue, against the
 * table of docs/access.md.
 */
final class AccessMatrixTest {
    private static final String OWN = "own";
    private static final String FOREIGN = "foreign";
    private static final String SECRET = "s3cret";

    /** How each route is called: its path with things in place of what is open, and its body. */
    private static final Map<String, String> REST = calls("""
            POST /jobs => /jobs {"type":"t","queue":"<queue>"}
            POST /jobs/batch => /jobs/batch {"jobs":[{"type":"t","queue":"own"},{"type":"t","queue":"<queue>"}]}
            GET /jobs => /jobs?queue=<queue>
            GET /dlq => /dlq?queue=<queue>
            GET /jobs/{id} => /jobs/<pending>
            GET /jobs/{id}/wait => /jobs/<pending>/wait?timeout=0s
            GET /jobs/{id}/logs => /jobs/<pending>/logs
            DELETE /jobs/{id} => /jobs/<pending>
            POST /jobs/{id}/cancel => /jobs/<pending>/cancel
            POST /jobs/{id}/requeue => /jobs/<canceled>/requeue
            POST /jobs/{id}/run-now => /jobs/<due>/run-now
            POST /dlq/{id}/retry => /dlq/<dead>/retry
            POST /dlq/retry => /dlq/retry {"type":"none","queue":"<queue>"}
            POST /jobs/bulk => /jobs/bulk {"action":"cancel","filter":{"type":"none","queue":"<queue>"}}
            GET /bulk => /bulk
            GET /bulk/{id} => /bulk/<bulk>
            POST /bulk/{id}/stop => /bulk/<bulk>/stop
            POST /bundles => /bundles {"type":"b","jobs":[{"type":"t","queue":"own"},{"type":"t","queue":"<queue>"}]}
            GET /bundles => /bundles?limit=1000
            GET /bundles/{id} => /bundles/<bundle>
            GET /bundles/{id}/wait => /bundles/<bundle>/wait?timeout=0s
            POST /bundles/{id}/cancel => /bundles/<bundle>/cancel
            DELETE /bundles/{id} => /bundles/<finished-bundle>
            POST /schedules => /schedules {"type":"t","queue":"<queue>","every":"1h"}
            GET /schedules => /schedules?limit=1000
            POST /schedules/preview => /schedules/preview {"every":"1h"}
            GET /schedules/{id} => /schedules/<schedule>
            PATCH /schedules/{id} => /schedules/<schedule> {"version":1,"priority":3}
            DELETE /schedules/{id} => /schedules/<schedule>
            GET /schedules/{id}/fires => /schedules/<schedule>/fires
            GET /schedules/{id}/jobs => /schedules/<schedule>/jobs
            POST /schedules/{id}/pause => /schedules/<schedule>/pause
            POST /schedules/{id}/resume => /schedules/<schedule>/resume
            POST /schedules/{id}/run-now => /schedules/<schedule>/run-now
            POST /sessions => /sessions {"types":["none"],"queues":["<queue>"]}
            POST /sessions/{id}/claim => /sessions/<session>/claim {"max":1,"wait":"0s"}
            POST /sessions/{id}/heartbeat => /sessions/<session>/heartbeat {"held":[]}
            POST /sessions/{id}/report => /sessions/<session>/report {"reports":[]}
            DELETE /sessions/{id} => /sessions/<session>
            GET /queues => /queues
            POST /queues/{name}/pause => /queues/<queue>/pause {"reason":"r"}
            POST /queues/{name}/resume => /queues/<queue>/resume
            PATCH /queues/{name} => /queues/<queue> {"max_running":1000}
            GET /types => /types
            POST /types/{name}/pause => /types/none/pause
            POST /types/{name}/resume => /types/none/resume
            PATCH /types/{name} => /types/none {"max_running":1000}
            GET /dispatch => /dispatch
            POST /dispatch/pause => /dispatch/pause {"reason":"r"}
            POST /dispatch/resume => /dispatch/resume
            GET /stats => /stats
            GET /throughput => /throughput
            GET /workers => /workers
            GET /servers => /servers
            GET /audit => /audit
            GET /events => /events?queue=<queue>
            GET /subscriptions => /subscriptions
            DELETE /subscriptions/{name} => /subscriptions/<subscription>
            GET /subscriptions/{name}/parked => /subscriptions/<subscription>/parked
            POST /subscriptions/{name}/parked/release => /subscriptions/<subscription>/parked/release
            GET /health/live => /health/live
            GET /health/ready => /health/ready
            GET /health => /health
            GET /metrics => /metrics
            POST /keys => /keys {"name":"<new>","roles":["viewer"]}
            GET /keys => /keys
            DELETE /keys/{id} => /keys/<key>
            GET /openapi.json => /openapi.json
            """);

    /** How each method is called: its message in protobuf's text format. */
    private static final Map<String, String> GRPC = calls("""
            SubmitJob => job { type: "t" queue: "<queue>" }
            SubmitJobs => jobs { type: "t" queue: "own" } jobs { type: "t" queue: "<queue>" }
            ListJobs => filter { queue: "<queue>" }
            GetJob => id: "<pending>"
            WaitJob => id: "<pending>" timeout { nanos: 1 }
            GetJobLogs => id: "<pending>"
            DeleteJob => id: "<pending>"
            CancelJob => id: "<pending>"
            RequeueJob => id: "<canceled>"
            RunJobNow => id: "<due>"
            BulkJobs => action: BULK_ACTION_CANCEL filter { type: "none" queue: "<queue>" }
            ListBulkOperations =>
            GetBulkOperation => id: "<bulk>"
            StopBulkOperation => id: "<bulk>"
            CreateBundle => bundle { type: "b" jobs { type: "t" queue: "own" } on_success { type: "t" queue: "<queue>" } }
            ListBundles => limit: 1000
            GetBundle => id: "<bundle>"
            WaitBundle => id: "<bundle>" timeout { nanos: 1 }
            CancelBundle => id: "<bundle>"
            DeleteBundle => id: "<finished-bundle>"
            CreateSchedule => schedule { job { type: "t" queue: "<queue>" } timing { every { seconds: 3600 } } }
            DeclareSchedules => declared_by: "app" schedules { name: "<new>" job { type: "t" queue: "<queue>" } timing { every { seconds: 3600 } } }
            ListSchedules => limit: 1000
            PreviewSchedule => timing { every { seconds: 3600 } }
            GetSchedule => id: "<schedule>"
            UpdateSchedule => id: "<schedule>" version: 1 schedule { job { type: "t" queue: "own" } timing { every { seconds: 3600 } } }
            DeleteSchedule => id: "<schedule>"
            ListScheduleFires => id: "<schedule>"
            ListScheduleJobs => id: "<schedule>"
            PauseSchedule => id: "<schedule>"
            ResumeSchedule => id: "<schedule>"
            RunScheduleNow => id: "<schedule>"
            OpenSession => hello { types: "none" queues: "<queue>" slots: 1 }
            StreamJobs => hello { session_id: "<uuid>" types: "none" queues: "<queue>" slots: 1 }
            ClaimJobs => session_id: "<session>" max: 1
            Heartbeat => session_id: "<session>"
            ReportResults => session_id: "<session>"
            CloseSession => session_id: "<session>"
            ListQueues =>
            PauseQueue => name: "<queue>"
            ResumeQueue => name: "<queue>"
            SetQueueLimits => name: "<queue>" max_running: 1000
            ListTypes =>
            PauseType => name: "none"
            ResumeType => name: "none"
            SetTypeLimits => name: "none" max_running: 1000
            GetDispatchStatus =>
            PauseDispatch =>
            ResumeDispatch =>
            GetStats =>
            GetThroughput => window { seconds: 3600 } bucket { seconds: 60 }
            ListWorkers =>
            ListServers =>
            GetHealth =>
            CreateKey => name: "<new>" roles: "viewer"
            ListKeys =>
            RevokeKey => id: "<key>"
            ListAudit =>
            WatchEvents => filter { queues: "<queue>" }
            CreateSubscription => name: "<new>"
            LeaseEvents => subscription: "<subscription>" consumer: "c"
            AckEvents => subscription: "<subscription>" token: "<uuid>"
            FailEvent => subscription: "<subscription>" token: "<uuid>" event_id: "1.0.0" error: "e"
            ListSubscriptions =>
            DeleteSubscription => name: "<subscription>"
            ListParkedEvents => subscription: "<subscription>"
            ReleaseParkedEvents => subscription: "<subscription>"
            """);

    private static TestServer server;
    private static TestServer admin;
    private static AccessThings things;
    private static List<Caller> callers;
    private static int cases;

    /** Lists leave these out for whoever is narrowed: one of each kind in the foreign queue. */
    private static List<String> canaries;

    private record Caller(String name, Set<String> permissions, boolean narrowed, TestServer as) {}

    private static Map<String, String> calls(String lines) {
        Map<String, String> calls = new LinkedHashMap<>();
        lines.lines().forEach(line -> {
            String[] parts = line.split(" =>", 2);
            calls.put(parts[0], parts[1].strip());
        });
        return calls;
    }

    static List<AccessTable.Row> restRows() {
        return AccessTable.rows().stream().filter(row -> !row.rest().isEmpty()).toList();
    }

    static List<AccessTable.Row> grpcRows() {
        return AccessTable.rows().stream().filter(row -> !row.grpc().isEmpty()).toList();
    }

    @BeforeAll
    static void start() {
        Set<String> roles = AccessTable.roles().keySet();
        server = TestServer.withUsers(Stream.concat(
                        Stream.of("root:" + SECRET),
                        roles.stream()
                                .flatMap(role -> Stream.of(
                                        role + ":" + SECRET + ":" + role,
                                        "own-" + role + ":" + SECRET + ":" + role + "@" + OWN)))
                .collect(Collectors.joining(",")));
        admin = server.as("root", SECRET);
        things = new AccessThings(admin);
        callers = new ArrayList<>();
        AccessTable.roles().forEach((role, allowed) -> {
            callers.add(new Caller(role, allowed, false, server.as(role, SECRET)));
            callers.add(new Caller("own-" + role, allowed, true, server.as("own-" + role, SECRET)));
        });
        canaries = Stream.of("<bundle>", "<schedule>", "<bulk>")
                .map(thing -> things.fill(thing, FOREIGN, ""))
                .toList();
    }

    @AfterAll
    static void stop() {
        System.out.println("access matrix: " + cases + " calls");
        server.close();
    }

    @Test
    void everyRouteAndMethodHasARowAndEveryRowItsRouteOrMethod() {
        assertThat(restRows()).extracting(AccessTable.Row::rest).doesNotHaveDuplicates();
        assertThat(grpcRows()).extracting(AccessTable.Row::grpc).doesNotHaveDuplicates();
        assertThat(restRows())
                .extracting(AccessTable.Row::rest)
                .containsExactlyInAnyOrderElementsOf(server.server().routes());
        assertThat(grpcRows())
                .extracting(AccessTable.Row::grpc)
                .containsExactlyInAnyOrderElementsOf(PulseServiceGrpc.getServiceDescriptor().getMethods().stream()
                        .map(MethodDescriptor::getBareMethodName)
                        .toList());
    }

    @ParameterizedTest
    @MethodSource("restRows")
    void restAnswersEachCallerAsTheTableSays(AccessTable.Row row) {
        assertThat(wrong(row, REST.get(row.rest()), this::rest)).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("grpcRows")
    void grpcAnswersEachCallerAsTheTableSays(AccessTable.Row row) {
        assertThat(wrong(row, GRPC.get(row.grpc()), this::grpc)).isEmpty();
    }

    private interface Door {
        /** What the call came to: 401, 403, 404, {@code ok}, or what else it was; with the text of the answer. */
        Result call(AccessTable.Row row, TestServer as, String filled);
    }

    private record Result(String code, String text) {}

    private static List<String> wrong(AccessTable.Row row, @Nullable String template, Door door) {
        if (template == null) {
            return List.of("nothing says how to call " + row);
        }
        List<String> wrong = new ArrayList<>();
        Set<String> queues = new LinkedHashSet<>(List.of(OWN));
        if (row.reach().equals("queue") || row.reach().equals("own")) {
            queues.add(FOREIGN);
        }
        Map<String, String> untouched = new HashMap<>(); // what nobody can do anything to can be asked for again
        for (Caller caller : callers) {
            for (String queue : queues) {
                boolean foreign = queue.equals(FOREIGN);
                // A foreign session is one in the caller's own queue that somebody else opened.
                boolean session = row.reach().equals("own");
                String owner = session && foreign ? "other" : caller.name;
                String expected = expected(row, caller, foreign);
                String filled = expected.equals("ok")
                        ? things.fill(template, session ? OWN : queue, owner)
                        : untouched.computeIfAbsent(
                                queue, unused -> things.fill(template, session ? OWN : queue, owner));
                Result result = door.call(row, caller.as, filled);
                check(row, caller.name + " in " + queue, expected, result, wrong);
                if (caller.narrowed && row.foreign().equals("left out") && result.code.equals("ok")) {
                    canaries.stream()
                            .filter(result.text::contains)
                            .forEach(canary -> wrong.add(caller.name + " sees " + canary));
                    if (result.text.contains(FOREIGN)) {
                        wrong.add(caller.name + " sees the foreign queue");
                    }
                }
            }
        }
        String nobodys = untouched.computeIfAbsent(OWN, unused -> things.fill(template, OWN, "nobody"));
        String unknown = row.needs().equals("nothing") ? "ok" : "401";
        check(row, "nobody", unknown, door.call(row, server, nobodys), wrong);
        check(row, "a stranger", unknown, door.call(row, server.as("root", "wrong"), nobodys), wrong);
        return wrong;
    }

    private static void check(AccessTable.Row row, String who, String expected, Result result, List<String> wrong) {
        cases++;
        if (!result.code.equals(expected)) {
            wrong.add(row + " as " + who + ": expected " + expected + ", got " + result.code + " " + result.text);
        }
    }

    private static String expected(AccessTable.Row row, Caller caller, boolean foreign) {
        if (!row.needs().equals("nothing") && !caller.permissions.contains(row.needs())) {
            return "403";
        }
        return switch (row.reach()) {
            case "every" -> caller.narrowed ? "403" : "ok";
            case "own" -> foreign ? row.foreign() : "ok";
            case "queue" -> foreign && caller.narrowed && !row.foreign().equals("left out") ? row.foreign() : "ok";
            case "" -> "ok";
            default -> throw new IllegalArgumentException("reach " + row.reach());
        };
    }

    // ---- the doors

    private Result rest(AccessTable.Row row, TestServer as, String filled) {
        String method = row.rest().substring(0, row.rest().indexOf(' '));
        int end = filled.indexOf(' ');
        String path = end < 0 ? filled : filled.substring(0, end);
        String body = end < 0 ? "" : filled.substring(end + 1);
        HttpRequest.Builder request = as.request(path)
                .method(
                        method,
                        method.equals("POST") || method.equals("PATCH")
                                ? HttpRequest.BodyPublishers.ofString(body)
                                : HttpRequest.BodyPublishers.noBody());
        if (!body.isEmpty()) {
            request.header("Content-Type", "application/json");
        }
        if (row.rest().equals("GET /events")) {
            return begun(as, request);
        }
        TestServer.Answer answer = as.send(request);
        return new Result(answer.status() < 300 ? "ok" : String.valueOf(answer.status()), answer.body());
    }

    /** A stream without end: its beginning says enough. */
    private static Result begun(TestServer as, HttpRequest.Builder request) {
        HttpResponse<InputStream> response = as.open(request);
        try (InputStream body = response.body()) {
            int first = body.read();
            return new Result(
                    response.statusCode() < 300 && first >= 0 ? "ok" : String.valueOf(response.statusCode()), "");
        } catch (IOException e) {
            return new Result("broken", e.toString());
        }
    }

    private Result grpc(AccessTable.Row row, TestServer as, String filled) {
        MethodDescriptor<?, ?> method = PulseServiceGrpc.getServiceDescriptor().getMethods().stream()
                .filter(one -> row.grpc().equals(one.getBareMethodName()))
                .findFirst()
                .orElseThrow();
        try {
            return new Result("ok", call(method, as, filled));
        } catch (StatusRuntimeException e) {
            String code = switch (e.getStatus().getCode()) {
                case UNAUTHENTICATED -> "401";
                case PERMISSION_DENIED -> "403";
                case NOT_FOUND -> "404";
                default -> e.getStatus().getCode().name();
            };
            return new Result(code, String.valueOf(e.getStatus().getDescription()));
        }
    }

    @SuppressWarnings("unchecked") // all messages of the service are messages
    private static String call(MethodDescriptor<?, ?> method, TestServer as, String text) {
        MethodDescriptor<Message, Message> typed = (MethodDescriptor<Message, Message>) method;
        Message.Builder request = requireNonNull(
                        ((MethodDescriptor.PrototypeMarshaller<Message>) typed.getRequestMarshaller())
                                .getMessagePrototype())
                .newBuilderForType();
        try {
            TextFormat.merge(text, request);
        } catch (TextFormat.ParseException e) {
            throw new IllegalArgumentException(method.getBareMethodName() + ": " + e.getMessage(), e);
        }
        Channel channel = as.authorizedChannel();
        if (method.getType() == MethodDescriptor.MethodType.UNARY) {
            return ClientCalls.blockingUnaryCall(channel, typed, CallOptions.DEFAULT, request.build())
                    .toString();
        }
        return method.getType() == MethodDescriptor.MethodType.SERVER_STREAMING
                ? firstOf(channel, typed, request.build())
                : firstToStream(channel, typed, request.build());
    }

    /** Says one thing, hears the first answer, and hangs up. */
    private static String firstToStream(Channel channel, MethodDescriptor<Message, Message> method, Message said) {
        CompletableFuture<String> first = new CompletableFuture<>();
        ClientCall<Message, Message> call = channel.newCall(method, CallOptions.DEFAULT);
        call.start(
                new ClientCall.Listener<>() {
                    @Override
                    public void onMessage(Message message) {
                        first.complete(message.toString());
                    }

                    @Override
                    public void onClose(Status status, Metadata trailers) {
                        first.completeExceptionally(status.asRuntimeException(trailers));
                    }
                },
                new Metadata());
        call.request(1);
        call.sendMessage(said);
        try {
            return first.get(20, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw (StatusRuntimeException) e.getCause();
        } catch (InterruptedException | TimeoutException e) {
            throw Status.INTERNAL.withCause(e).asRuntimeException();
        } finally {
            call.cancel("heard", null);
        }
    }

    private static String firstOf(Channel channel, MethodDescriptor<Message, Message> method, Message request) {
        Context.CancellableContext context = Context.current().withCancellation();
        try {
            Iterator<Message> answers = context.wrap(() ->
                            ClientCalls.blockingServerStreamingCall(channel, method, CallOptions.DEFAULT, request))
                    .call();
            return answers.next().toString();
        } catch (StatusRuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw Status.INTERNAL.withCause(e).asRuntimeException();
        } finally {
            context.cancel(null);
        }
    }
}
