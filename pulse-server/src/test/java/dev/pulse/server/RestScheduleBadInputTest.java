package dev.pulse.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pulse.model.ScheduleFilter;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Rows B27 to B40 and B115 of the bad-input catalogue at the REST door. Whatever is sent here, no schedule is stored. */
final class RestScheduleBadInputTest {
    private static final String INVALID = "PULSE-1001";
    private static TestServer server;

    @BeforeAll
    static void start() {
        server = TestServer.start();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @AfterEach
    void nothingWasStored() {
        String stored = server.get("/schedules").body();
        server.stores()
                .schedules()
                .list(ScheduleFilter.ALL, 1_000, null)
                .items()
                .forEach(schedule -> server.delete("/schedules/" + schedule.id()));
        assertThat(stored).isEqualTo("{\"items\":[],\"next_cursor\":null}");
        assertThat(server.storedJobs()).isZero();
    }

    static Stream<Arguments> timings() {
        String allMinutes = IntStream.range(0, 60).mapToObj(String::valueOf).collect(Collectors.joining(","));
        return Stream.of(
                row("B27", "at", "'at':'2020-01-01T00:00:00Z'"),
                row("B28", "at", "'at':'2030-01-01T00:00:00'"),
                row("B28", "at", "'at':'2030-02-30T00:00:00Z'"),
                row("B28", "at", "'at':'2030-01-01T24:00:00Z'"),
                row("B28", "at", "'at':'2030-06-30T23:59:60Z'"),
                row("B28", "at", "'at':'2030-13-01T00:00:00Z'"),
                row("B28", "at", "'at':1900000000000"),
                row("B28", "start", "'every':'1m','start':'2030-01-01'"),
                row("B28", "end", "'every':'1m','end':'tomorrow'"),
                row("B28", "excluded_days", "'every':'1m','excluded_days':['2030-02-30']"),
                row("B28", "excluded_days[1]", "'every':'1m','excluded_days':['2030-02-28',7]"),
                row("B29", "time_zone", "'every':'1m','time_zone':'CET+1'"),
                row("B29", "time_zone", "'every':'1m','time_zone':'Mars/Base'"),
                row("B29", "time_zone", "'every':'1m','time_zone':''"),
                row("B29", "time_zone", "'every':'1m','time_zone':'+02:00'"),
                row("B30", "cron", "'cron':''"),
                row("B30", "cron", "'cron':'* * * *'"),
                row("B30", "cron", "'cron':'* * * * * * * *'"),
                row("B30", "cron", "'cron':5"),
                row("B30", "cron", ""),
                row("B30", "every", "'cron':'* * * * *','every':'1m'"),
                row("B30", "after", "'at':'2030-01-01T00:00:00Z','after':'1h'"),
                row("B31", "cron", "'cron':'60 * * * *'"),
                row("B31", "cron", "'cron':'* 24 * * *'"),
                row("B31", "cron", "'cron':'* * 0 * *'"),
                row("B31", "cron", "'cron':'* * * 13 *'"),
                row("B31", "cron", "'cron':'* * * * 8'"),
                row("B32", "cron", "'cron':'*/0 * * * *'"),
                row("B32", "cron", "'cron':'*/-5 * * * *'"),
                row("B32", "cron", "'cron':'5-1 * * * *'"),
                row("B32", "cron", "'cron':'1- * * * *'"),
                row("B32", "cron", "'cron':', * * * *'"),
                row("B32", "cron", "'cron':'1,,2 * * * *'"),
                row("B32", "cron", "'cron':'a-b * * * *'"),
                row("B33", "cron", "'cron':'0 0 30 2 *'"),
                row("B33", "cron", "'cron':'0 0 31 4,6,9,11 *'"),
                row("B36", "every", "'every':'0s'"),
                row("B36", "every", "'every':'1ms'"),
                row("B36", "every", "'every':'1500us'"),
                row("B36", "every", "'every':-5"),
                row("B36", "after", "'after':'0s'"),
                row("B36", "jitter", "'every':'1m','jitter':'25h'"),
                row("B36", "fixed_delay", "'cron':'* * * * *','fixed_delay':true"),
                row("B36", "fixed_delay", "'every':'1m','fixed_delay':'yes'"),
                row("B37", "cron", "'cron':'" + (allMinutes + ",").repeat(60) + "0 * * * *'"),
                row("B37", "cron", "'cron':'" + "0,".repeat(1_000) + "0 * * * *'"),
                row("B39", "cron", "'cron':'@reboot'"),
                row("B39", "cron", "'cron':'* * * * MONDAY'"),
                row("B39", "cron", "'cron':'0 0 L-31 * *'"),
                row("B40", "end", "'every':'1m','start':'2030-01-01T00:00:00Z','end':'2029-01-01T00:00:00Z'"),
                row("B40", "end", "'every':'1m','end':'2020-01-01T00:00:00Z'"));
    }

    private static Arguments row(String row, String field, String timing) {
        return Arguments.of(row, field, timing.replace('\'', '"'));
    }

    @ParameterizedTest
    @MethodSource("timings")
    void aTimingAtFaultIsRefusedByItsFieldAndSoIsItsPreview(String row, String field, String timing) {
        refused(
                server.post("/schedules", "{\"type\":\"t\"" + (timing.isEmpty() ? "" : "," + timing) + "}"),
                row,
                INVALID,
                field);
        refused(server.post("/schedules/preview", "{" + timing + "}"), row, INVALID, field);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "'every':'1m','start':'2020-01-01T00:00:00Z','misfire':'fire_all' | PULSE-1001 | start",
                "'every':'1m','misfire':'all' | PULSE-1001 | misfire",
                "'every':'1m','misfire':'fire_all','misfire_limit':0 | PULSE-1001 | misfire_limit",
                "'every':'1m','misfire':'fire_all','misfire_limit':1001 | PULSE-1001 | misfire_limit",
                "'every':'1m','misfire_limit':5 | PULSE-1001 | misfire_limit",
                "'every':'1m','misfire':'fire_all','misfire_rate':0 | PULSE-1001 | misfire_rate",
                "'every':'1m','misfire':'fire_all','misfire_rate':1e999 | PULSE-1001 | misfire_rate",
                "'every':'1m','misfire':'skip','misfire_rate':1 | PULSE-1001 | misfire_rate",
                "'every':'1m','overlap':'queue' | PULSE-1001 | overlap",
                "'every':'1m','overlap':null | PULSE-1001 | overlap",
                "'every':'1m','name':'a b' | PULSE-1001 | name",
                "'every':'1m','name':'' | PULSE-1001 | name",
                "'every':'1m','name':'preview' | PULSE-1001 | name",
                "'every':'1m','name':'0198c0de-0000-7000-8000-00000000000a' | PULSE-1001 | name",
                "'every':'1m','id':'0198c0de-0000-7000-8000-00000000000a' | PULSE-1001 | id",
                "'every':'1m','key':'k' | PULSE-1001 | key",
                "'every':'1m','run_at':'2030-01-01T00:00:00Z' | PULSE-1001 | run_at",
                "'every':'1m','delay':'5m' | PULSE-1001 | delay",
                "'every':'1m','queue':'a b' | PULSE-1001 | queue",
                "'every':'1m','max_attempts':0 | PULSE-1001 | max_attempts",
                "'every':'1m','timeout':'0s' | PULSE-1001 | timeout",
                "'every':'1m','backoff':'sometimes' | PULSE-1001 | backoff",
                "'every':'1m','headers':{'pulse.x':'1'} | PULSE-1001 | headers",
                "'every':'1m','content_type':'' | PULSE-1001 | content_type",
                "'every':'1m','every':'2m' | PULSE-1001 | every",
                "'evry':'1m' | PULSE-1002 | evry",
                "'every':'1m','version':1 | PULSE-1002 | version",
            })
    void aScheduleAtFaultIsRefusedByItsField(String fields, String code, String field) {
        refused(server.post("/schedules", "{\"type\":\"t\"," + fields.replace('\'', '"') + "}"), fields, code, field);
    }

