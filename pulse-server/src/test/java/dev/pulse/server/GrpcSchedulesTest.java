package dev.pulse.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.tuple;

import dev.pulse.client.PulseClient;
import dev.pulse.localpostgres.SharedPostgres;
import dev.pulse.model.ErrorCode;
import dev.pulse.model.Fire;
import dev.pulse.model.IdSource;
import dev.pulse.model.Job;
import dev.pulse.model.JobFilter;
import dev.pulse.model.Limits;
import dev.pulse.model.Misfire;
import dev.pulse.model.Overlap;
import dev.pulse.model.Payload;
import dev.pulse.model.PulseException;
import dev.pulse.model.ScheduleFilter;
import dev.pulse.model.ScheduleInfo;
import dev.pulse.model.SchedulePage;
import dev.pulse.model.SchedulePreview;
import dev.pulse.model.ScheduleRule;
import dev.pulse.model.ScheduleSpec;
import dev.pulse.model.ScheduleStatus;
import dev.pulse.model.Submission;
import dev.pulse.model.SubmissionBuilder;
import dev.pulse.model.Timing;
import dev.pulse.protocol.WireValues;
import dev.pulse.protocol.v1.Wire;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Schedules at the gRPC door of a real server, through the client. */
@Timeout(60)
final class GrpcSchedulesTest {
    private static TestServer server;
    private static PulseClient client;

    @BeforeAll
    static void start() {
        server = TestServer.start(SharedPostgres.freshDatabase());
        client = PulseClient.connect(server.server().grpcAddress().toString());
    }

    @AfterAll
    static void stop() {
        client.close();
        server.close();
    }

    private static Submission job(String type) {
        return new SubmissionBuilder(Limits.DEFAULT)
                .type(type)
                .payload(Payload.of(new byte[] {0, 1, 2}, "application/octet-stream"))
                .build(new IdSource(InstantSource.system(), new Random(7)));
    }

    private static ScheduleSpec spec(String name, Duration period) {
        return spec(name, name, period);
    }

    private static ScheduleSpec spec(String name, String type, Duration period) {
        return new ScheduleSpec(
                name,
                job(type),
                Timing.of(new ScheduleRule.Every(period, ScheduleRule.Pace.FIXED_RATE)),
                Misfire.SKIP,
                Overlap.ALLOW);
    }

    @Test
    void aScheduleOfASecondFiresIsPausedResumedEditedAndDeleted() {
        ScheduleInfo created = client.createSchedule(spec("tick", Duration.ofSeconds(1)));
        assertThat(created.status()).isEqualTo(ScheduleStatus.ACTIVE);
        assertThat(created.spec().misfire()).isEqualTo(Misfire.SKIP);
        List<Fire> fires = client.listFires(created.id(), 10, null).items();
        while (fires.isEmpty()) {
            LockSupport.parkNanos(5_000_000);
            fires = client.listFires(created.id(), 10, null).items();
        }

        Job fired = client.find(fires.getLast().jobId()).orElseThrow();
        assertThat(fired.facts().scheduleId()).isEqualTo(created.id());
        assertThat(fired.facts().payload().bytes()).containsExactly(0, 1, 2);
        assertThat(client.list(JobFilter.ALL.ofSchedule(created.id()), 10, null).items())
                .extracting(job -> job.facts().id())
                .contains(fired.facts().id());
        Wire.Job shown = server.grpc()
                .getJob(Wire.GetJobRequest.newBuilder()
                        .setId(fired.facts().id().toString())
                        .build());
        assertThat(shown.getScheduleId()).isEqualTo(created.id().toString());
        assertThat(WireValues.instant("occurrence", shown.getOccurrence()))
                .isEqualTo(fires.getLast().occurrence());
        UUID stranger = client.submit(job("tick")).id();
        assertThat(server.grpc()
                        .listScheduleJobs(Wire.ListScheduleJobsRequest.newBuilder()
                                .setId("tick")
                                .setFilter(Wire.JobFilter.newBuilder().setType("tick"))
                                .build())
                        .getItemsList())
                .extracting(Wire.Job::getId)
                .contains(fired.facts().id().toString())
                .doesNotContain(stranger.toString());

        ScheduleInfo paused = client.pauseSchedule(created.id(), "deploy");
        assertThat(Objects.requireNonNull(paused.pause()).reason()).isEqualTo("deploy");
        UUID byHand = client.runScheduleNow(created.id());
        assertThat(client.listFires(created.id(), 1, null).items())
                .extracting(Fire::jobId, Fire::manual)
                .containsExactly(tuple(byHand, true));
        ScheduleInfo resumed = client.resumeSchedule(created.id());
        assertThat(resumed.pause()).isNull();

        ScheduleSpec hourly = new ScheduleSpec(
                "tick",
                resumed.spec().job(),
                spec("tick", Duration.ofHours(1)).timing(),
                Misfire.FIRE_ONCE,
                Overlap.SKIP);
        assertThat(catchThrowableOfType(
                                PulseException.class,
                                () -> client.editSchedule(created.id(), created.version(), hourly))
                        .code())
                .isEqualTo(ErrorCode.VERSION_CONFLICT);
        ScheduleInfo edited = client.editSchedule(created.id(), resumed.version(), hourly);
        assertThat(edited.spec().overlap()).isEqualTo(Overlap.SKIP);
        assertThat(client.findSchedule("tick")).contains(edited);
        assertThat(client.findSchedule(created.id())).contains(edited);

        client.deleteSchedule(created.id());
        assertThat(client.findSchedule(created.id())).isEmpty();
        assertThat(client.findSchedule("tick")).isEmpty();
        assertThat(client.find(fired.facts().id())).isPresent();
    }

