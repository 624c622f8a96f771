package dev.pulse.json;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pulse.model.Attempt;
import dev.pulse.model.AttemptError;
import dev.pulse.model.ErrorCode;
import dev.pulse.model.Job;
import dev.pulse.model.JobCounts;
import dev.pulse.model.JobFacts;
import dev.pulse.model.JobPage;
import dev.pulse.model.JobProgress;
import dev.pulse.model.JobStatus;
import dev.pulse.model.Labels;
import dev.pulse.model.OutcomeKind;
import dev.pulse.model.Payload;
import dev.pulse.model.Policy;
import dev.pulse.model.PulseException;
import dev.pulse.model.Violation;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class JobJsonTest {
    private static final UUID ID = UUID.fromString("0198c0de-0000-7000-8000-00000000000a");
    private static final Instant AT = Instant.parse("2026-11-22T07:00:00.123456Z");

    @Test
    void aJobShowsAllItsFields() {
        Job job = new Job(
                new JobFacts(
                        ID,
                        "email",
                        "mail",
                        3,
                        Payload.json("{ \"a\":1.0 }"),
                        new Labels(Map.of("trace", "x"), Map.of("team", "a"), "shop"),
                        new Policy(5, Policy.DEFAULT.backoff(), Duration.ofSeconds(90)),
                        "welcome",
                        AT),
                JobStatus.RETRYING,
                1,
                AT,
                AT,
                null,
                AttemptError.of("Boom", "no \"luck\""),
                null,
                List.of(new Attempt(1, "w1", AT, AT, OutcomeKind.FAIL, AttemptError.of("Boom", "no luck"))));

        assertThat(text(JobJson.full(job, new JobProgress(1, 40, "half"), List.of())))
                .isEqualTo("""
                {"id":"0198c0de-0000-7000-8000-00000000000a","type":"email","queue":"mail","payload":{ "a":1.0 },\
                "headers":{"trace":"x"},"tags":{"team":"a"},"priority":3,"max_attempts":5,\
                "backoff":"quadratic 1s cap 1h jitter 0.1","timeout":"1m30s","key":"welcome","origin":"shop","bundle_id":null,\
                "schedule_id":null,"occurrence":null,\
                "created_at":"2026-11-22T07:00:00.123456Z","status":"retrying","attempt":1,\
                "run_at":"2026-11-22T07:00:00.123456Z","started_at":"2026-11-22T07:00:00.123456Z","finished_at":null,\
                "error":{"type":"Boom","message":"no \\"luck\\"","stack":null},\
                "progress":40,"progress_text":"half","waiting":[],\
                "attempts":[{"attempt":1,"worker":"w1","started_at":"2026-11-22T07:00:00.123456Z",\
                "ended_at":"2026-11-22T07:00:00.123456Z","outcome":"fail",\
                "error":{"type":"Boom","message":"no luck","stack":null}}]}""");
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "{}", " [ 1.0 ,1e400 ] ", "\"\\ud800\\u0000😀\"", "{\"a\":1,\"a\":2}"})
    void payloadAndResultAreEmbeddedByteForByte(String payload) {
        String json = text(JobJson.job(job(Payload.json(payload), Payload.json(payload))));

        assertThat(json).contains("\"payload\":" + payload + ",").endsWith("\"result\":" + payload + "}");
    }

    @Test
    void aLongPayloadSurvivesEveryBufferBoundary() {
        for (int pad = 0; pad < 4; pad++) {
            String payload = "\"" + "x".repeat(pad) + "😀ü".repeat(20_000) + "\"";

            assertThat(text(JobJson.job(job(Payload.json(payload), null)))).contains(payload);
        }
    }

    @Test
    void otherBytesAreShownAsBase64WithTheirContentType() {
        String json = text(JobJson.job(job(Payload.of(new byte[] {1, 2, (byte) 0xff}, "image/png"), null)));

        assertThat(json)
                .contains("\"payload_base64\":\"AQL/\",\"content_type\":\"image/png\"")
                .doesNotContain("\"payload\":");
    }

    @Test
    void aHandlerThatReturnedNothingLeavesNoResult() {
        assertThat(text(JobJson.job(job(Payload.EMPTY, null)))).doesNotContain("\"result\"");
    }

    @Test
    void aPageNamesItsNextCursor() {
        assertThat(text(JobJson.page(new JobPage(List.of(), "abc"))))
                .isEqualTo("{\"items\":[],\"next_cursor\":\"abc\"}");
        assertThat(text(JobJson.page(new JobPage(List.of(), null)))).isEqualTo("{\"items\":[],\"next_cursor\":null}");
    }

    @Test
    void countsAreShownInTotalAndByType() {
        TreeMap<String, Map<JobStatus, Long>> byType = new TreeMap<>();
        byType.put("a", Map.of(JobStatus.PENDING, 2L, JobStatus.COMPLETED, 1L));
        byType.put("b", Map.of(JobStatus.PENDING, 3L));

        assertThat(text(JobJson.counts(new JobCounts(byType, Duration.ofMillis(12_500)))))
                .isEqualTo("""
                {"scheduled":0,"pending":5,"running":0,"retrying":0,"completed":1,"dead_lettered":0,"canceled":0,\
                "total":6,"oldest_pending_age_s":12.5,"types":[\
                {"type":"a","scheduled":0,"pending":2,"running":0,"retrying":0,"completed":1,"dead_lettered":0,\
                "canceled":0,"total":3},\
                {"type":"b","scheduled":0,"pending":3,"running":0,"retrying":0,"completed":0,"dead_lettered":0,\
                "canceled":0,"total":3}]}""");
    }

    @Test
    void aProblemNamesEveryFieldAtFault() {
        PulseException reason =
                PulseException.invalid(List.of(new Violation("type", "is required"), new Violation("x\ud800", "y")));

        assertThat(text(ProblemJson.problem(reason))).isEqualTo("""
                {"code":"PULSE-1001","title":"A field is invalid","status":400,"detail":"type: is required; x\ufffd: y",\
                "remedy":"Mend the named field and send again.","field":"type","errors":[\
                {"field":"type","message":"is required"},{"field":"x\ufffd","message":"y"}]}""");
        assertThat(text(ProblemJson.problem(new PulseException(ErrorCode.JOB_NOT_FOUND, "no job"))))
                .doesNotContain("\"field\"", "\"errors\"");
    }

    private static Job job(Payload payload, @Nullable Payload result) {
        JobFacts facts = new JobFacts(ID, "t", "default", 0, payload, Labels.NONE, Policy.DEFAULT, null, AT);
        return new Job(facts, JobStatus.COMPLETED, 1, null, AT, AT, null, result, List.of());
    }

    private static String text(byte[] json) {
        return new String(json, StandardCharsets.UTF_8);
    }
}
