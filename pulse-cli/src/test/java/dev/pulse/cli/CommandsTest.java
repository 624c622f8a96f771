package dev.pulse.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pulse.model.LogLevel;
import dev.pulse.sdk.JobType;
import dev.pulse.sdk.Pulse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whole commands against a real server: what they print and how they end. Each test has a type of its own. */
class CommandsTest {
    private static RunningServer server;

    @TempDir
    private Path folder;

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

    @Test
    void submitPrintsTheIdAndNothingElse() {
        assertThat(shell.run("submit", type, "{\"a\":1}")).isZero();
        assertThat(UUID.fromString(shell.out().strip()).version()).isEqualTo(7);
        assertThat(shell.out()).hasLineCount(1).endsWith("\n");
        assertThat(shell.err()).isEmpty();
    }

    @Test
    void typeMayBeGivenAsTopic() {
        assertThat(shell.run("submit", "--topic", type, "{\"a\":1}")).isZero();
        shell.take();
        shell.run("jobs", "list", "--topic", type);
        assertThat(shell.out()).contains(type).hasLineCount(2);
    }

    @Test
    void secondSubmitWithSameKeyPrintsTheFirstId() {
        String first = submit("--key", "k1");
        assertThat(submit("--key", "k1")).isEqualTo(first);
    }

    @Test
    void sameKeyWithOtherContentIsAConflict() {
        submit("--key", "k2");
        assertThat(shell.run("submit", type, "{\"other\":true}", "--key", "k2")).isEqualTo(5);
        assertThat(shell.out()).isEmpty();
        assertThat(shell.err()).contains("PULSE-2003").hasLineCount(1);
    }

    @Test
    void payloadComesFromAFileByteForByte() throws Exception {
        Path file = Files.writeString(folder.resolve("p.json"), "{ \"name\" :\t\"Zoë\" }\n");
        shell.run("submit", type, "@" + file);
        assertThat(json(shell.take().strip())).contains("{ \"name\" :\t\"Zoë\" }\n");
    }

    @Test
    void payloadComesFromStandardInput() {
        assertThat(shell.typing("[1,2]").run("submit", type, "-")).isZero();
        assertThat(json(shell.take().strip())).contains("\"payload\":[1,2]");
    }

    @Test
    void everyOptionOfSubmitReachesTheJob() {
        assertThat(shell.run(
                        "submit",
                        type,
                        "null",
                        "--queue",
                        "q1",
                        "--priority",
                        "-7",
                        "--delay",
                        "1h",
                        "--max-attempts",
                        "3",
                        "--timeout",
                        "90s",
                        "--key",
                        "k3",
                        "--tag",
                        "a=b",
                        "--tag",
                        "c=d",
                        "--header",
                        "h=v",
                        "--origin",
                        "me",
                        "--backoff",
                        "fixed 5s"))
                .isZero();
        assertThat(json(shell.take().strip()))
                .contains("\"payload\":null", "\"queue\":\"q1\"", "\"priority\":-7", "\"max_attempts\":3")
                .contains("\"timeout\":\"1m30s\"", "\"key\":\"k3\"", "\"a\":\"b\"", "\"c\":\"d\"", "\"h\":\"v\"")
                .contains("\"origin\":\"me\"", "\"backoff\":\"fixed 5s", "\"status\":\"scheduled\"");
    }

    @Test
    void payloadBeyondTheServersLimitIsALimit() throws Exception {
        Path file = Files.writeString(folder.resolve("big.json"), "\"" + "x".repeat(300_000) + "\"");
        assertThat(shell.run("submit", type, "@" + file)).isEqualTo(7);
        assertThat(shell.err()).contains("PULSE-4001").hasLineCount(1);
    }

