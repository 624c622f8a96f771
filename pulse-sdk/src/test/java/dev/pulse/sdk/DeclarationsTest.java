package dev.pulse.sdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.pulse.model.ErrorCode;
import dev.pulse.model.FirePage;
import dev.pulse.model.Payload;
import dev.pulse.model.PulseException;
import dev.pulse.model.ScheduleCounts;
import dev.pulse.model.ScheduleFilter;
import dev.pulse.model.ScheduleInfo;
import dev.pulse.model.SchedulePage;
import dev.pulse.model.SchedulePreview;
import dev.pulse.model.ScheduleSpec;
import dev.pulse.model.ScheduleStatus;
import dev.pulse.model.Timing;
import dev.pulse.model.When;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What a Pulse does with the schedules in its code. */
class DeclarationsTest {
    private static final JobType<Json> DIGEST = JobType.of("digest", Json.class);
    private static final Json ALL = new Json("\"all\"");
    private static final Schedule DAILY = Schedule.cron("@daily");

    private final FakeBroker broker = new FakeBroker();
    private final Schedules schedules = new Schedules();
    private final Told told = new Told();
    private final AtomicLong nanos = new AtomicLong();
    private final HandTurned threads = new HandTurned();

    private Pulse pulse() {
        return pulse(options -> {});
    }

    private Pulse pulse(Consumer<PulseOptions> more) {
        return Pulse.over(
                new Connection() {
                    @Override
                    public JobClient jobs() {
                        throw new UnsupportedOperationException();
                    }

                    @Override
                    public Broker broker() {
                        return broker;
                    }

                    @Override
                    public ScheduleClient schedules() {
                        return schedules;
                    }

                    @Override
                    public void close() {}
                },
                options -> more.accept(options.listener(told)),
                new PulseRuntime(InstantSource.system(), nanos::get, new Random(1), threads));
    }

    private void start(Pulse pulse) {
        pulse.handle(DIGEST, (job, payload) -> {});
        pulse.start();
    }

    private void close(Pulse pulse) {
        FakeBroker.next(broker.opened).closed.complete(null);
        pulse.close();
    }

    // ---- what is declared

    @Test
    void allAreDeclaredTogetherBeforeTheWorkBegins() {
        Pulse pulse = pulse(options -> options.application("billing"));
        pulse.schedule(DIGEST, ALL, DAILY)
                .schedule(
                        DIGEST,
                        ALL,
                        DAILY.named("second"),
                        options -> options.priority(5)
                                .queue("slow")
                                .maxAttempts(3)
                                .timeout(Duration.ofMinutes(1))
                                .header("h", "1")
                                .tag("t", "2")
                                .origin("o"));
        assertThat(schedules.declared).isEmpty();

        start(pulse);

        assertThat(schedules.declared).hasSize(1);
        assertThat(schedules.by).containsExactly("billing");
        List<ScheduleSpec> specs = schedules.declared.getFirst();
        assertThat(specs).extracting(ScheduleSpec::name).containsExactly("digest", "second");
        assertThat(specs.getFirst().job().payload()).isEqualTo(Payload.json("\"all\""));
        assertThat(specs.getFirst().job().when()).isEqualTo(When.NOW);
        assertThat(specs.getLast().job().priority()).isEqualTo(5);
        assertThat(specs.getLast().job().queue()).isEqualTo("slow");
        assertThat(specs.getLast().job().policy().maxAttempts()).isEqualTo(3);
        assertThat(specs.getLast().job().labels().headers()).isEqualTo(Map.of("h", "1"));
        assertThat(specs.getLast().job().labels().tags()).isEqualTo(Map.of("t", "2"));
        close(pulse);
    }

    @Test
    void withoutSchedulesNobodyIsAsked() {
        Pulse pulse = pulse();
        start(pulse);

        assertThat(pulse.declareSchedules()).isEmpty();
        assertThat(schedules.declared).isEmpty();
        close(pulse);
    }

