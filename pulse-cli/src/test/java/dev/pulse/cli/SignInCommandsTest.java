package dev.pulse.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Commands against a server with users. */
class SignInCommandsTest {
    private static RunningServer server;

    private final TestShell shell = new TestShell();

    @BeforeAll
    static void start() {
        server = RunningServer.withUsers("ann:canary-1,vic:canary-2:viewer");
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @BeforeEach
    void pointAtTheServer() {
        shell.environment().put("PULSE_ADDR", server.grpc());
    }

    @Test
    void withoutCredentialsACommandEndsAsNotAllowed() {
        assertThat(shell.run("stats")).isEqualTo(Exit.NOT_ALLOWED);
        assertThat(shell.err()).contains("PULSE-3001").hasLineCount(1);
        assertThat(shell.out()).isEmpty();
    }

    @Test
    void theEnvironmentSignsIn() {
        shell.environment().put("PULSE_USER", "ann");
        shell.environment().put("PULSE_PASSWORD", "canary-1");

        assertThat(shell.run("stats")).isZero();
        assertThat(shell.err()).isEmpty();
    }

    @Test
    void whatWasSavedSignsIn(@TempDir Path home) {
        shell.environment().put("HOME", home.toString());
        shell.typing("canary-1\n").run("save", "creds", "--url", server.grpc(), "--username", "ann");

        assertThat(shell.run("stats")).isZero();
        assertThat(shell.err()).isEmpty();
    }

    @Test
    void aUserWithoutTheRoleEndsAsNotAllowed() {
        shell.environment().put("PULSE_USER", "vic");
        shell.environment().put("PULSE_PASSWORD", "canary-2");

        assertThat(shell.run("dispatch", "pause", "-m", "x")).isEqualTo(Exit.NOT_ALLOWED);
        assertThat(shell.err()).contains("PULSE-3002", "vic", "operator, admin").hasLineCount(1);
    }

    @Test
    void flagsGoBeforeTheEnvironmentAndAPasswordAmongThemIsWarnedAbout() {
        shell.environment().put("PULSE_API_KEY", "pulse_x_y");

        assertThat(shell.run("stats", "--user", "ann", "--password", "canary-1"))
                .isZero();
        assertThat(shell.err())
                .contains("PULSE_PASSWORD")
                .doesNotContain("canary")
                .hasLineCount(1);
    }

    @Test
    void halfOfAUserIsAFault() {
        assertThat(shell.run("stats", "--user", "ann")).isNotZero();
        assertThat(shell.err()).contains("PULSE_PASSWORD").hasLineCount(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"geheim\n", "geheim", "geheim\r\n", "geheim\nmore\n"})
    void passwdReadsOneLineAndPrintsTheHashAndNothingElse(String typed) {
        assertThat(shell.typing(typed).run("passwd")).isZero();
        assertThat(shell.out()).matches("\\$2a\\$12\\$[./A-Za-z0-9]{53}\n");
        assertThat(shell.err()).isEmpty();
    }

    @Test
    void whatPasswdPrintsOpensTheDoor() {
        assertThat(shell.run("passwd", "geheim")).isZero();
        String hash = shell.take().strip();
        try (RunningServer other = RunningServer.withUsers("bob:" + hash)) {
            shell.environment().put("PULSE_ADDR", other.grpc());
            shell.environment().put("PULSE_USER", "bob");
            shell.environment().put("PULSE_PASSWORD", "geheim");

            assertThat(shell.run("stats")).as(shell.err()).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "\n",
                "ä23456789012345678901234567890123456789012345678901234567890123456789012",
                "a\tb",
                "a\0b"
            })
    void passwdRefusesWhatBcryptWouldNotReadWhole(String typed) {
        assertThat(shell.typing(typed).run("passwd")).isEqualTo(Exit.USAGE);
        assertThat(shell.err()).contains("password").doesNotContain("6789").hasLineCount(1);
        assertThat(shell.out()).isEmpty();
    }
}
