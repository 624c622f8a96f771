package dev.pulse.cli;

import java.io.ByteArrayOutputStream;
import java.io.Console;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Secrets come from a person without an echo, or as the first line of standard input; a command line can be read by all. */
final class Secrets {
    /** Far more than any secret has. */
    private static final int MAX_READ = 4_096;

    private Secrets() {}

    /**
     * Asks for a secret, or reads it.
     *
     * @param again whether a person is asked twice
     * @throws IllegalArgumentException saying what is wrong with it
     */
    static String read(Shell shell, String prompt, boolean again) throws IOException {
        Console console = shell.in() instanceof FileInputStream ? System.console() : null;
        return console == null ? line(shell.in()) : asked(console, prompt, again);
    }

    private static String asked(Console console, String prompt, boolean again) {
        char[] first = typed(console, prompt + ": ");
        if (again && !Arrays.equals(first, typed(console, "Again: "))) {
            throw new IllegalArgumentException("the two passwords differ");
        }
        return new String(first);
    }

    private static char[] typed(Console console, String prompt) {
        char[] typed = console.readPassword(prompt);
        return typed == null ? new char[0] : typed;
    }

    /** The first line, without its end. */
    private static String line(InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int b = in.read(); b >= 0 && b != '\n' && line.size() < MAX_READ; b = in.read()) {
            line.write(b);
        }
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(line.toByteArray()))
                    .toString();
            return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException("the password is not UTF-8");
        }
    }
}
