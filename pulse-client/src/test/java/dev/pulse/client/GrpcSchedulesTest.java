package dev.pulse.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.pulse.model.ErrorCode;
import dev.pulse.model.Fire;
import dev.pulse.model.FirePage;
import dev.pulse.model.Labels;
import dev.pulse.model.Misfire;
import dev.pulse.model.Overlap;
import dev.pulse.model.Payload;
import dev.pulse.model.Policy;
import dev.pulse.model.PulseException;
import dev.pulse.model.ScheduleCounts;
import dev.pulse.model.ScheduleFilter;
import dev.pulse.model.ScheduleInfo;
import dev.pulse.model.SchedulePage;
import dev.pulse.model.SchedulePreview;
import dev.pulse.model.ScheduleRule;
import dev.pulse.model.ScheduleSpec;
import dev.pulse.model.ScheduleStatus;
import dev.pulse.model.Submission;
import dev.pulse.model.Timing;
import dev.pulse.model.When;
import dev.pulse.protocol.WireSchedules;
import dev.pulse.protocol.v1.Wire;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the client sends about schedules and makes of the answers. */
@Timeout(60)
class GrpcSchedulesTest {
    private static final Instant NOW = Instant.parse("2026-11-23T02:00:00Z");
    private static final UUID ID = new UUID(0x0193_2c07_0000_7000L, 0x8000_0000_0000_0001L);
    private static final ScheduleSpec SPEC = new ScheduleSpec(
            "digest",
            new Submission(ID, "t", "default", 0, Payload.EMPTY, When.NOW, Policy.DEFAULT, null, Labels.NONE),
            Timing.of(new ScheduleRule.Cron("0 7 * * *"), "Europe/Vienna"),
            Misfire.FIRE_ONCE,
            Overlap.ALLOW);
    private static final ScheduleInfo SCHEDULE = new ScheduleInfo(
            ID,
            7,
            SPEC,
            ScheduleStatus.ACTIVE,
            null,
            null,
            NOW,
            NOW,
            NOW.plusSeconds(60),
            false,
            ScheduleCounts.NONE,
            null,
            NOW,
            NOW);

    private final ScriptedServer server = new ScriptedServer();
    private final PulseClient client = PulseClient.connect(server.address());

    @AfterEach
    void close() throws InterruptedException {
        client.close();
        server.close();
    }

    private <Q> Q sent(Class<Q> type) {
        return type.cast(ScriptedServer.next(server.requests));
    }

    @Test
    void aScheduleIsCreatedFoundAndEditedAtTheVersionThatWasRead() {
        Wire.Schedule answer = WireSchedules.schedule(SCHEDULE);
        server.on(Wire.CreateScheduleRequest.class, request -> answer);
        server.on(Wire.GetScheduleRequest.class, request -> answer);
        server.on(Wire.UpdateScheduleRequest.class, request -> answer);

        assertThat(client.createSchedule(SPEC)).isEqualTo(SCHEDULE);
        assertThat(sent(Wire.CreateScheduleRequest.class).getSchedule()).isEqualTo(WireSchedules.spec(SPEC));
        assertThat(client.findSchedule("digest")).contains(SCHEDULE);
        assertThat(sent(Wire.GetScheduleRequest.class).getId()).isEqualTo("digest");
        assertThat(client.findSchedule(ID)).contains(SCHEDULE);
        assertThat(sent(Wire.GetScheduleRequest.class).getId()).isEqualTo(ID.toString());
        assertThat(client.editSchedule(ID, 7, SPEC)).isEqualTo(SCHEDULE);
        Wire.UpdateScheduleRequest edit = sent(Wire.UpdateScheduleRequest.class);
        assertThat(edit.getVersion()).isEqualTo(7);
        assertThat(edit.getId()).isEqualTo(ID.toString());
    }

