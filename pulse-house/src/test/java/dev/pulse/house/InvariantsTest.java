package dev.pulse.house;

import static java.util.stream.Collectors.toCollection;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code docs/invariants.md} against the code: who is named there cites the number, and nobody cites another. */
class InvariantsTest {
    private static final Pattern CITED = Pattern.compile("(?<![\\w-])I(1[01]|[1-9])\\b");
    private static final Pattern NAMED = Pattern.compile("`([A-Za-z0-9_.]+)`");

    record Row(String number, String keptBy, String shownBy) {
        static Row parse(String line) {
            List<String> cells =
                    Arrays.stream(line.split("\\|", -1)).map(String::strip).toList();
            return new Row(cells.get(1), cells.get(3), cells.get(4));
        }

        /** Its words are fixed already, its code comes with a later part of the system. */
        boolean isAhead() {
            return keptBy.startsWith("*comes with ");
        }
    }

    static List<Row> rows() {
        return House.read(House.ROOT.resolve("docs/invariants.md"))
                .lines()
                .filter(line -> line.startsWith("| I"))
                .map(Row::parse)
                .toList();
    }

    static Stream<Row> rowsInForce() {
        return rows().stream().filter(row -> !row.isAhead());
    }

    @Test
    void rowsAreNumberedFromOneToEleven() {
        assertThat(rows().stream().map(Row::number))
                .containsExactlyElementsOf(
                        IntStream.rangeClosed(1, 11).mapToObj(n -> "I" + n).toList());
    }

    @ParameterizedTest
    @MethodSource("rowsInForce")
    void whoKeepsItCitesIt(Row row) {
        assertThat(names(row.keptBy())).isNotEmpty().isSubsetOf(citing(row.number(), shipped()));
    }

    @ParameterizedTest
    @MethodSource("rowsInForce")
    void whoShowsItCitesIt(Row row) {
        assertThat(names(row.shownBy())).isNotEmpty().isSubsetOf(citing(row.number(), House.testSources()));
    }

    @Test
    void nobodyCitesWhatIsNotBuiltYet() {
        assertThat(rows().stream().filter(Row::isAhead).flatMap(row -> citing(row.number(), shipped()).stream()))
                .isEmpty();
    }

    @Test
    void citationIsAWordOfItsOwn() {
        assertThat(CITED.matcher("Upholds I2, I11. Neither R-I9 nor I12 nor AI3 nor I4x")
                        .results()
                        .map(MatchResult::group))
                .containsExactly("I2", "I11");
    }

    private static List<Path> shipped() {
        return Stream.concat(House.sources().stream(), House.files("src/main/resources", ".sql").stream())
                .toList();
    }

    private static Set<String> names(String cell) {
        return NAMED.matcher(cell).results().map(name -> name.group(1)).collect(toCollection(TreeSet::new));
    }

    /** Classes by their name, SQL files with their ending. */
    private static Set<String> citing(String number, List<Path> files) {
        return files.stream()
                .filter(file -> CITED.matcher(House.read(file))
                        .results()
                        .anyMatch(cited -> cited.group().equals(number)))
                .map(file -> file.getFileName().toString().replace(".java", ""))
                .collect(toCollection(TreeSet::new));
    }
}
