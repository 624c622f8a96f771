package dev.pulse.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.pulse.model.ErrorCode;
import dev.pulse.model.IdSource;
import dev.pulse.model.Limits;
import dev.pulse.model.Misfire;
import dev.pulse.model.Overlap;
import dev.pulse.model.Payload;
import dev.pulse.model.PulseException;
import dev.pulse.model.ScheduleFilter;
import dev.pulse.model.ScheduleInfo;
import dev.pulse.model.ScheduleRule;
import dev.pulse.model.ScheduleRule.Pace;
import dev.pulse.model.ScheduleSpec;
import dev.pulse.model.Submission;
import dev.pulse.model.SubmissionBuilder;
import dev.pulse.model.Timing;
import dev.pulse.sdk.ScheduleClient;
import dev.pulse.storememory.MemoryHints;
import dev.pulse.storememory.MemoryStores;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What this door refuses (B27 to B40), and that it leads to the engine. */
@Timeout(60)
class EngineSchedulesTest {
    private static final Timing HOURLY = Timing.of(new ScheduleRule.Every(Duration.ofHours(1), Pace.FIXED_RATE));

    private final EngineFixture engine = new EngineFixture(
            new MemoryStores(InstantSource.system(), new Random()).stores(), new MemoryHints(), () -> {});
    private final ScheduleClient schedules = engine.connection().schedules();

    @AfterEach
    void stop() {
        engine.close();
    }

    private static Submission job(Payload payload) {
        return new SubmissionBuilder(new Limits(Limits.HARD_PAYLOAD_BYTES))
                .type("digest")
                .payload(payload)
                .build(new IdSource(InstantSource.system(), new Random()));
    }

    private static ScheduleSpec spec(@Nullable String name, Timing timing, Misfire misfire) {
        return new ScheduleSpec(name, job(Payload.EMPTY), timing, misfire, Overlap.ALLOW);
    }

    private static ScheduleSpec spec(Timing timing) {
        return spec(null, timing, Misfire.FIRE_ONCE);
    }

    private static ScheduleSpec cron(String text) {
        return spec(Timing.of(new ScheduleRule.Cron(text)));
    }

    private static ScheduleSpec bounded(@Nullable Instant start, @Nullable Instant end, Duration jitter) {
        return spec(new Timing(HOURLY.rule(), "UTC", start, end, jitter, new TreeSet<>()));
    }

    static Stream<Arguments> bad() {
        Instant future = Instant.parse("2990-01-01T00:00:00Z");
        return Stream.of(
                Arguments.of("name", spec("", HOURLY, Misfire.FIRE_ONCE)),
                Arguments.of("name", spec("a b", HOURLY, Misfire.FIRE_ONCE)),
                Arguments.of("name", spec("a".repeat(129), HOURLY, Misfire.FIRE_ONCE)),
                Arguments.of("misfire_limit", spec(null, HOURLY, Misfire.fireAll(0))),
                Arguments.of("misfire_limit", spec(null, HOURLY, Misfire.fireAll(1_001))),
                Arguments.of("misfire_rate", spec(null, HOURLY, Misfire.fireAll(1, 0))),
                Arguments.of("misfire_rate", spec(null, HOURLY, Misfire.fireAll(1, Double.NaN))),
                Arguments.of("misfire_rate", spec(null, HOURLY, Misfire.fireAll(1, 1_001))),
                Arguments.of(
                        "payload", new ScheduleSpec(null, job(Payload.json("{")), HOURLY, Misfire.SKIP, Overlap.ALLOW)),
                Arguments.of(
                        "payload",
                        new ScheduleSpec(
                                null,
                                job(Payload.json("\"" + "x".repeat(300_000) + "\"")),
                                HOURLY,
                                Misfire.SKIP,
                                Overlap.ALLOW)),
                Arguments.of("cron", cron("")),
                Arguments.of("cron", cron("* * * *")),
                Arguments.of("cron", cron("60 * * * *")),
                Arguments.of("cron", cron("0 0 30 2 *")),
                Arguments.of("cron", cron("@reboot")),
                Arguments.of("cron", cron("*/0 * * * *")),
                Arguments.of("cron", cron("0 0 * * *".repeat(1_000))),
                Arguments.of("time_zone", spec(Timing.of(new ScheduleRule.Cron("@daily"), "Mars/Olympus"))),
                Arguments.of("time_zone", spec(Timing.of(new ScheduleRule.Cron("@daily"), "+02:00"))),
                Arguments.of("at", spec(Timing.of(new ScheduleRule.At(Instant.EPOCH)))),
                Arguments.of("at", spec(Timing.of(new ScheduleRule.At(Instant.MAX)))),
                Arguments.of("after", spec(Timing.of(new ScheduleRule.After(Duration.ZERO)))),
                Arguments.of("every", spec(Timing.of(new ScheduleRule.Every(Duration.ZERO, Pace.FIXED_RATE)))),
                Arguments.of("every", spec(Timing.of(new ScheduleRule.Every(Duration.ofMillis(-1), Pace.FIXED_DELAY)))),
                Arguments.of("end", bounded(future, future, Duration.ZERO)),
                Arguments.of("end", bounded(null, Instant.EPOCH, Duration.ZERO)),
                Arguments.of("jitter", bounded(null, null, Duration.ofDays(2))),
                Arguments.of("jitter", bounded(null, null, Duration.ofSeconds(-1))),
                Arguments.of(
                        "excluded_days",
                        spec(new Timing(
                                HOURLY.rule(),
                                "UTC",
                                null,
                                null,
                                Duration.ZERO,
                                new TreeSet<>(Stream.iterate(LocalDate.EPOCH, day -> day.plusDays(1))
                                        .limit(1_001)
                                        .toList())))));
    }

