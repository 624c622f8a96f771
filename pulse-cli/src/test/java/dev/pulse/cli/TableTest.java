package dev.pulse.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TableTest {
    private static final Instant NOW = Instant.parse("2026-11-23T10:00:00Z");
    private static final UUID ID = UUID.fromString("019ac2b4-0000-7000-8000-000000000000");

    @Test
    void columnsAreAsWideAsTheirWidestCellAndLinesEndWithoutBlanks() {
        Table table = new Table("ID", "TYPE", "ERROR");
        table.row(1, "a-long-type", "");
        table.row(20, "b", "broke");
        assertThat(table.lines(Terminal.NONE, NOW))
                .containsExactly("ID  TYPE         ERROR", "1   a-long-type", "20  b            broke");
    }

    @Test
    void whatOthersWroteStaysOnItsLineAndSendsNoTerminalCodes() {
        Table table = new Table("ERROR");
        table.row("first\nsecond\u001b[31m\u202eright to left");
        assertThat(table.lines(Terminal.NONE, NOW)).containsExactly("ERROR", "first second [31m\uFFFDright to left");
    }

    @Test
    void whatAProgramReadsIsNeverCut() {
        assertThat(jobs().lines(Terminal.NONE, NOW).get(1))
                .isEqualTo(ID + "  send-newsletter  dead_lettered  0     20/20     2026-11-23T09:00:00Z  "
                        + "java.net.SocketTimeoutException: Read timed out");
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 160, 120, 100, 90, 80, 60, 50})
    void noLineIsWiderThanTheTerminal(int columns) {
        assertThat(jobs().lines(terminal(columns, "dumb", false), NOW))
                .allSatisfy(line -> assertThat(Columns.of(line)).isLessThanOrEqualTo(columns));
    }

    @Test
    void columnsStayReadableWhereTheTerminalIsTooNarrowForAnyTable() {
        assertThat(jobs().lines(terminal(10, "dumb", false), NOW).getFirst())
                .isEqualTo("ID     TYPE   STAT…  PRIO  ATTE…  SUBM…  ERROR");
    }

    @Test
    void idsAreWholeInATerminalOfEightyColumns() {
        List<String> lines = jobs().lines(terminal(80, "dumb", false), NOW);
        assertThat(lines.get(0))
                .isEqualTo("ID                                    TYPE    STATUS  PRIO  ATTE…  SUBM…  ERROR");
        assertThat(lines.get(1)).isEqualTo(ID + "  send-…  dead_…  0     20/20  1h     java.…");
    }

    @Test
    void instantsBecomeAgesBeforeAnythingIsCut() {
        Table table = new Table("AT", "WHAT");
        table.row(NOW.minusSeconds(59), "a-quite-long-text");
        table.row(NOW.plusSeconds(7_200), "b");
        table.row(NOW.minusSeconds(300_000), "c");
        assertThat(table.lines(terminal(30, "dumb", false), NOW))
                .containsExactly("AT     WHAT", "59s    a-quite-long-text", "in 2h  b", "3d     c");
    }

    @Test
    void wideLettersCountTwice() {
        Table table = new Table("NAME", "N");
        table.row("日本語のなまえ", 1);
        table.row("e\u0301tude", 2);
        assertThat(table.lines(terminal(12, "dumb", false), NOW))
                .containsExactly("NAME       N", "日本語の…  1", "e\u0301tude      2");
    }

    @Test
    void statusesAreColoredInATerminalOnly() {
        Table table = new Table("STATUS", "TYPE");
        table.row("dead_lettered", "completed");
        assertThat(table.lines(terminal(80, "xterm", false), NOW).get(1))
                .isEqualTo("\u001b[31mdead_lettered\u001b[0m  completed");
        assertThat(table.lines(Terminal.NONE, NOW).get(1)).isEqualTo("dead_lettered  completed");
    }

    @Test
    void terminalWithoutMoreThanAsciiGetsNoMore() {
        assertThat(jobs().lines(terminal(80, "dumb", true), NOW))
                .allSatisfy(line -> assertThat(line).isASCII().contains("~"));
    }

    @Test
    void environmentAndLauncherSayWhatTheTerminalIs() {
        assertThat(Terminal.of("", "24 80", true, Map.of("TERM", "xterm"))).isEqualTo(Terminal.NONE);
        assertThat(Terminal.of("02", "", false, Map.of()).input()).isTrue();
        assertThat(Terminal.of("1", "24 80", false, Map.of("TERM", "xterm")))
                .isEqualTo(new Terminal(false, true, 80, 24, true, true, true));
        assertThat(Terminal.of("1", "24 80", false, Map.of("TERM", "xterm", "NO_COLOR", "1", "COLUMNS", "40")))
                .isEqualTo(new Terminal(false, true, 40, 24, true, false, true));
        assertThat(Terminal.of("1", "nonsense", true, Map.of("COLUMNS", "-3")))
                .isEqualTo(new Terminal(false, true, 0, 0, false, false, false));
    }

    private static Table jobs() {
        Table table = new Table("ID", "TYPE", "STATUS", "PRIO", "ATTEMPTS", "SUBMITTED", "ERROR");
        table.row(
                ID,
                "send-newsletter",
                "dead_lettered",
                0,
                "20/20",
                NOW.minusSeconds(3_600),
                "java.net.SocketTimeoutException: Read timed out");
        return table;
    }

    private static Terminal terminal(int columns, String kind, boolean ascii) {
        return Terminal.of("1", "24 " + columns, ascii, Map.of("TERM", kind));
    }
}
