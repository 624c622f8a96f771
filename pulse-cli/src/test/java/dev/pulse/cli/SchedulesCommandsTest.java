package dev.pulse.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Schedules from the command line, against a real server; rows B27 to B40 and B115 of the bad-input catalogue. */
@Timeout(60)
class SchedulesCommandsTest {
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

    private String run(String... words) {
        shell.take();
        assertThat(shell.run(words))
                .as("%s: %s", String.join(" ", words), shell.err())
                .isZero();
        return shell.take();
    }

    @Test
    void aScheduleOfASecondFiresIsPausedResumedEditedAndDeleted() {
        String id = run("schedules", "create", name, "{\"n\":1}", "--every", "1s", "--name", name)
                .strip();
        assertThat(UUID.fromString(id)).isNotNull();
        String fires = run("schedules", "fires", name);
        while (fires.lines().count() < 2) {
            LockSupport.parkNanos(5_000_000);
            fires = run("schedules", "fires", name);
        }
        assertThat(fires)
                .matches("(?s)OCCURRENCE +LAG_MS +JOB +COALESCED +BY\\R\\S+Z +\\d+ +[0-9a-f-]{36} +0 +rule\\R.*");
        assertThat(run("schedules", "fires", id, "--json", "--limit", "1"))
                .startsWith("{\"items\":[{\"occurrence\":\"")
                .contains("\"lag_ms\":");
        String stranger = run("submit", name).strip();
        assertThat(run("schedules", "jobs", name, "--type", name))
                .startsWith("ID")
                .contains(name)
                .doesNotContain(stranger);
        assertThat(run("schedules", "jobs", name, "--json")).contains("\"schedule_id\":\"" + id + "\"");

        assertThat(run("schedules", "pause", name, "-m", "deploy")).isEqualToIgnoringNewLines(id + " paused");
        assertThat(run("schedules", "get", name))
                .contains("status     paused", "by operator (deploy)", "every      1s", "rule       every 1 s")
                .contains("payload    {\"n\":1}");
        String byHand = run("schedules", "run-now", name).strip();
        assertThat(run("jobs", "get", byHand, "--json")).contains("\"schedule_id\":\"" + id + "\"");
        assertThat(run("schedules", "fires", name, "--limit", "1")).containsPattern(byHand + " +0 +hand");
        assertThat(run("schedules", "resume", id)).startsWith(id + " active, next at ");

        assertThat(shell.run("schedules", "edit", name, "--version", "1", "--every", "1h"))
                .isEqualTo(5);
        assertThat(shell.err()).contains("PULSE-2006");
        assertThat(run("schedules", "edit", name, "--every", "1h", "--overlap", "skip"))
                .matches(id + " version \\d+: every 1 h\\R");
        assertThat(run("schedules", "get", name, "--json"))
                .contains("\"every\":\"1h\"", "\"overlap\":\"skip\"", "\"payload\":{\"n\":1}");

        assertThat(run("schedules", "delete", name)).isEqualToIgnoringNewLines(id + " deleted");
        assertThat(shell.run("schedules", "get", name)).isEqualTo(4);
        assertThat(shell.run("schedules", "get", id)).isEqualTo(4);
    }

