package dev.pulse.localpostgres;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What a server writes about itself into its data folder: line 1 its pid, line 8 its state (PostgreSQL 10 and later).
 *
 * @param pid the postmaster's process id
 * @param ready whether it accepts connections
 */
record PostmasterPid(long pid, boolean ready) {
    private static final int STATE_LINE = 7;

    static Path file(Path pgdata) {
        return pgdata.resolve("postmaster.pid");
    }

    /** Empty when there is none, and while it is being written. */
    static Optional<PostmasterPid> read(Path pgdata) {
        try {
            List<String> lines = Files.readAllLines(file(pgdata), StandardCharsets.UTF_8);
            boolean ready = lines.size() > STATE_LINE && lines.get(STATE_LINE).startsWith("ready");
            return lines.isEmpty()
                    ? Optional.empty()
                    : Optional.of(
                            new PostmasterPid(Long.parseLong(lines.getFirst().strip()), ready));
        } catch (IOException | NumberFormatException e) {
            return Optional.empty();
        }
    }
}
