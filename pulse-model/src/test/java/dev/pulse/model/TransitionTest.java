package dev.pulse.model;

import static java.util.stream.Collectors.toCollection;
import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** {@link Transition} against the table that users read. */
class TransitionTest {
    /** The table of the contract, word for word; the move that implements a row stands in front. */
    private static final String CONTRACT = """
            SUBMIT          | –                                  | scheduled, pending | submit
            PROMOTE         | scheduled, retrying                | pending       | due time, or "run now"
            CLAIM           | pending                            | running       | claim (attempt + 1, token minted)
            COMPLETE        | running                            | completed     | Ack or Drop with the live token
            RETRY, LAPSE    | running                            | retrying      | failure, Retry, timeout, lease lapse, with attempts left
            BURY            | running                            | dead_lettered | the same with none left; DeadLetter; three lapses in a row
            SNOOZE          | running                            | scheduled     | Snooze (charges no attempt budget)
            RELEASE         | running                            | pending       | hand-back on drain (charges none)
            CANCEL          | scheduled, pending, retrying       | canceled      | cancel
            ABORT           | running                            | canceled      | cancel asked, the worker confirms or its lease ends
            REQUEUE         | dead_lettered, canceled, completed | pending       | requeue (fresh budget, attempt numbers go on)
            """;

    private record Row(Set<Transition> moves, Set<JobStatus> from, Set<JobStatus> to) {
        static Row parse(String line) {
            String[] cells = line.split("\\|", 4);
            Set<Transition> moves = words(cells[0]).map(Transition::valueOf).collect(toSet());
            return new Row(moves, statuses(cells[1]), statuses(cells[2]));
        }

        private static Set<JobStatus> statuses(String cell) {
            return words(cell)
                    .filter(word -> !word.equals("–"))
                    .map(word -> JobStatus.fromWire(word).orElseThrow())
                    .collect(toCollection(() -> EnumSet.noneOf(JobStatus.class)));
        }

        private static Stream<String> words(String cell) {
            return Arrays.stream(cell.strip().split(", *"));
        }
    }

    record Move(JobStatus from, JobStatus to) {}

    private static final List<Row> ROWS = CONTRACT.lines().map(Row::parse).toList();

    static Stream<Move> allMoves() {
        return Arrays.stream(JobStatus.values())
                .flatMap(from -> Arrays.stream(JobStatus.values()).map(to -> new Move(from, to)));
    }

    @ParameterizedTest
    @MethodSource("allMoves")
    void moveIsLegalExactlyWhereTheContractSaysSo(Move move) {
        Set<Transition> expected = ROWS.stream()
                .filter(row -> row.from().contains(move.from()) && row.to().contains(move.to()))
                .flatMap(row -> row.moves().stream())
                .collect(toSet());

        assertThat(Transition.values())
                .filteredOn(t -> t.isLegalFrom(move.from()) && t.to().contains(move.to()))
                .containsExactlyInAnyOrderElementsOf(expected);
    }

    @Test
    void everyMoveStandsInOneRowOfTheContract() {
        for (Row row : ROWS) {
            for (Transition move : row.moves()) {
                assertThat(move.from()).as("%s leaves", move).isEqualTo(row.from());
                assertThat(move.to()).as("%s reaches", move).isEqualTo(row.to());
            }
        }
        assertThat(ROWS.stream().flatMap(row -> row.moves().stream())).containsExactlyInAnyOrder(Transition.values());
    }

    @Test
    void onlySubmitMakesAJob() {
        assertThat(Transition.values())
                .filteredOn(move -> move.from().isEmpty())
                .containsExactly(Transition.SUBMIT);
    }

    @Test
    void onlyAnOperatorLeavesAFinalStatus() { // I5
        assertThat(Transition.values())
                .filteredOn(move -> move.from().stream().anyMatch(JobStatus::isFinal))
                .allSatisfy(move -> assertThat(move.actors()).containsExactly(Actor.OPERATOR));
    }

    @Test
    void onlyTheClaimStartsAnAttemptAndOnlyTheEndingStatementEndsOne() { // I2, I3, I4
        assertThat(Transition.values())
                .filteredOn(move -> move.to().contains(JobStatus.RUNNING))
                .containsExactly(Transition.CLAIM);
        assertThat(Transition.values())
                .filteredOn(move -> move.isLegalFrom(JobStatus.RUNNING))
                .allSatisfy(move -> assertThat(move.statement()).isEqualTo("attempt_end"));
    }

    @Test
    void sixStatementsChangeAStatus() {
        assertThat(Arrays.stream(Transition.values()).map(Transition::statement))
                .containsOnly("job_insert", "job_claim", "attempt_end", "job_promote", "job_cancel", "job_requeue");
    }

    @Test
    void everyStatusIsReachedAndLeft() {
        assertThat(JobStatus.values()).allSatisfy(status -> {
            assertThat(Transition.values()).anyMatch(move -> move.to().contains(status));
            assertThat(Transition.values()).anyMatch(move -> move.isLegalFrom(status));
        });
    }

    @Test
    void movesCannotBeChangedFromOutside() {
        assertThat(Transition.CLAIM.from()).isUnmodifiable();
        assertThat(Transition.CLAIM.to()).isUnmodifiable();
        assertThat(Transition.CLAIM.actors()).isUnmodifiable();
    }
}