    @Test
    void aScheduleThatIsNotThereIsEmptyAndAnyOtherRefusalIsThrown() {
        server.on(Wire.GetScheduleRequest.class, request -> {
            throw new PulseException(ErrorCode.SCHEDULE_NOT_FOUND, "no");
        });
        assertThat(client.findSchedule("nobody")).isEmpty();
        server.on(Wire.GetScheduleRequest.class, request -> {
            throw new PulseException(ErrorCode.DATABASE_UNAVAILABLE, "no");
        });
        assertThat(catchThrowableOfType(PulseException.class, () -> client.findSchedule("digest"))
                        .code())
                .isEqualTo(ErrorCode.DATABASE_UNAVAILABLE);
        server.on(Wire.UpdateScheduleRequest.class, request -> {
            throw new PulseException(ErrorCode.VERSION_CONFLICT, "version: no");
        });
        assertThat(catchThrowableOfType(PulseException.class, () -> client.editSchedule(ID, 1, SPEC))
                        .code())
                .isEqualTo(ErrorCode.VERSION_CONFLICT);
    }

    @Test
    void actsNameTheSchedule() {
        Wire.Schedule answer = WireSchedules.schedule(SCHEDULE);
        server.on(Wire.PauseScheduleRequest.class, request -> answer);
        server.on(Wire.ResumeScheduleRequest.class, request -> answer);
        server.on(
                Wire.RunScheduleNowRequest.class,
                request -> Wire.RunScheduleNowResponse.newBuilder()
                        .setJobId(ID.toString())
                        .build());
        server.on(Wire.DeleteScheduleRequest.class, request -> Wire.DeleteScheduleResponse.getDefaultInstance());

        assertThat(client.pauseSchedule(ID, "why")).isEqualTo(SCHEDULE);
        assertThat(sent(Wire.PauseScheduleRequest.class).getReason()).isEqualTo("why");
        client.pauseSchedule(ID, null);
        assertThat(sent(Wire.PauseScheduleRequest.class).hasReason()).isFalse();
        assertThat(client.resumeSchedule(ID)).isEqualTo(SCHEDULE);
        assertThat(sent(Wire.ResumeScheduleRequest.class).getId()).isEqualTo(ID.toString());
        assertThat(client.runScheduleNow(ID)).isEqualTo(ID);
        assertThat(sent(Wire.RunScheduleNowRequest.class).getId()).isEqualTo(ID.toString());
        client.deleteSchedule(ID);
        assertThat(sent(Wire.DeleteScheduleRequest.class).getId()).isEqualTo(ID.toString());
    }

    @Test
    void listsPreviewsAndDeclarationsAreTranslated() {
        Fire fire = new Fire(NOW, NOW.plusMillis(3), ID, 2, false);
        SchedulePreview preview = new SchedulePreview(List.of(NOW), List.of("note"), "words");
        server.on(
                Wire.ListSchedulesRequest.class,
                request -> Wire.ListSchedulesResponse.newBuilder()
                        .addItems(WireSchedules.schedule(SCHEDULE))
                        .setNextCursor("c")
                        .build());
        server.on(
                Wire.ListScheduleFiresRequest.class,
                request -> Wire.ListScheduleFiresResponse.newBuilder()
                        .addItems(WireSchedules.fire(fire))
                        .build());
        server.on(Wire.PreviewScheduleRequest.class, request -> WireSchedules.preview(preview));
        server.on(
                Wire.DeclareSchedulesRequest.class,
                request -> Wire.DeclareSchedulesResponse.newBuilder()
                        .addMissing(WireSchedules.schedule(SCHEDULE))
                        .build());

        assertThat(client.listSchedules(ScheduleFilter.ALL, 5, "b"))
                .isEqualTo(new SchedulePage(List.of(SCHEDULE), "c"));
        assertThat(sent(Wire.ListSchedulesRequest.class).getCursor()).isEqualTo("b");
        assertThat(client.listFires(ID, 5, null)).isEqualTo(new FirePage(List.of(fire), null));
        assertThat(sent(Wire.ListScheduleFiresRequest.class).getLimit()).isEqualTo(5);
        assertThat(client.previewSchedule(SPEC.timing(), NOW, 3)).isEqualTo(preview);
        assertThat(sent(Wire.PreviewScheduleRequest.class).getCount()).isEqualTo(3);
        assertThat(client.declareSchedules("app", List.of(SPEC))).containsExactly(SCHEDULE);
        assertThat(sent(Wire.DeclareSchedulesRequest.class).getDeclaredBy()).isEqualTo("app");
    }
}