    @Test
    void listHasTheColumnsOfTheContract() {
        String id = submit("--priority", "4");
        shell.run("jobs", "list", "--type", type, "--status", "pending");
        List<String> lines = shell.out().lines().toList();
        assertThat(lines.getFirst().split(" +"))
                .containsExactly("ID", "TYPE", "STATUS", "PRIO", "ATTEMPTS", "SUBMITTED", "ERROR");
        assertThat(lines.get(1)).startsWith(id).containsPattern("pending +4 +0/20 +20\\d\\d-");
    }

    @Test
    void listFiltersByTagAndQueue() {
        submit("--tag", "a=1", "--queue", "left");
        submit("--tag", "a=2", "--queue", "right");
        shell.run("jobs", "list", "--type", type, "--tag", "a=1", "--queue", "left", "--json");
        assertThat(shell.take()).contains("\"queue\":\"left\"").doesNotContain("\"queue\":\"right\"");
        shell.run("jobs", "list", "--type", type, "--tag", "a=1", "--queue", "right", "--json");
        assertThat(shell.out()).startsWith("{\"items\":[]");
    }

    @Test
    void longListGoesOnAtItsCursor() {
        submit();
        submit();
        shell.run("jobs", "list", "--type", type, "--limit", "1");
        String cursor = shell.err().strip().replaceAll(".*--cursor ", "");
        String firstPage = shell.take();
        shell.run("jobs", "list", "--type", type, "--limit", "1", "--cursor", cursor);
        assertThat(shell.out()).hasLineCount(2).isNotEqualTo(firstPage);
    }

    @Test
    void limitOutOfRangeIsAUsageError() {
        assertThat(shell.run("jobs", "list", "--limit", "1001")).isEqualTo(2);
    }

    @Test
    void unknownIdIsNotFound() {
        String id = "019ac2b4-0000-7000-8000-000000000000";
        for (String verb : List.of("get", "wait", "logs", "cancel", "requeue", "run-now", "delete")) {
            assertThat(shell.run("jobs", verb, id)).as(verb).isEqualTo(4);
        }
        assertThat(shell.out()).isEmpty();
        assertThat(shell.err()).hasLineCount(7);
    }

    @Test
    void jobIsCanceledRequeuedAndDeleted() {
        String id = submit();
        assertThat(shell.run("jobs", "cancel", id)).isZero();
        assertThat(shell.take()).isEqualTo(id + " canceled\n");
        assertThat(shell.run("jobs", "requeue", id)).isZero();
        assertThat(shell.take()).isEqualTo(id + " pending\n");
        assertThat(shell.run("jobs", "requeue", id)).isEqualTo(5);
        assertThat(shell.err()).contains("pending");
        assertThat(shell.run("jobs", "delete", id)).isZero();
        assertThat(shell.run("jobs", "get", id)).isEqualTo(4);
    }

    @Test
    void scheduledJobRunsNow() {
        String id = submit("--delay", "1h");
        assertThat(shell.run("jobs", "run-now", id)).isZero();
        assertThat(shell.out()).isEqualTo(id + " pending\n");
    }

    @Test
    void manyJobsAreChangedOnlyAfterAYes() {
        submit();
        submit();
        assertThat(shell.run("jobs", "cancel", "--type", type, "--all")).isEqualTo(2);
        assertThat(shell.err()).contains("2 jobs match").hasLineCount(1);
        assertThat(shell.run("jobs", "cancel", "--type", type, "--all", "--dry-run"))
                .isZero();
        assertThat(shell.take()).isEqualTo("matched 2, changed 0\n");
        assertThat(shell.run("jobs", "cancel", "--type", type, "--all", "--yes"))
                .isZero();
        assertThat(shell.take()).isEqualTo("matched 2, changed 2\n");
        shell.run("jobs", "delete", "--status", "canceled", "--type", type, "--all", "--yes", "--json");
        assertThat(shell.out()).startsWith("{\"matched\":2,\"changed\":2,\"skipped\":{},\"finished\":true,");
    }

