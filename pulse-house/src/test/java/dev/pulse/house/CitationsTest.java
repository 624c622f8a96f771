package dev.pulse.house;

import static java.util.stream.Collectors.toCollection;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A number in a comment is worth something only where a reader of this repository can look it up. */
class CitationsTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        docs/engine.md     | E[1-9][0-9]?
        docs/invariants.md | I[1-9][0-9]?
        docs/bad-input.md  | B[0-9]{2,3}
        nowhere            | R-I[0-9]+
        nowhere            | F[0-9]{2}
        """)
    void citedNumberCanBeLookedUp(String page, String shape) {
        assertThat(cited(shape)).isSubsetOf(page.equals("nowhere") ? Set.of() : rows(page));
    }

    private static Set<String> cited(String shape) {
        Pattern citation = Pattern.compile("(?<![\\w+-])" + shape + "(?![\\w+-])");
        return sources()
                .flatMap(file -> citation.matcher(House.read(file)).results())
                .map(MatchResult::group)
                .collect(toCollection(TreeSet::new));
    }

    private static Stream<Path> sources() {
        return Stream.of(House.sources(), House.testSources(), House.files("src/main/resources", ".sql"))
                .flatMap(List::stream);
    }

    private static Set<String> rows(String page) {
        return Pattern.compile("^\\| ([A-Z][0-9]+) \\|", Pattern.MULTILINE)
                .matcher(House.read(House.ROOT.resolve(page)))
                .results()
                .map(row -> row.group(1))
                .collect(toCollection(TreeSet::new));
    }
}
