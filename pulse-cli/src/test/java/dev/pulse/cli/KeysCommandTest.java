package dev.pulse.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The commands about API keys against a real server. */
class KeysCommandTest {
    private static RunningServer server;

    private final TestShell shell = new TestShell();

    @BeforeAll
    static void start() {
        server = RunningServer.withUsers("ann:canary-1");
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @BeforeEach
    void pointAtTheServer() {
        shell.environment().put("PULSE_ADDR", server.grpc());
        shell.environment().put("PULSE_USER", "ann");
        shell.environment().put("PULSE_PASSWORD", "canary-1");
    }

    private void bring(String key) {
        shell.environment().remove("PULSE_USER");
        shell.environment().remove("PULSE_PASSWORD");
        shell.environment().put("PULSE_API_KEY", key);
    }

    @Test
    void createPrintsTheKeyAndNothingElse() {
        assertThat(shell.run(
                        "keys", "create", "ci", "--role", "producer,viewer", "--queue", "mail", "--expires", "90d"))
                .isZero();
        String key = shell.take();
        assertThat(key).matches("pulse_[A-Za-z0-9]{12}_[A-Za-z0-9]{43}\n");
        assertThat(shell.err()).isEmpty();

        assertThat(shell.run("keys", "list")).isZero();
        assertThat(shell.take())
                .contains("ci", "viewer+producer", "mail", "active", "never")
                .doesNotContain(key.strip());

        bring(key.strip());
        assertThat(shell.run("submit", "t", "{}", "--queue", "mail")).isZero();
        assertThat(shell.run("dispatch", "pause", "-m", "x")).isEqualTo(Exit.NOT_ALLOWED);
    }

    @Test
    void aRevokedKeyIsShownAsSuch() {
        shell.run("keys", "create", "--role", "admin", "--json");
        String id = shell.take().replaceAll("(?s).*\"id\":\"(\\w+)\".*", "$1");

        assertThat(shell.run("keys", "revoke", id)).isZero();
        assertThat(shell.take()).startsWith("revoked " + id);
        shell.run("keys", "list", "--json");
        assertThat(shell.out()).contains("\"revoked_by\":\"ann\"");
        assertThat(shell.run("keys", "revoke", "nothing")).isEqualTo(Exit.NOT_FOUND);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "keys create",
                "keys create --role root",
                "keys create --role viewer --expires soon",
                "keys create --role viewer --expires 2020-01-01T00:00:00Z",
                "keys create a:b --role viewer",
                "keys create --role viewer --queue a/b",
                "keys revoke"
            })
    void whatIsWrongIsOneLineAndEndsWithTwo(String command) {
        assertThat(shell.run(command.split(" ", -1))).isEqualTo(Exit.USAGE);
        assertThat(shell.err()).hasLineCount(1);
        assertThat(shell.out()).isEmpty();
    }
}