    @Test
    void allThatAScheduleHasCanBeSaidAndTakenAwayAgain() {
        run(
                "schedules",
                "create",
                "--type",
                "email",
                "{\"a\":1}",
                "--name",
                name,
                "--cron",
                "0 7 * * MON-FRI",
                "--time-zone",
                "Europe/Vienna",
                "--start",
                "2030-01-01T00:00:00Z",
                "--end",
                "2040-01-01T00:00:00Z",
                "--jitter",
                "10s",
                "--exclude-day",
                "2030-12-24",
                "--exclude-day",
                "2030-12-25",
                "--misfire",
                "fire_all",
                "--misfire-limit",
                "7",
                "--misfire-rate",
                "0.5",
                "--overlap",
                "queue_one",
                "--queue",
                "mail",
                "--priority",
                "5",
                "--max-attempts",
                "3",
                "--backoff",
                "fixed 5s",
                "--timeout",
                "30s",
                "--tag",
                "t=1",
                "--header",
                "h=2",
                "--origin",
                "me");

        assertThat(run("schedules", "get", name, "--json"))
                .contains("\"type\":\"email\",\"queue\":\"mail\",\"priority\":5,\"payload\":{\"a\":1}")
                .contains("\"cron\":\"0 7 * * MON-FRI\"", "\"time_zone\":\"Europe/Vienna\"", "\"jitter\":\"10s\"")
                .contains("\"excluded_days\":[\"2030-12-24\",\"2030-12-25\"]", "\"misfire_limit\":7")
                .contains("\"misfire_rate\":0.5", "\"overlap\":\"queue_one\"", "\"timeout\":\"30s\"")
                .contains("\"tags\":{\"t\":\"1\"}", "\"headers\":{\"h\":\"2\"}", "\"origin\":\"me\"");
        assertThat(run("schedules", "list", "--name", name))
                .matches(
                        "(?s)ID +NAME +TYPE +STATUS +NEXT +FIRED +RULE\\R\\S+ +" + name
                                + " +email +active +2030-01-01T06:00:00Z +0 +at 07:00 on Monday to Friday, Europe/Vienna, .*without 2 excluded days\\R");

        assertThat(run(
                        "schedules",
                        "edit",
                        name,
                        "--clear",
                        "end,jitter",
                        "--clear",
                        "tags",
                        "--clear",
                        "misfire_rate",
                        "--json"))
                .contains("\"end\":null", "\"jitter\":null", "\"tags\":{}", "\"misfire_rate\":null")
                .contains("\"misfire_limit\":7", "\"origin\":\"me\"", "\"version\":2");
        assertThat(run("schedules", "edit", name, "--payload", "[2]", "--type", "other", "--json"))
                .contains("\"payload\":[2]", "\"type\":\"other\"", "\"cron\":\"0 7 * * MON-FRI\"");
        run("schedules", "delete", name);
    }

    @Test
    void aPreviewShowsTheClockOfTheRuleAndWhatHappensWhenItChanges() {
        String[] words = {
            "schedules",
            "preview",
            "--cron",
            "30 2 * * *",
            "--time-zone",
            "Europe/Vienna",
            "--from",
            "2027-03-27T12:00:00Z",
            "--count",
            "2"
        };
        assertThat(run(words).lines().toList())
                .startsWith(
                        "2027-03-28T03:00:00+02:00",
                        "2027-03-29T02:30:00+02:00",
                        "rule: at 02:30 every day, Europe/Vienna")
                .anySatisfy(line -> assertThat(line).startsWith("note: 2027-03-28"))
                .anySatisfy(line -> assertThat(line).startsWith("note: 2027-10-31"))
                .hasSize(5);
        List<String> json = new ArrayList<>(List.of(words));
        json.add("--json");
        assertThat(run(json.toArray(String[]::new)))
                .startsWith("{\"items\":[\"2027-03-28T01:00:00Z\",\"2027-03-29T00:30:00Z\"],\"notes\":[");
    }

    static Stream<Arguments> previews() {
        return Stream.of(
                Arguments.of("B34", "0 0 29 2 *", "2027-01-01T00:00:00Z", "2028-02-29T00:00:00Z", "2032-02-29"),
                Arguments.of("B36", "* * * * * *", "2027-01-01T00:00:00Z", "2027-01-01T00:00:01Z", "every second"),
                Arguments.of("B38", "0 0 13 * FRI", "2027-01-01T00:00:00Z", "2027-01-08T00:00:00Z", "match either"),
                Arguments.of("B39", "0 0 * jan 7", "2027-01-01T00:00:00Z", "2027-01-03T00:00:00Z", "Sunday"));
    }

    @ParameterizedTest
    @MethodSource("previews")
    void whatLooksOddAndIsFineIsPreviewedWithWhatItMeans(
            String row, String cron, String from, String first, String also) {
        assertThat(run("schedules", "preview", "--cron", cron, "--from", from, "--count", "2"))
                .as(row)
                .startsWith(first)
                .contains(also);
    }

