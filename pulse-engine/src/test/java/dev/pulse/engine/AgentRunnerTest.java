package dev.pulse.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntUnaryOperator;
import org.junit.jupiter.api.Test;

final class AgentRunnerTest {
    private static final long LONG = Duration.ofHours(1).toNanos();

    private final Counters counters = new Counters();
    private final Wake wake = new Wake(System::nanoTime);

    @Test
    void aFailingStepDoesNotEndTheThread() throws InterruptedException {
        CountDownLatch worked = new CountDownLatch(1);
        AgentRunner runner = runner(step -> {
            if (step < 3) {
                throw new IllegalStateException("step " + step);
            }
            worked.countDown();
            return 0;
        });

        runner.start();

        assertThat(worked.await(30, TimeUnit.SECONDS)).isTrue();
        assertThat(runner.isWell()).isTrue();
        assertThat(counters.agentFailures.sum()).isEqualTo(2);
        end(runner);
    }

    @Test
    void anErrorDoesNotEndTheThreadEither() throws InterruptedException {
        CountDownLatch worked = new CountDownLatch(1);
        AgentRunner runner = runner(step -> {
            if (step == 1) {
                throw new AssertionError("a defect");
            }
            worked.countDown();
            return 0;
        });

        runner.start();

        assertThat(worked.await(30, TimeUnit.SECONDS)).isTrue();
        end(runner);
    }

    @Test
    void aSignalEndsAWaitAndOneThatComesDuringAStepIsKept() throws InterruptedException {
        CountDownLatch first = new CountDownLatch(1);
        CountDownLatch second = new CountDownLatch(2);
        AgentRunner runner = runner(step -> {
            if (step == 1) {
                wake.signal();
            }
            first.countDown();
            second.countDown();
            return 0;
        });

        runner.start();

        assertThat(first.await(30, TimeUnit.SECONDS)).isTrue();
        assertThat(second.await(30, TimeUnit.SECONDS)).isTrue();
        end(runner);
    }

    @Test
    void aStopEndsTheThreadHoweverLongItWouldWait() throws InterruptedException {
        CountDownLatch waiting = new CountDownLatch(1);
        AgentRunner runner = runner(step -> {
            waiting.countDown();
            return 0;
        });
        runner.start();
        assertThat(waiting.await(30, TimeUnit.SECONDS)).isTrue();

        end(runner);

        assertThat(runner.isWell()).isFalse();
    }

    private static void end(AgentRunner runner) {
        runner.stop();
        assertThat(runner.join(Duration.ofSeconds(30))).isTrue();
    }

    /** An agent that waits for ever between steps, which are numbered from 1. */
    private AgentRunner runner(IntUnaryOperator step) {
        AtomicInteger steps = new AtomicInteger();
        Agent agent = new Agent() {
            @Override
            public String name() {
                return "test";
            }

            @Override
            public int step() {
                return step.applyAsInt(steps.incrementAndGet());
            }

            @Override
            public long patience(int done) {
                return LONG;
            }
        };
        return new AgentRunner(agent, wake, System::nanoTime, counters);
    }
}
