package dev.pulse.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class SchedulesDocTest {
    @Test
    void javaOfThePageIsCompiled() throws IOException {
        String page = Files.readString(Path.of("..", "docs", "schedules.md"));
        String source = Files.readString(Path.of("src", "main", "java", "dev", "pulse", "examples", "Mornings.java"));
        List<String> blocks = Pattern.compile("(?s)```java\n(.*?)```")
                .matcher(page)
                .results()
                .map((MatchResult match) -> match.group(1))
                .toList();

        assertThat(blocks).hasSize(1).allSatisfy(block -> assertThat(source).contains(block));
    }
}
