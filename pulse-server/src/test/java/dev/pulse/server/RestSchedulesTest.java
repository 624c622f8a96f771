package dev.pulse.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pulse.localpostgres.SharedPostgres;
import java.time.Instant;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Schedules at the REST door of a real server. */
@Timeout(60)
final class RestSchedulesTest {
    private static TestServer server;

    @BeforeAll
    static void start() {
        server = TestServer.start(SharedPostgres.freshDatabase());
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void aScheduleIsCreatedWithAllThatWasSaid() {
        TestServer.Answer created = server.post("/schedules", """
                {"name":"digest","type":"send-email","payload":{ "to": "a@b" },"headers":{"h":"1"},"tags":{"t":"2"},
                 "origin":"me","queue":"mail","priority":5,"max_attempts":3,"backoff":"fixed 5s","timeout":"30s",
                 "cron":"0 7 * * MON-FRI","time_zone":"Europe/Vienna","start":"2030-01-01T00:00:00Z",
                 "end":"2040-01-01T00:00:00+01:00","jitter":"10s","excluded_days":["2030-12-24","2030-01-01"],
                 "misfire":"fire_all","misfire_limit":7,"misfire_rate":0.5,"overlap":"queue_one"}""");

        assertThat(created.status()).as(created.body()).isEqualTo(201);
        String id = created.field("id");
        assertThat(created.header("Location")).isEqualTo("/schedules/" + id);
        assertThat(created.body())
                .startsWith("{\"id\":\"" + id
                        + "\",\"name\":\"digest\",\"version\":1,\"status\":\"active\",\"type\":\"send-email\","
                        + "\"queue\":\"mail\",\"priority\":5,\"payload\":{ \"to\": \"a@b\" },\"headers\":{\"h\":\"1\"},"
                        + "\"tags\":{\"t\":\"2\"},\"origin\":\"me\",\"max_attempts\":3,\"backoff\":\"fixed 5s cap 1h jitter 0\","
                        + "\"timeout\":\"30s\",\"at\":null,\"after\":null,\"every\":null,\"cron\":\"0 7 * * MON-FRI\","
                        + "\"fixed_delay\":false,\"time_zone\":\"Europe/Vienna\",\"start\":\"2030-01-01T00:00:00Z\","
                        + "\"end\":\"2039-12-31T23:00:00Z\",\"jitter\":\"10s\","
                        + "\"excluded_days\":[\"2030-01-01\",\"2030-12-24\"],\"misfire\":\"fire_all\","
                        + "\"misfire_limit\":7,\"misfire_rate\":0.5,\"overlap\":\"queue_one\",\"words\":\"at 07:00 on")
                .contains("\"next_at\":\"2030-01-02T06:00:00Z\",\"waiting\":false,\"paused\":false,\"reason\":null,"
                        + "\"by\":null,\"since\":null,\"fault\":null,\"fired\":0,\"coalesced\":0,\"skipped\":0,"
                        + "\"overlapped\":0,\"declared_by\":null,\"missing_since\":null,\"created_at\":\"");
        assertThat(server.get("/schedules/" + id).body()).isEqualTo(created.body());
        assertThat(server.get("/schedules/digest").body()).isEqualTo(created.body());
        assertThat(server.get("/schedules?status=active&type=send-email&queue=mail&name=digest")
                        .body())
                .isEqualTo("{\"items\":[" + created.body() + "],\"next_cursor\":null}");
        assertThat(server.get("/schedules?name=other").body()).startsWith("{\"items\":[]");
        assertThat(server.post("/schedules", "{\"name\":\"digest\",\"type\":\"t\",\"every\":\"1m\"}")
                        .field("code"))
                .isEqualTo("PULSE-2005");
    }

    @Test
    void aScheduleOfASecondFiresIsPausedResumedEditedAndDeleted() {
        String id = server.post("/schedules", "{\"name\":\"tick\",\"type\":\"tick\",\"every\":\"1s\"}")
                .field("id");
        TestServer.Answer fires = until(
                () -> server.get("/schedules/tick/fires"),
                answer -> !answer.field("job_id").isEmpty());

        assertThat(fires.body())
                .matches("\\{\"items\":\\[\\{\"occurrence\":\"[^\"]+\",\"fired_at\":\"[^\"]+\",\"job_id\":\"[^\"]+\","
                        + "\"lag_ms\":\\d+,\"coalesced\":0,\"manual\":false}.*");
        String job = fires.field("job_id");
        assertThat(server.get("/jobs/" + job).body())
                .contains("\"schedule_id\":\"" + id + "\"", "\"occurrence\":\"" + fires.field("occurrence") + "\"");
        String stranger = server.post("/jobs", "{\"type\":\"tick\"}").field("id");
        assertThat(server.get("/schedules/" + id + "/jobs?type=tick").body())
                .contains(job)
                .doesNotContain(stranger);
        assertThat(server.get("/schedules/tick/jobs?type=other").body()).startsWith("{\"items\":[]");

        TestServer.Answer paused = server.post("/schedules/tick/pause", "{\"reason\":\"deploy\"}");
        assertThat(paused.status()).isEqualTo(200);
        assertThat(paused.body())
                .contains(
                        "\"status\":\"paused\"",
                        "\"next_at\":null",
                        "\"paused\":true,\"reason\":\"deploy\",\"by\":\"operator\",\"since\":\"");
        assertThat(paused.field("version")).isEqualTo("2");

        TestServer.Answer byHand = server.post("/schedules/tick/run-now", "");
        assertThat(byHand.status()).isEqualTo(200);
        assertThat(byHand.field("schedule_id")).isEqualTo(id);
        assertThat(server.get("/jobs/" + byHand.field("job_id")).field("schedule_id"))
                .isEqualTo(id);
        assertThat(server.get("/schedules/tick/fires?limit=1").body()).contains("\"manual\":true");

        TestServer.Answer resumed = server.post("/schedules/tick/resume", "{}");
        assertThat(resumed.body()).contains("\"status\":\"active\"", "\"paused\":false");
        String version = resumed.field("version");

        assertThat(server.patch("/schedules/tick", "{\"version\":1,\"every\":\"1h\"}")
                        .field("code"))
                .isEqualTo("PULSE-2006");
        TestServer.Answer edited = server.patch("/schedules/tick", "{\"version\":" + version + ",\"every\":\"1h\"}");
        assertThat(edited.status()).isEqualTo(200);
        assertThat(edited.field("every")).isEqualTo("1h");
        assertThat(edited.field("version")).isEqualTo(String.valueOf(Integer.parseInt(version) + 1));

        assertThat(server.delete("/schedules/tick").field("id")).isEqualTo(id);
        assertThat(server.get("/schedules/" + id).field("code")).isEqualTo("PULSE-1141");
        assertThat(server.get("/jobs/" + job).status()).isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "`'cron':'0 0 * * *'` | \"every\":null,\"cron\":\"0 0 * * *\",\"fixed_delay\":false",
                "`'every':'2m'` | \"every\":\"2m\",\"cron\":null,\"fixed_delay\":true",
                "`'every':null,'at':null,'after':'1h'` | \"after\":\"1h\",\"every\":null",
                "`'fixed_delay':null` | \"every\":\"1m\",\"cron\":null,\"fixed_delay\":false",
                "`'name':null` | \"name\":null",
                "`'payload':null` | \"payload\":null",
                "`'payload':[1]` | \"payload\":[1]",
                "`'timeout':null,'origin':null,'tags':null` | \"tags\":{},\"origin\":null",
                "`'queue':null,'priority':null,'backoff':null` | \"queue\":\"default\",\"priority\":0",
                "`'time_zone':null` | \"time_zone\":\"UTC\"",
                "`'time_zone':'US/Eastern'` | \"time_zone\":\"America/New_York\"",
                "`'end':null,'jitter':null` | \"end\":null,\"jitter\":null",
                "`'excluded_days':null` | \"excluded_days\":[]",
                "`'misfire':null` | \"misfire\":\"fire_once\",\"misfire_limit\":null,\"misfire_rate\":null",
                "`'misfire_rate':null` | \"misfire\":\"fire_all\",\"misfire_limit\":7,\"misfire_rate\":null",
                "`'misfire_limit':null` | \"misfire\":\"fire_all\",\"misfire_limit\":100,\"misfire_rate\":2",
                "`'overlap':null` | \"overlap\":\"allow\"",
                "`'type':'other'` | \"type\":\"other\"",
            })
    void aPartOfItIsEditedAndNullTakesAPartAway(String change, String shown) {
        TestServer.Answer created = server.post("/schedules", """
                {"name":"edited","type":"t","payload":{"a":1},"tags":{"t":"2"},"origin":"me","queue":"mail",
                 "priority":5,"backoff":"fixed 5s","timeout":"30s","every":"1m","fixed_delay":true,
                 "time_zone":"Europe/Vienna","end":"2040-01-01T00:00:00Z","jitter":"10s",
                 "excluded_days":["2030-12-24"],"misfire":"fire_all","misfire_limit":7,"misfire_rate":2,
                 "overlap":"skip"}""");
        try {
            TestServer.Answer edited =
                    server.patch("/schedules/" + created.field("id"), "{\"version\":1," + json(change) + "}");
            assertThat(edited.status()).as(edited.body()).isEqualTo(200);
            assertThat(edited.body()).contains(shown);
            assertThat(edited.field("version")).isEqualTo("2");
            if (!change.contains("payload")) {
                assertThat(edited.body()).contains("\"payload\":{\"a\":1}");
            }
        } finally {
            server.delete("/schedules/" + created.field("id"));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "`'every':'1h'` | PULSE-1001 | version",
                "`'version':null,'every':'1h'` | PULSE-1001 | version",
                "`'version':'1'` | PULSE-1001 | version",
                "`'version':1,'every':null` | PULSE-1001 | every",
                "`'version':1,'type':null` | PULSE-1001 | type",
                "`'version':1,'cron':'0 0 30 2 *'` | PULSE-1001 | cron",
                "`'version':1,'at':'2020-01-01T00:00:00Z'` | PULSE-1001 | at",
                "`'version':1,'cron':'* * * * *','fixed_delay':true` | PULSE-1001 | fixed_delay",
                "`'version':1,'misfire_limit':5` | PULSE-1001 | misfire_limit",
                "`'version':1,'end':'2020-01-01T00:00:00Z'` | PULSE-1001 | end",
                "`'version':1,'key':null` | PULSE-1001 | key",
                "`'version':1,'nam':'x'` | PULSE-1002 | nam",
                "`'version':9,'every':'0s'` | PULSE-1001 | every",
            })
    void anEditAtFaultIsRefusedAndChangesNothing(String change, String code, String field) {
        TestServer.Answer created = server.post("/schedules", "{\"type\":\"t\",\"every\":\"1h\"}");
        String path = "/schedules/" + created.field("id");
        try {
            TestServer.Answer refused = server.patch(path, "{" + json(change) + "}");
            assertThat(refused.status()).as(refused.body()).isEqualTo(400);
            assertThat(refused.field("code")).as(refused.body()).isEqualTo(code);
            assertThat(refused.field("field")).as(refused.body()).isEqualTo(field);
            assertThat(server.get(path).body()).isEqualTo(created.body());
        } finally {
            server.delete(path);
        }
    }

