package dev.pulse.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.ByteString;
import com.google.protobuf.Duration;
import com.google.protobuf.Timestamp;
import dev.pulse.model.Attempt;
import dev.pulse.model.AttemptError;
import dev.pulse.model.Backoff;
import dev.pulse.model.ErrorCode;
import dev.pulse.model.IdSource;
import dev.pulse.model.Job;
import dev.pulse.model.JobFacts;
import dev.pulse.model.JobFilter;
import dev.pulse.model.JobStatus;
import dev.pulse.model.Labels;
import dev.pulse.model.Limits;
import dev.pulse.model.OutcomeKind;
import dev.pulse.model.Payload;
import dev.pulse.model.Policy;
import dev.pulse.model.PulseException;
import dev.pulse.model.Submission;
import dev.pulse.model.SubmissionBuilder;
import dev.pulse.model.Violation;
import dev.pulse.protocol.v1.Wire;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WireJobsTest {
    private static final Instant NOW = Instant.parse("2026-11-22T10:00:00.123456Z");
    private static final IdSource IDS = new IdSource(InstantSource.fixed(NOW), new Random(7));
    private static final UUID ID = UUID.fromString("01932c07-0000-7000-8000-000000000001");

    private static Submission read(Wire.Submission message) {
        return WireJobs.submission(message, Limits.DEFAULT, IDS);
    }

    private static PulseException refusal(Wire.Submission message) {
        return catchThrowableOfType(PulseException.class, () -> read(message));
    }

    @Test
    void submissionWithEveryFieldComesBackEqual() {
        Submission job = new SubmissionBuilder(Limits.DEFAULT)
                .id(ID)
                .type("send-email")
                .queue("mail")
                .priority(-7)
                .payload(Payload.of(new byte[] {0, 1, -1}, "application/octet-stream"))
                .delay(java.time.Duration.ofMillis(90_250))
                .maxAttempts(3)
                .backoff(Backoff.parse("exponential 2s x 3 cap 5m jitter 0.5"))
                .timeout(java.time.Duration.ofMinutes(2))
                .key("welcome-42")
                .keyTtl(java.time.Duration.ofDays(1))
                .headers(Map.of("traceparent", "00-aa"))
                .tags(Map.of("customer", "42"))
                .origin("billing")
                .build(IDS);

        assertThat(read(WireJobs.submission(job))).isEqualTo(job);
    }

    @Test
    void bareSubmissionGetsTheDefaults() {
        Submission job = read(Wire.Submission.newBuilder().setType("email").build());

        assertThat(job)
                .isEqualTo(new SubmissionBuilder(Limits.DEFAULT)
                        .id(job.id())
                        .type("email")
                        .build(IDS));
        assertThat(read(WireJobs.submission(job))).isEqualTo(job);
    }

    @Test
    void allFaultsAreToldAtOnce() {
        PulseException refusal = refusal(Wire.Submission.newBuilder()
                .setId("1-1-1-1-1")
                .setType("white space")
                .setQueue("")
                .setMaxAttempts(0)
                .setBackoff("sometimes")
                .setDelay(Duration.newBuilder().setSeconds(-1))
                .setTimeout(Duration.newBuilder().setSeconds(1).setNanos(-5))
                .setRunAt(Timestamp.newBuilder().setSeconds(Long.MAX_VALUE))
                .setKey("")
                .setOrigin("")
                .build());

        assertThat(refusal.code()).isEqualTo(ErrorCode.INVALID_FIELD);
        assertThat(refusal.violations())
                .extracting(Violation::field)
                .contains(
                        "id",
                        "type",
                        "queue",
                        "max_attempts",
                        "backoff",
                        "delay",
                        "timeout",
                        "run_at",
                        "key",
                        "origin");
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, 253402300800L, Long.MIN_VALUE, Long.MAX_VALUE})
    void runAtOutside1970To9999IsRefused(long seconds) {
        PulseException refusal = refusal(Wire.Submission.newBuilder()
                .setType("email")
                .setRunAt(Timestamp.newBuilder().setSeconds(seconds))
                .build());

        assertThat(refusal.field()).isEqualTo("run_at");
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 1_000_000_000, Integer.MIN_VALUE})
    void timestampWithImpossibleNanosIsRefused(int nanos) {
        PulseException refusal = refusal(Wire.Submission.newBuilder()
                .setType("email")
                .setRunAt(Timestamp.newBuilder().setNanos(nanos))
                .build());

        assertThat(refusal.field()).isEqualTo("run_at");
    }

    @Test
    void durationBeyondEveryRangeIsRefused() {
        PulseException refusal = refusal(Wire.Submission.newBuilder()
                .setType("email")
                .setTimeout(Duration.newBuilder().setSeconds(Long.MAX_VALUE).setNanos(999_999_999))
                .build());

        assertThat(refusal.field()).isEqualTo("timeout");
    }

    @Test
    void oversizePayloadHasItsOwnCode() {
        PulseException refusal = refusal(Wire.Submission.newBuilder()
                .setType("email")
                .setPayload(Wire.Payload.newBuilder()
                        .setData(ByteString.copyFrom(new byte[Limits.DEFAULT.payloadBytes() + 1])))
                .build());

        assertThat(refusal.code()).isEqualTo(ErrorCode.PAYLOAD_TOO_LARGE);
    }

    @Test
    void faultsOfABatchNameTheirJob() {
        Wire.Submission good = Wire.Submission.newBuilder().setType("email").build();
        Wire.Submission bad = good.toBuilder().setMaxAttempts(-1).build();

        PulseException refusal = catchThrowableOfType(
                PulseException.class,
                () -> WireJobs.submissions(
                        List.of(good, bad, good, Wire.Submission.getDefaultInstance()), Limits.DEFAULT, IDS));

        assertThat(refusal.violations())
                .extracting(Violation::field)
                .containsExactly("jobs[1].max_attempts", "jobs[3].type");
    }

    @Test
    void batchOfNoneAndBatchOfTooManyAreRefused() {
        PulseException none =
                catchThrowableOfType(PulseException.class, () -> WireJobs.submissions(List.of(), Limits.DEFAULT, IDS));
        PulseException tooMany = catchThrowableOfType(
                PulseException.class,
                () -> WireJobs.submissions(
                        Collections.nCopies(Limits.MAX_BATCH + 1, Wire.Submission.getDefaultInstance()),
                        Limits.DEFAULT,
                        IDS));

        assertThat(none.code()).isEqualTo(ErrorCode.INVALID_FIELD);
        assertThat(tooMany.code()).isEqualTo(ErrorCode.TOO_MANY_ITEMS);
    }

    @Test
    void jobComesBackEqual() {
        AttemptError error = new AttemptError("Oops", "it broke", "at …");
        JobFacts facts = new JobFacts(
                ID,
                "email",
                "default",
                5,
                Payload.json("{\"a\":1}"),
                new Labels(Map.of("h", "1"), Map.of("t", "2"), "api"),
                new Policy(7, Backoff.parse("fixed 5s"), java.time.Duration.ofSeconds(9)),
                "k",
                NOW);
        Job job = new Job(
                facts,
                JobStatus.RETRYING,
                2,
                NOW.plusSeconds(5),
                NOW,
                null,
                error,
                Payload.json("null"),
                List.of(
                        new Attempt(1, "w1", NOW, NOW.plusSeconds(1), OutcomeKind.FAIL, error),
                        new Attempt(2, null, null, null, null, null)));

        assertThat(WireJobs.job(WireJobs.job(job))).isEqualTo(job);
    }

    @Test
    void filterComesBackEqual() {
        JobFilter filter = new JobFilter(
                JobStatus.DEAD_LETTERED, "email", "mail", Map.of("a", "b"), "api", "timeout", NOW, NOW.plusSeconds(1));

        assertThat(WireJobs.filter(WireJobs.filter(filter))).isEqualTo(filter);
        assertThat(WireJobs.filter(Wire.JobFilter.getDefaultInstance()).isEmpty())
                .isTrue();
    }

    @Test
    void faultsOfAFilterAreToldAtOnce() {
        Wire.JobFilter message = Wire.JobFilter.newBuilder()
                .setStatusValue(99)
                .setType("a b")
                .setSince(Timestamp.newBuilder().setNanos(-1))
                .build();

        PulseException refusal = catchThrowableOfType(PulseException.class, () -> WireJobs.filter(message));

        assertThat(refusal.violations()).extracting(Violation::field).containsExactly("status", "since", "type");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "1-1-1-1-1",
                "01932c07-0000-7000-8000-00000000000",
                "01932c07-0000-7000-8000-0000000000011",
                "01932c07 0000-7000-8000-000000000001",
                "01932c07-0000-7000-8000-+00000000001",
                "g1932c07-0000-7000-8000-000000000001"
            })
    void textThatIsNoUuidIsRefused(String text) {
        PulseException refusal = catchThrowableOfType(PulseException.class, () -> WireValues.id("id", text));

        assertThat(refusal.code()).isEqualTo(ErrorCode.INVALID_ID);
        assertThat(refusal.field()).isEqualTo("id");
    }

    @Test
    void upperCaseUuidIsTaken() {
        assertThat(WireValues.id("id", "01932C07-0000-7000-8000-00000000000A"))
                .isEqualTo(UUID.fromString("01932c07-0000-7000-8000-00000000000a"));
    }
}
