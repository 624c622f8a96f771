package dev.pulse.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pulse.model.ErrorCode;
import dev.pulse.model.Fire;
import dev.pulse.model.JobStatus;
import dev.pulse.model.Misfire;
import dev.pulse.model.Overlap;
import dev.pulse.model.PulseException;
import dev.pulse.model.ScheduleCounts;
import dev.pulse.model.ScheduleFilter;
import dev.pulse.model.ScheduleInfo;
import dev.pulse.model.ScheduleStatus;
import dev.pulse.sdk.JobType;
import dev.pulse.sdk.Outcomes;
import dev.pulse.sdk.Pulse;
import dev.pulse.sdk.Schedule;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Schedules of the code under test, as its test sees them; in every mode. */
@Timeout(120)
class ScheduleTestTest {
    private static final JobType<String> DIGEST = JobType.of("digest", String.class);
    private static final JobType<String> SWEEP = JobType.of("sweep", String.class);
    private static final ZoneId VIENNA = ZoneId.of("Europe/Vienna");
    /** A Sunday, ten o'clock in Vienna. */
    private static final Instant START = Instant.parse("2026-03-01T09:00:00Z");

    private final List<Instant> ran = new ArrayList<>();
    private @Nullable PulseTest opened;

    private PulseTest open(TestMode mode) {
        PulseTest test = PulseTest.with(mode).startingAt(START).open();
        opened = test;
        return test;
    }

    @AfterEach
    void close() {
        if (opened != null) {
            opened.close();
        }
    }

    private PulseTest recording(TestMode mode) {
        PulseTest test = open(mode);
        test.pulse().handle(DIGEST, (job, text) -> ran.add(test.clock().instant()));
        return test;
    }

    private static ScheduleCounts counts(PulseTest test, String name) {
        return test.schedule(name).counts();
    }

    @ParameterizedTest
    @EnumSource
    void aDayLaterTheJobOfTheMorningRanOnce(TestMode mode) {
        PulseTest test = recording(mode);
        test.pulse().schedule(DIGEST, "all", Schedule.cron("0 7 * * *", VIENNA));

        test.clock().advance(Duration.ofDays(1));
        test.drain();

        assertThat(ran).hasSize(1);
        assertThat(test.fires("digest"))
                .extracting(Fire::occurrence)
                .containsExactly(Instant.parse("2026-03-02T06:00:00Z"));
    }

    @ParameterizedTest
    @EnumSource
    void elapseRunsEachOccurrenceAtItsOwnTime(TestMode mode) {
        PulseTest test = recording(mode);
        test.pulse().schedule(DIGEST, "all", Schedule.cron("0 7 * * MON-FRI", VIENNA));

        assertThat(test.elapse(Duration.ofDays(7))).isEqualTo(5);

        assertThat(ran)
                .containsExactly(
                        Instant.parse("2026-03-02T06:00:00Z"),
                        Instant.parse("2026-03-03T06:00:00Z"),
                        Instant.parse("2026-03-04T06:00:00Z"),
                        Instant.parse("2026-03-05T06:00:00Z"),
                        Instant.parse("2026-03-06T06:00:00Z"));
    }

    @ParameterizedTest
    @EnumSource
    void aWeekInOneLeapIsAWeekThatNobodyWorkedIn(TestMode mode) {
        PulseTest test = recording(mode);
        test.pulse().handle(SWEEP, (job, text) -> {});
        test.pulse()
                .schedule(DIGEST, "once", Schedule.cron("0 7 * * *", VIENNA))
                .schedule(
                        DIGEST,
                        "no",
                        Schedule.cron("0 7 * * *").misfire(Misfire.SKIP).named("skips"))
                .schedule(SWEEP, "all", Schedule.every(Duration.ofHours(1)).misfire(Misfire.fireAll(5)));

        test.clock().advance(Duration.ofDays(7));
        test.drain();

        assertThat(counts(test, "digest")).isEqualTo(new ScheduleCounts(1, 6, 0, 0));
        assertThat(counts(test, "skips")).isEqualTo(new ScheduleCounts(0, 0, 7, 0));
        assertThat(counts(test, "sweep")).isEqualTo(new ScheduleCounts(5, 0, 163, 0));
        assertThat(ran).hasSize(1);
    }

    @ParameterizedTest
    @EnumSource
    void aHandlerIsToldWhichOccurrenceItRunsFor(TestMode mode) {
        PulseTest test = open(mode);
        List<UUID> schedules = new ArrayList<>();
        List<Instant> occurrences = new ArrayList<>();
        test.pulse().handle(DIGEST, (job, text) -> {
            job.scheduleId().ifPresent(schedules::add);
            job.occurrence().ifPresent(occurrences::add);
        });
        test.pulse()
                .schedule(
                        DIGEST,
                        "all",
                        Schedule.at(START.plusSeconds(60)),
                        options -> options.priority(7).tag("by", "clock"));
        test.elapse(Duration.ofMinutes(5));
        test.pulse().enqueue(DIGEST, "by hand");
        test.drain();

        ScheduleInfo schedule = test.schedule("digest");
        assertThat(schedules).containsExactly(schedule.id());
        assertThat(occurrences).containsExactly(START.plusSeconds(60));
        assertThat(schedule.status()).isEqualTo(ScheduleStatus.ENDED);
        Fire fire = test.fires("digest").getFirst();
        assertThat(test.job(fire.jobId()).facts().priority()).isEqualTo(7);
        assertThat(test.job(fire.jobId()).facts().labels().tags()).containsEntry("by", "clock");
        assertThat(test.job(fire.jobId()).status()).isEqualTo(JobStatus.COMPLETED);
        assertThat(test.enqueued(DIGEST)).hasSize(1);
    }