    @Test
    void theApplicationIsTheSameInEveryProcessUnlessItIsSaid() {
        Pulse pulse = pulse(options -> options.name("host-4711"));
        pulse.schedule(DIGEST, ALL, DAILY);
        pulse.declareSchedules();

        assertThat(schedules.by).containsExactly("default");
        assertThatIllegalArgumentException().isThrownBy(() -> pulse(options -> options.application(" ")));
        assertThatIllegalArgumentException().isThrownBy(() -> pulse(options -> options.application("a".repeat(101))));
        assertThatIllegalArgumentException().isThrownBy(() -> pulse(options -> options.application("a\0")));
    }

    @Test
    void encryptedPayloadsAreTheSameAtEachStart() {
        AesGcm aes = AesGcm.create().key("k", new byte[16]);
        for (int start = 0; start < 2; start++) {
            Pulse pulse = pulse(options -> options.transform(aes));
            pulse.schedule(DIGEST, ALL, DAILY);
            pulse.declareSchedules();
        }

        assertThat(schedules.declared.get(0).getFirst().job().contentHash())
                .isEqualTo(schedules.declared.get(1).getFirst().job().contentHash());
        assertThat(schedules.declared.getFirst().getFirst().job().payload().contentType())
                .contains("aes-gcm");
    }

    @Test
    void aSecondScheduleOfATypeNeedsANameAndANameIsOneSchedules() {
        Pulse pulse = pulse();
        pulse.schedule(DIGEST, ALL, DAILY);

        assertThatIllegalStateException()
                .isThrownBy(() -> pulse.schedule(DIGEST, ALL, Schedule.cron("@hourly")))
                .withMessageContaining("schedule digest already")
                .withMessageContaining("schedule.named(");
        pulse.schedule(DIGEST, ALL, DAILY.named("other"));
        assertThatIllegalStateException()
                .isThrownBy(() -> pulse.schedule(DIGEST, ALL, DAILY.named("other")))
                .withMessageContaining("two schedules are named other");
    }

    @Test
    void whatBelongsToOneJobIsRefusedAtOnceAndAllOfIt() {
        Pulse pulse = pulse();

        PulseException refusal = catchThrowableOfType(
                PulseException.class,
                () -> pulse.schedule(
                        DIGEST,
                        ALL,
                        DAILY,
                        options -> options.delay(Duration.ofMinutes(1))
                                .key("k", Duration.ofHours(1))
                                .id(UUID.randomUUID())
                                .maxAttempts(0)));

        assertThat(refusal.code()).isEqualTo(ErrorCode.INVALID_FIELD);
        assertThat(refusal.violations())
                .extracting(fault -> fault.field())
                .containsExactly("delay", "key", "id", "max_attempts");
        assertThat(catchThrowableOfType(
                                PulseException.class,
                                () -> pulse.scheduleSpec(DIGEST, ALL, DAILY, options -> options.runAt(Instant.EPOCH)))
                        .field())
                .isEqualTo("run_at");
        assertThat(pulse.declareSchedules()).isEmpty();
        assertThat(schedules.declared).isEmpty();
    }

    @Test
    @SuppressWarnings("NullAway") // what callers can do whose build does not check it
    void nullsAreRefusedAtOnce() {
        Pulse pulse = pulse();

        assertThatNullPointerException().isThrownBy(() -> pulse.schedule(DIGEST, ALL, null));
        assertThatNullPointerException().isThrownBy(() -> pulse.schedule(DIGEST, null, DAILY));
        assertThatNullPointerException().isThrownBy(() -> pulse.schedule(null, ALL, DAILY));
    }

    @Test
    void whatOwnersStoreHasNoNameOfItsOwnAccord() {
        Pulse pulse = pulse();

        assertThat(pulse.scheduleSpec(DIGEST, ALL, DAILY).name()).isNull();
        assertThat(pulse.scheduleSpec(DIGEST, ALL, DAILY.named("x")).name()).isEqualTo("x");
        assertThat(pulse.schedules()).isSameAs(schedules);
    }

