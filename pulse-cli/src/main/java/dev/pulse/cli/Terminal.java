package dev.pulse.cli;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * What stands at the other end of our streams: a person at a terminal, and what that terminal can do, or a program. The
 * launcher tells, because a shell asks the system in no time and a JVM cannot ask without starting another process.
 *
 * @param input whether somebody types our standard input
 * @param output whether somebody watches our standard output; the rest says nothing unless it is so
 * @param columns how wide the output is; 0 where that is not known
 * @param rows how high the output is; 0 where that is not known
 * @param able whether the cursor can be moved
 * @param colored whether the output may have colors
 * @param unicode whether the output can show more than ASCII
 */
record Terminal(boolean input, boolean output, int columns, int rows, boolean able, boolean colored, boolean unicode) {
    /** A program or a file at both ends. */
    static final Terminal NONE = new Terminal(false, false, 0, 0, false, false, true);

    private static final int MOST = 10_000;

    /**
     * What the launcher and the environment say.
     *
     * @param streams the numbers of the standard streams that are terminals, for example {@code 012}
     * @param size rows and columns as {@code stty size} prints them
     * @param ascii whether the locale is one without UTF-8
     */
    static Terminal of(String streams, String size, boolean ascii, Map<String, String> environment) {
        boolean input = streams.contains("0");
        if (!streams.contains("1")) {
            return new Terminal(input, false, 0, 0, false, false, true);
        }
        String kind = environment.getOrDefault("TERM", "");
        boolean able = !kind.isEmpty() && !kind.equals("dumb");
        boolean colored = able && environment.getOrDefault("NO_COLOR", "").isEmpty();
        int given = number(environment.getOrDefault("COLUMNS", ""));
        String[] measured = size.strip().split(" ", 2);
        int rows = number(measured[0]);
        int columns = given > 0 ? given : number(measured.length < 2 ? "" : measured[1]);
        return new Terminal(input, true, columns, rows, able, colored, !ascii);
    }

    /** The same terminal, with the size that its window has now. */
    Terminal measured() {
        if (!output) {
            return this;
        }
        try {
            Process stty = new ProcessBuilder("stty", "size")
                    .redirectInput(new File("/dev/tty"))
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            String size = new String(stty.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            String[] words = size.strip().split(" ", 2);
            return words.length < 2
                    ? this
                    : new Terminal(input, output, number(words[1]), number(words[0]), able, colored, unicode);
        } catch (IOException e) {
            return this;
        }
    }

    private static int number(String text) {
        return text.matches("[0-9]{1,5}") ? Math.min(Integer.parseInt(text), MOST) : 0;
    }
}