    private static void refused(TestServer.Answer answer, String what, String code, String field) {
        assertThat(answer.status()).as(what + answer.body()).isEqualTo(400);
        assertThat(answer.field("code")).as(answer.body()).isEqualTo(code);
        assertThat(answer.field("field")).as(answer.body()).isEqualTo(field);
    }

    @Test
    void allFaultsAreToldAtOnce() {
        assertThat(server.post(
                                "/schedules",
                                "{\"queue\":\"a b\",\"cron\":\"60 * * * *\",\"time_zone\":\"Mars/Base\",\"jitter\":5,"
                                        + "\"start\":\"2030-01-01T00:00:00Z\",\"end\":\"2029-01-01T00:00:00Z\","
                                        + "\"overlap\":\"no\",\"misfire_limit\":7,\"nmae\":\"x\"}")
                        .body())
                .contains(
                        "\"nmae\"",
                        "did you mean name?",
                        "\"type\"",
                        "\"queue\"",
                        "minute: 60, allowed 0-59",
                        "\"time_zone\"",
                        "\"jitter\"",
                        "\"end\"",
                        "\"overlap\"",
                        "\"misfire_limit\"");
    }

    @Test
    void aLimitThatIsTooLowForWhatWasMissedIsToldTheCount() {
        TestServer.Answer answer = server.post(
                "/schedules",
                "{\"type\":\"t\",\"every\":\"1m\",\"start\":\"" + Instant.now().minus(Duration.ofHours(10))
                        + "\",\"misfire\":\"fire_all\",\"misfire_limit\":7}");
        assertThat(answer.field("detail")).contains("60", "misfire_limit allows 7");
    }

