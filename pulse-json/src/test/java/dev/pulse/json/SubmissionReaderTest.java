package dev.pulse.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.pulse.model.Backoff;
import dev.pulse.model.ErrorCode;
import dev.pulse.model.IdSource;
import dev.pulse.model.Limits;
import dev.pulse.model.PulseException;
import dev.pulse.model.Submission;
import dev.pulse.model.Violation;
import dev.pulse.model.When;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The rows are those of the bad-input catalogue (B..). */
final class SubmissionReaderTest {
    private final SubmissionReader reader = new SubmissionReader(
            new Limits(64 * 1024),
            new IdSource(InstantSource.fixed(Instant.parse("2026-11-22T00:00:00Z")), new Random(7)));

    @Test
    void leftOutFieldsGetTheirDefaults() {
        Submission job = read("{\"type\":\"email\"}");

        assertThat(job.type()).isEqualTo("email");
        assertThat(job.queue()).isEqualTo("default");
        assertThat(job.payload().text()).isEqualTo("{}");
        assertThat(job.when()).isEqualTo(When.NOW);
        assertThat(job.policy().maxAttempts()).isEqualTo(20);
        assertThat(job.policy().backoff()).isEqualTo(Backoff.DEFAULT);
    }

    @Test
    void everyFieldIsRead() {
        Submission job = read("""
                {"id":"0198C0DE-0000-7000-8000-00000000000A","type":"email","queue":"mail","priority":-5,
                 "payload":[1],"headers":{"trace":"x"},"tags":{"team":"a"},"delay":"5m","max_attempts":3,
                 "backoff":"fixed 5s","timeout":"PT1M","key":"welcome-42","key_ttl":"1h","origin":"shop"}""");

        assertThat(job.id()).isEqualTo(UUID.fromString("0198c0de-0000-7000-8000-00000000000a"));
        assertThat(job.queue()).isEqualTo("mail");
        assertThat(job.priority()).isEqualTo(-5);
        assertThat(job.when()).isEqualTo(new When.After(Duration.ofMinutes(5)));
        assertThat(job.policy().maxAttempts()).isEqualTo(3);
        assertThat(job.policy().timeout()).isEqualTo(Duration.ofMinutes(1));
        assertThat(job.key()).isNotNull().satisfies(key -> assertThat(key.ttl()).isEqualTo(Duration.ofHours(1)));
        assertThat(job.labels().headers()).isEqualTo(Map.of("trace", "x"));
        assertThat(job.labels().tags()).isEqualTo(Map.of("team", "a"));
        assertThat(job.labels().origin()).isEqualTo("shop");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "null",
                "{}",
                "{ \"b\" : 1.0, \"a\":1e400,\t\"b\":-0 }",
                "\"\\u0000 \\ud800 \\/\"",
                "123456789012345678901234567890",
                "1.50",
                "[]",
                "[ [ ] ,\n{\"ü\":\"\\u00fc😀\"} ]",
                "true",
                "\"\"",
                "-0",
                "\"😀\""
            })
    void aPayloadIsKeptByteForByte(String payload) {
        assertThat(read("{\"type\":\"t\",\"payload\":" + payload + "}")
                        .payload()
                        .text())
                .isEqualTo(payload);
        assertThat(read("{\"payload\"  :  " + payload + "  ,\"type\":\"t\"}")
                        .payload()
                        .text())
                .isEqualTo(payload);
        assertThat(read("{\"tags\":{\"a\":\"äöü\"},\"payload\":" + payload + ",\"type\":\"t\"}")
                        .payload()
                        .text())
                .isEqualTo(payload);
    }

    @Test
    void anAbsentPayloadIsNotANullOne() {
        assertThat(read("{\"type\":\"t\"}").payload().text()).isEqualTo("{}");
        assertThat(read("{\"type\":\"t\",\"payload\":null}").payload().text()).isEqualTo("null");
    }

    @Test
    void aNumberOfFiveThousandDigitsIsKeptInThePayload() {
        String number = "7".repeat(5_000);

        assertThat(read("{\"type\":\"t\",\"payload\":" + number + "}").payload().text())
                .isEqualTo(number);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "B01 | queue        | ``",
                "B01 | queue        | \"\"",
                "B01 | queue        | \"  \"",
                "B03 | queue        | \"a/b\"",
                "B04 | type         | \"pаypal\"",
                "B07 | type         | \"a\\u0000b\"",
                "B07 | key          | \"a\\u0000b\"",
                "B09 | type         | \"\\ud800\"",
                "B09 | origin       | \"\\ud800\"",
                "B09 | key          | \"\\udc00x\"",
                "B16 | priority     | 1e400",
                "B16 | priority     | -0",
                "B17 | id           | 12345678901234567890",
                "B22 | priority     | 2147483648",
                "B22 | priority     | -2147483649",
                "B22 | priority     | 1.5",
                "B22 | priority     | 1.0",
                "B22 | priority     | \"high\"",
                "B22 | priority     | null",
                "B22 | priority     | true",
                "B23 | max_attempts | 0",
                "B23 | max_attempts | -1",
                "B23 | max_attempts | 1001",
                "B23 | max_retries  | 1000",
                "B23 | max_retries  | -1",
                "B24 | timeout      | \"0s\"",
                "B24 | timeout      | \"-1s\"",
                "B24 | timeout      | \"1e9d\"",
                "B24 | timeout      | 30",
                "B25 | delay        | \"-5m\"",
                "B25 | delay        | \"5 min\"",
                "B26 | run_at       | \"0001-01-01T00:00:00Z\"",
                "B26 | run_at       | \"292278994-01-01T00:00:00Z\"",
                "B26 | run_at       | \"infinity\"",
                "B26 | scheduled_at | 1000000000000000000",
                "B26 | run_at       | \"2026-01-01T00:00:00.1234567890Z\"",
                "B28 | run_at       | \"2026-01-01T00:00:00\"",
                "B28 | run_at       | \"2026-02-30T00:00:00Z\"",
                "B28 | run_at       | \"2026-01-01T24:00:00Z\"",
                "B28 | run_at       | \"2026-06-30T23:59:60Z\"",
                "B28 | run_at       | \"2026-13-01T00:00:00Z\"",
                "B41 | id           | \"not-a-uuid\"",
                "B41 | id           | \"{0198c0de-0000-7000-8000-00000000000a}\"",
                "B41 | id           | \"00000000-0000-0000-0000-000000000000\"",
                "B41 | id           | \"0198c0de-0000-7000-8000-0000000000a\"",
                "B41 | id           | \"1-1-1-1-1\"",
                "B44 | key          | \"\"",
                "B44 | key          | \"a\\nb\"",
                "B53 | tags.a       | {\"a\":1}",
                "B53 | tags.a       | {\"a\":\"1\",\"a\":\"2\"}",
                "B53 | tags         | {\"pulse.x\":\"1\"}",
                "B53 | tags         | [\"a\"]",
                "B98 | backoff      | \"fixed 0s\"",
                "B99 | backoff      | \"fixed 1h cap 1m\"",
                "B98 | backoff      | \"fixed 1s jitter NaN\"",
            })
    void aFieldAtFaultIsNamed(String row, String field, String value) {
        String name = field.replaceAll("\\..*", "");
        String shown = value == null || value.isEmpty() ? "\"\"" : value;
        String type = name.equals("type") ? "" : "\"type\":\"t\",";

        PulseException refused = refused("{" + type + "\"" + name + "\":" + shown + "}");

        assertThat(refused.code()).as(row).isEqualTo(ErrorCode.INVALID_FIELD);
        assertThat(refused.violations()).extracting(Violation::field).contains(field);
    }

    @ParameterizedTest
    @CsvSource({"prioirty,priority", "topic,type", "runat,run_at", "Queue,queue", "maxAttempts,max_attempts"})
    void anUnknownFieldIsAnsweredWithTheNearestKnownOne(String unknown, String nearest) {
        PulseException refused = refused("{\"type\":\"t\",\"" + unknown + "\":{\"deep\":[1]}}");

        assertThat(refused.code()).isEqualTo(ErrorCode.UNKNOWN_FIELD);
        assertThat(refused.field()).isEqualTo(unknown);
        assertThat(refused).hasMessageContaining(nearest);
    }

    @Test
    void allFaultsAreToldAtOnce() {
        PulseException refused = refused("{\"prioirty\":1,\"type\":\"\",\"queue\":5,\"delay\":\"x\",\"delay\":\"1s\"}");

        assertThat(refused.code()).isEqualTo(ErrorCode.UNKNOWN_FIELD);
        assertThat(refused.violations())
                .extracting(Violation::field)
                .containsExactlyInAnyOrder("prioirty", "type", "queue", "delay", "delay");
    }

    @Test
    void twoFieldsForOneThingAreRefused() {
        assertThat(refused("{\"type\":\"t\",\"delay\":\"1s\",\"run_at\":\"2030-01-01T00:00:00Z\"}")
                        .field())
                .isEqualTo("delay");
        assertThat(refused("{\"type\":\"t\",\"scheduled_at\":1,\"run_at\":\"2030-01-01T00:00:00Z\"}")
                        .field())
                .isEqualTo("scheduled_at");
        assertThat(refused("{\"type\":\"t\",\"max_attempts\":1,\"max_retries\":1}")
                        .field())
                .isEqualTo("max_retries");
        assertThat(refused("{\"type\":\"t\",\"key_ttl\":\"1s\"}").field()).isEqualTo("key_ttl");
    }

    @Test
    void aliasesMeanWhatTheyStandFor() {
        assertThat(read("{\"type\":\"t\",\"scheduled_at\":1900000000000}").when())
                .isEqualTo(new When.At(Instant.ofEpochMilli(1_900_000_000_000L)));
        assertThat(read("{\"type\":\"t\",\"max_retries\":0}").policy().maxAttempts())
                .isEqualTo(1);
        assertThat(read("{\"type\":\"t\",\"run_at\":\"2026-11-22T08:00:00+01:00\"}")
                        .when())
                .isEqualTo(new When.At(Instant.parse("2026-11-22T07:00:00Z")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "   ",
                "[]",
                "\"type\"",
                "null",
                "{",
                "{\"type\":\"t\"",
                "{\"type\":\"t\"} x",
                "{\"type\":\"t\"}{}",
                "{\"type\":\"t\"}]",
                "{\"type\":\"t\",}",
                "{type:\"t\"}",
                "{'type':'t'}",
                "{\"type\":\"t\" /* no */}",
                "// no\n{\"type\":\"t\"}",
                "{\"type\":\"t\",\"payload\":NaN}",
                "{\"type\":\"t\",\"payload\":Infinity}",
                "{\"type\":\"t\",\"payload\":01}",
                "{\"type\":\"t\",\"payload\":\"a\nb\"}",
                "{\"type\":\"t\",\"payload\":[1,]}",
                "{\"type\":\"t\",\"payload\":\"\\x\"}",
                "\uFEFF{\"type\":\"t\"}"
            })
    void whatIsNotOneJsonObjectIsMalformed(String body) {
        assertThat(refused(body).code()).isEqualTo(ErrorCode.MALFORMED_BODY);
    }

    @Test
    void otherEncodingsThanUtf8AreMalformed() {
        for (var charset : new java.nio.charset.Charset[] {
            StandardCharsets.UTF_16, StandardCharsets.UTF_16LE, StandardCharsets.UTF_16BE
        }) {
            assertThat(refused("{\"type\":\"t\"}".getBytes(charset)).code()).isEqualTo(ErrorCode.MALFORMED_BODY);
        }
        byte[] latin = "{\"type\":\"t\",\"payload\":\"ü\"}".getBytes(StandardCharsets.ISO_8859_1);
        assertThat(refused(latin)).hasMessageContaining("at byte 23");
        byte[] overlong = "{\"type\":\"t\",\"payload\":\"xx\"}".getBytes(StandardCharsets.UTF_8);
        overlong[23] = (byte) 0xc0;
        overlong[24] = (byte) 0xaf;
        assertThat(refused(overlong).code()).isEqualTo(ErrorCode.MALFORMED_BODY);
    }

    @Test
    void nestingIsBoundedWithThePayloadIncluded() {
        assertThat(read("{\"type\":\"t\",\"payload\":" + "[".repeat(99) + "]".repeat(99) + "}")
                        .payload()
                        .size())
                .isEqualTo(198);
        for (int depth : new int[] {100, 10_000}) {
            assertThat(refused("{\"type\":\"t\",\"payload\":" + "[".repeat(depth) + "]".repeat(depth) + "}"))
                    .hasMessageContaining("deeper than 100");
            assertThat(refused("{\"nonsense\":" + "[".repeat(depth) + "]".repeat(depth) + "}"))
                    .hasMessageContaining("deeper than 100");
        }
    }

    @Test
    void aPayloadOverTheLimitIsTooLarge() {
        String fits = "\"" + "x".repeat(64 * 1024 - 2) + "\"";

        assertThat(read("{\"type\":\"t\",\"payload\":" + fits + "}").payload().size())
                .isEqualTo(64 * 1024);
        PulseException refused = refused(
                "{\"type\":\"t\",\"payload\":" + fits.replace("\"", " \" ").strip() + "}");
        assertThat(refused.code()).isEqualTo(ErrorCode.PAYLOAD_TOO_LARGE);
        assertThat(refused).hasMessageContaining("65538 bytes, at most 65536");
    }

    @Test
    void anAtomicBatchNamesEachPlaceAtFault() {
        PulseException refused = catchThrowableOfType(
                PulseException.class,
                () -> reader.readBatch(utf8(
                        "{\"jobs\":[{\"type\":\"t\"},{\"type\":\"t\",\"priority\":\"high\"},5,{\"typo\":\"t\"}]}")));

        assertThat(refused.violations())
                .extracting(Violation::field)
                .containsExactly("jobs[1].priority", "jobs[2]", "jobs[3].typo", "jobs[3].type");
        assertThat(refused.code()).isEqualTo(ErrorCode.INVALID_FIELD);
    }

    @Test
    void aPartialBatchKeepsTheGoodPlaces() {
        BatchRequest batch = reader.readBatch(
                utf8("{\"jobs\":[{\"type\":\"t\",\"payload\":[ 1 ]},{\"type\":\"\"}],\"atomic\":false}"));

        assertThat(batch.atomic()).isFalse();
        assertThat(batch.entries().get(0))
                .isInstanceOfSatisfying(
                        BatchRequest.Good.class,
                        good -> assertThat(good.submission().payload().text()).isEqualTo("[ 1 ]"));
        assertThat(batch.entries().get(1))
                .isInstanceOfSatisfying(
                        BatchRequest.Bad.class,
                        bad -> assertThat(bad.reason().field()).isEqualTo("type"));
    }

    @Test
    void aBatchHasOneToAThousandJobs() {
        assertThat(batchRefused("{\"jobs\":[]}").field()).isEqualTo("jobs");
        assertThat(batchRefused("{}").field()).isEqualTo("jobs");
        assertThat(batchRefused("{\"jobs\":{}}").field()).isEqualTo("jobs");
        String job = "{\"type\":\"t\"}";
        assertThat(reader.readBatch(utf8("{\"jobs\":[" + (job + ",").repeat(999) + job + "]}"))
                        .entries())
                .hasSize(1_000);
        assertThat(batchRefused("{\"jobs\":[" + (job + ",").repeat(1_000) + job + "]}")
                        .code())
                .isEqualTo(ErrorCode.TOO_MANY_ITEMS);
    }

    @Test
    void noMoreFaultsAreToldThanHelp() {
        PulseException refused = batchRefused("{\"jobs\":[" + "{},".repeat(499) + "{}]}");

        assertThat(refused.violations()).hasSize(20);
        assertThat(refused).hasMessageContaining("and 480 more");
    }

    private Submission read(String body) {
        return reader.read(utf8(body));
    }

    private PulseException refused(String body) {
        return refused(utf8(body));
    }

    private PulseException refused(byte[] body) {
        return catchThrowableOfType(PulseException.class, () -> reader.read(body));
    }

    private PulseException batchRefused(String body) {
        return catchThrowableOfType(PulseException.class, () -> reader.readBatch(utf8(body)));
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
