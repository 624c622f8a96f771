package dev.pulse.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ScreenTest {
    private final TestShell shell = new TestShell();
    private final Screen screen = new Screen(shell.shell());

    @Test
    void pageThatIsHigherThanTheWindowKeepsItsEnd() {
        screen.show(List.of("TYPE", "a", "b", "c", "d", "TOTAL", "oldest"), window(6));
        assertThat(lines()).containsExactly("TYPE", "a", "3 more", "TOTAL", "oldest");
    }

    @Test
    void pageThatFitsIsWhole() {
        screen.show(List.of("TYPE", "a", "b", "TOTAL", "oldest"), window(6));
        assertThat(lines()).containsExactly("TYPE", "a", "b", "TOTAL", "oldest");
    }

    @Test
    void windowOfUnknownHeightGetsAll() {
        screen.show(List.of("TYPE", "a", "b", "TOTAL", "oldest"), window(0));
        assertThat(lines()).hasSize(5);
    }

    private List<String> lines() {
        return shell.out().replaceAll("\u001b\\[[HKJ]", "").lines().toList();
    }

    private static Terminal window(int rows) {
        return new Terminal(true, true, 80, rows, true, false, true);
    }
}
