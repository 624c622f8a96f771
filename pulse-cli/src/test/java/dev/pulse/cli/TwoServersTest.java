package dev.pulse.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pulse.client.PulseClient;
import dev.pulse.localpostgres.SharedPostgres;
import dev.pulse.model.JobStatus;
import dev.pulse.model.LimitChange;
import dev.pulse.model.Payload;
import dev.pulse.model.Scope;
import dev.pulse.sdk.JobRef;
import dev.pulse.sdk.JobType;
import dev.pulse.sdk.Pulse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Pauses and limits over two servers with a worker each, on one PostgreSQL. */
@Timeout(120)
class TwoServersTest {
    private static final JobType<Payload> TYPE = JobType.of("email");
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final List<AutoCloseable> opened = new ArrayList<>();
    private PulseClient one;
    private Pulse left;
    private Pulse right;

    @BeforeEach
    void start() {
        String database = SharedPostgres.freshDatabase();
        RunningServer first = open(RunningServer.start(database));
        RunningServer second = open(RunningServer.start(database));
        one = open(PulseClient.connect(first.grpc()));
        left = open(Pulse.connect(first.grpc(), options -> options.concurrency(20)));
        right = open(Pulse.connect(second.grpc(), options -> options.concurrency(20)));
    }

    @AfterEach
    void stop() throws Exception {
        for (AutoCloseable some : opened.reversed()) {
            some.close();
        }
    }

    private <T extends AutoCloseable> T open(T some) {
        opened.add(some);
        return some;
    }

    /** Five at a time meet at a barrier: fewer would not pass it, more would be seen. */
    @Test
    void exactlyAsManyRunAsTheLimitSaysOverBothServers() throws Exception {
        int most = 5;
        one.limit(Scope.type(TYPE.name()), LimitChange.none().maxRunning(most));
        CyclicBarrier together = new CyclicBarrier(most);
        AtomicInteger running = new AtomicInteger();
        AtomicInteger seen = new AtomicInteger();
        for (Pulse worker : List.of(left, right)) {
            worker.handle(TYPE, (job, payload) -> {
                seen.accumulateAndGet(running.incrementAndGet(), Math::max);
                together.await(60, TimeUnit.SECONDS);
                running.decrementAndGet();
            });
        }
        List<JobRef> jobs = left.enqueueAll(TYPE, Collections.nCopies(10 * most, Payload.json("1")));
        left.start();
        right.start();

        for (JobRef job : jobs) {
            assertThat(job.await(PATIENCE).status()).isEqualTo(JobStatus.COMPLETED);
        }
        assertThat(seen).hasValue(most);
    }

    @Test
    void aPauseOnOneServerHoldsTheWorkersOfTheOther() throws Exception {
        List<Integer> started = Collections.synchronizedList(new ArrayList<>());
        CountDownLatch busy = new CountDownLatch(1);
        CountDownLatch finish = new CountDownLatch(1);
        right.handle(TYPE, (job, payload) -> {
            started.add(Integer.valueOf(payload.text()));
            busy.countDown();
            finish.await();
        });
        JobRef first = left.enqueue(TYPE, Payload.json("0"));
        right.start();
        busy.await();

        assertThat(one.pause(Scope.DISPATCH, "deploy").isPaused()).isTrue();
        List<JobRef> held = new ArrayList<>();
        for (int priority : new int[] {1, 3, 2}) {
            held.add(left.enqueue(
                    TYPE, Payload.json(Integer.toString(priority)), options -> options.priority(priority)));
        }
        finish.countDown();
        assertThat(first.await(PATIENCE).status()).isEqualTo(JobStatus.COMPLETED);
        UUID waiting = held.getFirst().id();
        assertThat(one.explain(waiting).orElseThrow().waiting().getFirst().message())
                .contains("dispatch has been paused since", "by operator: deploy");
        assertThat(started).containsExactly(0);

        one.resume(Scope.DISPATCH);
        for (JobRef job : held) {
            assertThat(job.await(PATIENCE).status()).isEqualTo(JobStatus.COMPLETED);
        }
        assertThat(started).hasSize(4);
        assertThat(held)
                .extracting(job -> one.find(job.id()).orElseThrow().attempt())
                .containsOnly(1);
    }
}