    static Stream<Arguments> previews() {
        return Stream.of(
                Arguments.of(
                        "B29",
                        "'cron':'0 12 * * *','time_zone':'US/Eastern','from':'2026-12-01T00:00:00Z','count':1",
                        "\"2026-12-01T17:00:00Z\"",
                        "America/New_York"),
                Arguments.of(
                        "B34",
                        "'cron':'0 0 29 2 *','from':'2027-01-01T00:00:00Z','count':2",
                        "[\"2028-02-29T00:00:00Z\",\"2032-02-29T00:00:00Z\"]",
                        "29"),
                Arguments.of(
                        "B34",
                        "'cron':'0 0 29 2 *','from':'2096-01-01T00:00:00Z','count':2",
                        "[\"2096-02-29T00:00:00Z\",\"2104-02-29T00:00:00Z\"]",
                        "29"),
                Arguments.of(
                        "B35",
                        "'cron':'30 2 * * *','time_zone':'Europe/Vienna','from':'2027-03-27T12:00:00Z','count':2",
                        "[\"2027-03-28T01:00:00Z\",\"2027-03-29T00:30:00Z\"]",
                        "2027-10-31"),
                Arguments.of(
                        "B36",
                        "'cron':'* * * * * *','from':'2027-01-01T00:00:00Z','count':2",
                        "[\"2027-01-01T00:00:01Z\",\"2027-01-01T00:00:02Z\"]",
                        "every second"),
                Arguments.of(
                        "B38",
                        "'cron':'0 0 13 * FRI','from':'2027-01-01T00:00:00Z','count':1",
                        "2027-01-01",
                        "match either"),
                Arguments.of(
                        "B39",
                        "'cron':'0 0 * jan sun','from':'2027-01-01T00:00:00Z','count':1",
                        "2027-01-03T00:00:00Z",
                        "Sunday"),
                Arguments.of(
                        "B39",
                        "'cron':'0 0 * * 7','from':'2027-01-01T00:00:00Z','count':1",
                        "2027-01-03T00:00:00Z",
                        "Sunday"),
                Arguments.of(
                        "B39",
                        "'cron':'0 0 L * *','from':'2027-02-01T00:00:00Z','count':1",
                        "2027-02-28T00:00:00Z",
                        "the last day of the month"));
    }

    @ParameterizedTest
    @MethodSource("previews")
    void whatLooksOddAndIsFineIsPreviewedWithWhatItMeans(String row, String body, String items, String words) {
        TestServer.Answer answer = server.post("/schedules/preview", "{" + body.replace('\'', '"') + "}");

        assertThat(answer.status()).as(row + answer.body()).isEqualTo(200);
        assertThat(answer.body()).contains(row.equals("B38") ? "2027-01-0" : items, words);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "`{\"every\":\"1m\",\"count\":0}` | count | PULSE-1001",
                "`{\"every\":\"1m\",\"count\":1001}` | count | PULSE-1001",
                "`{\"every\":\"1m\",\"from\":\"now\"}` | from | PULSE-1001",
                "`{\"every\":\"1m\",\"type\":\"t\"}` | type | PULSE-1002",
                "`{\"crn\":\"* * * * *\"}` | crn | PULSE-1002",
            })
    void aPreviewAtFaultIsRefused(String body, String field, String code) {
        refused(server.post("/schedules/preview", body), body, code, field);
    }

    @ParameterizedTest
    @CsvSource({"1970-01-01T00:00:00Z", "2099-01-01T00:00:00Z"})
    void theCallersClockDoesNotMatter(String date) {
        Instant before = Instant.now();
        TestServer.Answer created = server.send(server.request("/schedules")
                .header("Last-Modified", date)
                .POST(HttpRequest.BodyPublishers.ofString("{\"type\":\"t\",\"after\":\"1h\"}")));

        assertThat(created.status()).as("B115").isEqualTo(201);
        assertThat(Instant.parse(created.field("next_at")))
                .isBetween(before.plusSeconds(3_590), Instant.now().plusSeconds(3_610));
        assertThat(server.delete("/schedules/" + created.field("id")).status()).isEqualTo(200);
    }

    @Test
    void badPathsQueriesAndMethodsAreRefused() {
        assertThat(server.get("/schedules/nobody").status()).isEqualTo(404);
        assertThat(server.get("/schedules/0198c0de-0000-7000-8000-00000000000a").field("code"))
                .isEqualTo("PULSE-1141");
        assertThat(server.get("/schedules/nobody/fires").field("code")).isEqualTo("PULSE-1141");
        assertThat(server.get("/schedules/nobody/jobs").field("code")).isEqualTo("PULSE-1141");
        assertThat(server.post("/schedules/nobody/run-now", "").status()).isEqualTo(404);
        assertThat(server.patch("/schedules/nobody", "{\"version\":1}").status())
                .isEqualTo(404);
        assertThat(server.get("/schedules?staus=active").field("field")).isEqualTo("staus");
        assertThat(server.get("/schedules?status=running").field("field")).isEqualTo("status");
        assertThat(server.get("/schedules?limit=0").field("field")).isEqualTo("limit");
        assertThat(server.get("/schedules/nobody/fires?status=x").field("field"))
                .isEqualTo("status");
        assertThat(server.get("/schedules/nobody/jobs?schedule_id=x").field("field"))
                .isEqualTo("schedule_id");
        assertThat(server.get("/schedules/preview").status()).isEqualTo(405);
    }
}