    // ---- refusals, and an other side that is away

    @Test
    void aRefusedScheduleFailsTheStartAndNothingIsStarted() {
        Pulse pulse = pulse();
        pulse.schedule(DIGEST, ALL, Schedule.cron("60 * * * *"));
        schedules.answers.add(PulseException.invalid("schedules[digest].cron", "60 is no minute"));

        assertThatThrownBy(() -> start(pulse))
                .isInstanceOf(PulseException.class)
                .hasMessageContaining("schedules[digest].cron: 60 is no minute");
        assertThat(broker.opened).isEmpty();

        pulse.start(); // it may be mended, on the other side
        assertThat(schedules.declared).hasSize(1);
        close(pulse);
    }

    @Test
    void aQuotaIsARefusal() {
        Pulse pulse = pulse();
        pulse.schedule(DIGEST, ALL, DAILY);
        schedules.answers.add(new PulseException(ErrorCode.LIMIT_REACHED, "too many"));

        assertThatThrownBy(() -> start(pulse)).hasMessage("too many");
    }

    @Test
    void whereTheOtherSideIsAwayTheWorkerStartsAndTheSchedulesFollow() {
        Pulse pulse = pulse();
        pulse.schedule(DIGEST, ALL, DAILY);
        schedules.answers.addAll(List.of(away(), away()));
        start(pulse);
        assertThat(told.news).containsExactly("waiting: away");
        assertThat(broker.opened).hasSize(1);

        long wait = threads.turn();
        assertThat(schedules.declared).as("not before its time").isEmpty();
        assertThat(Duration.ofNanos(wait)).isBetween(Duration.ofMillis(250), Duration.ofMillis(500));
        nanos.addAndGet(wait);
        assertThat(Duration.ofNanos(threads.turn())).isBetween(Duration.ofMillis(500), Duration.ofSeconds(1));
        nanos.addAndGet(Duration.ofSeconds(1).toNanos());

        assertThat(threads.turn()).isNegative();
        assertThat(schedules.declared).hasSize(1);
        assertThat(told.news).containsExactly("waiting: away");
        close(pulse);
    }

    @Test
    void theWaitBetweenTwoTriesHasABound() {
        Pulse pulse = pulse();
        pulse.schedule(DIGEST, ALL, DAILY);
        for (int i = 0; i < 40; i++) {
            schedules.answers.add(away());
        }
        start(pulse);

        for (int i = 0; i < 30; i++) {
            nanos.addAndGet(Duration.ofSeconds(5).toNanos());
            assertThat(Duration.ofNanos(threads.turn())).isBetween(Duration.ofMillis(250), Duration.ofSeconds(5));
        }
        close(pulse);
        assertThat(threads.turn()).as("ends with its Pulse").isNegative();
    }

    @Test
    void aRefusalThatComesLateIsToldAndTheWorkerGoesOn() {
        Pulse pulse = pulse();
        pulse.schedule(DIGEST, ALL, DAILY);
        schedules.answers.addAll(List.of(away(), PulseException.invalid("schedules[digest].cron", "no")));
        start(pulse);
        nanos.addAndGet(Duration.ofSeconds(1).toNanos());

        assertThat(threads.turn()).isNegative();

        assertThat(told.news).containsExactly("waiting: away", "refused: schedules[digest].cron: no");
        close(pulse);
    }

    // ---- after the start

    @Test
    void afterTheStartAScheduleIsDeclaredAtOnceWithAllOthers() {
        Pulse pulse = pulse();
        pulse.schedule(DIGEST, ALL, DAILY);
        start(pulse);

        pulse.schedule(DIGEST, ALL, DAILY.named("late"));

        assertThat(schedules.declared).hasSize(2);
        assertThat(schedules.declared.getLast()).extracting(ScheduleSpec::name).containsExactly("digest", "late");
        pulse.declareSchedules();
        assertThat(schedules.declared).hasSize(2);
        close(pulse);
    }

