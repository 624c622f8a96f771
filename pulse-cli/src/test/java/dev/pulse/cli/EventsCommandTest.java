package dev.pulse.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** {@code pulse events} against a real server. */
@Timeout(60)
class EventsCommandTest {
    private static RunningServer server;

    private final TestShell shell = new TestShell();
    private final String type = "t" + UUID.randomUUID();

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

    private String submit() {
        shell.take();
        assertThat(shell.run("submit", type, "{}")).isZero();
        String id = shell.out().strip();
        shell.take();
        return id;
    }

    @Test
    void eventsArePrintedAsTheyAreAndBehindAnId() {
        String first = submit();
        shell.run("jobs", "cancel", first);
        shell.take();

        assertThat(shell.run("events", "--type", type, "--after", "0.0.0", "--count", "2"))
                .isZero();

        List<String> lines = shell.out().lines().toList();
        assertThat(lines).hasSize(2);
        assertThat(lines.get(0))
                .contains("submitted")
                .contains(type)
                .contains("default")
                .contains(first);
        assertThat(lines.get(1)).contains("canceled");
        String id = lines.get(0).split(" ", -1)[0];
        shell.take();

        assertThat(shell.run("events", "--type", type, "--after", id, "--count", "1", "--json"))
                .isZero();
        assertThat(shell.out().strip())
                .startsWith("{\"id\":\"")
                .contains("\"kind\":\"canceled\"")
                .contains("\"job_id\":\"" + first + "\"");
    }

    @Test
    void onlyTheKindsAskedForArePrinted() {
        String id = submit();
        shell.run("jobs", "cancel", id);
        shell.take();

        shell.run("events", "--type", type, "--kind", "canceled", "--after", "0.0.0", "--count", "1");

        assertThat(shell.out()).contains("canceled").doesNotContain("submitted").hasLineCount(1);
    }

    @Test
    void whatIsWrongIsAUsageError() {
        assertThat(shell.run("events", "--kind", "exploded")).isEqualTo(2);
        assertThat(shell.err()).contains("submitted");
        shell.take();
        assertThat(shell.run("events", "--after", "yesterday")).isEqualTo(2);
        assertThat(shell.err()).contains("yesterday");
    }
}
