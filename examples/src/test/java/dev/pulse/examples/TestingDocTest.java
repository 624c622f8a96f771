package dev.pulse.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class TestingDocTest {
    @Test
    void javaOfThePageIsCompiledAndRunByItsTests() throws IOException {
        String page = Files.readString(Path.of("..", "docs", "testing.md"));
        Path tests = Path.of("src", "test", "java", "dev", "pulse", "examples");
        String source = Files.readString(tests.resolve("SignupTest.java"))
                + Files.readString(tests.resolve("MorningsTest.java"));
        List<String> blocks = Pattern.compile("(?s)```java\n(.*?)```")
                .matcher(page)
                .results()
                .map((MatchResult match) -> match.group(1))
                .toList();

        assertThat(blocks).hasSize(5).allSatisfy(block -> assertThat(source).contains(block));
    }
}
