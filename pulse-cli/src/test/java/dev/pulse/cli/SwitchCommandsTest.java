package dev.pulse.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Pausing, limiting and explaining from the command line, against a real server. */
class SwitchCommandsTest {
    private static RunningServer server;

    private final TestShell shell = new TestShell();
    private final String name = "n" + UUID.randomUUID();

    @BeforeAll
    static void start() {
        server = RunningServer.start();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @BeforeEach
    void pointAtTheServer() {
        shell.environment().put("PULSE_ADDR", server.grpc());
    }

    @AfterEach
    void resume() {
        shell.run("dispatch", "resume");
    }

    @Test
    void dispatchShowsPausedSinceAndTheReason() {
        assertThat(shell.run("dispatch", "pause", "-m", "deploy 17")).isZero();
        shell.take();
        assertThat(shell.run("dispatch", "status")).isZero();
        assertThat(shell.take())
                .matches("dispatch: paused since \\d{4}-\\d\\d-\\d\\dT[0-9:.]+Z by operator\\Rreason: deploy 17\\R");

        assertThat(shell.run("dispatch", "resume")).isZero();
        assertThat(shell.take()).isEqualToIgnoringNewLines("dispatch: running");
        shell.run("dispatch", "status", "--json");
        assertThat(shell.take())
                .isEqualToIgnoringNewLines("{\"paused\":false,\"reason\":null,\"by\":null,\"since\":null}");
    }

    @Test
    void aPauseNeedsNoReasonAndMayBeRepeated() {
        assertThat(shell.run("dispatch", "pause")).isZero();
        assertThat(shell.take()).startsWith("dispatch: paused since").doesNotContain("reason");
        assertThat(shell.run("dispatch", "pause", "--json")).isZero();
        assertThat(shell.take()).contains("\"paused\":true", "\"reason\":null");
        assertThat(shell.run("dispatch", "resume")).isZero();
        assertThat(shell.run("dispatch", "resume")).isZero();
    }

    @Test
    void aQueueIsPausedLimitedListedAndResumed() {
        assertThat(shell.run("queues", "pause", name, "-m", "slow provider")).isZero();
        assertThat(shell.take()).matches("queue " + name + ": paused since .* by operator \\(slow provider\\)\\R");
        assertThat(shell.run("queues", "limit", name, "--max-running", "5", "--rate", "0.5"))
                .isZero();
        assertThat(shell.take()).contains(", at most 5 at once, at most 0.5 starts a second");
        shell.run("queues", "list");
        assertThat(shell.take())
                .startsWith("NAME")
                .containsPattern(name + " +paused +0 +0 +0 +0 +0 +- +5 +0.5 +slow provider");
        shell.run("queues", "list", "--json");
        assertThat(shell.take()).contains("\"name\":\"" + name + "\",\"paused\":true,\"reason\":\"slow provider\"");

        shell.run("queues", "resume", name);
        assertThat(shell.take())
                .isEqualToIgnoringNewLines(
                        "queue " + name + ": running, at most 5 at once, at most 0.5 starts a second");
        shell.run("queues", "limit", name, "--max-running", "none", "--rate", "none", "--json");
        assertThat(shell.take()).contains("\"max_running\":null,\"rate\":null");
    }

    @Test
    void typesHaveTheSameCommands() {
        assertThat(shell.run("types", "pause", name)).isZero();
        assertThat(shell.run("types", "limit", name, "--max-running", "2", "--json"))
                .isZero();
        assertThat(shell.take()).contains("\"max_running\":2");
        assertThat(shell.run("types", "list")).isZero();
        assertThat(shell.take()).contains(name);
        assertThat(shell.run("types", "resume", name)).isZero();
        assertThat(shell.run("types", "limit", name, "--max-running", "none")).isZero();
    }

    @Test
    void wrongUseIsAUsageErrorInOneLine() {
        for (String[] wrong : new String[][] {
            {"queues", "limit", name},
            {"queues", "limit", name, "--max-running", "many"},
            {"queues", "limit", name, "--rate", "fast"},
            {"queues", "pause"},
            {"dispatch", "pause", "now"}
        }) {
            assertThat(shell.run(wrong)).as(String.join(" ", wrong)).isEqualTo(2);
            assertThat(shell.err().lines().toList()).hasSizeGreaterThanOrEqualTo(1);
        }
        assertThat(shell.run("queues", "limit", name, "--max-running", "0")).isEqualTo(2);
        assertThat(shell.err()).contains("PULSE-1001", "pause it to start nothing");
        assertThat(shell.run("queues", "pause", "a b")).isEqualTo(2);
    }

    @Test
    void jobsGetSaysWhyAJobWaits() {
        shell.run("types", "pause", name, "-m", "slow provider");
        shell.take();
        shell.run("submit", name, "{}");
        String id = shell.take().strip();

        shell.run("jobs", "get", id);
        assertThat(shell.take())
                .containsPattern("waiting +type " + name + " has been paused since .* by operator: slow provider")
                .contains("waiting    no live worker serves type " + name)
                .contains("waiting    it is the next of its queue, type and priority");
        shell.run("jobs", "get", id, "--json");
        assertThat(shell.take()).contains("\"waiting\":[{\"code\":\"type_paused\"");
        shell.run("jobs", "cancel", id);
        shell.take();
        shell.run("jobs", "get", id);
        assertThat(shell.take()).doesNotContain("waiting ");
        shell.run("types", "resume", name);
    }
}