    static Stream<Arguments> faults() {
        return Stream.of(
                fault("B27", "at", "--at", "2020-01-01T00:00:00Z"),
                fault("B28", "at", "--at", "2030-01-01T00:00:00"),
                fault("B28", "at", "--at", "2030-02-30T00:00:00Z"),
                fault("B28", "at", "--at", "2030-01-01T24:00:00Z"),
                fault("B28", "at", "--at", "2030-06-30T23:59:60Z"),
                fault("B28", "at", "--at", "2030-13-01T00:00:00Z"),
                fault("B28", "start", "--every", "1m", "--start", "2030-01-01"),
                fault("B28", "end", "--every", "1m", "--end", "tomorrow"),
                fault("B28", "excluded_days", "--every", "1m", "--exclude-day", "2030-02-30"),
                fault("B29", "time_zone", "--every", "1m", "--time-zone", "CET+1"),
                fault("B29", "time_zone", "--every", "1m", "--time-zone", "Mars/Base"),
                fault("B29", "time_zone", "--every", "1m", "--time-zone", ""),
                fault("B30", "cron", "--cron", ""),
                fault("B30", "cron", "--cron", "* * * *"),
                fault("B30", "cron", "--cron", "* * * * * * * *"),
                fault("B30", "cron"),
                fault("B30", "every", "--cron", "* * * * *", "--every", "1m"),
                fault("B31", "cron", "--cron", "60 * * * *"),
                fault("B31", "cron", "--cron", "* 24 * * *"),
                fault("B31", "cron", "--cron", "* * 0 * *"),
                fault("B31", "cron", "--cron", "* * * 13 *"),
                fault("B31", "cron", "--cron", "* * * * 8"),
                fault("B32", "cron", "--cron", "*/0 * * * *"),
                fault("B32", "cron", "--cron", "*/-5 * * * *"),
                fault("B32", "cron", "--cron", "5-1 * * * *"),
                fault("B32", "cron", "--cron", "1- * * * *"),
                fault("B32", "cron", "--cron", ", * * * *"),
                fault("B32", "cron", "--cron", "1,,2 * * * *"),
                fault("B32", "cron", "--cron", "a-b * * * *"),
                fault("B33", "cron", "--cron", "0 0 30 2 *"),
                fault("B33", "cron", "--cron", "0 0 31 4,6,9,11 *"),
                fault("B36", "every", "--every", "0s"),
                fault("B36", "every", "--every", "1ms"),
                fault("B36", "every", "--every", "-5s"),
                fault("B36", "after", "--after", "soon"),
                fault("B36", "jitter", "--every", "1m", "--jitter", "25h"),
                fault("B36", "fixed_delay", "--cron", "* * * * *", "--fixed-delay"),
                fault("B37", "cron", "--cron", "0,".repeat(1_000) + "0 * * * *"),
                fault("B39", "cron", "--cron", "@reboot"),
                fault("B39", "cron", "--cron", "* * * * MONDAY"),
                fault(
                        "B40",
                        "end",
                        "--every",
                        "1m",
                        "--start",
                        "2030-01-01T00:00:00Z",
                        "--end",
                        "2029-01-01T00:00:00Z"),
                fault("B40", "end", "--every", "1m", "--end", "2020-01-01T00:00:00Z"));
    }

    private static Arguments fault(String row, String field, String... options) {
        return Arguments.of(row, field, options);
    }

    @ParameterizedTest
    @MethodSource("faults")
    void aTimingAtFaultIsAUsageErrorThatNamesIt(String row, String field, String[] options) {
        for (String command : List.of("create", "preview")) {
            TestShell fresh = new TestShell();
            fresh.environment().put("PULSE_ADDR", server.grpc());
            List<String> words = new ArrayList<>(List.of("schedules", command));
            if (command.equals("create")) {
                words.addAll(List.of("t", "--name", name));
            }
            words.addAll(List.of(options));

            assertThat(fresh.run(words.toArray(String[]::new)))
                    .as(row + fresh.err())
                    .isEqualTo(2);
            assertThat(fresh.out()).isEmpty();
            assertThat(fresh.err())
                    .startsWith("pulse: PULSE-1001 " + field + ": ")
                    .hasLineCount(1);
        }
        assertThat(run("schedules", "list", "--name", name)).hasLineCount(1);
    }

