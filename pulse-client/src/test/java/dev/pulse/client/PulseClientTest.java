package dev.pulse.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.pulse.model.BulkAction;
import dev.pulse.model.BulkResult;
import dev.pulse.model.ErrorCode;
import dev.pulse.model.IdSource;
import dev.pulse.model.Job;
import dev.pulse.model.JobCounts;
import dev.pulse.model.JobFacts;
import dev.pulse.model.JobFilter;
import dev.pulse.model.JobPage;
import dev.pulse.model.JobStatus;
import dev.pulse.model.Labels;
import dev.pulse.model.Limits;
import dev.pulse.model.Payload;
import dev.pulse.model.Policy;
import dev.pulse.model.PulseException;
import dev.pulse.model.ServerInfo;
import dev.pulse.model.SessionInfo;
import dev.pulse.model.SessionSpec;
import dev.pulse.model.Submission;
import dev.pulse.model.SubmissionBuilder;
import dev.pulse.model.Throughput;
import dev.pulse.model.Violation;
import dev.pulse.protocol.WireErrors;
import dev.pulse.protocol.WireHistory;
import dev.pulse.protocol.WireJobs;
import dev.pulse.protocol.WireStats;
import dev.pulse.protocol.v1.Wire;
import dev.pulse.sdk.SubmitResult;
import dev.pulse.sdk.Submitted;
import dev.pulse.tls.TlsFiles;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class PulseClientTest {
    private static final Instant NOW = Instant.parse("2026-11-22T10:00:00Z");
    private static final IdSource IDS = new IdSource(InstantSource.fixed(NOW), new Random(7));
    private static final UUID ID = new UUID(0x0193_2c07_0000_7000L, 0x8000_0000_0000_0001L);

    private final ScriptedServer server = new ScriptedServer();
    private final PulseClient client = PulseClient.connect(server.address());

    @AfterEach
    void close() throws InterruptedException {
        client.close();
        server.close();
    }

    private static Submission email() {
        return new SubmissionBuilder(Limits.DEFAULT).type("email").build(IDS);
    }

    private static Job job(JobStatus status) {
        JobFacts facts = new JobFacts(ID, "email", "default", 0, Payload.EMPTY, Labels.NONE, Policy.DEFAULT, null, NOW);
        return new Job(facts, status, 1, null, null, null, null, null, List.of());
    }

    private static Wire.Submitted stored(String id) {
        return Wire.Submitted.newBuilder()
                .setId(id)
                .setStatus(Wire.JobStatus.JOB_STATUS_PENDING)
                .build();
    }

    @Test
    void submitSendsTheJobAndReturnsWhatBecameOfIt() {
        Submission job = email();
        server.on(
                Wire.SubmitJobRequest.class,
                request -> Wire.SubmitJobResponse.newBuilder()
                        .setJob(stored(request.getJob().getId()))
                        .build());

        assertThat(client.submit(job)).isEqualTo(new Submitted(job.id(), false, JobStatus.PENDING));
        Wire.SubmitJobRequest sent = (Wire.SubmitJobRequest) ScriptedServer.next(server.requests);
        assertThat(WireJobs.submission(sent.getJob(), Limits.DEFAULT, IDS)).isEqualTo(job);
    }

    @Test
    void batchComesBackInItsOrder() {
        List<Submission> batch = List.of(email(), email(), email());
        server.on(Wire.SubmitJobsRequest.class, request -> {
            Wire.SubmitJobsResponse.Builder answer = Wire.SubmitJobsResponse.newBuilder();
            request.getJobsList()
                    .forEach(job ->
                            answer.addItems(Wire.SubmitResult.newBuilder().setJob(stored(job.getId()))));
            return answer.build();
        });

        assertThat(client.submitAll(batch))
                .extracting(Submitted::id)
                .isEqualTo(batch.stream().map(Submission::id).toList());
    }

    @Test
    void aBatchThatIsNotAtomicSaysOfEachJobWhatBecameOfIt() {
        Submission stored = email();
        server.on(Wire.SubmitJobsRequest.class, request -> {
            assertThat(request.hasAtomic()).isTrue();
            assertThat(request.getAtomic()).isFalse();
            return Wire.SubmitJobsResponse.newBuilder()
                    .addItems(Wire.SubmitResult.newBuilder()
                            .setRefusal(WireErrors.refusal(new PulseException(ErrorCode.KEY_CONFLICT, "taken"))))
                    .addItems(Wire.SubmitResult.newBuilder()
                            .setJob(stored(request.getJobs(1).getId())))
                    .build();
        });

        List<SubmitResult> results = client.submitEach(List.of(email(), stored));

        assertThat(results.getFirst())
                .isInstanceOfSatisfying(
                        SubmitResult.Refused.class,
                        refused -> assertThat(refused.reason().code()).isEqualTo(ErrorCode.KEY_CONFLICT));
        assertThat(results.get(1))
                .isEqualTo(new SubmitResult.Stored(new Submitted(stored.id(), false, JobStatus.PENDING)));
    }

    @Test
    void refusalComesWithItsCodeAndFields() {
        PulseException refusal =
                PulseException.invalid(List.of(new Violation("type", "is bad"), new Violation("queue", "too")));
        server.on(Wire.SubmitJobRequest.class, request -> {
            throw refusal;
        });

        PulseException thrown = catchThrowableOfType(PulseException.class, () -> client.submit(email()));

        assertThat(thrown.code()).isEqualTo(ErrorCode.INVALID_FIELD);
        assertThat(thrown.violations()).isEqualTo(refusal.violations());
    }

    @Test
    void refusedItemOfABatchIsThrown() {
        server.on(
                Wire.SubmitJobsRequest.class,
                request -> Wire.SubmitJobsResponse.newBuilder()
                        .addItems(Wire.SubmitResult.newBuilder()
                                .setRefusal(WireErrors.refusal(new PulseException(ErrorCode.KEY_CONFLICT, "taken"))))
                        .build());

        assertThat(catchThrowableOfType(PulseException.class, () -> client.submitAll(List.of(email())))
                        .code())
                .isEqualTo(ErrorCode.KEY_CONFLICT);
    }

    @Test
    void unknownJobIsNotFound() {
        server.on(Wire.GetJobRequest.class, request -> {
            throw new PulseException(ErrorCode.JOB_NOT_FOUND, "no job " + request.getId());
        });

        assertThat(client.find(ID)).isEmpty();
    }

    @Test
    void actsReturnTheJob() {
        Wire.Job done = WireJobs.job(job(JobStatus.CANCELED));
        server.on(Wire.GetJobRequest.class, request -> done);
        server.on(Wire.CancelJobRequest.class, request -> done);
        server.on(Wire.RequeueJobRequest.class, request -> done);
        server.on(Wire.RunJobNowRequest.class, request -> done);
        server.on(Wire.DeleteJobRequest.class, request -> Wire.DeleteJobResponse.getDefaultInstance());

        assertThat(client.find(ID)).contains(job(JobStatus.CANCELED));
        assertThat(client.cancel(ID)).isEqualTo(job(JobStatus.CANCELED));
        assertThat(client.requeue(ID)).isEqualTo(job(JobStatus.CANCELED));
        assertThat(client.runNow(ID)).isEqualTo(job(JobStatus.CANCELED));
        client.delete(ID);
    }

    @Test
    void longWaitIsCutIntoCalls() {
        server.on(
                Wire.WaitJobRequest.class,
                request -> WireJobs.job(job(server.requests.size() < 3 ? JobStatus.RUNNING : JobStatus.COMPLETED)));

        Job job = client.await(ID, Duration.ofHours(1));

        assertThat(job.status()).isEqualTo(JobStatus.COMPLETED);
        assertThat(server.requests)
                .hasSize(3)
                .allSatisfy(request -> assertThat(
                                ((Wire.WaitJobRequest) request).getTimeout().getSeconds())
                        .isEqualTo(30));
    }

    @Test
    void waitThatIsOverReturnsTheJobAsItStands() {
        server.on(Wire.WaitJobRequest.class, request -> WireJobs.job(job(JobStatus.RUNNING)));

        assertThat(client.await(ID, Duration.ofMillis(5)).status()).isEqualTo(JobStatus.RUNNING);
    }

    @Test
    void listSendsFilterAndCursor() {
        JobFilter filter = JobFilter.ALL.withStatus(JobStatus.RUNNING);
        server.on(Wire.ListJobsRequest.class, request -> {
            assertThat(WireJobs.filter(request.getFilter())).isEqualTo(filter);
            assertThat(request.getLimit()).isEqualTo(7);
            assertThat(request.getCursor()).isEqualTo("here");
            return Wire.ListJobsResponse.newBuilder()
                    .addItems(WireJobs.job(job(JobStatus.RUNNING)))
                    .setNextCursor("there")
                    .build();
        });

        assertThat(client.list(filter, 7, "here")).isEqualTo(new JobPage(List.of(job(JobStatus.RUNNING)), "there"));
    }

    @Test
    void operatorsSeeCountsWorkersAndServers() {
        JobCounts counts =
                new JobCounts(new TreeMap<>(Map.of("email", Map.of(JobStatus.PENDING, 3L))), Duration.ofSeconds(2));
        SessionInfo session = new SessionInfo(
                new SessionSpec(ID, "w", Set.of("email"), Set.of(), 4, Duration.ofSeconds(30)), NOW, NOW, 1);
        ServerInfo replica = new ServerInfo(ID, "s", "0.1.0", NOW, NOW, true);
        server.on(Wire.GetStatsRequest.class, request -> WireStats.stats(counts));
        server.on(
                Wire.ListWorkersRequest.class,
                request -> Wire.ListWorkersResponse.newBuilder()
                        .addItems(WireStats.worker(session))
                        .build());
        server.on(
                Wire.ListServersRequest.class,
                request -> Wire.ListServersResponse.newBuilder()
                        .addItems(WireStats.server(replica))
                        .build());

        Throughput throughput = new Throughput(Duration.ofMinutes(1), List.of(new Throughput.Bucket(NOW, 3, 2, 1)));
        server.on(Wire.GetThroughputRequest.class, request -> {
            assertThat(WireHistory.window(request)).isEqualTo(Duration.ofHours(2));
            return WireHistory.throughput(throughput);
        });

        assertThat(client.throughput(Duration.ofHours(2), Duration.ofMinutes(1)))
                .isEqualTo(throughput);
        assertThat(client.counts()).isEqualTo(counts);
        assertThat(client.workers()).containsExactly(session);
        assertThat(client.servers()).containsExactly(replica);
    }

    @Test
    void bulkSendsActionFilterAndDryRun() {
        server.on(Wire.BulkJobsRequest.class, request -> {
            assertThat(request.getAction()).isEqualTo(Wire.BulkAction.BULK_ACTION_REQUEUE);
            assertThat(request.getDryRun()).isTrue();
            return Wire.BulkJobsResponse.newBuilder()
                    .setMatched(5)
                    .setFinished(true)
                    .build();
        });

        assertThat(client.bulk(BulkAction.REQUEUE, JobFilter.ALL.withStatus(JobStatus.DEAD_LETTERED), true))
                .isEqualTo(new BulkResult(5, 0));
    }

    @Test
    void healthIsTheServersWord() {
        server.health.setStatus("", ServingStatus.SERVING);
        assertThat(client.isHealthy()).isTrue();

        server.health.setStatus("", ServingStatus.NOT_SERVING);
        assertThat(client.isHealthy()).isFalse();
    }

    @Test
    void serverThatIsGoneIsUnreachableAndFoundAgain() throws InterruptedException {
        server.on(Wire.GetStatsRequest.class, request -> Wire.Stats.getDefaultInstance());
        client.counts();
        server.stop();

        PulseException trouble = catchThrowableOfType(PulseException.class, client::counts);
        assertThat(trouble.code()).isEqualTo(ErrorCode.UNREACHABLE);
        assertThat(trouble).hasMessageContaining(server.address());

        server.restart();
        assertThat(countsOnceThere()).isNotNull();
    }

    /** The first calls may still meet the old connection. */
    private JobCounts countsOnceThere() {
        while (true) {
            try {
                return client.counts();
            } catch (PulseException e) {
                assertThat(e.code()).isEqualTo(ErrorCode.UNREACHABLE);
            }
        }
    }

    @Test
    void interruptedCallSaysThatTheOutcomeIsUnknown() throws InterruptedException {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch never = new CountDownLatch(1);
        server.on(Wire.SubmitJobRequest.class, request -> {
            asked.countDown();
            try {
                never.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return Wire.SubmitJobResponse.getDefaultInstance();
        });
        java.util.concurrent.CompletableFuture<PulseException> thrown = new java.util.concurrent.CompletableFuture<>();
        Thread caller = Thread.ofVirtual()
                .start(() -> thrown.complete(catchThrowableOfType(PulseException.class, () -> client.submit(email()))));
        asked.await();

        caller.interrupt();

        assertThat(thrown.join().code()).isEqualTo(ErrorCode.OUTCOME_UNKNOWN);
        never.countDown();
    }

    @Test
    void textThatIsNoAddressIsRefused() {
        for (String text : List.of(
                "",
                "a b",
                "host:",
                "host:99999",
                "jdbc:postgresql://h/d",
                "http://h:1",
                "h:1:2",
                "h:1?ca=x",
                "grpcs://h?cas=x",
                "grpcs://h?ca",
                "grpcs://h?ca=",
                "grpcs://h?ca=x&ca=y",
                "grpcs://h?cert=x")) {
            assertThatThrownBy(() -> PulseClient.connect(text))
                    .isInstanceOfSatisfying(
                            PulseException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CONFIGURATION));
        }
    }

    @Test
    void addressMayLeaveOutItsPortAndMayBeV6() {
        assertThat(ServerAddress.parse("example.org")).isEqualTo(new ServerAddress("example.org", 50051));
        assertThat(ServerAddress.parse("[::1]:7"))
                .isEqualTo(new ServerAddress("::1", 7))
                .hasToString("[::1]:7");
        assertThat(ServerAddress.parse("pulse://h:7")).isEqualTo(new ServerAddress("h", 7));
        assertThat(ServerAddress.parse("grpcs://h")).isEqualTo(new ServerAddress("h", 50051, TlsFiles.SYSTEM));
        assertThat(ServerAddress.parse("grpcs://h:7?ca=/ca.pem&cert=c.pem&key=k.pem"))
                .isEqualTo(
                        new ServerAddress("h", 7, new TlsFiles(Path.of("c.pem"), Path.of("k.pem"), Path.of("/ca.pem"))))
                .hasToString("h:7");
    }
}
