package dev.pulse.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The bad-input catalogue at the REST door, by its row numbers. Whatever is sent here, nothing is stored. */
final class RestBadInputTest {
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
    void nothingWasStoredAndTheNextGoodRequestWorks() {
        assertThat(server.storedJobs()).isZero();
        assertThat(server.get("/health/live").status()).isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "B01 | {\"type\":\"t\",\"queue\":\"\"} | PULSE-1001 | queue",
                "B01 | {\"type\":\"t\",\"queue\":\"  \"} | PULSE-1001 | queue",
                "B03 | {\"type\":\"t\",\"queue\":\"a/b\"} | PULSE-1001 | queue",
                "B04 | {\"type\":\"e\\u0301\"} | PULSE-1001 | type",
                "B07 | {\"type\":\"t\",\"tags\":{\"a\":\"\\u0000\"}} | PULSE-1001 | tags",
                "B09 | {\"type\":\"t\",\"origin\":\"\\ud800\"} | PULSE-1001 | origin",
                "B16 | {\"type\":\"t\",\"priority\":1e400} | PULSE-1001 | priority",
                "B17 | {\"type\":\"t\",\"id\":9007199254740993} | PULSE-1001 | id",
                "B18 | {\"type\":\"t\",\"queue\":\"a\",\"queue\":\"b\"} | PULSE-1001 | queue",
                "B19 | {\"type\":\"t\",\"prioirty\":1} | PULSE-1002 | prioirty",
                "B20 | {\"type\":\"t\"} x | PULSE-1003 | ",
                "B21 | [] | PULSE-1003 | ",
                "B21 | `` | PULSE-1003 | ",
                "B22 | {\"type\":\"t\",\"priority\":2147483648} | PULSE-1001 | priority",
                "B22 | {\"type\":\"t\",\"priority\":\"high\"} | PULSE-1001 | priority",
                "B23 | {\"type\":\"t\",\"max_attempts\":0} | PULSE-1001 | max_attempts",
                "B24 | {\"type\":\"t\",\"timeout\":\"0s\"} | PULSE-1001 | timeout",
                "B25 | {\"type\":\"t\",\"delay\":\"1s\",\"run_at\":\"2030-01-01T00:00:00Z\"} | PULSE-1001 | delay",
                "B26 | {\"type\":\"t\",\"run_at\":\"0001-01-01T00:00:00Z\"} | PULSE-1001 | run_at",
                "B28 | {\"type\":\"t\",\"run_at\":\"2026-02-30T00:00:00Z\"} | PULSE-1001 | run_at",
                "B41 | {\"type\":\"t\",\"id\":\"nope\"} | PULSE-1001 | id",
                "B44 | {\"type\":\"t\",\"key\":\"\"} | PULSE-1001 | key",
                "B53 | {\"type\":\"t\",\"tags\":{\"pulse.x\":\"1\"}} | PULSE-1001 | tags",
                "--- | {} | PULSE-1001 | type",
            })
    void aSubmissionAtFaultIsRefusedByItsField(String row, String body, String code, String field) {
        TestServer.Answer answer = server.post("/jobs", body == null ? "" : body);

        assertThat(answer.status()).as(row).isEqualTo(400);
        assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
        assertThat(answer.field("code")).as(answer.body()).isEqualTo(code);
        assertThat(answer.field("field")).isEqualTo(field == null ? "" : field);
    }

    @Test
    void b13APayloadOverTheLimitIsTooLarge() {
        TestServer.Answer answer =
                server.post("/jobs", "{\"type\":\"t\",\"payload\":\"" + "x".repeat(64 * 1024) + "\"}");

        assertThat(answer.status()).isEqualTo(413);
        assertThat(answer.field("code")).isEqualTo("PULSE-4001");
    }

    @Test
    void b15NestingIsBounded() {
        for (int depth : new int[] {100, 10_000}) {
            TestServer.Answer answer =
                    server.post("/jobs", "{\"type\":\"t\",\"payload\":" + "[".repeat(depth) + "]".repeat(depth) + "}");

            assertThat(answer.status()).isEqualTo(400);
            assertThat(answer.field("detail")).contains("deeper than 100");
        }
    }

    @Test
    void b20OtherEncodingsAreRefused() {
        for (byte[] body : new byte[][] {
            "{\"type\":\"t\"}".getBytes(StandardCharsets.UTF_16),
            "\uFEFF{\"type\":\"t\"}".getBytes(StandardCharsets.UTF_8),
            "{\"type\":\"t\",\"payload\":\"ü\"}".getBytes(StandardCharsets.ISO_8859_1)
        }) {
            assertThat(server.post("/jobs", body, "application/json").field("code"))
                    .isEqualTo("PULSE-1003");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "B46 | {\"jobs\":[]} | 400 | jobs",
                "B48 | {\"jobs\":[{\"type\":\"a\",\"id\":\"0198c0de-0000-7000-8000-00000000000a\"},{\"type\":\"b\",\"id\":\"0198c0de-0000-7000-8000-00000000000a\"}]} | 409 | jobs[1].id",
                "B49 | {\"jobs\":[{\"type\":\"a\"},{\"type\":\"\"}]} | 400 | jobs[1].type",
                "B19 | {\"jobs\":[{\"type\":\"a\"}],\"atmic\":true} | 400 | atmic",
            })
    void anAtomicBatchAtFaultStoresNothing(String row, String body, int status, String field) {
        TestServer.Answer answer = server.post("/jobs/batch", body);

        assertThat(answer.status()).as(row + answer.body()).isEqualTo(status);
        assertThat(answer.field("field")).isEqualTo(field);
    }

    @Test
    void b47ABatchIsBoundedInCountAndBytes() {
        TestServer.Answer many = server.post("/jobs/batch", "{\"jobs\":[" + "{\"type\":\"t\"},".repeat(1_000) + "{}]}");
        assertThat(many.status()).isEqualTo(413);
        assertThat(many.field("code")).isEqualTo("PULSE-4003");

        TestServer.Answer large = server.post("/jobs/batch", " ".repeat((1 << 20) + 1));
        assertThat(large.status()).isEqualTo(413);
        assertThat(large.field("code")).isEqualTo("PULSE-4002");
    }

    @Test
    void b47AClientThatSendsFarTooMuchStillReadsTheAnswer() {
        TestServer.Answer huge = server.post("/jobs", " ".repeat(24 << 20));

        assertThat(huge.status()).isEqualTo(413);
        assertThat(huge.field("detail")).contains("bytes");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "text/plain",
                "application/xml",
                "application/json; charset=utf-16",
                "multipart/form-data; boundary=x",
                "garbage"
            })
    void b71OtherContentTypesAreRefused(String contentType) {
        TestServer.Answer answer =
                server.post("/jobs", "{\"type\":\"t\"}".getBytes(StandardCharsets.UTF_8), contentType);

        assertThat(answer.status()).isEqualTo(415);
        assertThat(answer.field("code")).isEqualTo("PULSE-1006");
        assertThat(answer.field("detail")).contains("application/json");
    }

    @ParameterizedTest
    @CsvSource({
        "PUT,/jobs,'GET, HEAD, POST'",
        "PATCH,/jobs/0198c0de-0000-7000-8000-00000000000a,'DELETE, GET, HEAD'",
        "GET,/jobs/batch,POST",
        "DELETE,/stats,'GET, HEAD'",
        "OPTIONS,/jobs/bulk,POST",
        "TRACE,/jobs,'GET, HEAD, POST'",
    })
    void b73AWrongMethodIsToldTheRightOnes(String method, String path, String allowed) {
        TestServer.Answer answer =
                server.send(server.request(path).method(method, HttpRequest.BodyPublishers.noBody()));

        assertThat(answer.status()).isEqualTo(405);
        assertThat(answer.header("Allow")).isEqualTo(allowed);
        assertThat(answer.field("code")).isEqualTo("PULSE-1104");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"/", "/job", "/jobs/", "//jobs", "/JOBS", "/jobs/a/b/c", "/jobs;x=1", "/..%2fjobs", "/dispatches"
            })
    void b76WhatIsNoRouteIsNotFound(String path) {
        TestServer.Answer answer = server.get(path);

        assertThat(answer.status()).isEqualTo(404);
        assertThat(answer.field("code")).isEqualTo("PULSE-1102");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "nope",
                "00000000-0000-0000-0000-000000000000",
                "0198c0de-0000-7000-8000-0000000000a",
                "%7B0198c0de-0000-7000-8000-00000000000a%7D",
                "0198c0de-0000-7000-8000-00000000000a%20",
                "%00",
                "1-1-1-1-1"
            })
    void b41AMalformedIdIsRefused(String id) {
        for (TestServer.Answer answer : new TestServer.Answer[] {
            server.get("/jobs/" + id), server.delete("/jobs/" + id), server.post("/jobs/" + id + "/cancel", "")
        }) {
            assertThat(answer.status()).isEqualTo(400);
            assertThat(answer.field("code")).isEqualTo("PULSE-1004");
        }
    }

    @Test
    void anUnknownIdIsNotFound() {
        UUID id = UUID.randomUUID();

        for (String act : new String[] {"/cancel", "/requeue", "/run-now"}) {
            assertThat(server.post("/jobs/" + id + act, "").field("code")).isEqualTo("PULSE-1101");
        }
        assertThat(server.get("/jobs/" + id).status()).isEqualTo(404);
        assertThat(server.get("/jobs/" + id + "/wait?timeout=0s").status()).isEqualTo(404);
        assertThat(server.delete("/jobs/" + id).status()).isEqualTo(404);
        assertThat(server.post("/dlq/" + id + "/retry", "").status()).isEqualTo(404);
        assertThat(server.post("/sessions/" + id + "/claim", "").field("code")).isEqualTo("PULSE-1103");
        assertThat(server.post("/sessions/" + id + "/heartbeat", "{\"held\":[]}")
                        .field("code"))
                .isEqualTo("PULSE-1103");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/jobs?limit=0",
                "/jobs?limit=-1",
                "/jobs?limit=1001",
                "/jobs?limit=abc",
                "/jobs?limit=1&limit=2",
                "/jobs?sort=id",
                "/jobs?status=unknown",
                "/jobs?type=a%27b",
                "/jobs?tag=x",
                "/jobs?since=2026-02-30T00:00:00Z",
                "/jobs?since=2026-11-22T00:00:00Z&until=2026-11-21T00:00:00Z",
                "/jobs?cursor=forged",
                "/jobs?cursor=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
                "/dlq?status=pending",
                "/stats?x=1",
                "/throughput?window=1x",
                "/throughput?bucket=30s",
                "/throughput?window=1m&bucket=1h",
                "/throughput?window=400d",
                "/throughput?window=366d&bucket=1m",
                "/throughput?bucket=1m&bucket=1m",
                "/throughput?buket=1m",
                "/jobs/0198c0de-0000-7000-8000-00000000000a?full=1",
                "/jobs/0198c0de-0000-7000-8000-00000000000a/wait?timeout=soon",
                "/jobs/0198c0de-0000-7000-8000-00000000000a/wait?timout=1s"
            })
    void b80AQueryAtFaultIsRefused(String path) {
        TestServer.Answer answer = server.get(path);

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.field("code")).isEqualTo("PULSE-1005");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/jobs/bulk | {\"action\":\"cancel\",\"filter\":{}} | filter",
                "/jobs/bulk | {\"action\":\"purge\",\"filter\":{\"type\":\"t\"}} | action",
                "/jobs/bulk | {\"action\":\"cancel\",\"filter\":{\"type\":\"t\"},\"dryrun\":true} | dryrun",
                "/jobs/bulk | {\"action\":\"delete\",\"filter\":{\"since\":\"1970-01-01T00:00:00Z\"}} | filter",
                "/jobs/bulk | {\"action\":\"delete\",\"filter\":{\"type\":\"t\"},\"rate\":0} | rate",
                "/dlq/retry | {\"status\":\"pending\"} | status",
                "/dlq/retry | {\"rate\":-1} | rate",
                "/sessions | {\"types\":[]} | types",
                "/sessions | {\"types\":[\"t\"],\"lease_ttl\":\"0s\"} | lease_ttl",
            })
    void otherBodiesAreAsStrict(String path, String body, String field) {
        TestServer.Answer answer = server.post(path, body);

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.field("field")).isEqualTo(field);
    }

    @Test
    void anActionTakesNoFields() {
        String path = "/jobs/" + UUID.randomUUID() + "/cancel";

        assertThat(server.post(path, "{\"reason\":\"x\"}").status()).isEqualTo(400);
        assertThat(server.post(path, "now").status()).isEqualTo(400);
    }

    @ParameterizedTest
    @CsvSource({"Sec-Fetch-Site,cross-site", "Origin,https://evil.example", "Origin,null"})
    void requestsOfForeignPagesAreRefused(String header, String value) {
        TestServer.Answer answer = server.send(server.request("/jobs")
                .header(header, value)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString("{\"type\":\"t\"}")));

        assertThat(answer.status()).isEqualTo(403);
        assertThat(answer.field("code")).isEqualTo("PULSE-1007");
    }

    @Test
    void b77AForeignHostIsRefusedOnLoopback() {
        String answer = server.raw("GET /stats HTTP/1.1\r\nHost: rebound.example\r\nConnection: close\r\n\r\n");

        assertThat(answer).startsWith("HTTP/1.1 400");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                // B74
                "POST /jobs HTTP/1.1\r\nHost: localhost\r\nContent-Length: 12\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                "POST /jobs HTTP/1.1\r\nHost: localhost\r\nContent-Length: 12\r\nContent-Length: 13\r\n\r\n{\"type\":\"t\"}",
                "POST /jobs HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n",
                "POST /jobs HTTP/1.1\r\nHost: localhost\r\nContent-Length : 12\r\n\r\n{\"type\":\"t\"}",
                "POST /jobs HTTP/1.1\r\nHost: localhost\r\nX: a\r\n b\r\nContent-Length: 12\r\n\r\n{\"type\":\"t\"}",
                "POST /jobs HTTP/1.1\nHost: localhost\nContent-Length: 12\n\n{\"type\":\"t\"}",
                "POST /jobs HTTP/1.1\r\nHost: localhost\r\nX: a\u0000b\r\nContent-Length: 12\r\n\r\n{\"type\":\"t\"}",
                "POST /jobs HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n{\"type\":\"t\"}",
                "POST /jobs HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99999999999999999999\r\n\r\n{\"type\":\"t\"}",
                // B75
                "POST /jobs HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\n{\"type\":\"t\"}",
                "POST /jobs HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\n{\"type\":\"t\"}",
                "POST /jobs HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nc\r\n{\"type\":\"t\"}\r\n",
                "POST /jobs HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n{\"type\":\"t\"}",
                // B76, B77, B79
                "GET /jobs/%zz HTTP/1.1\r\nHost: localhost\r\n\r\n",
                "GET /jobs/%c0%af HTTP/1.1\r\nHost: localhost\r\n\r\n",
                "GET /stats HTTP/1.1\r\n\r\n",
                "GET /stats HTTP/9.9\r\nHost: localhost\r\n\r\n",
                "CONNECT localhost:80 HTTP/1.1\r\nHost: localhost\r\n\r\n",
                "nonsense\r\n\r\n",
            })
    void malformedRequestsNeverReachARoute(String request) {
        String answer = server.raw(request);

        assertThat(answer)
                .satisfiesAnyOf(
                        text -> assertThat(text).startsWith("HTTP/1.1 4"),
                        text -> assertThat(text).startsWith("HTTP/1.1 5"),
                        text -> assertThat(text).isEmpty());
        assertThat(answer).doesNotContain("HTTP/1.1 2", "HTTP/1.1 500");
    }

    @Test
    void b76TooManyHeadersAndTooLongLinesAreRefused() {
        String headers = "X: yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy\r\n".repeat(1_000);
        assertThat(server.raw("GET /stats HTTP/1.1\r\nHost: localhost\r\n" + headers + "\r\n"))
                .satisfiesAnyOf(
                        text -> assertThat(text).startsWith("HTTP/1.1 4"),
                        text -> assertThat(text).isEmpty());
        assertThat(server.raw("GET /" + "x".repeat(65_536) + " HTTP/1.1\r\nHost: localhost\r\n\r\n"))
                .satisfiesAnyOf(
                        text -> assertThat(text).startsWith("HTTP/1.1 4"),
                        text -> assertThat(text).isEmpty());
    }

    @Test
    void b78AnAnnouncedOversizeIsRefusedWithoutReadingIt() {
        String answer = server.raw(
                "POST /jobs HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5000000\r\nExpect: 100-continue\r\n\r\n");

        assertThat(answer).startsWith("HTTP/1.1 413").contains("PULSE-4002");
    }

    @Test
    void aConnectionIsKeptAfterARefusal() {
        String bad = "POST /jobs HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\n{}";
        String wrongType =
                "POST /jobs HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\n{}";
        String lost = "POST /nowhere HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\n{}";
        String good = "GET /health/live HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";

        String answers = server.raw(bad + wrongType + lost + good);

        assertThat(answers).containsSubsequence("HTTP/1.1 400", "HTTP/1.1 415", "HTTP/1.1 404", "HTTP/1.1 200", "live");
    }
}
