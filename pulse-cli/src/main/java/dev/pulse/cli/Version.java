package dev.pulse.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** The version that the build wrote beside the classes. */
final class Version {
    static final String TEXT = read();

    private Version() {}

    /** What {@code pulse version} prints. */
    static String line() {
        return "pulse " + TEXT + " (Java " + Runtime.version() + ")";
    }

    private static String read() {
        try (InputStream file = Version.class.getResourceAsStream("version.txt")) {
            if (file == null) {
                throw new IllegalStateException("version.txt is missing beside the classes");
            }
            return new String(file.readAllBytes(), StandardCharsets.UTF_8).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
