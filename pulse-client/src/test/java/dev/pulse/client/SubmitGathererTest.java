package dev.pulse.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pulse.model.ErrorCode;
import dev.pulse.model.IdSource;
import dev.pulse.model.Limits;
import dev.pulse.model.PulseException;
import dev.pulse.model.Submission;
import dev.pulse.model.SubmissionBuilder;
import dev.pulse.protocol.WireErrors;
import dev.pulse.protocol.v1.Wire;
import dev.pulse.sdk.Submitted;
import java.time.InstantSource;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** One call is under way at a time here, and the server holds the first one until the others have queued behind it. */
@Timeout(60)
class SubmitGathererTest {
    private static final IdSource IDS = new IdSource(InstantSource.system(), new Random(7));

    private final ScriptedServer server = new ScriptedServer();
    private final PulseClient client = PulseClient.connect(oneAtATime(server.address()));
    private final ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor();
    private final CountDownLatch firstMayEnd = new CountDownLatch(1);

    @AfterEach
    void close() throws InterruptedException {
        firstMayEnd.countDown();
        callers.shutdownNow();
        client.close();
        server.close();
    }

    private static ClientConfig oneAtATime(String address) {
        ClientConfig config = ClientConfig.to(ServerAddress.parse(address));
        return new ClientConfig(
                config.address(),
                config.connections(),
                1,
                config.callTimeout(),
                config.bulkTimeout(),
                config.maxMessageBytes(),
                config.reconnectFirst(),
                config.reconnectMost());
    }

    private static Submission job(String type) {
        return new SubmissionBuilder(Limits.DEFAULT).type(type).build(IDS);
    }

    private static Wire.Submitted stored(Wire.Submission job) {
        return Wire.Submitted.newBuilder()
                .setId(job.getId())
                .setStatus(Wire.JobStatus.JOB_STATUS_PENDING)
                .build();
    }

    private Future<Submitted> submit(Submission job) {
        return callers.submit(() -> client.submit(job));
    }

    /** A first call that the server holds, and so many callers behind it. */
    private List<Future<Submitted>> behindTheFirst(String... types) {
        server.on(Wire.SubmitJobRequest.class, request -> {
            await(firstMayEnd);
            return Wire.SubmitJobResponse.newBuilder()
                    .setJob(stored(request.getJob()))
                    .build();
        });
        Future<Submitted> first = submit(job("first"));
        ScriptedServer.next(server.requests);
        List<Future<Submitted>> behind =
                Stream.of(types).map(type -> submit(job(type))).toList();
        untilWaiting(types.length);
        return Stream.concat(Stream.of(first), behind.stream()).toList();
    }

    private void untilWaiting(int jobs) {
        while (client.waitingSubmits() != jobs) {
            Thread.onSpinWait();
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void whatArrivesMeanwhileSharesTheNextCallAndEachCallerHearsOfItsOwnJob() throws Exception {
        server.on(Wire.SubmitJobsRequest.class, request -> {
            Wire.SubmitJobsResponse.Builder answer = Wire.SubmitJobsResponse.newBuilder();
            request.getJobsList().forEach(job -> answer.addItems(result(job)));
            return answer.build();
        });
        List<Future<Submitted>> calls = behindTheFirst("good", "bad", "good");

        firstMayEnd.countDown();

        calls.get(0).get();
        calls.get(1).get();
        calls.get(3).get();
        assertThatThrownBy(() -> calls.get(2).get())
                .isInstanceOf(ExecutionException.class)
                .cause()
                .isInstanceOfSatisfying(
                        PulseException.class,
                        refusal -> assertThat(refusal.field()).isEqualTo("type"));
        Wire.SubmitJobsRequest shared = (Wire.SubmitJobsRequest) ScriptedServer.next(server.requests);
        assertThat(shared.getJobsList()).hasSize(3);
        assertThat(shared.getAtomic()).isFalse();
    }

    private static Wire.SubmitResult.Builder result(Wire.Submission job) {
        return job.getType().equals("bad")
                ? Wire.SubmitResult.newBuilder()
                        .setRefusal(WireErrors.refusal(PulseException.invalid("type", "is not served here")))
                : Wire.SubmitResult.newBuilder().setJob(stored(job));
    }

    @Test
    void aSharedCallThatFailsIsTroubleForEachOfItsCallersAndForNobodyAfterThem() throws Exception {
        server.on(Wire.SubmitJobsRequest.class, request -> {
            throw new PulseException(ErrorCode.LIMIT_REACHED, "too much at once");
        });
        List<Future<Submitted>> calls = behindTheFirst("a", "b");

        firstMayEnd.countDown();

        for (Future<Submitted> failed : calls.subList(1, 3)) {
            assertThatThrownBy(failed::get)
                    .cause()
                    .isInstanceOfSatisfying(
                            PulseException.class,
                            trouble -> assertThat(trouble.code()).isEqualTo(ErrorCode.LIMIT_REACHED));
        }
        Submission next = job("next");
        assertThat(client.submit(next).id()).isEqualTo(next.id());
    }

    @Test
    void aCallerInterruptedBeforeItsJobLeftTakesItAway() throws Exception {
        server.on(Wire.SubmitJobsRequest.class, request -> {
            throw new AssertionError("the interrupted job was sent");
        });
        List<Future<Submitted>> calls = behindTheFirst("interrupted");

        calls.get(1).cancel(true);
        untilWaiting(0);
        firstMayEnd.countDown();

        calls.get(0).get();
        Submission next = job("next");
        assertThat(client.submit(next).id()).isEqualTo(next.id());
    }
}
