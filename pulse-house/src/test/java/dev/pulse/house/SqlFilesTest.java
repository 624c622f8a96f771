package dev.pulse.house;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaFieldAccess;
import dev.pulse.model.Transition;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** One file a statement, one name a file, and a header that says what, who calls, what it upholds, what it locks. */
class SqlFilesTest {
    private static final String STATEMENT = "dev.pulse.storepostgres.Statement";
    private static final Pattern CALLED_BY = Pattern.compile("\\bCallers?:");
    private static final Pattern LOCKS_AND_INDEX = Pattern.compile("\\bLocks?:.*\\bIndex:");

    static Stream<Path> statementFiles() {
        return House.files("src/main/resources", ".sql").stream()
                .filter(file -> file.toString().contains("/sql/"));
    }

    @Test
    void everyFileHasAConstantAndTheReverse() throws ClassNotFoundException {
        assertThat(statementFiles().map(SqlFilesTest::constant)).containsExactlyInAnyOrderElementsOf(constants());
    }

    @ParameterizedTest
    @MethodSource("statementFiles")
    void fileStartsWithFourLinesOfHeader(Path file) {
        assertThat(headerFaults(House.read(file))).isEmpty();
    }

    @Test
    void headerThatLacksSomethingIsFound() {
        String good = """
            -- Does it. Caller: Somebody.
            -- Why.
            -- Locks: none. Index: a.
            -- More.
            select 1
            """;
        assertThat(headerFaults(good)).isEmpty();
        assertThat(headerFaults(good.replace("Caller:", ""))).containsExactly("names no caller");
        assertThat(headerFaults(good.replace("Index:", ""))).containsExactly("names no locks and index");
        assertThat(headerFaults(good.replace("-- Why.\n", ""))).containsExactly("3 lines instead of 4");
        assertThat(headerFaults(good.replace("-- Why.\n", "-- Why.\n-- And.\n")))
                .containsExactly("5 lines instead of 4");
    }

    @Test
    void everyStatementIsSentBySomebody() throws ClassNotFoundException {
        List<String> sent = House.classes().stream()
                .filter(type -> !type.getName().startsWith(STATEMENT))
                .map(JavaClass::getFieldAccessesFromSelf)
                .flatMap(accesses -> accesses.stream().map(JavaFieldAccess::getTarget))
                .filter(field -> field.getOwner().getName().equals(STATEMENT))
                .map(field -> field.getName())
                .toList();
        assertThat(sent).containsAll(constants());
    }

    @Test
    void everyMoveOfAJobHasItsFile() throws ClassNotFoundException {
        assertThat(constants())
                .containsAll(Arrays.stream(Transition.values())
                        .map(move -> move.statement().toUpperCase(Locale.ROOT))
                        .toList());
    }

    private static List<String> headerFaults(String sql) {
        List<String> header =
                sql.lines().takeWhile(line -> line.startsWith("-- ")).toList();
        String text = String.join(" ", header);
        return Stream.of(
                        header.size() == 4 ? "" : header.size() + " lines instead of 4",
                        CALLED_BY.matcher(text).find() ? "" : "names no caller",
                        LOCKS_AND_INDEX.matcher(text).find() ? "" : "names no locks and index")
                .filter(fault -> !fault.isEmpty())
                .toList();
    }

    private static String constant(Path file) {
        return file.getFileName().toString().replace(".sql", "").toUpperCase(Locale.ROOT);
    }

    private static List<String> constants() throws ClassNotFoundException {
        return Arrays.stream(Class.forName(STATEMENT).getEnumConstants())
                .map(constant -> ((Enum<?>) constant).name())
                .toList();
    }
}
