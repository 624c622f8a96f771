package dev.pulse.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every outcome × cancel asked or not × budget left or none × 0 to 2 lapses before, against rows written from the contract:
 * each case must match exactly one row, so that a hole and an overlap are both red.
 */
class OutcomePolicyTest {
    private static final AttemptError BOOM = AttemptError.of("Boom", "no luck");
    private static final Payload RESULT = Payload.json("42");
    private static final int MAX_ATTEMPTS = 5;
    private static final Backoff BACKOFF = Backoff.parse("fixed 11s");

    private static final Map<String, Outcome> OUTCOMES = outcomes();

    /** charged: "same" or "less" (one fewer: this attempt was not charged); "*" matches all. */
    private static final String LAW = """
            # outcome      cancel budget crashes | status         move      waits  charged crashes
            ack            *      *      *       | completed      COMPLETE  -      zero    0
            ack_result     *      *      *       | completed      COMPLETE  -      zero    0
            drop           *      *      *       | completed      COMPLETE  -      zero    0
            retry          no     left   *       | retrying       RETRY     11s    same    0
            retry          no     none   *       | dead_lettered  BURY      -      same    0
            retry          yes    *      *       | canceled       ABORT     -      same    0
            retry_after    no     left   *       | retrying       RETRY     7s     same    0
            retry_after    no     none   *       | dead_lettered  BURY      -      same    0
            retry_after    yes    *      *       | canceled       ABORT     -      same    0
            fail           no     left   *       | retrying       RETRY     11s    same    0
            fail           no     none   *       | dead_lettered  BURY      -      same    0
            fail           yes    *      *       | canceled       ABORT     -      same    0
            timeout        no     left   *       | retrying       RETRY     11s    same    0
            timeout        no     none   *       | dead_lettered  BURY      -      same    0
            timeout        yes    *      *       | canceled       ABORT     -      same    0
            dead_letter    no     *      *       | dead_lettered  BURY      -      same    0
            dead_letter    yes    *      *       | canceled       ABORT     -      same    0
            snooze         no     *      *       | scheduled      SNOOZE    9s     less    0
            snooze         yes    *      *       | canceled       ABORT     -      same    0
            release        no     *      0       | pending        RELEASE   -      less    0
            release        no     *      1       | pending        RELEASE   -      less    1
            release        no     *      2       | pending        RELEASE   -      less    2
            release        yes    *      *       | canceled       ABORT     -      same    0
            canceled       no     left   *       | retrying       RETRY     11s    same    0
            canceled       no     none   *       | dead_lettered  BURY      -      same    0
            canceled       yes    *      *       | canceled       ABORT     -      same    0
            lapse          no     left   0       | retrying       LAPSE     1s     same    1
            lapse          no     left   1       | retrying       LAPSE     2s     same    2
            lapse          no     left   2       | dead_lettered  BURY      -      same    3
            lapse          no     none   0       | dead_lettered  BURY      -      same    1
            lapse          no     none   1       | dead_lettered  BURY      -      same    2
            lapse          no     none   2       | dead_lettered  BURY      -      same    3
            lapse          yes    *      *       | canceled       ABORT     -      same    0
            """;

    private static final List<Row> ROWS =
            LAW.lines().filter(line -> !line.startsWith("#")).map(Row::parse).toList();

    record Case(String outcome, boolean cancel, boolean budgetLeft, int crashes) {
        Outcome said() {
            return Objects.requireNonNull(OUTCOMES.get(outcome));
        }

        int charged() {
            return budgetLeft ? MAX_ATTEMPTS - 1 : MAX_ATTEMPTS;
        }

        Decision decide() {
            Policy policy = new Policy(MAX_ATTEMPTS, BACKOFF, null);
            AttemptState state = new AttemptState(policy, charged(), crashes, cancel);
            return policy().decide(state, said());
        }
    }

