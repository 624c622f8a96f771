package dev.pulse.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The shell worker as a real process against a real server. */
class WorkTest {
    private static final String COMMAND = """
            case $PULSE_TYPE in
              echo) cat ;;
              words) echo not json ;;
              about) printf '{"id":"%s","attempt":%s,"type":"%s"}' "$PULSE_JOB_ID" "$PULSE_ATTEMPT" "$PULSE_TYPE" ;;
              retry) if [ "$PULSE_ATTEMPT" = 1 ]; then echo later >&2; exit 75; fi ;;
              dead) echo broken for good >&2; exit 65 ;;
              fail) echo first line >&2; echo last line >&2; exit 3 ;;
              sleep) sleep 60 & echo $! >>children; mv children started; wait ;;
            esac
            """;

    private static RunningServer server;

    @TempDir
    private Path folder;

    private final TestShell shell = new TestShell();
    private final String name = "worker-of-" + UUID.randomUUID();
    private CliProcess worker;

    @BeforeAll
    static void startServer() {
        server = RunningServer.start();
    }

    @AfterAll
    static void stopServer() {
        server.close();
    }

    @BeforeEach
    void startWorker() throws Exception {
        shell.environment().put("PULSE_ADDR", server.grpc());
        worker = CliProcess.start(
                folder,
                Map.of("PULSE_ADDR", server.grpc()),
                "work",
                "echo",
                "words",
                "about",
                "retry",
                "dead",
                "fail",
                "sleep",
                "--exec",
                COMMAND,
                "--concurrency",
                "4",
                "--name",
                name);
    }

    @AfterEach
    void stopWorker() throws Exception {
        worker.close();
    }

    @Test
    void exitZeroCompletesTheJobAndJsonOutputIsItsResult() {
        String id = submit(0, "echo", "{\"a\": [1, 2]}");
        assertThat(json(id)).contains("\"status\":\"completed\"", "\"result\":{\"a\": [1, 2]}");
    }

    @Test
    void outputThatIsNotJsonIsNoResult() {
        String id = submit(0, "words", "{}");
        assertThat(json(id)).contains("\"status\":\"completed\"").doesNotContain("\"result\"");
    }

    @Test
    void environmentNamesTheJobTheAttemptAndTheType() {
        String id = submit(0, "about", "{}");
        assertThat(json(id)).contains("\"result\":{\"id\":\"" + id + "\",\"attempt\":1,\"type\":\"about\"}");
    }

    @Test
    void exit75Retries() {
        String id = submit(0, "retry", "{}", "--backoff", "fixed 10ms");
        assertThat(json(id)).contains("\"attempt\":2", "\"outcome\":\"retry\"", "later");
    }

    @Test
    void exit65DeadLettersWithTheReason() {
        String id = submit(1, "dead", "{}");
        assertThat(shell.err()).contains("dead_lettered: broken for good");
        assertThat(json(id)).contains("\"status\":\"dead_lettered\"", "\"attempt\":1,", "broken for good");
    }

    @Test
    void anyOtherExitFailsWithTheEndOfStandardError() {
        String id = submit(1, "fail", "{}", "--max-attempts", "1");
        assertThat(json(id)).contains("\"outcome\":\"fail\"", "\"type\":\"exit 3\"", "last line");
    }

    @Test
    void workerTakesFromAllQueues() {
        submit(0, "words", "{}", "--queue", "somewhere");
    }

    @Test
    void canceledJobTakesItsProcessesAlong() throws Exception {
        shell.run("submit", "sleep");
        String id = shell.take().strip();
        ProcessHandle child = startedChild();
        assertThat(shell.run("jobs", "cancel", id)).isZero();
        assertThat(shell.take()).isEqualTo(id + " running, cancel requested\n");
        assertThat(shell.run("jobs", "wait", id)).isEqualTo(1);
        assertThat(shell.take()).startsWith("canceled");
        child.onExit().join();
    }

    @Test
    void timeoutTakesTheProcessesAlong() throws Exception {
        shell.run("submit", "sleep", "--timeout", "1s", "--max-attempts", "1");
        String id = shell.take().strip();
        ProcessHandle child = startedChild();
        assertThat(shell.run("jobs", "wait", id)).isEqualTo(1);
        assertThat(shell.take()).startsWith("dead_lettered");
        child.onExit().join();
    }

    @Test
    void signalDrainsAndExitsZero() throws Exception {
        submit(0, "words", "{}");
        worker.terminate();
        assertThat(worker.exit()).as(worker.err()).isZero();
        assertThat(shell.run("workers", "list", "--json")).isZero();
        assertThat(shell.out()).doesNotContain(name);
    }

    private String submit(int exit, String type, String payload, String... options) {
        String[] arguments = new String[options.length + 4];
        arguments[0] = "submit";
        arguments[1] = type;
        arguments[2] = payload;
        arguments[3] = "--wait";
        System.arraycopy(options, 0, arguments, 4, options.length);
        assertThat(shell.run(arguments)).as(() -> shell.err() + worker.err()).isEqualTo(exit);
        return shell.take().strip();
    }

    private String json(String id) {
        assertThat(shell.run("jobs", "get", id, "--json")).isZero();
        return shell.take();
    }

    /** The command says by a file that its child runs: waits by looking, because files tell nobody of their birth. */
    private ProcessHandle startedChild() throws Exception {
        Path file = folder.resolve("started");
        while (!Files.exists(file)) {
            Thread.onSpinWait();
        }
        return ProcessHandle.of(Long.parseLong(Files.readString(file).strip())).orElseThrow();
    }
}