    @Test
    void allFaultsAreToldAtOnceAndNoneIsALotOfLines() {
        assertThat(shell.run(
                        "schedules",
                        "create",
                        "a b",
                        "--cron",
                        "60 * * * *",
                        "--time-zone",
                        "Mars/Base",
                        "--misfire",
                        "all",
                        "--overlap",
                        "no",
                        "--timeout",
                        "long",
                        "--misfire-limit",
                        "7"))
                .isEqualTo(2);
        assertThat(shell.err())
                .contains("type: ", "minute: 60, allowed 0-59", "time_zone: ", "misfire: ", "overlap: ", "timeout: ")
                .contains("misfire_limit: ")
                .hasLineCount(1);
    }

    @Test
    void aLimitThatIsTooLowForWhatWasMissedIsToldTheCount() {
        assertThat(shell.run(
                        "schedules",
                        "create",
                        "t",
                        "--every",
                        "1m",
                        "--start",
                        "2020-01-01T00:00:00Z",
                        "--misfire",
                        "fire_all"))
                .as("B40")
                .isEqualTo(2);
        assertThat(shell.err()).contains("start: ", "misfire_limit allows 100");
    }

    @ParameterizedTest
    @MethodSource("clocks")
    void theClockOfThisMachineDoesNotMatter(Instant clock) {
        Instant before = Instant.now();
        TestShell skewed = shell.at(InstantSource.fixed(clock));
        assertThat(skewed.run("schedules", "create", "t", "--after", "1h", "--name", name))
                .as("B115")
                .isZero();
        String json = run("schedules", "get", name, "--json");
        String next = json.replaceAll("(?s).*\"next_at\":\"([^\"]+)\".*", "$1");
        assertThat(Instant.parse(next))
                .isBetween(before.plusSeconds(3_590), Instant.now().plusSeconds(3_610));
        run("schedules", "delete", name);
    }

    static Stream<Instant> clocks() {
        return Stream.of(Instant.EPOCH, Instant.parse("2099-01-01T00:00:00Z"));
    }

    @Test
    void wrongUseIsAUsageErrorInOneLine() {
        for (String[] wrong : new String[][] {
            {"schedules"},
            {"schedules", "create"},
            {"schedules", "create", "t", "{}", "--type", "u", "--every", "1m"},
            {"schedules", "create", "t", "{}", "--payload", "{}", "--every", "1m"},
            {"schedules", "create", "t", "{", "--every", "1m"},
            {"schedules", "edit", name, "--clear", "cron"},
            {"schedules", "edit", name, "--version", "one"},
            {"schedules", "list", "--status", "running"},
            {"schedules", "jobs", name, "--schedule", UUID.randomUUID().toString()},
            {"schedules", "pause"},
            {"schedules", "preview", "--every", "1m", "--count", "1001"},
            {"schedules", "preview", "--every", "1m", "--from", "now"}
        }) {
            TestShell fresh = new TestShell();
            fresh.environment().put("PULSE_ADDR", server.grpc());
            assertThat(fresh.run(wrong))
                    .as(String.join(" ", wrong) + fresh.err())
                    .isEqualTo(2);
            assertThat(fresh.err()).hasLineCount(1);
        }
        for (String act : List.of("get", "edit", "pause", "resume", "run-now", "delete", "fires", "jobs")) {
            assertThat(shell.run("schedules", act, name)).as(act).isEqualTo(4);
        }
    }

    @Test
    void listsAreJsonOnDemandAndHavePages() {
        for (int i = 0; i < 3; i++) {
            run("schedules", "create", name, "--every", "1h");
        }
        assertThat(run("schedules", "list", "--type", name, "--limit", "2")).hasLineCount(3);
        assertThat(shell.err()).contains("pulse: more with --cursor ");
        assertThat(run("schedules", "list", "--type", name, "--status", "active", "--json"))
                .startsWith("{\"items\":[{\"id\":\"")
                .contains("\"next_cursor\":null");
    }
}