    @Test
    void whatIsRefusedAfterTheStartIsForgottenAgain() {
        Pulse pulse = pulse();
        start(pulse);
        schedules.answers.add(PulseException.invalid("schedules[digest].cron", "no"));

        assertThatThrownBy(() -> pulse.schedule(DIGEST, ALL, Schedule.cron("x")))
                .isInstanceOf(PulseException.class);
        pulse.schedule(DIGEST, ALL, DAILY);

        assertThat(schedules.declared).hasSize(1);
        close(pulse);
    }

    @Test
    void aLargerSetIsDeclaredAfterTheSmallerOne() throws InterruptedException {
        Pulse pulse = pulse();
        start(pulse);
        CountDownLatch answer = new CountDownLatch(1);
        schedules.beforeAnswer = answer;
        Thread first = Thread.ofPlatform().start(() -> pulse.schedule(DIGEST, ALL, DAILY));
        FakeBroker.next(schedules.asked);
        Thread second = Thread.ofPlatform().start(() -> pulse.schedule(DIGEST, ALL, DAILY.named("second")));
        while (second.getState() != Thread.State.WAITING) {
            Thread.onSpinWait();
        }
        assertThat(schedules.asked).as("while the first is not answered").isEmpty();

        answer.countDown();
        first.join();
        second.join();

        assertThat(schedules.declared).hasSize(2);
        assertThat(schedules.declared.getFirst()).hasSize(1);
        assertThat(schedules.declared.getLast()).hasSize(2);
        close(pulse);
    }

    // ---- what is told

    @Test
    void whatIsMissingInTheCodeIsToldAndAnswered() {
        Pulse pulse = pulse();
        pulse.schedule(DIGEST, ALL, DAILY);
        ScheduleInfo gone = schedules.info(pulse.scheduleSpec(DIGEST, ALL, DAILY.named("gone")));
        schedules.missing.add(gone);

        assertThat(pulse.declareSchedules()).containsExactly(gone);
        assertThat(told.news).containsExactly("missing: gone");
    }

    @Test
    void aPulseThatIsClosedWithoutAStartTellsWhatItNeverDeclared() {
        try (Pulse pulse = pulse()) {
            pulse.schedule(DIGEST, ALL, DAILY);
        }
        assertThat(told.news).containsExactly("never declared: [digest]");
        told.news.clear();

        try (Pulse pulse = pulse()) {
            pulse.schedule(DIGEST, ALL, DAILY);
            pulse.declareSchedules();
        }
        assertThat(told.news).isEmpty();
    }

    @Test
    void aListenerThatThrowsStopsNothing() {
        Pulse pulse = pulse();
        pulse.schedule(DIGEST, ALL, DAILY);
        schedules.answers.add(away());
        told.defect = new IllegalStateException("defect");
        start(pulse);
        nanos.addAndGet(Duration.ofSeconds(1).toNanos());

        assertThat(threads.turn()).isNegative();
        assertThat(schedules.declared).hasSize(1);
        close(pulse);
    }

    @Test
    void aClosedPulseTakesNoSchedule() {
        Pulse pulse = pulse();
        pulse.close();

        assertThatIllegalStateException().isThrownBy(() -> pulse.schedule(DIGEST, ALL, DAILY));
        assertThatIllegalStateException().isThrownBy(pulse::schedules);
    }

    // ---- helpers

    private static PulseException away() {
        return new PulseException(ErrorCode.UNREACHABLE, "away");
    }

    private static final class Told implements WorkerListener {
        final List<String> news = new ArrayList<>();

        @Nullable
        RuntimeException defect;

        private void note(String one) {
            news.add(one);
            if (defect != null) {
                throw defect;
            }
        }

