package dev.pulse.server;

import com.google.protobuf.Timestamp;
import dev.pulse.model.Backoff;
import dev.pulse.protocol.v1.PulseServiceGrpc;
import dev.pulse.protocol.v1.Wire;
import io.grpc.Server;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/**
 * A server without a database that knows one job. The launcher has the command line call it once, so that the classes which
 * a call needs are gathered in an archive for this JDK, answers included.
 */
public final class Rehearsal implements AutoCloseable {
    /** The job that it knows. */
    public static final String JOB = "01890a5d-ac96-774b-bcce-b302099a8057";

    private final Server server;

    private Rehearsal(Server server) {
        this.server = server;
    }

    /** Listens on a free port of the loopback address. */
    public static Rehearsal start() throws IOException {
        Server server = NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .directExecutor()
                .addService(new Answers())
                .build();
        return new Rehearsal(server.start());
    }

    /** Where it listens. */
    public String address() {
        return "localhost:" + server.getPort();
    }

    @Override
    public void close() {
        server.shutdownNow();
    }

    private static final class Answers extends PulseServiceGrpc.PulseServiceImplBase {
        private static final Wire.Job THE_JOB = Wire.Job.newBuilder()
                .setId(JOB)
                .setType("rehearsal")
                .setQueue("default")
                .setPayload(Wire.Payload.newBuilder().setContentType("application/json"))
                .setMaxAttempts(1)
                .setBackoff(Backoff.DEFAULT.format())
                .setStatus(Wire.JobStatus.JOB_STATUS_PENDING)
                .setCreatedAt(Timestamp.newBuilder().setSeconds(1))
                .build();

        @Override
        public void getJob(Wire.GetJobRequest request, StreamObserver<Wire.Job> answer) {
            send(THE_JOB, answer);
        }

        @Override
        public void getJobLogs(Wire.GetJobLogsRequest request, StreamObserver<Wire.GetJobLogsResponse> answer) {
            send(Wire.GetJobLogsResponse.getDefaultInstance(), answer);
        }

        @Override
        public void listJobs(Wire.ListJobsRequest request, StreamObserver<Wire.ListJobsResponse> answer) {
            send(Wire.ListJobsResponse.newBuilder().addItems(THE_JOB).build(), answer);
        }

        @Override
        public void getStats(Wire.GetStatsRequest request, StreamObserver<Wire.Stats> answer) {
            send(Wire.Stats.getDefaultInstance(), answer);
        }

        private static <T> void send(T message, StreamObserver<T> answer) {
            answer.onNext(message);
            answer.onCompleted();
        }
    }
}