    @ParameterizedTest
    @MethodSource("bad")
    void aBadScheduleIsRefusedByItsFieldInEachWayToStoreIt(String field, ScheduleSpec spec) {
        ScheduleInfo good = schedules.createSchedule(spec("good", HOURLY, Misfire.FIRE_ONCE));

        assertThat(refusal(() -> schedules.createSchedule(spec)).field()).isEqualTo(field);
        assertThat(refusal(() -> schedules.editSchedule(good.id(), good.version(), spec))
                        .field())
                .isEqualTo(field);
        String name = spec.name() == null ? "named" : spec.name();
        ScheduleSpec named = new ScheduleSpec(name, spec.job(), spec.timing(), spec.misfire(), spec.overlap());
        assertThat(refusal(() -> schedules.declareSchedules("app", List.of(named)))
                        .field())
                .isEqualTo("schedules[" + name + "]." + field);
        assertThat(schedules.listSchedules(ScheduleFilter.ALL, 10, null).items())
                .containsExactly(good);
    }

    private static PulseException refusal(ThrowingCallable call) {
        PulseException refusal = catchThrowableOfType(PulseException.class, call);
        assertThat(refusal).isNotNull();
        return refusal;
    }

    @Test
    void aBadDeclarationIsRefusedAsAWhole() {
        ScheduleSpec a = spec("a", HOURLY, Misfire.FIRE_ONCE);

        for (String by : List.of("", " ", "a\0b", "a".repeat(101))) {
            assertThat(refusal(() -> schedules.declareSchedules(by, List.of(a))).field())
                    .isEqualTo("by");
        }
        assertThat(refusal(() -> schedules.declareSchedules("app", List.of(a, spec(HOURLY))))
                        .field())
                .isEqualTo("name");
        assertThat(refusal(() -> schedules.declareSchedules("app", List.of(a, a))))
                .hasMessageContaining("\"a\" is declared twice");
        assertThat(refusal(() -> schedules.declareSchedules("app", Collections.nCopies(1_001, a)))
                        .code())
                .isEqualTo(ErrorCode.TOO_MANY_ITEMS);
        assertThat(schedules.listSchedules(ScheduleFilter.ALL, 10, null).items())
                .isEmpty();
    }

    @Test
    void pagesAndPreviewsHaveBounds() {
        UUID id = schedules.createSchedule(spec(HOURLY)).id();

        for (int limit : new int[] {0, -1, 1_001}) {
            assertThat(refusal(() -> schedules.listSchedules(ScheduleFilter.ALL, limit, null))
                            .field())
                    .isEqualTo("limit");
            assertThat(refusal(() -> schedules.listFires(id, limit, null)).field())
                    .isEqualTo("limit");
            assertThat(refusal(() -> schedules.previewSchedule(HOURLY, null, limit))
                            .field())
                    .isEqualTo("count");
        }
        assertThat(schedules.previewSchedule(HOURLY, Instant.EPOCH, 1).items())
                .containsExactly(Instant.parse("1970-01-01T01:00:00Z"));
    }

    @Test
    void anUnknownIdIsToldEverywhere() {
        UUID id = UUID.randomUUID();

        assertThat(schedules.findSchedule(id)).isEmpty();
        assertThat(Stream.<ThrowingCallable>of(
                                () -> schedules.editSchedule(id, 1, spec(HOURLY)),
                                () -> schedules.pauseSchedule(id, null),
                                () -> schedules.resumeSchedule(id),
                                () -> schedules.runScheduleNow(id),
                                () -> schedules.deleteSchedule(id),
                                () -> schedules.listFires(id, 10, null))
                        .map(call -> refusal(call).code()))
                .hasSize(6)
                .containsOnly(ErrorCode.SCHEDULE_NOT_FOUND);
    }
}
