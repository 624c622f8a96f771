package dev.pulse.house;

import static java.util.stream.Collectors.toCollection;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The page of bad input is whole: no row without a test, no test without a row, no number of the catalogue forgotten. */
class BadInputPageTest {
    private static final int LAST = 115;
    private static final String PAGE = House.read(House.ROOT.resolve("docs/bad-input.md"));

    @Test
    void eachRowIsCitedByATestAndEachCitationHasARow() {
        Set<String> cited = new TreeSet<>();
        House.testSources().stream()
                .filter(file -> !file.endsWith("BadInputPageTest.java"))
                .forEach(file -> Pattern.compile("(?<![A-Za-z0-9#])[Bb]\\d{2,3}(?![0-9a-f])")
                        .matcher(House.read(file))
                        .results()
                        .forEach(hit -> cited.add(hit.group().toUpperCase(Locale.ROOT))));

        assertThat(rows()).as("rows without a test").isSubsetOf(cited);
        cited.removeIf(number -> Integer.parseInt(number.substring(1)) > LAST || number.matches("B0\\d\\d"));
        assertThat(cited).as("tests without a row").isSubsetOf(rows());
    }

    @Test
    void eachNumberOfTheCatalogueIsARowOrLeftOutForAReason() {
        Set<String> numbers =
                IntStream.rangeClosed(1, LAST).mapToObj("B%02d"::formatted).collect(toCollection(TreeSet::new));
        Set<String> told = rows();
        Pattern.compile("^\\| (B\\d+(?:, B\\d+)*) \\|", Pattern.MULTILINE)
                .matcher(PAGE.substring(PAGE.indexOf("## Left out")))
                .results()
                .flatMap(row -> Pattern.compile(", ").splitAsStream(row.group(1)))
                .forEach(number -> assertThat(told.add(number))
                        .as("%s is a row and left out", number)
                        .isTrue());

        assertThat(told).isEqualTo(numbers);
    }

    private static Set<String> rows() {
        return Pattern.compile("^\\| (B\\d+) \\|", Pattern.MULTILINE)
                .matcher(PAGE.substring(0, PAGE.indexOf("## Left out")))
                .results()
                .map(row -> row.group(1))
                .collect(toCollection(TreeSet::new));
    }
}
