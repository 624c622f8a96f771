package dev.pulse.cli;

import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Rows under a header, columns as wide as their widest cell; two blanks between, none at the end of a line.
 *
 * <p>In a terminal that is too narrow for them, instants become ages, and then the widest columns are cut, ids last: an id
 * is there to be copied. What a program reads is never cut.
 */
final class Table {
    private static final int GAP = 2;
    /** No column is cut below it before all others are. */
    private static final int LEAST = 5;

    private final String[] header;
    private final List<Object[]> rows = new ArrayList<>();

    Table(String... header) {
        this.header = header.clone();
    }

    void row(Object... cells) {
        rows.add(cells.clone());
    }

    void print(Shell shell) {
        print(shell.out(), lines(shell.terminal(), shell.clock().instant()));
    }

    static void print(PrintStream out, List<String> lines) {
        StringBuilder text = new StringBuilder();
        lines.forEach(line -> text.append(line).append('\n'));
        out.print(text);
    }

    /** The lines as they look in this terminal at this moment. */
    List<String> lines(Terminal terminal, Instant now) {
        List<String[]> texts = texts(null);
        int[] widths = widths(texts, true);
        int room = terminal.columns();
        if (room > 0 && total(widths) > room) {
            texts = texts(now);
            widths = widths(texts, true);
            if (total(widths) > room) {
                shrink(widths, widths(texts, false), room);
            }
        }
        List<String> lines = new ArrayList<>(texts.size() + 1);
        lines.add(line(header, widths, terminal, true));
        for (String[] row : texts) {
            lines.add(line(row, widths, terminal, false));
        }
        return lines;
    }

    /** The cells as texts; instants as ages where a present is given. */
    private List<String[]> texts(@Nullable Instant now) {
        List<String[]> texts = new ArrayList<>(rows.size());
        for (Object[] row : rows) {
            String[] text = new String[row.length];
            for (int i = 0; i < row.length; i++) {
                text[i] = now != null && row[i] instanceof Instant at
                        ? age(Duration.between(at, now))
                        : oneLine(String.valueOf(row[i]));
            }
            texts.add(text);
        }
        return texts;
    }

    /** The two largest units would not fit where this is asked for: {@code 59s}, {@code 5m}, {@code -2h}, {@code 41d}. */
    private static String age(Duration age) {
        long seconds = Math.abs(age.toSeconds());
        String text = seconds < 60
                ? seconds + "s"
                : seconds < 3_600
                        ? seconds / 60 + "m"
                        : seconds < 172_800 ? seconds / 3_600 + "h" : seconds / 86_400 + "d";
        return (age.isNegative() && seconds > 0 ? "in " : "") + text;
    }

    private int[] widths(List<String[]> texts, boolean withHeader) {
        int[] widths = new int[header.length];
        for (int i = 0; i < header.length; i++) {
            widths[i] = withHeader ? header[i].length() : 1;
            for (String[] row : texts) {
                widths[i] = Math.max(widths[i], Columns.of(row[i]));
            }
        }
        return widths;
    }

    private static int total(int[] widths) {
        int sum = GAP * (widths.length - 1);
        for (int width : widths) {
            sum += width;
        }
        return sum;
    }

    /** Takes from what only the header needs, then from the widest text, then from the ids, column by column. */
    private void shrink(int[] widths, int[] cells, int room) {
        int[] floors = new int[widths.length];
        for (int round = 0; round < 3; round++) {
            for (int i = 0; i < widths.length; i++) {
                boolean whole = round == 0 || (round == 1 && isIds(i));
                floors[i] = Math.min(widths[i], whole ? Math.max(cells[i], LEAST) : LEAST);
            }
            int widest = widest(widths, floors);
            while (widest >= 0 && total(widths) > room) {
                widths[widest]--;
                widest = widest(widths, floors);
            }
        }
    }

    private static int widest(int[] widths, int[] floors) {
        int widest = -1;
        for (int i = 0; i < widths.length; i++) {
            if (widths[i] > floors[i] && (widest < 0 || widths[i] > widths[widest])) {
                widest = i;
            }
        }
        return widest;
    }

    private boolean isIds(int column) {
        return !rows.isEmpty() && rows.getFirst()[column] instanceof UUID;
    }

    private String line(String[] cells, int[] widths, Terminal terminal, boolean head) {
        StringBuilder line = new StringBuilder();
        int blanks = 0;
        for (int i = 0; i < cells.length; i++) {
            String text = Columns.cut(cells[i], widths[i], terminal.unicode());
            if (!text.isEmpty()) {
                line.repeat(" ", blanks).append(terminal.colored() ? painted(text, i, cells[i], head) : text);
                blanks = 0;
            }
            blanks += widths[i] + GAP - Columns.of(text);
        }
        return line.toString();
    }

    private String painted(String text, int column, String whole, boolean head) {
        if (head) {
            return Color.BOLD.paint(text);
        }
        return switch (header[column]) {
            case "STATUS", "STATE", "OUTCOME" -> Color.ofStatus(whole).paint(text);
            default -> text;
        };
    }

    /** What other people wrote (names, errors) must not move the cursor or break the row. */
    static String oneLine(String text) {
        StringBuilder line = new StringBuilder(text.length());
        text.codePoints().forEach(c -> {
            if (Character.isISOControl(c) || c == 0x2028 || c == 0x2029) {
                line.append(' ');
            } else if (Character.getType(c) == Character.FORMAT) {
                line.append('\uFFFD');
            } else {
                line.appendCodePoint(c);
            }
        });
        return line.toString().strip();
    }
}
