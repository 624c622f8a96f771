package dev.pulse.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ShellJobTest {
    @TempDir
    private Path folder;

    @Test
    void payloadIsOnStandardInputByteForByte() throws Exception {
        byte[] payload = "{\"a\": \"Zoë\u0000\"}\n".getBytes(StandardCharsets.UTF_8);
        assertThat(run("cat", payload).stdout()).isEqualTo(payload);
    }

    @Test
    void variablesAreInTheEnvironment() throws Exception {
        ShellJob.Result result =
                new ShellJob("printf %s \"$PULSE_TYPE\"").run(new byte[0], Map.of("PULSE_TYPE", "email"));
        assertThat(result.stdout()).asString().isEqualTo("email");
    }

    @Test
    void commandThatDoesNotReadItsInputSucceeds() throws Exception {
        assertThat(run("exit 0", new byte[1 << 20]).status()).isZero();
    }

    @Test
    void exitStatusIsTheCommandsOwn() throws Exception {
        assertThat(run("exit 75", new byte[0]).status()).isEqualTo(75);
    }

    @Test
    void ofMuchOutputTheBeginningIsKeptAndOfErrorsTheEnd() throws Exception {
        ShellJob.Result result = run("head -c 1000000 /dev/zero; seq 1 100000 >&2", new byte[0]);
        assertThat(result.stdout()).hasSize(ShellJob.MAX_STDOUT);
        assertThat(result.stdoutCut()).isTrue();
        assertThat(result.stderr()).hasSize(ShellJob.MAX_STDERR).asString().endsWith("99999\n100000\n");
    }

    @Test
    void interruptEndsTheCommandAndWhatItStarted() throws Exception {
        Path pids = folder.resolve("pids");
        ShellJob job =
                new ShellJob("sleep 60 & echo $! >'" + pids + ".new'; mv '" + pids + ".new' '" + pids + "'; wait");
        CompletableFuture<ShellJob.Result> ended = new CompletableFuture<>();
        Thread runner = Thread.ofVirtual().start(() -> {
            try {
                ended.complete(job.run(new byte[0], Map.of()));
            } catch (Exception e) {
                ended.completeExceptionally(e);
            }
        });
        ProcessHandle child = childNamedIn(pids);
        runner.interrupt();
        assertThatThrownBy(ended::get)
                .isInstanceOf(ExecutionException.class)
                .cause()
                .isInstanceOf(InterruptedException.class);
        child.onExit().get();
        assertThat(child.isAlive()).isFalse();
    }

    @Test
    void commandThatIgnoresTheRequestToEndIsKilled() throws Exception {
        Path pids = folder.resolve("pids");
        ShellJob job = new ShellJob("trap '' TERM; sleep 60 & echo $! >'" + pids + ".new'; mv '" + pids + ".new' '"
                + pids + "'; wait; sleep 60");
        CompletableFuture<ShellJob.Result> ended = new CompletableFuture<>();
        Thread runner = Thread.ofVirtual().start(() -> {
            try {
                ended.complete(job.run(new byte[0], Map.of()));
            } catch (Exception e) {
                ended.completeExceptionally(e);
            }
        });
        ProcessHandle child = childNamedIn(pids);
        runner.interrupt();
        child.onExit().get();
        assertThatThrownBy(ended::get).isInstanceOf(ExecutionException.class);
    }

    @Test
    void whatOutlivesTheCommandAndHoldsItsPipesIsEnded() throws Exception {
        Path pids = folder.resolve("pids");
        ShellJob.Result result = run("sleep 60 & echo $! >'" + pids + "'; echo done", new byte[0]);
        assertThat(result.stdout()).asString().isEqualTo("done\n");
        ProcessHandle.of(Long.parseLong(Files.readString(pids).strip()))
                .ifPresent(left -> left.onExit().join());
    }

    private static ShellJob.Result run(String command, byte[] stdin) throws Exception {
        return new ShellJob(command).run(stdin, Map.of());
    }

    /** The command has written the file when it is ready: waits by reading, because files tell nobody of their birth. */
    private static ProcessHandle childNamedIn(Path file) throws Exception {
        while (!Files.exists(file)) {
            Thread.onSpinWait();
        }
        return ProcessHandle.of(Long.parseLong(Files.readString(file).strip())).orElseThrow();
    }
}
