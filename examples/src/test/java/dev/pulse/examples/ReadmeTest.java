package dev.pulse.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The README says what is so: its Java is compiled here, its links lead somewhere, its modules exist. */
class ReadmeTest {
    private static final Path ROOT = Path.of("..");
    private static final Path EXAMPLES = Path.of("src/main/java/dev/pulse/examples");

    private final String readme = read(ROOT.resolve("README.md"));

    @Test
    void javaExampleIsTheCompiledOne() {
        String source = read(EXAMPLES.resolve("Welcome.java"));
        String shown = source.substring(source.indexOf("import "));
        assertThat(blocks("java")).containsExactly(shown);
        assertThat(shown.lines().filter(line -> !line.isBlank())).hasSizeLessThanOrEqualTo(25);
    }

    @Test
    void linksLeadToFiles() {
        List<String> targets = all("\\]\\(([^)#:]+)(?:#[^)]*)?\\)");
        assertThat(targets)
                .isNotEmpty()
                .allSatisfy(target -> assertThat(ROOT.resolve(target)).exists());
    }

    @Test
    void moduleMapNamesEveryModuleAndNoOther() {
        List<String> inBuild = all(read(ROOT.resolve("pom.xml")), "<module>([^<]+)</module>");
        assertThat(all("(?m)^\\| `(pulse-[a-z-]+|examples)/?` \\|")).containsExactlyElementsOf(inBuild);
    }

    private List<String> blocks(String language) {
        return all("(?s)```" + language + "\n(.*?)```");
    }

    private List<String> all(String pattern) {
        return all(readme, pattern);
    }

    private static List<String> all(String text, String pattern) {
        return Pattern.compile(pattern)
                .matcher(text)
                .results()
                .map((MatchResult match) -> match.group(1))
                .toList();
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