    @ParameterizedTest
    @EnumSource
    void aFixedDelayCountsFromTheEndOfTheJobBefore(TestMode mode) {
        PulseTest test = open(mode);
        test.pulse().handle(DIGEST, (job, text) -> {
            ran.add(test.clock().instant());
            test.clock().advance(Duration.ofMinutes(10));
        });
        test.pulse().schedule(DIGEST, "all", Schedule.every(Duration.ofHours(1)).afterEnd());

        test.elapse(Duration.ofHours(4));

        assertThat(ran)
                .containsExactly(
                        START.plus(Duration.ofMinutes(60)),
                        START.plus(Duration.ofMinutes(130)),
                        START.plus(Duration.ofMinutes(200)));
    }

    @ParameterizedTest
    @EnumSource
    void whatWaitsForTheJobBeforeRunsSoonAfterItsEnd(TestMode mode) {
        PulseTest test = open(mode);
        test.pulse().handleReturning(DIGEST, (job, text) -> {
            ran.add(test.clock().instant());
            return ran.size() == 1 ? Outcomes.snooze(Duration.ofHours(3)) : null;
        });
        test.pulse().schedule(DIGEST, "all", Schedule.every(Duration.ofHours(1)).overlap(Overlap.QUEUE_ONE));

        test.elapse(Duration.ofHours(4).plusSeconds(2));

        // Fired at 1 h and snoozed; 2, 3 and 4 h wait as one, the latest, for its end at 4 h.
        assertThat(ran.subList(0, 2)).containsExactly(START.plus(Duration.ofHours(1)), START.plus(Duration.ofHours(4)));
        assertThat(ran).hasSize(3);
        assertThat(Duration.between(START.plus(Duration.ofHours(4)), ran.get(2)))
                .isLessThan(Duration.ofSeconds(2));
        assertThat(counts(test, "digest")).isEqualTo(new ScheduleCounts(2, 0, 0, 2));
    }

    @ParameterizedTest
    @EnumSource
    void itsOwnersPauseAndResumeRunAndDeleteIt(TestMode mode) {
        PulseTest test = recording(mode);
        Pulse pulse = test.pulse();
        pulse.schedule(DIGEST, "all", Schedule.every(Duration.ofHours(1)));
        UUID id = test.schedule("digest").id();

        pulse.schedules().pauseSchedule(id, "holidays");
        assertThat(test.elapse(Duration.ofHours(3))).isZero();
        pulse.schedules().resumeSchedule(id);
        assertThat(test.elapse(Duration.ofHours(1))).isOne();
        UUID byHand = pulse.schedules().runScheduleNow(id);
        test.drain();
        assertThat(test.job(byHand).status()).isEqualTo(JobStatus.COMPLETED);
        assertThat(test.fires("digest").getLast().manual()).isTrue();
        pulse.schedules().deleteSchedule(id);

        assertThat(test.elapse(Duration.ofDays(1))).isZero();
        assertThatThrownBy(() -> test.schedule("digest"))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("expected a schedule digest, found []");
    }

    @ParameterizedTest
    @EnumSource
    void aScheduleThatCannotFireIsRefusedWhereTheTestBegins(TestMode mode) {
        PulseTest test = recording(mode);
        test.pulse().schedule(DIGEST, "all", Schedule.cron("0 7 31 FEB *").named("never"));

        assertThatThrownBy(test::drain)
                .isInstanceOfSatisfying(
                        PulseException.class, e -> assertThat(e.field()).isEqualTo("schedules[never].cron"));
    }

    @ParameterizedTest
    @EnumSource
    void theRuleIsPreviewedAndExcludedDaysAreLeftOut(TestMode mode) {
        PulseTest test = open(mode);
        Schedule mornings = Schedule.cron("0 7 * * *", VIENNA).excluding(LocalDate.of(2026, 3, 2));

        assertThat(test.pulse()
                        .schedules()
                        .previewSchedule(mornings.timing(), null, 2)
                        .items())
                .containsExactly(Instant.parse("2026-03-03T06:00:00Z"), Instant.parse("2026-03-04T06:00:00Z"));
    }

    @Test
    void aTestSeesNoScheduleOfTheOneBefore() {
        try (PulseTest before = open(TestMode.POSTGRES)) {
            before.pulse().handle(DIGEST, (job, text) -> {});
            before.pulse().schedule(DIGEST, "all", Schedule.every(Duration.ofSeconds(1)));
            before.elapse(Duration.ofSeconds(2));
            assertThat(before.fires("digest")).hasSize(2);
        }

        PulseTest test = recording(TestMode.POSTGRES);

        assertThatThrownBy(() -> test.fires("digest")).isInstanceOf(AssertionError.class);
        assertThat(test.elapse(Duration.ofHours(1))).isZero();
    }

    @Test
    void aPulseInMemoryHasSchedulesToo() {
        try (Pulse pulse = PulseTest.inMemory()) {
            pulse.handle(DIGEST, (job, text) -> {});
            pulse.schedule(DIGEST, "all", Schedule.cron("0 0 1 1 *"));
            pulse.start();

            ScheduleInfo schedule = pulse.schedules()
                    .listSchedules(ScheduleFilter.ALL, 10, null)
                    .items()
                    .getFirst();
            UUID job = pulse.schedules().runScheduleNow(schedule.id());

            assertThat(pulse.jobs().await(job, Duration.ofSeconds(30)).status()).isEqualTo(JobStatus.COMPLETED);
            assertThatThrownBy(() -> pulse.schedules().listFires(new UUID(1, 1), 10, null))
                    .isInstanceOfSatisfying(
                            PulseException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.SCHEDULE_NOT_FOUND));
        }
    }
}
