package dev.pulse.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Fails where a page differs from the code; with the property {@code pulse.docs=write} it writes the page instead. */
class GeneratedPagesTest {
    private static final Path DOCS = Path.of("..", "docs");

    static Set<String> pages() {
        return GeneratedPages.all().keySet();
    }

    @ParameterizedTest
    @MethodSource("pages")
    void pageSaysWhatTheCodeSays(String page) throws IOException {
        Path file = DOCS.resolve(page);
        String generated = GeneratedPages.all().get(page);
        assertThat(generated).isNotNull();
        if ("write".equals(System.getProperty("pulse.docs"))) {
            Files.writeString(file, generated);
        }
        assertThat(file)
                .as("docs/%s is made from the model: write it anew with ./dev docs and commit it", page)
                .content()
                .isEqualTo(generated);
    }
}
