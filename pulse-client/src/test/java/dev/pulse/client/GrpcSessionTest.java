package dev.pulse.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pulse.client.ScriptedServer.WorkerStream;
import dev.pulse.model.Assignment;
import dev.pulse.model.ErrorCode;
import dev.pulse.model.JobFacts;
import dev.pulse.model.Labels;
import dev.pulse.model.LeaseToken;
import dev.pulse.model.LogLevel;
import dev.pulse.model.Note;
import dev.pulse.model.Outcome;
import dev.pulse.model.Payload;
import dev.pulse.model.Policy;
import dev.pulse.model.PulseException;
import dev.pulse.model.ReportAnswer;
import dev.pulse.model.SessionSpec;
import dev.pulse.protocol.WireErrors;
import dev.pulse.protocol.WireNotes;
import dev.pulse.protocol.WireSessions;
import dev.pulse.protocol.v1.Wire;
import dev.pulse.sdk.AttemptReport;
import dev.pulse.sdk.BrokerListener;
import dev.pulse.sdk.BrokerSession;
import dev.pulse.sdk.Heartbeat;
import dev.pulse.sdk.JobType;
import dev.pulse.sdk.Json;
import dev.pulse.sdk.Pulse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class GrpcSessionTest {
    /** Reports in one call, as the engine bounds them by default. */
    private static final int SERVER_TAKES = 1_000;

    private static final SessionSpec SPEC =
            new SessionSpec(new UUID(5, 6), "w", Set.of("email"), Set.of(), 8, Duration.ofSeconds(30));
    private static final LeaseToken TOKEN = new LeaseToken(3, 99, new UUID(1, 2));
    private static final UUID JOB = UUID.fromString("01932c07-0000-7000-8000-000000000001");
    private static final AttemptReport REPORT = new AttemptReport(JOB, TOKEN, new Outcome.Ack(null));

    private final ScriptedServer server = new ScriptedServer();
    private final Told told = new Told();
    private final GrpcBroker broker =
            new GrpcBroker(ClientConfig.to(ServerAddress.parse(server.address())), new Random(7));

    @AfterEach
    void close() throws InterruptedException {
        broker.close();
        server.close();
    }

    private static Assignment assignment() {
        JobFacts facts = new JobFacts(
                JOB, "email", "default", 0, Payload.EMPTY, Labels.NONE, Policy.DEFAULT, null, Instant.EPOCH);
        return new Assignment(facts, TOKEN, SPEC.id(), 1, false);
    }

    private static Wire.ServerMessage.Builder answer(Wire.Report report, ReportAnswer answer) {
        return Wire.ServerMessage.newBuilder()
                .setAnswers(Wire.ReportAnswers.newBuilder()
                        .addAnswers(WireSessions.answer(
                                UUID.fromString(report.getJobId()),
                                LeaseToken.parse(report.getToken()).orElseThrow(),
                                answer)));
    }

    @Test
    void helloSaysWhoComesAndWhatIsHeld() {
        told.held.set(Set.of(TOKEN));
        broker.open(SPEC, told);

        WorkerStream stream = server.welcome();

        assertThat(stream.hello).isEqualTo(WireSessions.hello(SPEC, Set.of(TOKEN)));
        assertThat(told.next()).isEqualTo("connected");
    }

    @Test
    void creditsGoOutAndAssignmentsComeIn() {
        BrokerSession session = broker.open(SPEC, told);
        WorkerStream stream = server.welcome();
        assertThat(told.next()).isEqualTo("connected");

        session.grant(3);
        session.grant(4);

        int credits = stream.next().getCredits().getN();
        if (credits == 3) {
            credits += stream.next().getCredits().getN();
        }
        assertThat(credits).isEqualTo(7);
        stream.send(Wire.ServerMessage.newBuilder()
                .setAssignments(Wire.Assignments.newBuilder().addJobs(WireSessions.assignment(assignment()))));
        assertThat(ScriptedServer.next(told.assigned)).isEqualTo(assignment());
    }

    @Test
    void assignmentThatCannotBeReadSpoilsNoOther() {
        broker.open(SPEC, told);
        WorkerStream stream = server.welcome();

        stream.send(Wire.ServerMessage.newBuilder()
                .setAssignments(Wire.Assignments.newBuilder()
                        .addJobs(Wire.Assignment.newBuilder().setToken("x"))
                        .addJobs(WireSessions.assignment(assignment()))));

        assertThat(ScriptedServer.next(told.assigned)).isEqualTo(assignment());
    }

    @Test
    void noMessageCarriesMoreReportsThanAServerTakesHoweverManyWait() {
        BrokerSession session = broker.open(SPEC, told);
        WorkerStream stream = server.welcome();
        assertThat(told.next()).isEqualTo("connected");
        int reports = 3 * SERVER_TAKES;
        IntStream.range(0, reports)
                .forEach(i -> session.report(new AttemptReport(
                        new UUID(7, i), new LeaseToken(1, i, new UUID(8, i)), new Outcome.Ack(null))));

        int arrived = 0;
        while (arrived < reports) {
            int together = stream.next(Wire.WorkerMessage.MessageCase.REPORTS)
                    .getReports()
                    .getReportsCount();
            assertThat(together).isLessThanOrEqualTo(SERVER_TAKES);
            arrived += together;
        }
    }

    @Test
    void reportIsAnswered() {
        BrokerSession session = broker.open(SPEC, told);
        WorkerStream stream = server.welcome();
        assertThat(told.next()).isEqualTo("connected");

        CompletableFuture<ReportAnswer> answer = session.report(REPORT);
        Wire.Report report =
                stream.next(Wire.WorkerMessage.MessageCase.REPORTS).getReports().getReports(0);
        assertThat(report).isEqualTo(WireSessions.report(JOB, TOKEN, new Outcome.Ack(null)));
        stream.send(answer(report, ReportAnswer.STALE));

        assertThat(answer.join()).isEqualTo(ReportAnswer.STALE);
    }

    @Test
    void repeatedReportAndTheFirstGetTheOneAnswer() {
        BrokerSession session = broker.open(SPEC, told);
        WorkerStream stream = server.welcome();
        assertThat(told.next()).isEqualTo("connected");
        CompletableFuture<ReportAnswer> first = session.report(REPORT);
        Wire.Report report =
                stream.next(Wire.WorkerMessage.MessageCase.REPORTS).getReports().getReports(0);
        CompletableFuture<ReportAnswer> second = session.report(REPORT);
        stream.next(Wire.WorkerMessage.MessageCase.REPORTS);

        stream.send(answer(report, ReportAnswer.APPLIED));

        assertThat(first.join()).isEqualTo(ReportAnswer.APPLIED);
        assertThat(second.join()).isEqualTo(ReportAnswer.APPLIED);
    }

    @Test
    void heartbeatBringsCancelsAndDrain() {
        BrokerSession session = broker.open(SPEC, told);
        WorkerStream stream = server.welcome();
        assertThat(told.next()).isEqualTo("connected");

        CompletableFuture<Heartbeat> answer = session.heartbeat(Set.of(TOKEN));
        Wire.HeartbeatNote note =
                stream.next(Wire.WorkerMessage.MessageCase.HEARTBEAT).getHeartbeat();
        assertThat(note.getHeldList()).containsExactly(TOKEN.text());
        stream.send(Wire.ServerMessage.newBuilder()
                .setHeartbeat(Wire.HeartbeatAnswer.newBuilder()
                        .setSeq(note.getSeq())
                        .addCancels(WireSessions.cancel(JOB, TOKEN))
                        .setDrain(true)));

        assertThat(answer.join()).isEqualTo(new Heartbeat(Set.of(TOKEN), true));
    }

    @Test
    void aHeartbeatSaysHowFarTheWorkerHasReadOnThisStream() {
        BrokerSession session = broker.open(SPEC, told);
        WorkerStream stream = server.welcome();
        assertThat(told.next()).isEqualTo("connected");
        var unused = session.heartbeat(Set.of());
        assertThat(read(stream)).isZero();

        stream.send(Wire.ServerMessage.newBuilder()
                .setAssignments(
                        Wire.Assignments.newBuilder().setSeq(7).addJobs(WireSessions.assignment(assignment()))));
        ScriptedServer.next(told.assigned);
        long seen = 0;
        while (seen == 0) { // the worker has the job a moment before the session counts it as read
            var another = session.heartbeat(Set.of());
            Wire.HeartbeatNote note =
                    stream.next(Wire.WorkerMessage.MessageCase.HEARTBEAT).getHeartbeat();
            stream.send(Wire.ServerMessage.newBuilder()
                    .setHeartbeat(Wire.HeartbeatAnswer.newBuilder().setSeq(note.getSeq())));
            another.join();
            seen = note.getRead();
        }
        assertThat(seen).isEqualTo(7);

        stream.out.onError(WireErrors.toStatus(new PulseException(ErrorCode.SHUTTING_DOWN, "bye")));
        assertThat(told.next()).isEqualTo("disconnected SHUTTING_DOWN");
        WorkerStream next = server.welcome();
        assertThat(told.next()).isEqualTo("connected");
        unused = session.heartbeat(Set.of());
        assertThat(read(next)).as("nothing of the new stream").isZero();
    }

    @Test
    void notesGoOutAndNobodyWaitsForThem() {
        BrokerSession session = broker.open(SPEC, told);
        Note note = new Note(
                JOB, TOKEN, 40, "half", List.of(new Note.Line(LogLevel.WARN, "slow", Duration.ofSeconds(2))), 3);
        session.note(List.of(note)); // without a connection there is nobody to tell
        WorkerStream stream = server.welcome();
        assertThat(told.next()).isEqualTo("connected");

        session.note(List.of(note));

        assertThat(WireNotes.notes(stream.next(Wire.WorkerMessage.MessageCase.NOTES)
                        .getNotes()
                        .getNotesList()))
                .containsExactly(note);
    }

    private static long read(WorkerStream stream) {
        Wire.HeartbeatNote note =
                stream.next(Wire.WorkerMessage.MessageCase.HEARTBEAT).getHeartbeat();
        assertThat(note.hasRead()).isTrue();
        return note.getRead();
    }

    @Test
    void serverMayCancelAndDrainAtAnyTime() {
        broker.open(SPEC, told);
        WorkerStream stream = server.welcome();
        assertThat(told.next()).isEqualTo("connected");

        stream.send(Wire.ServerMessage.newBuilder()
                .setCancels(Wire.Cancels.newBuilder().addCancels(WireSessions.cancel(JOB, TOKEN))));
        stream.send(Wire.ServerMessage.newBuilder().setDrain(Wire.Drain.getDefaultInstance()));

        assertThat(told.next()).isEqualTo("cancel 1");
        assertThat(told.next()).isEqualTo("drain");
    }

    @Test
    void lostStreamFailsWhatWaitsAndTheSameSessionComesBack() {
        BrokerSession session = broker.open(SPEC, told);
        WorkerStream stream = server.welcome();
        assertThat(told.next()).isEqualTo("connected");
        CompletableFuture<ReportAnswer> answer = session.report(REPORT);
        CompletableFuture<Heartbeat> heartbeat = session.heartbeat(Set.of());
        stream.next(Wire.WorkerMessage.MessageCase.HEARTBEAT);
        told.held.set(Set.of(TOKEN));

        stream.out.onError(WireErrors.toStatus(new PulseException(ErrorCode.SHUTTING_DOWN, "bye")));

        assertThat(told.next()).isEqualTo("disconnected SHUTTING_DOWN");
        assertThat(answer).isCompletedExceptionally();
        assertThat(heartbeat).isCompletedExceptionally();
        WorkerStream again = server.welcome();
        assertThat(again.hello).isEqualTo(WireSessions.hello(SPEC, Set.of(TOKEN)));
        assertThat(told.next()).isEqualTo("connected");
    }

    @Test
    void sessionOutlivesARestartOfTheServer() throws InterruptedException {
        broker.open(SPEC, told);
        server.welcome();
        assertThat(told.next()).isEqualTo("connected");

        server.stop();
        assertThat(told.next()).startsWith("disconnected");
        server.restart();

        assertThat(server.welcome().hello.getSessionId()).isEqualTo(SPEC.id().toString());
        assertThat(told.next()).isEqualTo("connected");
    }

    @Test
    void serverThatComesLateIsFound() throws InterruptedException {
        server.stop();
        broker.open(SPEC, told);
        assertThat(told.next()).startsWith("disconnected");

        server.restart();

        server.welcome();
        assertThat(told.next()).isEqualTo("connected");
    }

    @Test
    void endedSessionIsToldOnceAndNotOpenedAgain() {
        BrokerSession session = broker.open(SPEC, told);
        WorkerStream stream = server.welcome();
        assertThat(told.next()).isEqualTo("connected");

        stream.send(Wire.ServerMessage.newBuilder()
                .setEnded(Wire.SessionEnded.newBuilder().setReason("lapsed")));

        assertThat(told.next()).isEqualTo("ended lapsed");
        session.close().join();
        assertThat(server.streams).isEmpty();
        assertThat(told.news).isEmpty();
    }

    @Test
    void sessionThatEndedMeanwhileIsToldAtTheHello() {
        broker.open(SPEC, told);
        WorkerStream stream = ScriptedServer.next(server.streams);

        stream.out.onError(WireErrors.toStatus(new PulseException(ErrorCode.SESSION_ENDED, "lapsed")));

        assertThat(told.next()).isEqualTo("ended lapsed");
    }

    @Test
    void refusedHelloIsNotRepeated() {
        BrokerSession session = broker.open(SPEC, told);
        WorkerStream stream = ScriptedServer.next(server.streams);

        stream.out.onError(WireErrors.toStatus(PulseException.invalid("worker", "too long")));

        assertThat(told.next()).isEqualTo("refused INVALID_FIELD");
        session.close().join();
        assertThat(server.streams).isEmpty();
    }

    @Test
    void goodbyeIsSaidAfterTheLastReport() {
        BrokerSession session = broker.open(SPEC, told);
        WorkerStream stream = server.welcome();
        assertThat(told.next()).isEqualTo("connected");

        CompletableFuture<ReportAnswer> answer = session.report(REPORT);
        CompletableFuture<Void> closed = session.close();

        stream.next(Wire.WorkerMessage.MessageCase.REPORTS);
        stream.next(Wire.WorkerMessage.MessageCase.GOODBYE);
        assertThat(ScriptedServer.next(stream.ends)).isEqualTo("goodbye");
        closed.join();
        assertThat(answer).isCompletedExceptionally();
        assertThat(told.news).isEmpty();
    }

    @Test
    void closeWithoutAConnectionEndsAtOnce() throws InterruptedException {
        server.stop();
        BrokerSession session = broker.open(SPEC, told);

        session.close().join();

        assertThatThrownBy(() -> session.report(REPORT).get(5, TimeUnit.SECONDS))
                .hasCauseInstanceOf(PulseException.class);
        server.restart();
    }

    @Test
    void connectionThatAnswersNoHeartbeatIsGivenUp() {
        BrokerSession session = broker.open(SPEC, told);
        server.welcome();
        assertThat(told.next()).isEqualTo("connected");

        for (int i = 0; i < 4; i++) {
            CompletableFuture<Heartbeat> unheard = session.heartbeat(Set.of());
            assertThat(unheard).isNotNull();
        }

        assertThat(told.next()).startsWith("disconnected");
        server.welcome();
        assertThat(told.next()).isEqualTo("connected");
    }

    @Test
    void largeReportsAreSentInSeveralMessages() {
        BrokerSession session = broker.open(SPEC, told);
        WorkerStream stream = server.welcome();
        assertThat(told.next()).isEqualTo("connected");
        Payload large = Payload.of(new byte[900_000], "application/octet-stream");

        for (int i = 0; i < 8; i++) {
            CompletableFuture<ReportAnswer> answer = session.report(
                    new AttemptReport(JOB, new LeaseToken(1, i, new UUID(1, i)), new Outcome.Ack(large)));
            assertThat(answer).isNotNull();
        }

        int reports = 0;
        while (reports < 8) {
            Wire.WorkerMessage message = stream.next(Wire.WorkerMessage.MessageCase.REPORTS);
            assertThat(message.getSerializedSize()).isLessThan(4 << 20);
            reports += message.getReports().getReportsCount();
        }
    }

    @Test
    void pulseFoundByItsAddressWorksAJob() {
        JobType<Json> email = JobType.of("email", Json.class);
        Pulse pulse = Pulse.connect(server.address());
        pulse.handleReturning(email, (job, json) -> json);
        pulse.start();
        WorkerStream stream = server.welcome();
        assertThat(stream.next(Wire.WorkerMessage.MessageCase.CREDITS)
                        .getCredits()
                        .getN())
                .isEqualTo(10);

        stream.send(Wire.ServerMessage.newBuilder()
                .setAssignments(Wire.Assignments.newBuilder().addJobs(WireSessions.assignment(assignment()))));
        Wire.Report report =
                stream.next(Wire.WorkerMessage.MessageCase.REPORTS).getReports().getReports(0);
        assertThat(report.getResult().getData().toStringUtf8()).isEqualTo("{}");
        stream.send(answer(report, ReportAnswer.APPLIED));
        pulse.close();
        assertThat(ScriptedServer.next(stream.ends)).isEqualTo("goodbye");
    }

    /** Remembers what the session told, as short texts. */
    private static final class Told implements BrokerListener {
        final BlockingQueue<String> news = new LinkedBlockingQueue<>();
        final BlockingQueue<Assignment> assigned = new LinkedBlockingQueue<>();
        final AtomicReference<Set<LeaseToken>> held = new AtomicReference<>(Set.of());

        String next() {
            return ScriptedServer.next(news);
        }

        @Override
        public Set<LeaseToken> connecting() {
            return held.get();
        }

        @Override
        public void connected() {
            news.add("connected");
        }

        @Override
        public void disconnected(PulseException cause) {
            news.add("disconnected " + cause.code());
        }

        @Override
        public void assigned(List<Assignment> jobs) {
            assigned.addAll(jobs);
        }

        @Override
        public void cancel(Set<LeaseToken> tokens) {
            news.add("cancel " + tokens.size());
        }

        @Override
        public void drain() {
            news.add("drain");
        }

        @Override
        public void ended(String reason) {
            news.add("ended " + reason);
        }

        @Override
        public void refused(PulseException reason) {
            news.add("refused " + reason.code());
        }
    }
}
