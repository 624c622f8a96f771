package dev.pulse.torture;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;

/**
 * What the handlers really did: one line per start of an attempt, appended with one write, so that a killed process leaves
 * whole lines or none. The evidence that the history in the database is held against.
 */
final class Journal {
    /** One start of a handler. */
    record Run(UUID job, int attempt, String worker) {}

    private final Path file;

    Journal(Path file) {
        this.file = file;
    }

    /** Opens the journal for appending; several processes may. A stream, because an interrupt would close a channel. */
    OutputStream open() throws IOException {
        return new FileOutputStream(file.toFile(), true);
    }

    static void append(OutputStream journal, Run run) {
        String line = run.job() + " " + run.attempt() + " " + run.worker() + "\n";
        try {
            journal.write(line.getBytes(StandardCharsets.US_ASCII));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    List<Run> read() throws IOException {
        return Files.exists(file)
                ? Files.readAllLines(file, StandardCharsets.US_ASCII).stream()
                        .map(line -> line.split(" ", -1))
                        .map(words -> new Run(UUID.fromString(words[0]), Integer.parseInt(words[1]), words[2]))
                        .toList()
                : List.of();
    }
}
