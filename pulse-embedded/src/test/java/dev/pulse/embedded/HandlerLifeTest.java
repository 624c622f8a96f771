package dev.pulse.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pulse.model.AttemptError;
import dev.pulse.model.Job;
import dev.pulse.model.JobProgress;
import dev.pulse.model.JobStatus;
import dev.pulse.model.LogLine;
import dev.pulse.model.OutcomeKind;
import dev.pulse.sdk.AesGcm;
import dev.pulse.sdk.Connection;
import dev.pulse.sdk.Gzip;
import dev.pulse.sdk.JobRef;
import dev.pulse.sdk.JobType;
import dev.pulse.sdk.Json;
import dev.pulse.sdk.NonRetryableException;
import dev.pulse.sdk.Pulse;
import dev.pulse.storememory.MemoryHints;
import dev.pulse.storememory.MemoryStores;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What becomes of jobs by what their handlers do, through the whole engine. */
@Timeout(120)
class HandlerLifeTest {
    private static final JobType<Json> TYPE = JobType.of("work", Json.class);
    private static final Json SECRET = new Json("\"" + "again and ".repeat(100) + "\"");
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final EngineFixture engine = new EngineFixture(
            new MemoryStores(InstantSource.system(), new Random()).stores(), new MemoryHints(), () -> {});

    @AfterEach
    void stop() {
        engine.close();
    }

    private Pulse pulse(AesGcm aes) {
        return Pulse.over(
                new Shared(engine.connection()),
                options -> options.transform(Gzip.above(100)).transform(aes));
    }

    /** Several Pulses work over the one engine, one after another. */
    private record Shared(Connection to) implements Connection {
        @Override
        public dev.pulse.sdk.JobClient jobs() {
            return to.jobs();
        }

        @Override
        public dev.pulse.sdk.Broker broker() {
            return to.broker();
        }

        @Override
        public void close() {}
    }

    private static AesGcm aes(String id, int fill) {
        byte[] key = new byte[32];
        java.util.Arrays.fill(key, (byte) fill);
        return AesGcm.create().key(id, key);
    }

    @Test
    void whatNoWorkerCanReadIsParkedInSightAndRunsAfterTheFix() {
        AesGcm young = aes("2025", 1);
        JobRef ref;
        try (Pulse outdated = pulse(aes("2024", 2))) {
            try (Pulse producer = pulse(young)) {
                ref = producer.enqueue(TYPE, SECRET);
            }
            outdated.handle(TYPE, (job, payload) -> {
                throw new AssertionError("it cannot have read this");
            });
            outdated.start();
            Job parked = ref.await(PATIENCE);

            assertThat(parked.status()).isEqualTo(JobStatus.DEAD_LETTERED);
            AttemptError error = parked.error();
            assertThat(error).isNotNull();
            assertThat(error.type()).isEqualTo("unreadable_payload");
            assertThat(error.message()).contains("2025");
            assertThat(parked.attempts()).hasSize(1);
            assertThat(parked.facts().payload().contentType()).contains("gzip,aes-gcm");
            assertThat(parked.facts().payload().text()).doesNotContain("again");
        }

        try (Pulse mended = pulse(young)) {
            mended.handleReturning(TYPE, (job, payload) -> payload);
            mended.start();
            mended.jobs().requeue(ref.id());
            Job done = ref.await(PATIENCE);

            assertThat(done.status()).isEqualTo(JobStatus.COMPLETED);
            assertThat(mended.resultOf(done, Json.class)).contains(SECRET);
            assertThatThrownBy(() -> pulse(aes("2024", 2)).resultOf(done, Json.class))
                    .hasMessageContaining("2025");
        }
    }

    private Job after(JobType<Json> type, Consumer<Pulse> handler) {
        try (Pulse pulse = Pulse.over(new Shared(engine.connection()), options -> {})) {
            handler.accept(pulse);
            pulse.start();
            return pulse.enqueue(type, new Json("1")).await(PATIENCE);
        }
    }

    @Test
    void whatItsTypeCallsFinalIsDeadLetteredAtOnce() {
        JobType<Json> type = TYPE.nonRetryable(IllegalArgumentException.class);

        Job job = after(
                type,
                pulse -> pulse.handle(type, (context, payload) -> {
                    throw new NumberFormatException("no number");
                }));

        assertThat(job.status()).isEqualTo(JobStatus.DEAD_LETTERED);
        assertThat(job.attempts()).hasSize(1);
        assertThat(job.attempts().getFirst().outcome()).isEqualTo(OutcomeKind.DEAD_LETTER);
        assertThat(job.error()).isNotNull();
        assertThat(job.error().type()).isEqualTo("java.lang.NumberFormatException");
    }

    @Test
    void theBackoffOfTheTypeIsWaitedAndCharged() {
        JobType<Json> type = TYPE.maxAttempts(3).backoff((job, thrown) -> Duration.ofMillis(job.attempt()));

        Job job = after(
                type,
                pulse -> pulse.handle(type, (context, payload) -> {
                    throw new IllegalStateException("try " + context.attempt());
                }));

        assertThat(job.status()).isEqualTo(JobStatus.DEAD_LETTERED);
        assertThat(job.attempts()).extracting(attempt -> attempt.outcome()).containsOnly(OutcomeKind.RETRY);
        assertThat(job.attempts()).hasSize(3);
        assertThat(job.error()).isNotNull();
        assertThat(job.error().message()).isEqualTo("try 3");
    }

    @Test
    void anOrdinaryFailureWaitsAndTheOneThatSaysSoDoesNot() {
        Job job = after(
                TYPE,
                pulse -> pulse.handle(TYPE, (context, payload) -> {
                    throw new NonRetryableException("never");
                }));
        assertThat(job.attempts()).hasSize(1);
        assertThat(job.status()).isEqualTo(JobStatus.DEAD_LETTERED);
    }

    @Test
    void whatTheHandlerToldIsThereAfterItsEnd() {
        try (Pulse pulse = Pulse.over(new Shared(engine.connection()), options -> {})) {
            pulse.handle(TYPE, (context, payload) -> {
                context.progress(100, "done");
                context.log("the last line");
            });
            pulse.start();
            JobRef ref = pulse.enqueue(TYPE, new Json("1"));
            ref.await(PATIENCE);
            // Gathered for a moment before they are written.
            while (pulse.jobs().log(ref.id(), 0, 10).lines().isEmpty()) {
                Thread.onSpinWait();
            }

            assertThat(pulse.jobs().log(ref.id(), 0, 10).lines())
                    .extracting(LogLine::message)
                    .isEqualTo(List.of("the last line"));
            assertThat(pulse.jobs().log(ref.id(), 0, 10).progress()).isEqualTo(new JobProgress(1, 100, "done"));
        }
    }
}