    @Test
    void aPreviewTellsWhatHappensWhenClocksChange() {
        TestServer.Answer preview = server.post(
                "/schedules/preview",
                "{\"cron\":\"30 2 * * *\",\"time_zone\":\"Europe/Vienna\",\"from\":\"2027-03-27T12:00:00Z\",\"count\":3}");

        assertThat(preview.body())
                .startsWith("{\"items\":[\"2027-03-28T01:00:00Z\",\"2027-03-29T00:30:00Z\",\"2027-03-30T00:30:00Z\"],"
                        + "\"notes\":[\"2027-03-28")
                .contains("2027-10-31")
                .endsWith("\"words\":\"at 02:30 every day, Europe/Vienna\"}");
    }

    @Test
    void anEndedScheduleIsNeitherPausedNorResumed() {
        String id = server.post("/schedules", "{\"type\":\"once\",\"after\":\"1ms\"}")
                .field("id");
        until(
                () -> server.get("/schedules/" + id),
                answer -> answer.field("status").equals("ended"));

        assertThat(server.post("/schedules/" + id + "/pause", "").field("code")).isEqualTo("PULSE-2001");
        assertThat(server.post("/schedules/" + id + "/resume", "").status()).isEqualTo(409);
        assertThat(Instant.parse(server.get("/schedules/" + id + "/fires").field("fired_at")))
                .isNotNull();
    }

    @Test
    void listsHavePages() {
        for (int i = 0; i < 3; i++) {
            server.post("/schedules", "{\"type\":\"paged\",\"every\":\"1h\"}");
        }
        TestServer.Answer first = server.get("/schedules?type=paged&limit=2");
        TestServer.Answer second = server.get("/schedules?type=paged&limit=2&cursor=" + first.field("next_cursor"));
        assertThat(first.body().split("\"version\"", -1)).hasSize(3);
        assertThat(second.body().split("\"version\"", -1)).hasSize(2);
        assertThat(second.body()).endsWith("\"next_cursor\":null}");
        assertThat(server.get("/schedules?cursor=junk").status()).isEqualTo(400);
    }

    private static String json(String text) {
        return text.replace('\'', '"');
    }

    private static TestServer.Answer until(Supplier<TestServer.Answer> ask, Predicate<TestServer.Answer> enough) {
        TestServer.Answer answer = ask.get();
        while (!enough.test(answer)) {
            LockSupport.parkNanos(5_000_000);
            answer = ask.get();
        }
        return answer;
    }
}