    private record Row(
            String outcome,
            String cancel,
            String budget,
            String crashes,
            JobStatus status,
            Transition move,
            @Nullable Duration delay,
            String charged,
            int crashesAfter) {
        static Row parse(String line) {
            String[] w = line.replace("|", " ").strip().split(" +", 9);
            return new Row(
                    w[0],
                    w[1],
                    w[2],
                    w[3],
                    JobStatus.fromWire(w[4]).orElseThrow(),
                    Transition.valueOf(w[5]),
                    w[6].equals("-") ? null : Durations.parse(w[6]),
                    w[7],
                    Integer.parseInt(w[8]));
        }

        boolean matches(Case c) {
            return outcome.equals(c.outcome)
                    && fits(cancel, c.cancel ? "yes" : "no")
                    && fits(budget, c.budgetLeft ? "left" : "none")
                    && fits(crashes, Integer.toString(c.crashes));
        }

        private static boolean fits(String pattern, String value) {
            return pattern.equals("*") || pattern.equals(value);
        }

        int chargedAfter(int charged) {
            return switch (charged()) {
                case "same" -> charged;
                case "less" -> charged - 1;
                case "zero" -> 0;
                default -> throw new AssertionError(charged());
            };
        }
    }

    private static Map<String, Outcome> outcomes() {
        Map<String, Outcome> outcomes = new LinkedHashMap<>();
        outcomes.put("ack", new Outcome.Ack(null));
        outcomes.put("ack_result", new Outcome.Ack(RESULT));
        outcomes.put("drop", new Outcome.Drop());
        outcomes.put("retry", new Outcome.Retry(null, BOOM));
        outcomes.put("retry_after", new Outcome.Retry(Duration.ofSeconds(7), BOOM));
        outcomes.put("fail", new Outcome.Fail(BOOM));
        outcomes.put("timeout", new Outcome.Timeout(BOOM));
        outcomes.put("dead_letter", new Outcome.DeadLetter(BOOM));
        outcomes.put("snooze", new Outcome.Snooze(Duration.ofSeconds(9)));
        outcomes.put("release", new Outcome.Release());
        outcomes.put("canceled", new Outcome.Canceled());
        outcomes.put("lapse", new Outcome.Lapse());
        return outcomes;
    }

    private static OutcomePolicy policy() {
        return new OutcomePolicy(RandomGenerator.of("L64X128MixRandom"));
    }

    static Stream<Case> everyCase() {
        List<Case> cases = new ArrayList<>();
        for (String outcome : OUTCOMES.keySet()) {
            for (boolean cancel : new boolean[] {false, true}) {
                for (boolean budgetLeft : new boolean[] {false, true}) {
                    for (int crashes = 0; crashes < OutcomePolicy.CRASH_LIMIT; crashes++) {
                        cases.add(new Case(outcome, cancel, budgetLeft, crashes));
                    }
                }
            }
        }
        return cases.stream();
    }

    @ParameterizedTest
    @MethodSource("everyCase")
    void outcomeLeadsWhereTheLawSays(Case c) {
        List<Row> rows = ROWS.stream().filter(row -> row.matches(c)).toList();
        assertThat(rows).as("rows of the law for %s", c).hasSize(1);
        Row row = rows.getFirst();

        Decision decision = c.decide();

        assertThat(decision.to()).isEqualTo(row.status());
        assertThat(decision.transition()).isEqualTo(row.move());
        assertThat(decision.delay()).isEqualTo(row.delay());
        assertThat(decision.charged()).isEqualTo(row.chargedAfter(c.charged()));
        assertThat(decision.crashes()).isEqualTo(row.crashesAfter());
        assertThat(decision.outcome()).isEqualTo(c.said().kind());
    }

    @ParameterizedTest
    @EnumSource
    void everyKindOfOutcomeIsInTheCases(OutcomeKind kind) {
        assertThat(OUTCOMES.values()).extracting(Outcome::kind).contains(kind);
    }