    @Test
    void actOnManyThatFindsNoneEndsAsNotFound() {
        assertThat(shell.run("jobs", "cancel", "--type", type, "--all", "--yes"))
                .isEqualTo(4);
        assertThat(shell.take()).isEqualTo("matched 0, changed 0\n");
        assertThat(shell.run("jobs", "cancel", "--type", type, "--all", "--dry-run"))
                .isZero();
    }

    @Test
    void whatAnActOnManySkippedIsSaid() {
        submit("--delay", "1h");
        shell.run("jobs", "cancel", submit());
        shell.take();

        shell.run("jobs", "run-now", "--type", type, "--all", "--yes", "--rate", "100");

        assertThat(shell.take()).isEqualTo("matched 2, changed 1, status_canceled 1\n");
        assertThat(shell.run("bulk", "list", "--limit", "1")).isZero();
        assertThat(shell.take()).contains("run-now", "done", "type=" + type);
    }

    @Test
    void anActOnManyNeedsNotBeWaitedFor() {
        submit();
        assertThat(shell.run("jobs", "cancel", "--type", type, "--all", "--yes", "--no-wait", "--json"))
                .isZero();
        String id = shell.take().replaceAll("(?s).*\"id\":\"([^\"]+)\".*", "$1");

        assertThat(shell.run("bulk", "get", id)).isZero();
        assertThat(shell.take()).contains(id, "cancel");
        assertThat(shell.run("bulk", "stop", id, "--json")).isZero();
        assertThat(shell.take()).contains("\"action\":\"cancel\"");
        assertThat(shell.run("bulk", "get", UUID.randomUUID().toString())).isEqualTo(4);
    }

    @Test
    void theAuditLogIsListed() {
        String id = submit();
        shell.run("jobs", "cancel", id);
        shell.run("jobs", "cancel", id);
        shell.take();

        assertThat(shell.run("audit", "list", "--action", "job.cancel", "--limit", "2"))
                .isZero();
        assertThat(shell.out())
                .contains("ACTOR", "operator", id, "refused", "done", "status=pending", "status=canceled");
        shell.take();
        assertThat(shell.run("audit", "list", "--limit", "1", "--json")).isZero();
        assertThat(shell.take()).contains("\"from\":\"127.0.0.1\"");
        assertThat(shell.run("audit", "list", "--since", "yesterday")).isEqualTo(2);
        assertThat(shell.run("audit", "list", "--limit", "0")).isEqualTo(2);
    }

    @Test
    void logIsFollowedToTheEndOfItsJob() {
        try (Pulse pulse = Pulse.connect(server.grpc())) {
            pulse.handle(JobType.of(type), (job, payload) -> {
                job.progress(50, "half");
                job.log("first");
                job.log(LogLevel.ERROR, "second");
            });
            pulse.start();
            String id = submit();

            assertThat(shell.run("jobs", "logs", id, "--follow")).isZero();
            assertThat(shell.take().lines().map(line -> line.replaceFirst("^20\\S+Z ", "")))
                    .containsExactly("1 INFO first", "1 ERROR second");
            assertThat(shell.run("jobs", "logs", id, "--json")).isZero();
            assertThat(shell.take()).contains("\"lost\":0").contains("\"progress\":50");
            assertThat(shell.run("jobs", "get", id)).isZero();
            assertThat(shell.take()).contains("50 %, half");
            assertThat(shell.run("jobs", "logs", id, "--after", "-1")).isEqualTo(2);
        }
    }

    @Test
    void waitThatRunsOutTellsTheStatusAndFails() {
        String id = submit();
        assertThat(shell.run("jobs", "wait", id, "--timeout", "10ms")).isEqualTo(1);
        assertThat(shell.out()).isEqualTo("pending\n");
    }

