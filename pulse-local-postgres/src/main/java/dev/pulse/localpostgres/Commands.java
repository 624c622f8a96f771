package dev.pulse.localpostgres;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Runs the short helper programs of the launcher (initdb, probes, kill), bounded in time. Any thread. */
final class Commands {
    /** What a program said, standard error included, and how it ended. */
    record Result(int exit, String output) {
        boolean ok() {
            return exit == 0;
        }
    }

    private Commands() {}

    static Result run(Duration limit, List<String> command) {
        Process process;
        try {
            process =
                    plain(new ProcessBuilder(command)).redirectErrorStream(true).start();
        } catch (IOException e) {
            return new Result(127, String.valueOf(e.getMessage()));
        }
        CompletableFuture<String> output = new CompletableFuture<>();
        Thread.ofVirtual().start(() -> {
            try (var in = process.getInputStream()) {
                process.getOutputStream().close();
                output.complete(new String(in.readAllBytes(), StandardCharsets.UTF_8).strip());
            } catch (IOException e) {
                output.complete(String.valueOf(e.getMessage()));
            }
        });
        // join, unlike waitFor, is not cut short by an interrupt: a half-run initdb or an unsent signal helps nobody.
        boolean ended = process.onExit()
                .thenApply(done -> true)
                .completeOnTimeout(false, limit.toMillis(), TimeUnit.MILLISECONDS)
                .join();
        if (!ended) {
            process.destroyForcibly();
            return new Result(124, command.getFirst() + " did not end within " + limit.toSeconds() + " s");
        }
        return new Result(
                process.exitValue(),
                output.completeOnTimeout("", 5, TimeUnit.SECONDS).join());
    }

    /** No setting of the user's own PostgreSQL clients may leak into the server; messages are in one language. */
    static ProcessBuilder plain(ProcessBuilder builder) {
        builder.environment().keySet().removeIf(name -> name.startsWith("PG") || name.startsWith("LC_"));
        builder.environment().put("LC_ALL", "C");
        return builder;
    }

    /** Finds a program as a shell would. */
    static Optional<String> find(String program) {
        String path = System.getenv("PATH");
        for (String folder : (path == null ? "/usr/bin:/bin" : path).split(":", -1)) {
            if (!folder.isEmpty()) {
                Path candidate = Path.of(folder, program);
                if (Files.isExecutable(candidate) && Files.isRegularFile(candidate)) {
                    return Optional.of(candidate.toString());
                }
            }
        }
        return Optional.empty();
    }
}