    @ParameterizedTest
    @MethodSource("everyCase")
    void resultIsKeptOnAckOnly(Case c) {
        assertThat(c.decide().result()).isEqualTo(c.outcome().equals("ack_result") ? RESULT : null);
    }

    @ParameterizedTest
    @MethodSource("everyCase")
    void deadLetterAndRetryingAlwaysSayWhy(Case c) {
        Decision decision = c.decide();
        if (decision.to() == JobStatus.DEAD_LETTERED || decision.to() == JobStatus.RETRYING) {
            assertThat(decision.error()).isNotNull();
        }
        if (decision.to() == JobStatus.COMPLETED || decision.to() == JobStatus.PENDING) {
            assertThat(decision.error()).isNull();
        }
    }

    @ParameterizedTest
    @MethodSource("everyCase")
    void reportedErrorIsKeptAsItIs(Case c) {
        if (List.of("retry", "retry_after", "fail", "timeout", "dead_letter").contains(c.outcome())) {
            assertThat(c.decide().error()).isEqualTo(BOOM);
        }
    }

    @Test
    void everyEndingMoveIsTakenByTheLaw() {
        assertThat(ROWS)
                .extracting(Row::move)
                .containsOnly(Arrays.stream(Transition.values())
                        .filter(move -> move.isLegalFrom(JobStatus.RUNNING))
                        .toArray(Transition[]::new));
    }

    @Test
    void jobThatKillsItsWorkerIsBuriedWithThatReason() {
        AttemptError error = new Case("lapse", false, true, 2).decide().error();

        assertThat(error)
                .isEqualTo(
                        AttemptError.of("worker_lost", "worker lost 3 times in a row: the job is taken for the cause"));
    }

    @Test
    void retryWithoutAReasonIsBuriedWithOne() {
        AttemptState spent = new AttemptState(new Policy(1, BACKOFF, null), 1, 0, false);

        assertThat(policy().decide(spent, new Outcome.Retry(null, null)).error())
                .isEqualTo(
                        AttemptError.of("no_attempt_left", "the handler asked for another attempt and none was left"));
    }

    @Test
    void reportOfCanceledThatNobodyAskedForIsAFailure() {
        assertThat(new Case("canceled", false, true, 0).decide().error())
                .isEqualTo(AttemptError.of("canceled", "the worker canceled the attempt; nobody had asked for it"));
    }

    @Test
    void backoffGrowsWithTheChargedAttempts() {
        Policy policy = new Policy(20, Backoff.parse("quadratic 1s"), null);
        for (int charged = 1; charged < 20; charged++) {
            Decision decision = policy().decide(new AttemptState(policy, charged, 0, false), new Outcome.Fail(BOOM));
            assertThat(decision.delay()).isEqualTo(Duration.ofSeconds((long) charged * charged));
        }
    }

    @Test
    void stateThatNoRunningAttemptHasIsRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> new AttemptState(Policy.DEFAULT, 0, 0, false));
        assertThatIllegalArgumentException().isThrownBy(() -> new AttemptState(Policy.DEFAULT, 1, -1, false));
    }

    @Test
    void decisionAgainstTheTransitionTableIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        new Decision(Transition.COMPLETE, JobStatus.CANCELED, OutcomeKind.ACK, null, 1, 0, null, null))
                .withMessage("COMPLETE does not lead from running to CANCELED");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Decision(
                        Transition.CANCEL, JobStatus.CANCELED, OutcomeKind.CANCELED, null, 1, 0, null, null));
    }

    @Test
    void decisionWaitsExactlyWhereItsStatusDoes() { // I7
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        new Decision(Transition.RETRY, JobStatus.RETRYING, OutcomeKind.FAIL, null, 1, 0, BOOM, null));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Decision(
                        Transition.RELEASE, JobStatus.PENDING, OutcomeKind.RELEASE, Duration.ZERO, 1, 0, null, null));
    }
}