        @Override
        public void schedulesMissing(List<ScheduleInfo> missing) {
            missing.forEach(schedule -> note("missing: " + schedule.spec().name()));
        }

        @Override
        public void schedulesWaiting(PulseException cause) {
            note("waiting: " + cause.getMessage());
        }

        @Override
        public void schedulesRefused(PulseException reason) {
            note("refused: " + reason.getMessage());
        }

        @Override
        public void schedulesNeverDeclared(List<String> names) {
            note("never declared: " + names);
        }
    }

    /** The thread that goes on declaring is the test's; the others are real. */
    private static final class HandTurned implements WorkerThreads {
        private final WorkerThreads own = WorkerThreads.own();
        private @Nullable LongSupplier step;

        @Override
        public Runnable turn(String name, LongSupplier one) {
            if (name.startsWith("pulse-schedules")) {
                step = one;
                return () -> {};
            }
            return own.turn(name, one);
        }

        long turn() {
            LongSupplier one = step;
            if (one == null) {
                throw new AssertionError("nobody goes on declaring");
            }
            return one.getAsLong();
        }

        @Override
        public void handle(String name, Runnable handler) {
            own.handle(name, handler);
        }

        @Override
        public void awaitClosed(CountDownLatch closed) throws InterruptedException {
            own.awaitClosed(closed);
        }
    }

    /** Takes every declaration, unless it is to answer otherwise; this test needs nothing else of a client. */
    private static final class Schedules implements ScheduleClient {
        final List<List<ScheduleSpec>> declared = new CopyOnWriteArrayList<>();
        final List<String> by = new ArrayList<>();
        final List<ScheduleInfo> missing = new ArrayList<>();
        final Deque<PulseException> answers = new ArrayDeque<>();
        final BlockingQueue<Integer> asked = new LinkedBlockingQueue<>();
        volatile CountDownLatch beforeAnswer = new CountDownLatch(0);

        ScheduleInfo info(ScheduleSpec spec) {
            return new ScheduleInfo(
                    new UUID(1, 1),
                    1,
                    spec,
                    ScheduleStatus.ACTIVE,
                    null,
                    null,
                    Instant.EPOCH,
                    Instant.EPOCH,
                    Instant.EPOCH,
                    false,
                    ScheduleCounts.NONE,
                    null,
                    Instant.EPOCH,
                    Instant.EPOCH);
        }

        @Override
        public List<ScheduleInfo> declareSchedules(String application, List<ScheduleSpec> specs) {
            asked.add(specs.size());
            try {
                beforeAnswer.await();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
            PulseException answer = answers.poll();
            if (answer != null) {
                throw answer;
            }
            by.add(application);
            declared.add(specs);
            return List.copyOf(missing);
        }

        @Override
        public ScheduleInfo createSchedule(ScheduleSpec spec) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Optional<ScheduleInfo> findSchedule(UUID id) {
            throw new UnsupportedOperationException();
        }

        @Override
        public SchedulePage listSchedules(ScheduleFilter filter, int limit, @Nullable String cursor) {
            throw new UnsupportedOperationException();
        }

        @Override
        public ScheduleInfo editSchedule(UUID id, long version, ScheduleSpec spec) {
            throw new UnsupportedOperationException();
        }

        @Override
        public ScheduleInfo pauseSchedule(UUID id, @Nullable String reason) {
            throw new UnsupportedOperationException();
        }

        @Override
        public ScheduleInfo resumeSchedule(UUID id) {
            throw new UnsupportedOperationException();
        }

        @Override
        public UUID runScheduleNow(UUID id) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void deleteSchedule(UUID id) {
            throw new UnsupportedOperationException();
        }

        @Override
        public FirePage listFires(UUID id, int limit, @Nullable String cursor) {
            throw new UnsupportedOperationException();
        }

        @Override
        public SchedulePreview previewSchedule(Timing timing, @Nullable Instant from, int count) {
            throw new UnsupportedOperationException();
        }
    }
}
