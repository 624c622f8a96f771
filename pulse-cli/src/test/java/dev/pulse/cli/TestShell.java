package dev.pulse.cli;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;

/** Runs whole commands in process and keeps what they print. */
final class TestShell {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    /** At home nowhere, so that no test meets what a developer has saved. */
    private final Map<String, String> environment = new HashMap<>(Map.of("HOME", "/nowhere"));

    private byte[] in = new byte[0];
    private int linesRead = Integer.MAX_VALUE;
    private InstantSource clock = InstantSource.system();
    private Terminal terminal = Terminal.NONE;

    Map<String, String> environment() {
        return environment;
    }

    TestShell typing(String text) {
        in = text.getBytes(StandardCharsets.UTF_8);
        return this;
    }

    TestShell in(Terminal other) {
        terminal = other;
        return this;
    }

    TestShell at(InstantSource other) {
        clock = other;
        return this;
    }

    /** As in {@code pulse … | head -n}: the pipe breaks. */
    TestShell readerGoesAfter(int lines) {
        linesRead = lines;
        return this;
    }

    int run(String... arguments) {
        return CommandTree.run(shell(), arguments);
    }

    Shell shell() {
        return new Shell(
                new ByteArrayInputStream(in),
                new PrintStream(new Pipe(), true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                environment,
                clock,
                terminal);
    }

    String out() {
        return out.toString(StandardCharsets.UTF_8);
    }

    String err() {
        return err.toString(StandardCharsets.UTF_8);
    }

    /** What was printed since the last call. */
    String take() {
        String text = out();
        out.reset();
        return text;
    }

    private final class Pipe extends OutputStream {
        @Override
        public void write(int b) throws IOException {
            if (linesRead == 0) {
                throw new IOException("Broken pipe");
            }
            out.write(b);
            linesRead -= b == '\n' ? 1 : 0;
        }
    }
}
