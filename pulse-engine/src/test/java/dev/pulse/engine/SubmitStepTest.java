package dev.pulse.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pulse.model.ErrorCode;
import dev.pulse.model.JobStatus;
import dev.pulse.model.Payload;
import dev.pulse.model.PulseException;
import dev.pulse.model.Submission;
import dev.pulse.store.Inserted;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

final class SubmitStepTest {
    private final Replicas replicas = new Replicas();

    @Test
    void concurrentSubmitsShareOneInsert() {
        var server = replicas.server();
        var first = server.submit(replicas.job());
        var second = server.submit(replicas.job(), replicas.job());

        server.insert();

        assertThat(first).isCompletedWithValueMatching(answers -> answers.size() == 1);
        assertThat(second).isCompletedWithValueMatching(answers -> answers.size() == 2);
        assertThat(replicas.watched.count("insert")).isEqualTo(1);
    }

    @Test
    void nobodyIsAnsweredBeforeTheCommit() {
        var server = replicas.server();
        var answer = server.submit(replicas.job());
        replicas.watched.failAfter("insert", arguments -> {
            assertThat(answer).isNotDone();
            return null;
        });

        server.insert();

        assertThat(answer).isCompleted();
    }

    @Test
    void anAtomicGroupIsAnInsertOfItsOwn() {
        var server = replicas.server();
        var single = server.submit(replicas.job());
        var group = server.roles.submits.offer(List.of(replicas.job(), replicas.job()), true);

        server.roles.submitters.getFirst().step();

        assertThat(single).isCompleted();
        assertThat(group).isCompletedWithValueMatching(answers -> answers.size() == 2);
        assertThat(replicas.watched.count("insert")).isEqualTo(2);
    }

    @Test
    void aRefusedGroupStoresNothingAndNamesThePlace() {
        var server = replicas.server();
        Submission taken = replicas.job(builder -> builder.key("k"));
        replicas.stored(taken);
        Submission good = replicas.job();
        Submission bad = replicas.job(builder -> builder.key("k").priority(7));

        var group = server.roles.submits.offer(List.of(good, bad), true);
        server.insert();

        assertThat(refusal(group).field()).startsWith("jobs[1].");
        assertThat(replicas.memory.jobs().find(good.id())).isEmpty();
    }

    @Test
    void aGroupOfOneIsRefusedAsAnyGroup() {
        var server = replicas.server();
        replicas.stored(replicas.job(builder -> builder.key("k")));
        Submission bad = replicas.job(builder -> builder.key("k").priority(7));

        var group = server.roles.submits.offer(List.of(bad), true);
        server.insert();

        assertThat(refusal(group).code()).isEqualTo(ErrorCode.KEY_CONFLICT);
        assertThat(refusal(group).field()).startsWith("jobs[0].");
    }

    @Test
    void oneJobThatTheStoreCannotTakeDoesNotHarmItsNeighbours() {
        var server = replicas.server();
        replicas.watched.failBefore("insert", arguments -> holdsBad(arguments[0]) ? dataError() : null);
        List<CompletableFuture<List<Inserted>>> answers = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            int n = i;
            answers.add(server.submit(replicas.job(builder -> n == 37 ? builder.type("bad") : builder)));
        }

        server.insert();

