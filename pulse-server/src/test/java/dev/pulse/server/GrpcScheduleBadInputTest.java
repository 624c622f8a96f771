package dev.pulse.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.ByteString;
import com.google.protobuf.Duration;
import com.google.protobuf.Timestamp;
import dev.pulse.model.ErrorCode;
import dev.pulse.model.PulseException;
import dev.pulse.model.Violation;
import dev.pulse.protocol.WireErrors;
import dev.pulse.protocol.v1.Wire;
import io.grpc.StatusRuntimeException;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Rows B27 to B40 and B115 of the bad-input catalogue at the gRPC door. Whatever is sent here, no schedule is stored. */
final class GrpcScheduleBadInputTest {
    private static TestServer server;

    @BeforeAll
    static void start() {
        server = TestServer.start();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @AfterEach
    void nothingWasStored() {
        List<Wire.Schedule> stored = server.grpc()
                .listSchedules(Wire.ListSchedulesRequest.getDefaultInstance())
                .getItemsList();
        for (Wire.Schedule schedule : stored) {
            var unused = server.grpc()
                    .deleteSchedule(Wire.DeleteScheduleRequest.newBuilder()
                            .setId(schedule.getId())
                            .build());
        }
        assertThat(stored).isEmpty();
    }

    static Stream<Arguments> timings() {
        return Stream.of(
                cron("B30", ""),
                cron("B30", "* * * *"),
                cron("B30", "* * * * * * * *"),
                timing("B30", "cron", timing -> {}),
                cron("B31", "60 * * * *"),
                cron("B31", "* 24 * * *"),
                cron("B31", "* * 0 * *"),
                cron("B31", "* * * 13 *"),
                cron("B31", "* * * * 8"),
                cron("B32", "*/0 * * * *"),
                cron("B32", "*/-5 * * * *"),
                cron("B32", "5-1 * * * *"),
                cron("B32", "1- * * * *"),
                cron("B32", ", * * * *"),
                cron("B32", "1,,2 * * * *"),
                cron("B32", "a-b * * * *"),
                cron("B33", "0 0 30 2 *"),
                cron("B33", "0 0 31 4,6,9,11 *"),
                cron("B37", "0,".repeat(1_000) + "0 * * * *"),
                cron("B37", "0 ".repeat(5_120)),
                cron("B39", "@reboot"),
                cron("B39", "* * * * MONDAY"),
                timing("B27", "at", timing -> timing.setAt(at("2020-01-01T00:00:00Z"))),
                timing(
                        "B28",
                        "at",
                        timing -> timing.setAt(at("2030-01-01T00:00:00Z").setNanos(-1))),
                timing(
                        "B28",
                        "at",
                        timing -> timing.setAt(Timestamp.newBuilder().setSeconds(Long.MAX_VALUE))),
                timing(
                        "B28",
                        "at",
                        timing -> timing.setAt(Timestamp.newBuilder().setSeconds(-1))),
                timing(
                        "B28",
                        "start",
                        timing ->
                                minutely(timing).setStart(Timestamp.newBuilder().setSeconds(400_000_000_000L))),
                timing(
                        "B28",
                        "end",
                        timing -> minutely(timing).setEnd(Timestamp.newBuilder().setNanos(1_000_000_000))),
                timing("B28", "excluded_days", timing -> minutely(timing).addExcludedDays("2030-02-30")),
                timing("B29", "time_zone", timing -> minutely(timing).setTimeZone("CET+1")),
                timing("B29", "time_zone", timing -> minutely(timing).setTimeZone("Mars/Base")),
                timing("B29", "time_zone", timing -> minutely(timing).setTimeZone("")),
                timing("B36", "every", timing -> timing.setEvery(Duration.getDefaultInstance())),
                timing(
                        "B36",
                        "every",
                        timing -> timing.setEvery(Duration.newBuilder().setNanos(1_000_000))),
                timing(
                        "B36",
                        "every",
                        timing -> timing.setEvery(Duration.newBuilder().setSeconds(-5))),
                timing(
                        "B36",
                        "every",
                        timing -> timing.setEvery(Duration.newBuilder().setSeconds(Long.MAX_VALUE))),
                timing(
                        "B36",
                        "every",
                        timing -> timing.setEvery(
                                Duration.newBuilder().setSeconds(1).setNanos(-1))),
                timing("B36", "after", timing -> timing.setAfter(Duration.getDefaultInstance())),
                timing(
                        "B36",
                        "after",
                        timing -> timing.setAfter(Duration.newBuilder().setSeconds(Long.MIN_VALUE))),
                timing(
                        "B36",
                        "jitter",
                        timing ->
                                minutely(timing).setJitter(Duration.newBuilder().setSeconds(90_000))),
                timing(
                        "B36",
                        "fixed_delay",
                        timing -> timing.setCron("* * * * *").setFixedDelay(true)),
                timing(
                        "B40",
                        "end",
                        timing -> minutely(timing)
                                .setStart(at("2030-01-01T00:00:00Z"))
                                .setEnd(at("2029-01-01T00:00:00Z"))),
                timing("B40", "end", timing -> minutely(timing).setEnd(at("2020-01-01T00:00:00Z"))));
    }

    private static Arguments cron(String row, String expression) {
        return timing(row, "cron", timing -> timing.setCron(expression));
    }

    private static Arguments timing(String row, String field, Consumer<Wire.ScheduleTiming.Builder> fault) {
        return Arguments.of(row, field, fault);
    }

    private static Wire.ScheduleTiming.Builder minutely(Wire.ScheduleTiming.Builder timing) {
        return timing.setEvery(Duration.newBuilder().setSeconds(60));
    }

    private static Timestamp.Builder at(String instant) {
        return Timestamp.newBuilder().setSeconds(Instant.parse(instant).getEpochSecond());
    }

    @ParameterizedTest
    @MethodSource("timings")
    void aTimingAtFaultIsRefusedByItsFieldAndSoIsItsPreview(
            String row, String field, Consumer<Wire.ScheduleTiming.Builder> fault) {
        Wire.ScheduleTiming.Builder timing = Wire.ScheduleTiming.newBuilder();
        fault.accept(timing);

        PulseException created = refused(() -> server.grpc().createSchedule(create(spec -> spec.setTiming(timing))));
        PulseException previewed = refused(() -> server.grpc()
                .previewSchedule(Wire.PreviewScheduleRequest.newBuilder()
                        .setTiming(timing)
                        .build()));

        assertThat(created.code()).as(row).isEqualTo(ErrorCode.INVALID_FIELD);
        assertThat(created.field()).as(row + created.getMessage()).isEqualTo(field);
        assertThat(previewed.code()).as(row).isEqualTo(ErrorCode.INVALID_FIELD);
        assertThat(previewed.field()).as(row + previewed.getMessage()).isEqualTo(field);
    }

    static Stream<Arguments> specs() {
        return Stream.of(
                spec(
                        "start",
                        spec -> spec.setMisfire(Wire.Misfire.MISFIRE_FIRE_ALL)
                                .setTiming(minutely(Wire.ScheduleTiming.newBuilder())
                                        .setStart(at("2020-01-01T00:00:00Z")))),
                spec("misfire", spec -> spec.setMisfireValue(99)),
                spec("overlap", spec -> spec.setOverlapValue(99)),
                spec("misfire_limit", spec -> spec.setMisfireLimit(5)),
                spec(
                        "misfire_limit",
                        spec -> spec.setMisfire(Wire.Misfire.MISFIRE_FIRE_ALL).setMisfireLimit(0)),
                spec(
                        "misfire_limit",
                        spec -> spec.setMisfire(Wire.Misfire.MISFIRE_FIRE_ALL).setMisfireLimit(1_001)),
                spec(
                        "misfire_rate",
                        spec -> spec.setMisfire(Wire.Misfire.MISFIRE_FIRE_ALL).setMisfireRate(Double.NaN)),
                spec(
                        "misfire_rate",
                        spec -> spec.setMisfire(Wire.Misfire.MISFIRE_SKIP).setMisfireRate(1)),
                spec("name", spec -> spec.setName("a b")),
                spec("name", spec -> spec.setName("0198c0de-0000-7000-8000-00000000000a")),
                job("type", Wire.Submission.Builder::clearType),
                job("id", job -> job.setId("0198c0de-0000-7000-8000-00000000000a")),
                job("key", job -> job.setKey("k")),
                job("run_at", job -> job.setRunAt(at("2030-01-01T00:00:00Z"))),
                job("delay", job -> job.setDelay(Duration.newBuilder().setSeconds(5))),
                job("max_attempts", job -> job.setMaxAttempts(0)),
                job(
                        "payload",
                        job -> job.setPayload(Wire.Payload.newBuilder().setData(ByteString.copyFromUtf8("{\"a\":")))));
    }

    private static Arguments spec(String field, Consumer<Wire.ScheduleSpec.Builder> fault) {
        return Arguments.of(field, fault);
    }

    private static Arguments job(String field, Consumer<Wire.Submission.Builder> fault) {
        return spec(field, spec -> fault.accept(spec.getJobBuilder()));
    }

    @ParameterizedTest
    @MethodSource("specs")
    void aScheduleAtFaultIsRefusedByItsFieldAndSoIsADeclaredOne(
            String field, Consumer<Wire.ScheduleSpec.Builder> fault) {
        PulseException created = refused(() -> server.grpc().createSchedule(create(fault)));
        assertThat(created.code()).isEqualTo(ErrorCode.INVALID_FIELD);
        assertThat(created.violations()).extracting(Violation::field).contains(field);

        if (!field.equals("start")) {
            PulseException declared = refused(() -> server.grpc()
                    .declareSchedules(Wire.DeclareSchedulesRequest.newBuilder()
                            .setDeclaredBy("app")
                            .addSchedules(create(spec -> spec.setName("good")).getSchedule())
                            .addSchedules(create(spec -> {
                                        spec.setName("bad");
                                        fault.accept(spec);
                                    })
                                    .getSchedule())
                            .build()));
            assertThat(declared.violations())
                    .extracting(Violation::field)
                    .anyMatch(path -> path.startsWith("schedules[") && path.endsWith("]." + field));
        }
    }

    @Test
    void allFaultsAreToldAtOnce() {
        PulseException refused = refused(() -> server.grpc()
                .createSchedule(create(spec -> spec.setName("a b")
                        .setJob(Wire.Submission.newBuilder().setQueue("a b").setKey("k"))
                        .setTiming(Wire.ScheduleTiming.newBuilder()
                                .setCron("x")
                                .setTimeZone("Mars/Base")
                                .addExcludedDays("soon")))));

        assertThat(refused.violations())
                .extracting(Violation::field)
                .contains("cron", "time_zone", "excluded_days", "name", "key", "queue", "type");
    }

    @Test
    void declarationsAreNamedOnceByAnApplicationThatHasAName() {
        Wire.ScheduleSpec named = create(spec -> spec.setName("n")).getSchedule();
        Wire.DeclareSchedulesRequest.Builder app =
                Wire.DeclareSchedulesRequest.newBuilder().setDeclaredBy("app");

        assertThat(refused(() -> server.grpc()
                                .declareSchedules(app.clone()
                                        .addSchedules(named)
                                        .addSchedules(named)
                                        .build()))
                        .field())
                .isEqualTo("schedules[n].name");
        assertThat(refused(() -> server.grpc()
                                .declareSchedules(app.clone()
                                        .addSchedules(named.toBuilder().clearName())
                                        .build()))
                        .field())
                .isEqualTo("schedules[0].name");
        assertThat(refused(() -> server.grpc()
                                .declareSchedules(app.clone().setDeclaredBy("").build()))
                        .field())
                .isEqualTo("declared_by");
        Wire.DeclareSchedulesRequest.Builder many = app.clone();
        for (int i = 0; i < 1_001; i++) {
            many.addSchedules(named.toBuilder().setName("n" + i));
        }
        assertThat(refused(() -> server.grpc().declareSchedules(many.build())).code())
                .isEqualTo(ErrorCode.TOO_MANY_ITEMS);
    }

    @Test
    void callsAboutNothingAndPagesOfNothingAreRefused() {
        Wire.ScheduleSpec good = create(spec -> {}).getSchedule();
        assertThat(refused(() -> server.grpc()
                                .getSchedule(Wire.GetScheduleRequest.newBuilder()
                                        .setId("nobody")
                                        .build()))
                        .code())
                .isEqualTo(ErrorCode.SCHEDULE_NOT_FOUND);
        assertThat(refused(() -> server.grpc()
                                .updateSchedule(Wire.UpdateScheduleRequest.newBuilder()
                                        .setId("nobody")
                                        .setSchedule(good)
                                        .build()))
                        .field())
                .isEqualTo("version");
        assertThat(refused(() -> server.grpc()
                                .updateSchedule(Wire.UpdateScheduleRequest.newBuilder()
                                        .setId("nobody")
                                        .setVersion(1)
                                        .setSchedule(good)
                                        .build()))
                        .code())
                .isEqualTo(ErrorCode.SCHEDULE_NOT_FOUND);
        assertThat(refused(() -> server.grpc()
                                .listSchedules(Wire.ListSchedulesRequest.newBuilder()
                                        .setLimit(1_001)
                                        .build()))
                        .field())
                .isEqualTo("limit");
        assertThat(refused(() -> server.grpc()
                                .listSchedules(Wire.ListSchedulesRequest.newBuilder()
                                        .setStatusValue(99)
                                        .build()))
                        .field())
                .isEqualTo("status");
        assertThat(refused(() -> server.grpc()
                                .previewSchedule(Wire.PreviewScheduleRequest.newBuilder()
                                        .setTiming(good.getTiming())
                                        .setCount(1_001)
                                        .build()))
                        .field())
                .isEqualTo("count");
    }

    static Stream<Arguments> previews() {
        return Stream.of(
                Arguments.of("B34", "0 0 29 2 *", "UTC", "2027-01-01T00:00:00Z", "2028-02-29T00:00:00Z", "29 "),
                Arguments.of(
                        "B35",
                        "30 2 * * *",
                        "Europe/Vienna",
                        "2027-03-27T12:00:00Z",
                        "2027-03-28T01:00:00Z",
                        "2027-10-31"),
                Arguments.of("B36", "* * * * * *", "UTC", "2027-01-01T00:00:00Z", "2027-01-01T00:00:01Z", ""),
                Arguments.of(
                        "B38", "0 0 13 * FRI", "UTC", "2027-01-01T00:00:00Z", "2027-01-08T00:00:00Z", "match either"),
                Arguments.of("B39", "0 0 * jan sun-SAT", "UTC", "2027-01-01T00:00:00Z", "2027-01-02T00:00:00Z", ""),
                Arguments.of("B29", "0 12 * * *", "US/Eastern", "2026-12-01T00:00:00Z", "2026-12-01T17:00:00Z", ""));
    }

    @ParameterizedTest
    @MethodSource("previews")
    void whatLooksOddAndIsFineIsPreviewedWithWhatItMeans(
            String row, String cron, String zone, String from, String first, String note) {
        Wire.PreviewScheduleResponse preview = server.grpc()
                .previewSchedule(Wire.PreviewScheduleRequest.newBuilder()
                        .setTiming(
                                Wire.ScheduleTiming.newBuilder().setCron(cron).setTimeZone(zone))
                        .setFrom(at(from))
                        .setCount(3)
                        .build());

        assertThat(preview.getItems(0)).as(row).isEqualTo(at(first).build());
        assertThat(preview.getItemsCount()).isEqualTo(3);
        assertThat(String.join(" ", preview.getNotesList())).as(row).contains(note);
    }

    @Test
    void theServersClockDecides() {
        Instant before = Instant.now();
        Wire.Schedule created = server.grpc()
                .createSchedule(create(spec -> spec.setTiming(Wire.ScheduleTiming.newBuilder()
                        .setAfter(Duration.newBuilder().setSeconds(3_600)))));

        assertThat(Instant.ofEpochSecond(created.getNextAt().getSeconds()))
                .as("B115: nothing in the call tells of the caller's clock")
                .isBetween(before.plusSeconds(3_590), Instant.now().plusSeconds(3_610));
        var unused = server.grpc()
                .deleteSchedule(Wire.DeleteScheduleRequest.newBuilder()
                        .setId(created.getId())
                        .build());
    }

    private static Wire.CreateScheduleRequest create(Consumer<Wire.ScheduleSpec.Builder> change) {
        Wire.ScheduleSpec.Builder spec = Wire.ScheduleSpec.newBuilder()
                .setJob(Wire.Submission.newBuilder().setType("t"))
                .setTiming(minutely(Wire.ScheduleTiming.newBuilder()));
        change.accept(spec);
        return Wire.CreateScheduleRequest.newBuilder().setSchedule(spec).build();
    }

    private static PulseException refused(ThrowingCallable call) {
        StatusRuntimeException refused = catchThrowableOfType(StatusRuntimeException.class, call);
        assertThat(refused).as("not refused").isNotNull();
        return WireErrors.fromStatus(refused);
    }
}
