package dev.pulse.client;

import dev.pulse.model.PulseException;
import dev.pulse.protocol.WireErrors;
import dev.pulse.protocol.v1.PulseServiceGrpc;
import dev.pulse.protocol.v1.Wire;
import io.grpc.Server;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.services.HealthStatusManager;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** A real gRPC server on a free port whose answers the test writes. */
final class ScriptedServer implements AutoCloseable {
    private static final long HANGS = 15;

    final BlockingQueue<WorkerStream> streams = new LinkedBlockingQueue<>();
    final BlockingQueue<Object> requests = new LinkedBlockingQueue<>();
    final HealthStatusManager health = new HealthStatusManager();
    private final Map<Class<?>, Function<Object, Object>> answers = new ConcurrentHashMap<>();
    private final int port;
    private Server server;

    ScriptedServer() {
        server = start(0);
        port = server.getPort();
    }

    private Server start(int wanted) {
        try {
            return NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), wanted))
                    .addService(new Service())
                    .addService(health.getHealthService())
                    .build()
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String address() {
        return "127.0.0.1:" + port;
    }

    void stop() throws InterruptedException {
        server.shutdownNow();
        server.awaitTermination();
    }

    /** Again on the same port, as a restarted server. */
    void restart() {
        server = start(port);
    }

    /** Answers every request of that class so; a {@link PulseException} thrown becomes its status. */
    <Q> void on(Class<Q> request, Function<Q, Object> answer) {
        answers.put(request, message -> answer.apply(request.cast(message)));
    }

    static <T> T next(BlockingQueue<T> queue) {
        try {
            T next = queue.poll(HANGS, TimeUnit.SECONDS);
            if (next == null) {
                throw new AssertionError("nothing came");
            }
            return next;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** The next stream, welcomed. */
    WorkerStream welcome() {
        WorkerStream stream = next(streams);
        Wire.Hello hello = stream.next().getHello();
        stream.hello = hello;
        stream.send(Wire.ServerMessage.newBuilder()
                .setWelcome(Wire.Welcome.newBuilder().setSessionId(hello.getSessionId())));
        return stream;
    }

    @Override
    public void close() throws InterruptedException {
        stop();
    }

    /** One StreamJobs call as the server sees it. */
    static final class WorkerStream implements StreamObserver<Wire.WorkerMessage> {
        final BlockingQueue<Wire.WorkerMessage> received = new LinkedBlockingQueue<>();
        final BlockingQueue<String> ends = new LinkedBlockingQueue<>();
        final StreamObserver<Wire.ServerMessage> out;
        Wire.Hello hello = Wire.Hello.getDefaultInstance();

        WorkerStream(StreamObserver<Wire.ServerMessage> out) {
            this.out = out;
        }

        Wire.WorkerMessage next() {
            return ScriptedServer.next(received);
        }

        /** The next message of that kind; others before it are passed over. */
        Wire.WorkerMessage next(Wire.WorkerMessage.MessageCase kind) {
            Wire.WorkerMessage message = next();
            while (message.getMessageCase() != kind) {
                message = next();
            }
            return message;
        }

        void send(Wire.ServerMessage.Builder message) {
            out.onNext(message.build());
        }

        @Override
        public void onNext(Wire.WorkerMessage message) {
            received.add(message);
            if (message.hasGoodbye()) {
                ends.add("goodbye");
                out.onCompleted();
            }
        }

        @Override
        public void onError(Throwable failure) {
            ends.add("error");
        }

        @Override
        public void onCompleted() {
            ends.add("completed");
        }
    }

    private final class Service extends PulseServiceGrpc.PulseServiceImplBase {
        private <A> void answer(Object request, Class<A> type, StreamObserver<A> out) {
            requests.add(request);
            try {
                Function<Object, Object> script = answers.get(request.getClass());
                if (script == null) {
                    throw new AssertionError("no answer for " + request.getClass());
                }
                out.onNext(type.cast(script.apply(request)));
                out.onCompleted();
            } catch (PulseException e) {
                out.onError(WireErrors.toStatus(e));
            }
        }

        @Override
        public StreamObserver<Wire.WorkerMessage> streamJobs(StreamObserver<Wire.ServerMessage> out) {
            WorkerStream stream = new WorkerStream(out);
            streams.add(stream);
            return stream;
        }

        @Override
        public void submitJob(Wire.SubmitJobRequest request, StreamObserver<Wire.SubmitJobResponse> out) {
            answer(request, Wire.SubmitJobResponse.class, out);
        }

        @Override
        public void submitJobs(Wire.SubmitJobsRequest request, StreamObserver<Wire.SubmitJobsResponse> out) {
            answer(request, Wire.SubmitJobsResponse.class, out);
        }

        @Override
        public void getJob(Wire.GetJobRequest request, StreamObserver<Wire.Job> out) {
            answer(request, Wire.Job.class, out);
        }

        @Override
        public void waitJob(Wire.WaitJobRequest request, StreamObserver<Wire.Job> out) {
            answer(request, Wire.Job.class, out);
        }

        @Override
        public void listJobs(Wire.ListJobsRequest request, StreamObserver<Wire.ListJobsResponse> out) {
            answer(request, Wire.ListJobsResponse.class, out);
        }

        @Override
        public void cancelJob(Wire.CancelJobRequest request, StreamObserver<Wire.Job> out) {
            answer(request, Wire.Job.class, out);
        }

        @Override
        public void requeueJob(Wire.RequeueJobRequest request, StreamObserver<Wire.Job> out) {
            answer(request, Wire.Job.class, out);
        }

        @Override
        public void runJobNow(Wire.RunJobNowRequest request, StreamObserver<Wire.Job> out) {
            answer(request, Wire.Job.class, out);
        }

        @Override
        public void deleteJob(Wire.DeleteJobRequest request, StreamObserver<Wire.DeleteJobResponse> out) {
            answer(request, Wire.DeleteJobResponse.class, out);
        }

        @Override
        public void bulkJobs(Wire.BulkJobsRequest request, StreamObserver<Wire.BulkJobsResponse> out) {
            answer(request, Wire.BulkJobsResponse.class, out);
        }

        @Override
        public void getStats(Wire.GetStatsRequest request, StreamObserver<Wire.Stats> out) {
            answer(request, Wire.Stats.class, out);
        }

        @Override
        public void getThroughput(Wire.GetThroughputRequest request, StreamObserver<Wire.Throughput> out) {
            answer(request, Wire.Throughput.class, out);
        }

        @Override
        public void listWorkers(Wire.ListWorkersRequest request, StreamObserver<Wire.ListWorkersResponse> out) {
            answer(request, Wire.ListWorkersResponse.class, out);
        }

        @Override
        public void listServers(Wire.ListServersRequest request, StreamObserver<Wire.ListServersResponse> out) {
            answer(request, Wire.ListServersResponse.class, out);
        }

        @Override
        public void createSchedule(Wire.CreateScheduleRequest request, StreamObserver<Wire.Schedule> out) {
            answer(request, Wire.Schedule.class, out);
        }

        @Override
        public void updateSchedule(Wire.UpdateScheduleRequest request, StreamObserver<Wire.Schedule> out) {
            answer(request, Wire.Schedule.class, out);
        }

        @Override
        public void getSchedule(Wire.GetScheduleRequest request, StreamObserver<Wire.Schedule> out) {
            answer(request, Wire.Schedule.class, out);
        }

        @Override
        public void pauseSchedule(Wire.PauseScheduleRequest request, StreamObserver<Wire.Schedule> out) {
            answer(request, Wire.Schedule.class, out);
        }

        @Override
        public void resumeSchedule(Wire.ResumeScheduleRequest request, StreamObserver<Wire.Schedule> out) {
            answer(request, Wire.Schedule.class, out);
        }

        @Override
        public void runScheduleNow(
                Wire.RunScheduleNowRequest request, StreamObserver<Wire.RunScheduleNowResponse> out) {
            answer(request, Wire.RunScheduleNowResponse.class, out);
        }

        @Override
        public void deleteSchedule(
                Wire.DeleteScheduleRequest request, StreamObserver<Wire.DeleteScheduleResponse> out) {
            answer(request, Wire.DeleteScheduleResponse.class, out);
        }

        @Override
        public void previewSchedule(
                Wire.PreviewScheduleRequest request, StreamObserver<Wire.PreviewScheduleResponse> out) {
            answer(request, Wire.PreviewScheduleResponse.class, out);
        }

        @Override
        public void listSchedules(Wire.ListSchedulesRequest request, StreamObserver<Wire.ListSchedulesResponse> out) {
            answer(request, Wire.ListSchedulesResponse.class, out);
        }

        @Override
        public void listScheduleFires(
                Wire.ListScheduleFiresRequest request, StreamObserver<Wire.ListScheduleFiresResponse> out) {
            answer(request, Wire.ListScheduleFiresResponse.class, out);
        }

        @Override
        public void declareSchedules(
                Wire.DeclareSchedulesRequest request, StreamObserver<Wire.DeclareSchedulesResponse> out) {
            answer(request, Wire.DeclareSchedulesResponse.class, out);
        }
    }
}
