package dev.pulse.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class TableTest {
    @Test
    void columnsAreAsWideAsTheirWidestCellAndLinesEndWithoutBlanks() {
        Table table = new Table("ID", "TYPE", "ERROR");
        table.row(1, "a-long-type", "");
        table.row(20, "b", "broke");
        assertThat(printed(table)).isEqualTo("""
                        ID  TYPE         ERROR
                        1   a-long-type
                        20  b            broke
                        """);
    }

    @Test
    void whatOthersWroteStaysOnItsLineAndSendsNoTerminalCodes() {
        Table table = new Table("ERROR");
        table.row("first\nsecond\u001b[31m\u202eright to left");
        assertThat(printed(table)).isEqualTo("ERROR\nfirst second [31m\uFFFDright to left\n");
    }

    private static String printed(Table table) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
        table.print(out);
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