    @Test
    void statsHasTheColumnsOfTheContractATotalAndTheOldest() {
        submit();
        assertThat(shell.run("stats")).isZero();
        List<String> lines = shell.out().lines().toList();
        assertThat(lines.getFirst().split(" +"))
                .containsExactly(
                        "TYPE", "PENDING", "SCHEDULED", "RUNNING", "RETRYING", "COMPLETED", "DEAD", "CANCELED");
        assertThat(lines).anyMatch(line -> line.matches(type + " +1 +0 +0 +0 +0 +0 +0"));
        assertThat(lines.get(lines.size() - 2)).startsWith("TOTAL ");
        assertThat(lines.getLast()).matches("oldest waiting job: 20.*Z \\(\\d.*\\)");
    }

    @Test
    void statsAsJsonHasTheShapeOfRest() {
        submit();
        shell.run("stats", "--json");
        assertThat(shell.out()).startsWith("{\"scheduled\":").contains("\"types\":[", "\"type\":\"" + type + "\"");
    }

    @Test
    void throughputHasALineForEachBucket() {
        assertThat(shell.run("throughput", "--window", "3h", "--bucket", "1h")).isZero();
        assertThat(shell.take()).startsWith("START").contains("COMPLETED").hasLineCount(4);
        assertThat(shell.run("throughput", "--json")).isZero();
        assertThat(shell.take()).startsWith("{\"bucket_s\":60,");
    }

    @Test
    void throughputRefusesWhatCannotBeAnswered() {
        assertThat(shell.run("throughput", "--bucket", "30s")).isNotZero();
        assertThat(shell.err()).contains("bucket").hasLineCount(1);
    }

    @Test
    void statsWatchedEndWhenTheirReaderHasGone() {
        assertThat(shell.readerGoesAfter(1).run("stats", "--watch", "--interval", "1ms"))
                .isZero();
        assertThat(shell.err()).isEmpty();
    }

    @Test
    void statsWatchedInATerminalAreWrittenOverThemselves() {
        Terminal terminal = new Terminal(true, true, 80, 24, true, false, true);
        shell.in(terminal).readerGoesAfter(100).run("stats", "--watch", "--interval", "1ms");
        assertThat(shell.out()).startsWith("\u001b[HTYPE ").contains("\u001b[K\n", "\u001b[J\u001b[HTYPE ");
        assertThat(shell.err()).isEmpty();
    }

    @Test
    void statsWatchedInATerminalThatCannotMoveItsCursorAreWrittenBelowEachOther() {
        Terminal dumb = new Terminal(true, true, 80, 24, false, false, true);
        shell.in(dumb).readerGoesAfter(100).run("stats", "--watch", "--interval", "1ms");
        assertThat(shell.out()).startsWith("TYPE ").contains("\n\nTYPE ").doesNotContain("\u001b");
    }

    @Test
    void serversAndWorkersAreListed() {
        assertThat(shell.run("servers", "list")).isZero();
        assertThat(shell.take()).startsWith("ID ").contains("yes").hasLineCount(2);
        assertThat(shell.run("servers", "list", "--json")).isZero();
        assertThat(shell.take()).contains("\"leader\":true");
        assertThat(shell.run("workers", "list")).isZero();
        assertThat(shell.take()).startsWith("SESSION ");
        assertThat(shell.run("workers", "list", "--json")).isZero();
        assertThat(shell.take()).startsWith("{\"items\":[");
    }

    @Test
    void healthyServerIsReady() {
        assertThat(shell.run("health")).isZero();
        assertThat(shell.take()).startsWith("ready\nCHECK ").contains("vacuum ").contains("clock ");
        assertThat(shell.run("health", "--json")).isZero();
        assertThat(shell.take()).startsWith("{\"status\":\"").contains("\"checks\":[{\"name\":\"server\"");
    }

    private String submit(String... options) {
        String[] arguments = new String[options.length + 2];
        arguments[0] = "submit";
        arguments[1] = type;
        System.arraycopy(options, 0, arguments, 2, options.length);
        assertThat(shell.run(arguments)).as(shell.err()).isZero();
        return shell.take().strip();
    }

    private String json(String id) {
        assertThat(shell.run("jobs", "get", id, "--json")).isZero();
        return shell.take();
    }
}