        for (int i = 0; i < 100; i++) {
            Class<? extends Inserted> expected = i == 37 ? Inserted.Refused.class : Inserted.Stored.class;
            assertThat(answers.get(i).join().getFirst()).isInstanceOf(expected);
        }
    }

    @Test
    void theSearchForBadJobsIsBounded() {
        var server = replicas.server();
        replicas.watched.failBefore("insert", arguments -> dataError());
        List<CompletableFuture<List<Inserted>>> answers = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            answers.add(server.submit(replicas.job()));
        }

        server.insert();

        assertThat(replicas.watched.count("insert")).isLessThanOrEqualTo(2 * SubmitConfig.DEFAULT.splitsMax() + 1);
        assertThat(answers).allSatisfy(answer -> assertThat(answer).isCompleted());
    }

    @Test
    void troubleFailsThoseWhoseJobsAreNotStored() {
        var server = replicas.server();
        replicas.watched.failBefore("insert", arguments -> Replicas.unavailable());
        var answer = server.submit(replicas.job());

        assertThatThrownBy(server::insert).isInstanceOf(PulseException.class);
        assertThat(refusal(answer).code()).isEqualTo(ErrorCode.DATABASE_UNAVAILABLE);

        replicas.watched.heal();
        var later = server.submit(replicas.job());
        server.insert();
        assertThat(later).isCompleted();
    }

    @Test
    void aFullQueueTurnsCallersAway() {
        SubmitConfig small = new SubmitConfig(1, 1_000, 1 << 20, 1_000, 1 << 20, 64);
        SubmitQueue queue = new SubmitQueue(small, new Counters(), List.of());
        for (int i = 0; i < 1_000; i++) {
            assertThat(queue.offer(List.of(replicas.job()), false)).isNotDone();
        }

        var answer = queue.offer(List.of(replicas.job()), false);

        assertThat(refusal(answer).code()).isEqualTo(ErrorCode.LIMIT_REACHED);
    }

    @Test
    void aFlushStaysWithinItsBytes() {
        SubmitQueue queue = new SubmitQueue(SubmitConfig.DEFAULT, new Counters(), List.of());
        Payload large = Payload.of(new byte[200_000], "application/octet-stream");
        for (int i = 0; i < 100; i++) {
            var unused = queue.offer(List.of(replicas.job(builder -> builder.payload(large))), false);
        }

        long bytes =
                queue.takeSingles().stream().mapToLong(SubmitQueue.Call::bytes).sum();

        assertThat(bytes).isBetween(1L, SubmitConfig.DEFAULT.flushBytes());
    }

    @Test
    void aCallWithTooManyJobsIsRefused() {
        var server = replicas.server();
        Submission[] jobs = new Submission[1_001];
        for (int i = 0; i < jobs.length; i++) {
            jobs[i] = replicas.job();
        }

        assertThat(refusal(server.submit(jobs)).code()).isEqualTo(ErrorCode.TOO_MANY_ITEMS);
    }

    @Test
    void aSubmitReachesAWaitingWorkerWithoutAPoll() {
        var server = replicas.server();
        WorkerDouble worker = new WorkerDouble();
        server.attach(worker, 1);
        server.settle();

        var id = server.submitted(replicas.job());
        server.claim();

        assertThat(worker.ids()).containsExactly(id);
    }

    @Test
    void aScheduledJobStartsWhenItIsDue() {
        var server = replicas.server();
        WorkerDouble worker = new WorkerDouble();
        server.attach(worker, 1);
        var id = server.submitted(replicas.job(builder -> builder.delay(Duration.ofSeconds(3))));
        assertThat(replicas.status(id)).isEqualTo(JobStatus.SCHEDULED);

        replicas.time.advance(Duration.ofSeconds(3));
        server.roles.promoter.step(); // by its own timer: this server does not lead
        server.claim();

        assertThat(worker.ids()).containsExactly(id);
    }

    private static boolean holdsBad(Object batch) {
        return ((List<?>) batch)
                .stream().anyMatch(job -> ((Submission) job).type().equals("bad"));
    }

    private static PulseException dataError() {
        return PulseException.invalid("payload", "the store cannot take it");
    }

    static PulseException refusal(CompletableFuture<?> answer) {
        assertThat(answer).isCompletedExceptionally();
        try {
            answer.join();
            throw new AssertionError("completed");
        } catch (CompletionException e) {
            assertThat(e.getCause()).isInstanceOf(PulseException.class);
            return e.getCause() instanceof PulseException refusal ? refusal : Replicas.unknown();
        }
    }
}
