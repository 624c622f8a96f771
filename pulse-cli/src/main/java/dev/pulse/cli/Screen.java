package dev.pulse.cli;

import java.util.ArrayList;
import java.util.List;

/** A terminal's window as a page that is written over and over, without a flicker and without scrolling. */
final class Screen {
    private static final String HOME = "\u001b[H";
    private static final String CLEAR_LINE = "\u001b[K";
    private static final String CLEAR_BELOW = "\u001b[J";

    private final Shell shell;

    Screen(Shell shell) {
        this.shell = shell;
    }

    /** The lines in place of those before; where the window is too low, those before the last two make room. */
    void show(List<String> lines, Terminal window) {
        StringBuilder page = new StringBuilder(HOME);
        for (String line : fitting(lines, window.rows() - 1)) {
            page.append(line).append(CLEAR_LINE).append('\n');
        }
        shell.out().print(page.append(CLEAR_BELOW));
        shell.out().flush();
    }

    private static List<String> fitting(List<String> lines, int rows) {
        if (rows < 4 || lines.size() <= rows) {
            return lines;
        }
        List<String> kept = new ArrayList<>(lines.subList(0, rows - 3));
        kept.add((lines.size() - rows + 1) + " more");
        kept.addAll(lines.subList(lines.size() - 2, lines.size()));
        return kept;
    }
}
