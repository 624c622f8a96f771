package dev.pulse.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.pulse.model.Assignment;
import dev.pulse.model.AttemptError;
import dev.pulse.model.IdSource;
import dev.pulse.model.JobFacts;
import dev.pulse.model.Labels;
import dev.pulse.model.LeaseToken;
import dev.pulse.model.Limits;
import dev.pulse.model.Outcome;
import dev.pulse.model.Payload;
import dev.pulse.model.Policy;
import dev.pulse.model.PulseException;
import dev.pulse.model.SessionSpec;
import dev.pulse.model.Violation;
import dev.pulse.protocol.v1.Wire;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class WireSessionsTest {
    private static final IdSource IDS = new IdSource(InstantSource.fixed(Instant.EPOCH), new Random(7));
    private static final UUID JOB = UUID.fromString("01932c07-0000-7000-8000-000000000001");
    private static final LeaseToken TOKEN = new LeaseToken(3, 99, new UUID(1, 2));
    private static final AttemptError ERROR = new AttemptError("Oops", "it broke", null);

    @Test
    void helloComesBackEqual() {
        SessionSpec spec = new SessionSpec(
                new UUID(5, 6), "worker-a", Set.of("email", "sms"), Set.of("mail"), 8, Duration.ofSeconds(3));
        Wire.Hello hello = WireSessions.hello(spec, Set.of(TOKEN));

        assertThat(WireSessions.spec(hello, IDS)).isEqualTo(spec);
        assertThat(WireSessions.held(hello.getHeldList())).containsExactly(TOKEN);
    }

    @Test
    void bareHelloGetsTheDefaults() {
        SessionSpec spec =
                WireSessions.spec(Wire.Hello.newBuilder().addTypes("email").build(), IDS);

        assertThat(spec.leaseTtl()).isEqualTo(SessionSpec.DEFAULT_LEASE);
        assertThat(spec.slots()).isEqualTo(1);
        assertThat(spec.worker()).isNotEmpty();
    }

    @Test
    void faultsOfAHelloAreToldAtOnce() {
        Wire.Hello hello = Wire.Hello.newBuilder()
                .setSessionId("me")
                .setWorker("w".repeat(129))
                .addQueues("a b")
                .setSlots(-1)
                .setLeaseTtl(com.google.protobuf.Duration.newBuilder().setNanos(1))
                .build();

        PulseException refusal = catchThrowableOfType(PulseException.class, () -> WireSessions.spec(hello, IDS));

        assertThat(refusal.violations())
                .extracting(Violation::field)
                .containsExactlyInAnyOrder("session_id", "types", "queues", "worker", "slots", "lease_ttl");
    }

    @Test
    void leaseBeyondEveryRangeIsRefused() {
        Wire.Hello hello = Wire.Hello.newBuilder()
                .addTypes("email")
                .setLeaseTtl(com.google.protobuf.Duration.newBuilder().setSeconds(Long.MAX_VALUE))
                .build();

        assertThat(catchThrowableOfType(PulseException.class, () -> WireSessions.spec(hello, IDS))
                        .field())
                .isEqualTo("lease_ttl");
    }

    @Test
    void malformedHeldTokensAreNamed() {
        PulseException refusal = catchThrowableOfType(
                PulseException.class, () -> WireSessions.held(List.of(TOKEN.text(), "x", TOKEN.text(), "")));

        assertThat(refusal.violations()).extracting(Violation::field).containsExactly("held[1]", "held[3]");
    }

    @Test
    void assignmentComesBackEqual() {
        JobFacts facts = new JobFacts(
                JOB, "email", "default", 0, Payload.EMPTY, Labels.NONE, Policy.DEFAULT, null, Instant.EPOCH);
        Assignment assignment = new Assignment(facts, TOKEN, new UUID(5, 6), 4, false);

        assertThat(WireSessions.assignment(WireSessions.assignment(assignment), new UUID(5, 6)))
                .isEqualTo(assignment);
    }

    static Stream<Outcome> reportable() {
        return Stream.of(
                new Outcome.Ack(null),
                new Outcome.Ack(Payload.json("[1]")),
                new Outcome.Drop(),
                new Outcome.Retry(null, null),
                new Outcome.Retry(Duration.ofMillis(1_500), ERROR),
                new Outcome.Fail(ERROR),
                new Outcome.Timeout(ERROR),
                new Outcome.DeadLetter(ERROR),
                new Outcome.Snooze(Duration.ofHours(1)),
                new Outcome.Release(),
                new Outcome.Canceled());
    }

    @ParameterizedTest
    @MethodSource("reportable")
    void reportComesBackEqual(Outcome outcome) {
        Wire.Report message = WireSessions.report(JOB, TOKEN, outcome);

        assertThat(WireSessions.reports(List.of(message), Limits.DEFAULT))
                .containsExactly(new WireReport(JOB, TOKEN, outcome));
    }

    @Test
    void lapseIsNeverReported() {
        assertThatThrownBy(() -> WireSessions.report(JOB, TOKEN, new Outcome.Lapse()))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(refusal(bare(Wire.Outcome.OUTCOME_LAPSE)).field()).isEqualTo("reports[0].outcome");
    }

    @Test
    void reasonStandsForAnError() {
        Wire.Report message = bare(Wire.Outcome.OUTCOME_DEAD_LETTER).toBuilder()
                .setReason("no such account")
                .build();

        assertThat(WireSessions.reports(List.of(message), Limits.DEFAULT))
                .extracting(WireReport::outcome)
                .containsExactly(new Outcome.DeadLetter(AttemptError.of("dead_letter", "no such account")));
    }

    @Test
    void malformedReportsAreNamed() {
        Wire.Report noOutcome = bare(Wire.Outcome.OUTCOME_UNSPECIFIED);
        Wire.Report noWait = bare(Wire.Outcome.OUTCOME_SNOOZE);
        Wire.Report negative = bare(Wire.Outcome.OUTCOME_RETRY).toBuilder()
                .setAfter(com.google.protobuf.Duration.newBuilder().setSeconds(-1))
                .build();
        Wire.Report noToken =
                bare(Wire.Outcome.OUTCOME_ACK).toBuilder().setToken("x").build();
        Wire.Report noJob =
                bare(Wire.Outcome.OUTCOME_ACK).toBuilder().setJobId("x").build();

        assertThat(refusal(noOutcome, noWait, negative, noToken, noJob).violations())
                .extracting(Violation::field)
                .containsExactly(
                        "reports[0].outcome",
                        "reports[1].after",
                        "reports[2].after",
                        "reports[3].token",
                        "reports[4].job_id");
    }

    @Test
    void resultBeyondTheLimitFailsTheAttempt() {
        Wire.Report message = WireSessions.report(
                JOB, TOKEN, new Outcome.Ack(Payload.of(new byte[Limits.DEFAULT.payloadBytes() + 1], "x/y")));

        assertThat(WireSessions.reports(List.of(message), Limits.DEFAULT)
                        .getFirst()
                        .outcome())
                .isInstanceOfSatisfying(
                        Outcome.Fail.class,
                        fail -> assertThat(fail.error().type()).isEqualTo("result_too_large"));
    }

    private static Wire.Report bare(Wire.Outcome outcome) {
        return Wire.Report.newBuilder()
                .setJobId(JOB.toString())
                .setToken(TOKEN.text())
                .setOutcome(outcome)
                .build();
    }

    private static PulseException refusal(Wire.Report... messages) {
        return catchThrowableOfType(
                PulseException.class, () -> WireSessions.reports(List.of(messages), Limits.DEFAULT));
    }
}
