package dev.pulse.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Duration;
import dev.pulse.protocol.v1.PulseServiceGrpc;
import dev.pulse.protocol.v1.Wire;
import io.grpc.Status;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class WorkerStreamTest {
    private TestServer server;

    @BeforeEach
    void start() {
        server = TestServer.start();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void aJobTravelsToTheWorkerAndItsReportBack() throws InterruptedException {
        Worker worker = new Worker();
        worker.hello("t", UUID.randomUUID());
        assertThat(worker.next().hasWelcome()).isTrue();
        worker.say(Wire.WorkerMessage.newBuilder()
                .setCredits(Wire.Credits.newBuilder().setN(2)));
        String id = submit("t");

        Wire.Assignment assignment = worker.next().getAssignments().getJobs(0);
        assertThat(assignment.getJob().getId()).isEqualTo(id);
        assertThat(assignment.getJob().getAttempt()).isEqualTo(1);
        worker.report(assignment, Wire.Outcome.OUTCOME_ACK);

        Wire.Answer answer = worker.next().getAnswers().getAnswers(0);
        assertThat(answer.getAnswer()).isEqualTo(Wire.ReportAnswer.REPORT_ANSWER_APPLIED);
        assertThat(answer.getToken()).isEqualTo(assignment.getToken());
        Wire.Job job = server.grpc()
                .waitJob(Wire.WaitJobRequest.newBuilder()
                        .setId(id)
                        .setTimeout(Duration.newBuilder().setSeconds(10))
                        .build());
        assertThat(job.getStatus()).isEqualTo(Wire.JobStatus.JOB_STATUS_COMPLETED);
    }

    @Test
    void aHeartbeatIsAnsweredWithItsNumber() throws InterruptedException {
        Worker worker = new Worker();
        worker.hello("t", UUID.randomUUID());
        worker.next();

        worker.say(Wire.WorkerMessage.newBuilder()
                .setHeartbeat(Wire.HeartbeatNote.newBuilder().setSeq(42)));

        assertThat(worker.next().getHeartbeat().getSeq()).isEqualTo(42);
    }

    @Test
    void aCancelReachesTheWorker() throws InterruptedException {
        Worker worker = new Worker();
        worker.hello("t", UUID.randomUUID());
        worker.next();
        worker.say(Wire.WorkerMessage.newBuilder()
                .setCredits(Wire.Credits.newBuilder().setN(1)));
        String id = submit("t");
        Wire.Assignment assignment = worker.next().getAssignments().getJobs(0);

        assertThat(server.post("/jobs/" + id + "/cancel", "").field("status")).isEqualTo("running");

        assertThat(worker.next().getCancels().getCancels(0).getToken()).isEqualTo(assignment.getToken());
        worker.report(assignment, Wire.Outcome.OUTCOME_CANCELED);
        assertThat(worker.next().getAnswers().getAnswers(0).getAnswer())
                .isEqualTo(Wire.ReportAnswer.REPORT_ANSWER_APPLIED);
        assertThat(server.get("/jobs/" + id).field("status")).isEqualTo("canceled");
    }

    @Test
    void goodbyeHandsBackAndEndsTheStream() throws InterruptedException {
        Worker worker = new Worker();
        worker.hello("t", UUID.randomUUID());
        worker.next();
        worker.say(Wire.WorkerMessage.newBuilder()
                .setCredits(Wire.Credits.newBuilder().setN(1)));
        String id = submit("t");
        worker.next();

        worker.say(Wire.WorkerMessage.newBuilder().setGoodbye(Wire.Goodbye.getDefaultInstance()));

        assertThat(worker.ended()).isEqualTo(Status.Code.OK);
        assertThat(server.get("/jobs/" + id).field("status")).isEqualTo("pending");
    }

    @Test
    void aSessionIsTakenUpByItsNextStream() throws InterruptedException {
        UUID session = UUID.randomUUID();
        Worker first = new Worker();
        first.hello("t", session);
        first.next();
        first.say(Wire.WorkerMessage.newBuilder()
                .setCredits(Wire.Credits.newBuilder().setN(1)));
        String id = submit("t");
        Wire.Assignment assignment = first.next().getAssignments().getJobs(0);
        first.breakOff();

        Worker second = new Worker();
        second.hello("t", session, assignment.getToken());
        assertThat(second.next().getWelcome().getSessionId()).isEqualTo(session.toString());
        second.report(assignment, Wire.Outcome.OUTCOME_ACK);

        assertThat(second.next().getAnswers().getAnswers(0).getAnswer())
                .isEqualTo(Wire.ReportAnswer.REPORT_ANSWER_APPLIED);
        assertThat(server.get("/jobs/" + id).field("attempt")).isEqualTo("1");
    }

    @Test
    void anEndedSessionIsNotTakenUp() throws InterruptedException {
        UUID session = UUID.randomUUID();
        Worker first = new Worker();
        first.hello("t", session);
        first.next();
        first.say(Wire.WorkerMessage.newBuilder().setGoodbye(Wire.Goodbye.getDefaultInstance()));
        first.ended();

        Worker second = new Worker();
        second.hello("t", session);

        assertThat(second.ended()).isEqualTo(Status.Code.FAILED_PRECONDITION);
    }

    @Test
    void whatIsSaidOutOfTurnEndsTheStream() throws InterruptedException {
        Worker early = new Worker();
        early.say(Wire.WorkerMessage.newBuilder()
                .setCredits(Wire.Credits.newBuilder().setN(1)));
        assertThat(early.ended()).isEqualTo(Status.Code.INVALID_ARGUMENT);

        Worker twice = new Worker();
        twice.hello("t", UUID.randomUUID());
        twice.next();
        twice.hello("t", UUID.randomUUID());
        assertThat(twice.ended()).isEqualTo(Status.Code.INVALID_ARGUMENT);

        Worker greedy = new Worker();
        greedy.hello("t", UUID.randomUUID());
        greedy.next();
        greedy.say(Wire.WorkerMessage.newBuilder()
                .setCredits(Wire.Credits.newBuilder().setN(-1)));
        assertThat(greedy.ended()).isEqualTo(Status.Code.INVALID_ARGUMENT);
    }

    @Test
    void aStoppingServerLetsAnIdleWorkerGo() throws InterruptedException {
        Worker worker = new Worker();
        worker.hello("t", UUID.randomUUID());
        worker.next();
        Thread stopping = Thread.ofVirtual().start(server.server()::stop);

        assertThat(worker.next().hasDrain()).isTrue();
        assertThat(worker.ended()).isEqualTo(Status.Code.OK);
        stopping.join();
    }

    @Test
    void aStoppingServerStillTakesTheReportsOfABusyWorker() throws InterruptedException {
        Worker worker = new Worker();
        worker.hello("t", UUID.randomUUID());
        worker.next();
        worker.say(Wire.WorkerMessage.newBuilder()
                .setCredits(Wire.Credits.newBuilder().setN(1)));
        submit("t");
        Wire.Assignment assignment = worker.next().getAssignments().getJobs(0);
        Thread stopping = Thread.ofVirtual().start(server.server()::stop);
        assertThat(worker.next().hasDrain()).isTrue();

        worker.report(assignment, Wire.Outcome.OUTCOME_ACK);

        assertThat(worker.next().getAnswers().getAnswers(0).getAnswer())
                .isEqualTo(Wire.ReportAnswer.REPORT_ANSWER_APPLIED);
        assertThat(worker.ended()).isEqualTo(Status.Code.OK);
        stopping.join();
    }

    @Test
    void manyLargeJobsArriveInMessagesThatAClientTakes() throws InterruptedException {
        String payload = "\"" + "x".repeat(60_000) + "\"";
        for (int i = 0; i < 100; i++) {
            server.post("/jobs", "{\"type\":\"t\",\"payload\":" + payload + "}");
        }
        Worker worker = new Worker();
        worker.hello("t", UUID.randomUUID());
        worker.next();
        worker.say(Wire.WorkerMessage.newBuilder()
                .setCredits(Wire.Credits.newBuilder().setN(100)));

        int arrived = 0;
        while (arrived < 100) {
            Wire.ServerMessage message = worker.next();
            arrived += message.getAssignments().getJobsCount();
            assertThat(message.getSerializedSize()).isLessThan(4 << 20);
        }
    }

    @Test
    void aHeartbeatSentBeforeTheWorkerReadOnGivesNothingBack() throws InterruptedException {
        String payload = "\"" + "x".repeat(60_000) + "\"";
        for (int i = 0; i < 24; i++) {
            server.post("/jobs", "{\"type\":\"t\",\"payload\":" + payload + "}");
        }
        Worker worker = new Worker();
        worker.say(Wire.WorkerMessage.newBuilder()
                .setHello(Wire.Hello.newBuilder()
                        .setWorker("w")
                        .addTypes("t")
                        .setSlots(24)
                        .setLeaseTtl(Duration.newBuilder().setSeconds(1))));
        worker.next();
        worker.say(Wire.WorkerMessage.newBuilder()
                .setCredits(Wire.Credits.newBuilder().setN(24)));
        Wire.Assignments read = worker.next().getAssignments();
        Wire.Assignments unread = worker.next().getAssignments();
        assertThat(List.of(read.getSeq(), unread.getSeq())).containsExactly(1L, 2L);
        assertThat(read.getJobsCount() + unread.getJobsCount())
                .as("one claim in two messages, so that both are of the same age")
                .isEqualTo(24);

        // A server that counted such heartbeats would take all of them back with the first.
        String lost = read.getJobs(0).getJob().getId();
        while (!server.get("/jobs/" + lost).field("status").equals("pending")) {
            worker.say(Wire.WorkerMessage.newBuilder()
                    .setHeartbeat(Wire.HeartbeatNote.newBuilder().setRead(1)));
            assertThat(worker.next().hasHeartbeat()).isTrue();
        }

        worker.report(unread.getJobs(0), Wire.Outcome.OUTCOME_ACK);
        assertThat(worker.next().getAnswers().getAnswers(0).getAnswer())
                .isEqualTo(Wire.ReportAnswer.REPORT_ANSWER_APPLIED);
    }

    private String submit(String type) {
        return server.grpc()
                .submitJob(Wire.SubmitJobRequest.newBuilder()
                        .setJob(Wire.Submission.newBuilder().setType(type))
                        .build())
                .getJob()
                .getId();
    }

    /** A worker's end of the stream, by hand. */
    private final class Worker implements ClientResponseObserver<Wire.WorkerMessage, Wire.ServerMessage> {
        private final BlockingQueue<Wire.ServerMessage> heard = new LinkedBlockingQueue<>();
        private final BlockingQueue<Status> end = new LinkedBlockingQueue<>();
        private final StreamObserver<Wire.WorkerMessage> out;
        private @Nullable ClientCallStreamObserver<Wire.WorkerMessage> call;

        Worker() {
            out = PulseServiceGrpc.newStub(server.channel()).streamJobs(this);
        }

        @Override
        public void beforeStart(ClientCallStreamObserver<Wire.WorkerMessage> requestStream) {
            call = requestStream;
            requestStream.disableAutoRequestWithInitial(1);
        }

        void hello(String type, UUID session, String... held) {
            say(Wire.WorkerMessage.newBuilder()
                    .setHello(Wire.Hello.newBuilder()
                            .setSessionId(session.toString())
                            .setWorker("w")
                            .addTypes(type)
                            .setSlots(4)
                            .addAllHeld(List.of(held))));
        }

        void say(Wire.WorkerMessage.Builder message) {
            out.onNext(message.build());
        }

        void report(Wire.Assignment assignment, Wire.Outcome outcome) {
            say(Wire.WorkerMessage.newBuilder()
                    .setReports(Wire.Reports.newBuilder()
                            .addReports(Wire.Report.newBuilder()
                                    .setJobId(assignment.getJob().getId())
                                    .setToken(assignment.getToken())
                                    .setOutcome(outcome))));
        }

        Wire.ServerMessage next() throws InterruptedException {
            Wire.ServerMessage message = heard.poll(20, TimeUnit.SECONDS);
            assertThat(message)
                    .as("a message of the server; ended: " + end.peek())
                    .isNotNull();
            return message;
        }

        Status.Code ended() throws InterruptedException {
            Status status = end.poll(30, TimeUnit.SECONDS);
            assertThat(status).as("the end of the stream").isNotNull();
            return status.getCode();
        }

        void breakOff() {
            connection().cancel("cut", null);
        }

        @Override
        public void onNext(Wire.ServerMessage message) {
            heard.add(message);
            connection().request(1);
        }

        private ClientCallStreamObserver<Wire.WorkerMessage> connection() {
            return Objects.requireNonNull(call, "set before the call starts");
        }

        @Override
        public void onError(Throwable failure) {
            end.add(Status.fromThrowable(failure));
        }

        @Override
        public void onCompleted() {
            end.add(Status.OK);
        }
    }
}