    @Test
    void listsHavePagesAndFilters() {
        for (int i = 0; i < 3; i++) {
            client.createSchedule(spec("page-" + i, "paged", Duration.ofHours(1)));
        }
        ScheduleFilter paged = new ScheduleFilter(null, "paged", null, null);
        SchedulePage first = client.listSchedules(paged, 2, null);
        SchedulePage second = client.listSchedules(paged, 1_000, first.nextCursor());
        assertThat(first.items()).hasSize(2);
        assertThat(second.items()).isNotEmpty().doesNotContainAnyElementsOf(first.items());
        assertThat(second.nextCursor()).isNull();
        assertThat(client.listSchedules(
                                new ScheduleFilter(ScheduleStatus.ACTIVE, "paged", "default", "page-1"), 10, null)
                        .items())
                .extracting(schedule -> schedule.spec().name())
                .containsExactly("page-1");
    }

    @Test
    void largePagesAreCutToWhatAClientTakes() {
        for (int i = 0; i < 60; i++) {
            Submission large = new SubmissionBuilder(Limits.DEFAULT)
                    .type("large")
                    .payload(Payload.json("\"" + "x".repeat(60_000) + "\""))
                    .build(new IdSource(InstantSource.system(), new Random(7)));
            client.createSchedule(new ScheduleSpec(
                    null, large, spec("x", Duration.ofHours(1)).timing(), Misfire.SKIP, Overlap.ALLOW));
        }
        ScheduleFilter filter = new ScheduleFilter(null, "large", null, null);
        SchedulePage first = client.listSchedules(filter, 60, null);
        SchedulePage second = client.listSchedules(filter, 60, first.nextCursor());

        assertThat(first.items()).hasSizeBetween(1, 59);
        assertThat(first.items().size() + second.items().size()).isEqualTo(60);
    }

    @Test
    void aPreviewIsComputedByTheServer() {
        SchedulePreview preview = client.previewSchedule(
                Timing.of(new ScheduleRule.Cron("30 2 * * *"), "Europe/Vienna"),
                Instant.parse("2027-03-27T12:00:00Z"),
                2);
        assertThat(preview.items())
                .containsExactly(Instant.parse("2027-03-28T01:00:00Z"), Instant.parse("2027-03-29T00:30:00Z"));
        assertThat(preview.notes()).hasSize(2);
        assertThat(preview.words()).isEqualTo("at 02:30 every day, Europe/Vienna");
    }

    @Test
    void whatAnApplicationDeclaresIsMadeOnceAndWhatItForgetsIsTold() {
        ScheduleSpec a = spec("declared-a", Duration.ofHours(1));
        ScheduleSpec b = spec("declared-b", Duration.ofHours(1));
        assertThat(client.declareSchedules("app", List.of(a, b))).isEmpty();
        ScheduleInfo made = client.findSchedule("declared-a").orElseThrow();

        assertThat(client.declareSchedules("app", List.of(a)))
                .extracting(schedule -> schedule.spec().name())
                .containsExactly("declared-b");
        assertThat(client.findSchedule("declared-a")).contains(made);
        assertThat(Objects.requireNonNull(
                                client.findSchedule("declared-b").orElseThrow().declared())
                        .missingSince())
                .isNotNull();
        client.declareSchedules("app", List.of());
    }
}
