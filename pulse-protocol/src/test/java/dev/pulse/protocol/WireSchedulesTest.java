package dev.pulse.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pulse.model.Backoff;
import dev.pulse.model.Fire;
import dev.pulse.model.JobKey;
import dev.pulse.model.Labels;
import dev.pulse.model.Misfire;
import dev.pulse.model.Overlap;
import dev.pulse.model.Pause;
import dev.pulse.model.Payload;
import dev.pulse.model.Policy;
import dev.pulse.model.ScheduleCounts;
import dev.pulse.model.ScheduleFilter;
import dev.pulse.model.ScheduleInfo;
import dev.pulse.model.SchedulePreview;
import dev.pulse.model.ScheduleRule;
import dev.pulse.model.ScheduleSpec;
import dev.pulse.model.ScheduleStatus;
import dev.pulse.model.Submission;
import dev.pulse.model.Timing;
import dev.pulse.model.When;
import dev.pulse.protocol.v1.Wire;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class WireSchedulesTest {
    private static final UUID ID = new UUID(0x0193_2c07_0000_7000L, 0x8000_0000_0000_0001L);
    private static final Instant NOW = Instant.parse("2026-11-23T02:00:00.123456Z");
    private static final Submission PLAIN =
            new Submission(ID, "t", "default", 0, Payload.EMPTY, When.NOW, Policy.DEFAULT, null, Labels.NONE);
    private static final Submission FULL = new Submission(
            ID,
            "t",
            "q",
            -5,
            Payload.of(new byte[] {0, 1}, "application/octet-stream"),
            When.NOW,
            new Policy(3, Backoff.parse("fixed 5s"), Duration.ofSeconds(30)),
            null,
            new Labels(Map.of("h", "1"), Map.of("t", "2"), "me"));
    private static final Timing MINUTELY =
            Timing.of(new ScheduleRule.Every(Duration.ofMinutes(1), ScheduleRule.Pace.FIXED_RATE));
    private static final ScheduleSpec SPEC = new ScheduleSpec(null, PLAIN, MINUTELY, Misfire.FIRE_ONCE, Overlap.ALLOW);

    static Stream<ScheduleInfo> schedules() {
        Timing bounded = new Timing(
                new ScheduleRule.Cron("0 7 * * MON-FRI"),
                "Europe/Vienna",
                NOW,
                NOW.plusSeconds(9),
                Duration.ofMillis(1_500),
                new TreeSet<>(List.of(LocalDate.of(2027, 12, 24), LocalDate.of(2027, 1, 1))));
        ScheduleSpec full = new ScheduleSpec(
                "digest", FULL, bounded, new Misfire(Misfire.Policy.FIRE_ALL, 7, 0.5), Overlap.QUEUE_ONE);
        return Stream.of(
                info(SPEC, ScheduleStatus.ACTIVE, null, null, NOW, null),
                info(full, ScheduleStatus.PAUSED, new Pause("why", "ada", NOW), null, null, null),
                info(
                        full,
                        ScheduleStatus.PAUSED,
                        new Pause(null, "ada", NOW),
                        null,
                        null,
                        new ScheduleInfo.Declared("app", null)),
                info(full, ScheduleStatus.PARKED, null, "lost", null, new ScheduleInfo.Declared("app", NOW)),
                info(
                        ruled(new ScheduleRule.At(NOW), Misfire.SKIP, Overlap.SKIP),
                        ScheduleStatus.ENDED,
                        null,
                        null,
                        null,
                        null),
                info(
                        ruled(new ScheduleRule.After(Duration.ofHours(1)), Misfire.FIRE_ONCE, Overlap.ALLOW),
                        ScheduleStatus.ACTIVE,
                        null,
                        null,
                        NOW,
                        null),
                info(
                        ruled(
                                new ScheduleRule.Every(Duration.ofMillis(1_001), ScheduleRule.Pace.FIXED_DELAY),
                                new Misfire(Misfire.Policy.FIRE_ALL, 100, null),
                                Overlap.ALLOW),
                        ScheduleStatus.ACTIVE,
                        null,
                        null,
                        NOW,
                        null));
    }

    private static ScheduleSpec ruled(ScheduleRule rule, Misfire misfire, Overlap overlap) {
        return new ScheduleSpec("n", PLAIN, Timing.of(rule), misfire, overlap);
    }

    private static ScheduleInfo info(
            ScheduleSpec spec,
            ScheduleStatus status,
            @Nullable Pause pause,
            @Nullable String fault,
            @Nullable Instant next,
            ScheduleInfo.@Nullable Declared declared) {
        return new ScheduleInfo(
                ID,
                3,
                spec,
                status,
                pause,
                fault,
                NOW.minusSeconds(60),
                NOW.minusSeconds(1),
                next,
                next != null,
                new ScheduleCounts(1, 2, 3, 4),
                declared,
                NOW.minusSeconds(90),
                NOW);
    }

    @ParameterizedTest
    @MethodSource("schedules")
    void schedulesComeBackAsTheyWere(ScheduleInfo schedule) {
        assertThat(WireSchedules.schedule(WireSchedules.schedule(schedule))).isEqualTo(schedule);
    }

    /** What was read may be sent back as an update: the server refuses what a template does not have. */
    @Test
    void whatATemplateDoesNotHaveIsLeftOut() {
        Submission keyed = new Submission(
                ID,
                "t",
                "default",
                0,
                Payload.EMPTY,
                new When.After(Duration.ofSeconds(5)),
                Policy.DEFAULT,
                new JobKey("k", Duration.ofDays(1)),
                Labels.NONE);
        Wire.Submission sent = WireSchedules.spec(
                        new ScheduleSpec(null, keyed, MINUTELY, Misfire.FIRE_ONCE, Overlap.ALLOW))
                .getJob();

        assertThat(sent.hasId() || sent.hasKey() || sent.hasKeyTtl() || sent.hasDelay() || sent.hasRunAt())
                .isFalse();
    }

    @Test
    void firesPreviewsAndFiltersComeBackAsTheyWere() {
        Fire fire = new Fire(NOW, NOW.plusMillis(5), ID, 10_079, true);
        SchedulePreview preview = new SchedulePreview(List.of(NOW, NOW.plusSeconds(1)), List.of("note"), "words");
        ScheduleFilter filter = new ScheduleFilter(ScheduleStatus.PARKED, "t", "q", "n");

        assertThat(WireSchedules.fire(WireSchedules.fire(fire))).isEqualTo(fire);
        assertThat(WireSchedules.preview(WireSchedules.preview(preview))).isEqualTo(preview);
        assertThat(WireSchedules.filter(WireSchedules.filter(filter).build())).isEqualTo(filter);
        assertThat(WireSchedules.filter(WireSchedules.filter(ScheduleFilter.ALL).build()))
                .isEqualTo(ScheduleFilter.ALL);
    }

    @Test
    void whatNobodyKnowsIsRefused() {
        Wire.Schedule good = WireSchedules.schedule(info(SPEC, ScheduleStatus.ACTIVE, null, null, null, null));

        assertThatThrownBy(() -> WireSchedules.schedule(
                        good.toBuilder().setStatusValue(99).build()))
                .hasMessageContaining("status");
        assertThatThrownBy(() ->
                        WireSchedules.schedule(good.toBuilder().clearStatus().build()))
                .hasMessageContaining("status");
        assertThatThrownBy(() -> WireSchedules.schedule(good.toBuilder()
                        .setSpec(good.getSpec().toBuilder().clearTiming())
                        .build()))
                .hasMessageContaining("rule");
        assertThatThrownBy(() -> WireSchedules.schedule(good.toBuilder()
                        .setSpec(good.getSpec().toBuilder()
                                .setTiming(
                                        good.getSpec().getTiming().toBuilder().addExcludedDays("soon")))
                        .build()))
                .hasMessageContaining("excluded_days");
        assertThatThrownBy(() -> WireSchedules.misfire(Wire.Misfire.UNRECOGNIZED))
                .hasMessageContaining("misfire");
        assertThatThrownBy(() -> WireSchedules.overlap(Wire.Overlap.UNRECOGNIZED))
                .hasMessageContaining("overlap");
    }
}
