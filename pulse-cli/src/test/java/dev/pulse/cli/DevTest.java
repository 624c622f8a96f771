package dev.pulse.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code pulse dev} as a real process. */
class DevTest {
    @TempDir
    private Path folder;

    private final TestShell shell = new TestShell();

    @Test
    void jobsSurviveKillAndTheSecondStartEndsInOrder() throws Exception {
        String id;
        try (CliProcess first = dev("0")) {
            pointAt(first);
            assertThat(shell.run("submit", "email", "{}")).isZero();
            id = shell.take().strip();
            first.kill();
        }
        try (CliProcess second = dev("0")) {
            pointAt(second);
            assertThat(shell.run("jobs", "list", "--type", "email")).isZero();
            assertThat(shell.take()).contains(id);
            second.terminate();
            assertThat(second.line()).isEmpty();
            assertThat(second.exit()).as(second.err()).isZero();
        }
    }

    @Test
    void portInUseIsSaidInOneSentence() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                CliProcess dev = dev(String.valueOf(taken.getLocalPort()))) {
            assertThat(dev.line()).isEmpty();
            assertThat(dev.exit()).as(dev.err()).isEqualTo(2);
            assertThat(dev.err()).contains(taken.getLocalPort() + " is in use").doesNotContain("\tat ");
        }
    }

    @Test
    void serverWithoutADatabaseSaysWhatToSet() {
        assertThat(shell.run("server")).isEqualTo(2);
        assertThat(shell.err()).contains("PULSE_DATABASE_URL").hasLineCount(1);
    }

    @Test
    void addressBeyondLoopbackIsRefused() {
        assertThat(shell.run("server", "--http-addr", "0.0.0.0:0", "--database-url", "postgres://localhost/none"))
                .isEqualTo(2);
        assertThat(shell.err())
                .contains("http-addr")
                .contains("--insecure-bind")
                .hasLineCount(1);
    }

    @Test
    void unreachableDatabaseIsSaidInOneLine() {
        assertThat(shell.run("migrate", "--database-url", "postgres://localhost:1/none"))
                .isEqualTo(6);
        assertThat(shell.err()).contains("localhost").hasLineCount(1);
    }

    private CliProcess dev(String httpPort) throws Exception {
        return CliProcess.start(
                folder,
                Map.of(
                        "PULSE_DATA_DIR",
                        folder.resolve("data").toString(),
                        "PULSE_HTTP_ADDR",
                        httpPort,
                        "PULSE_GRPC_ADDR",
                        "0"),
                "dev");
    }

    private void pointAt(CliProcess dev) throws Exception {
        String ready = dev.line().orElseGet(dev::err);
        assertThat(ready).as(dev.err()).matches("pulse ready http=127\\.0\\.0\\.1:\\d+ grpc=127\\.0\\.0\\.1:\\d+");
        shell.environment().put("PULSE_ADDR", ready.replaceAll(".* grpc=", ""));
    }
}
