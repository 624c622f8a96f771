package dev.pulse.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.pulse.model.AttemptError;
import dev.pulse.model.BulkAction;
import dev.pulse.model.ErrorCode;
import dev.pulse.model.JobFilter;
import dev.pulse.model.JobStatus;
import dev.pulse.model.LeaseToken;
import dev.pulse.model.Limits;
import dev.pulse.model.LogLevel;
import dev.pulse.model.Note;
import dev.pulse.model.Outcome;
import dev.pulse.model.Payload;
import dev.pulse.model.PulseException;
import dev.pulse.model.SessionSpec;
import dev.pulse.model.Violation;
import dev.pulse.store.Report;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class RequestReaderTest {
    private static final UUID ID = UUID.fromString("0198c0de-0000-7000-8000-00000000000a");
    private static final LeaseToken TOKEN = new LeaseToken(3, 77, ID);

    @Test
    void aSessionIsReadWithItsDefaults() {
        SessionSpec spec = RequestReader.session(utf8("{\"types\":[\"a\",\"b\"]}"), ID);

        assertThat(spec.types()).containsExactlyInAnyOrder("a", "b");
        assertThat(spec.queues()).isEmpty();
        assertThat(spec.leaseTtl()).isEqualTo(Duration.ofSeconds(30));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "types | {}",
                "types | {\"types\":[]}",
                "types | {\"types\":\"a\"}",
                "types[1] | {\"types\":[\"a\",5]}",
                "types | {\"types\":[\"a b\"]}",
                "queues | {\"types\":[\"a\"],\"queues\":[\"\"]}",
                "worker | {\"types\":[\"a\"],\"worker\":\"a\\u0000b\"}",
                "lease_ttl | {\"types\":[\"a\"],\"lease_ttl\":\"999ms\"}",
                "lease_ttl | {\"types\":[\"a\"],\"lease_ttl\":\"61m\"}",
                "slots | {\"types\":[\"a\"],\"slots\":0}",
                "slots | {\"types\":[\"a\"],\"slots\":1000000}",
                "type | {\"type\":[\"a\"]}",
            })
    void aSessionAtFaultIsRefused(String field, String body) {
        assertThat(refused(() -> RequestReader.session(utf8(body), ID)).violations())
                .extracting(Violation::field)
                .contains(field);
    }

    @Test
    void aClaimIsReadWithItsDefaults() {
        assertThat(RequestReader.claim(utf8(""))).isEqualTo(new ClaimRequest(1, Duration.ZERO));
        assertThat(RequestReader.claim(utf8("{\"max\":10,\"wait\":\"30s\"}")))
                .isEqualTo(new ClaimRequest(10, Duration.ofSeconds(30)));
        assertThat(refused(() -> RequestReader.claim(utf8("{\"max\":0,\"wait\":\"31s\"}")))
                        .violations())
                .extracting(Violation::field)
                .containsExactlyInAnyOrder("max", "wait");
    }

    @Test
    void aHeartbeatThatSaysNothingHoldsNoEmptyList() {
        assertThat(RequestReader.heartbeat(utf8("{\"held\":[\"" + TOKEN.text() + "\"]}"))
                        .held())
                .contains(Set.of(TOKEN));
        assertThat(RequestReader.heartbeat(utf8("{\"held\":[]}")).held()).contains(Set.of());
        assertThat(RequestReader.heartbeat(utf8("{}")).held()).isEmpty();
        assertThat(RequestReader.heartbeat(utf8("")).held()).isEmpty();
        assertThat(refused(() -> RequestReader.heartbeat(utf8("{\"held\":[\"junk\"]}")))
                        .field())
                .isEqualTo("held");
    }

    @Test
    void aHeartbeatMayTellOfItsAttempts() {
        BeatRequest beat = RequestReader.heartbeat(utf8("{\"notes\":[{\"id\":\"" + ID + "\",\"token\":\""
                + TOKEN.text() + "\",\"percent\":40,\"text\":\"half\",\"lost\":2,\"lines\":["
                + "{\"message\":\"a\\u0000\"},{\"level\":\"warn\",\"message\":\"b\",\"age\":\"2s\"}]}]}"));

        assertThat(beat.held()).isEmpty();
        assertThat(beat.notes())
                .containsExactly(new Note(
                        ID,
                        TOKEN,
                        40,
                        "half",
                        List.of(
                                new Note.Line(LogLevel.INFO, "a\ufffd", Duration.ZERO),
                                new Note.Line(LogLevel.WARN, "b", Duration.ofSeconds(2))),
                        2));
    }

    @Test
    void notesAreReadAsStrictlyAsEverything() {
        for (String[] wrong : List.of(
                new String[] {"{\"token\":\"x\"}", "notes[0].id"},
                new String[] {"{\"id\":\"" + ID + "\"}", "notes[0].token"},
                new String[] {"{\"id\":\"" + ID + "\",\"token\":\"x\",\"percent\":101}", "percent"},
                new String[] {"{\"id\":\"" + ID + "\",\"token\":\"x\",\"percent\":-1}", "percent"},
                new String[] {
                    "{\"id\":\"" + ID + "\",\"token\":\"x\",\"lines\":[{\"level\":\"loud\"}]}", "notes[0].lines.level"
                },
                new String[] {"{\"id\":\"" + ID + "\",\"token\":\"x\",\"line\":[]}", "line"})) {
            assertThat(refused(() -> RequestReader.heartbeat(utf8("{\"notes\":[" + wrong[0] + "]}")))
                            .violations())
                    .extracting(Violation::field)
                    .as(wrong[0])
                    .anyMatch(field -> field.endsWith(wrong[1]));
        }
    }

    @Test
    void tenMegabytesOfErrorAreCutAndNeverRefused() {
        Outcome outcome = outcome("\"dead_letter\",\"error\":{\"type\":\"" + "t".repeat(1_000) + "\",\"message\":\""
                + "m".repeat(10_000_000) + "\",\"stack\":\"" + "s".repeat(1_000_000) + "\"}");

        assertThat(outcome).isInstanceOfSatisfying(Outcome.DeadLetter.class, dead -> {
            assertThat(dead.error().type()).hasSize(AttemptError.MAX_TYPE);
            assertThat(dead.error().message()).hasSize(AttemptError.MAX_MESSAGE);
            assertThat(dead.error().stack()).hasSize(AttemptError.MAX_STACK);
        });
    }

    @Test
    void everyOutcomeCanBeReported() {
        assertThat(outcome("\"ack\",\"result\":{ \"a\":1 }")).isEqualTo(new Outcome.Ack(Payload.json("{ \"a\":1 }")));
        assertThat(outcome("\"ack\"")).isEqualTo(new Outcome.Ack(null));
        assertThat(outcome("\"drop\"")).isEqualTo(new Outcome.Drop());
        assertThat(outcome("\"retry\"")).isEqualTo(new Outcome.Retry(null, null));
        assertThat(outcome("\"retry\",\"after\":\"5s\",\"reason\":\"busy\""))
                .isEqualTo(new Outcome.Retry(Duration.ofSeconds(5), AttemptError.of("Retry", "busy")));
        assertThat(outcome("\"fail\",\"error\":{\"type\":\"X\",\"message\":\"m\",\"stack\":\"s\"}"))
                .isEqualTo(new Outcome.Fail(new AttemptError("X", "m", "s")));
        assertThat(outcome("\"fail\",\"error\":\"text\""))
                .isEqualTo(new Outcome.Fail(AttemptError.of("Error", "text")));
        assertThat(outcome("\"timeout\"")).isInstanceOf(Outcome.Timeout.class);
        assertThat(outcome("\"dead_letter\",\"reason\":\"broken\""))
                .isEqualTo(new Outcome.DeadLetter(AttemptError.of("DeadLetter", "broken")));
        assertThat(outcome("\"snooze\",\"after\":\"1m\"")).isEqualTo(new Outcome.Snooze(Duration.ofMinutes(1)));
        assertThat(outcome("\"release\"")).isEqualTo(new Outcome.Release());
        assertThat(outcome("\"canceled\"")).isEqualTo(new Outcome.Canceled());
    }

    @Test
    void errorTextNeverMakesAReportFail() {
        Outcome outcome = outcome("\"fail\",\"error\":{\"message\":\"a\\u0000b\\ud800" + "x".repeat(100_000) + "\"}");

        assertThat(outcome)
                .isInstanceOfSatisfying(
                        Outcome.Fail.class,
                        fail -> assertThat(fail.error().message())
                                .startsWith("a\ufffdb\ufffd")
                                .hasSizeLessThanOrEqualTo(AttemptError.MAX_MESSAGE));
    }

    @Test
    void aResultBeyondTheLimitFailsItsAttempt() {
        assertThat(outcome("\"ack\",\"result\":\"" + "x".repeat(1_022) + "\"")).isInstanceOf(Outcome.Ack.class);
        assertThat(outcome("\"ack\",\"result\":\"" + "x".repeat(1_023) + "\""))
                .isInstanceOfSatisfying(
                        Outcome.Fail.class,
                        fail -> assertThat(fail.error().type()).isEqualTo("result_too_large"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "AAAA", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=="})
    void whatIsNoTokenIsReportedLikeOneThatIsOver(String token) {
        List<Report> reports = reports(
                utf8("{\"reports\":[{\"id\":\"" + ID + "\",\"token\":\"" + token + "\",\"outcome\":\"ack\"}]}"));

        assertThat(reports).singleElement().extracting(Report::jobId).isEqualTo(ID);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "reports | {}",
                "reports[0].outcome | {\"outcome\":\"lapse\"}",
                "reports[0].outcome | {\"outcome\":\"done\"}",
                "reports[0].after | {\"outcome\":\"snooze\"}",
                "reports[0].after | {\"outcome\":\"ack\",\"after\":\"1s\"}",
                "reports[0].result | {\"outcome\":\"fail\",\"result\":1}",
                "reports[0].id | {\"outcome\":\"ack\",\"id\":\"x\"}",
                "reports[0].token | {\"outcome\":\"ack\"}",
                "reports[0].oops | {\"oops\":\"ack\"}",
                "reports[0].error | {\"error\":5}",
            })
    void aReportAtFaultIsNamed(String field, String report) {
        String body = field.equals("reports") ? report : "{\"reports\":[" + report + "]}";

        assertThat(refused(() -> reports(utf8(body))).violations())
                .extracting(Violation::field)
                .contains(field);
    }

    @Test
    void aBulkActNeedsAFilter() {
        BulkRequest bulk = RequestReader.bulk(
                utf8(
                        "{\"action\":\"cancel\",\"filter\":{\"type\":\"t\",\"tags\":{\"a\":\"b\"},\"tag\":\"c:d:e\"},\"dry_run\":true}"));

        assertThat(bulk.action()).isEqualTo(BulkAction.CANCEL);
        assertThat(bulk.dryRun()).isTrue();
        assertThat(bulk.filter().type()).isEqualTo("t");
        assertThat(bulk.filter().tags()).isEqualTo(Map.of("a", "b", "c", "d:e"));
        assertThat(refused(() -> RequestReader.bulk(utf8("{\"action\":\"cancel\",\"filter\":{}}")))
                        .field())
                .isEqualTo("filter");
        assertThat(RequestReader.bulk(utf8("{\"action\":\"run-now\",\"filter\":{},\"all\":true,\"rate\":5}")))
                .isEqualTo(new BulkRequest(BulkAction.RUN_NOW, JobFilter.ALL, false, true, 5));
        assertThat(refused(() -> RequestReader.bulk(
                                utf8("{\"action\":\"delete\",\"filter\":{\"since\":\"1970-01-01T00:00:00Z\"}}")))
                        .field())
                .isEqualTo("filter");
        assertThat(refused(() -> RequestReader.bulk(
                                utf8("{\"action\":\"delete\",\"filter\":{\"type\":\"t\"},\"rate\":0}")))
                        .field())
                .isEqualTo("rate");
        assertThat(refused(() -> RequestReader.bulk(utf8("{\"action\":\"cancel\"}")))
                        .field())
                .isEqualTo("filter");
        assertThat(refused(() -> RequestReader.bulk(utf8("{\"action\":\"stop\",\"filter\":{\"type\":\"t\"}}")))
                        .field())
                .isEqualTo("action");
        assertThat(refused(() -> RequestReader.bulk(utf8("{\"action\":\"cancel\",\"filter\":{\"typ\":\"t\"}}")))
                        .field())
                .isEqualTo("filter.typ");
    }

    @Test
    void deadLettersAreChosenByFilterOrAll() {
        assertThat(RequestReader.deadLetters(utf8("")).filter())
                .isEqualTo(JobFilter.ALL.withStatus(JobStatus.DEAD_LETTERED));
        assertThat(RequestReader.deadLetters(utf8("{\"type\":\"t\"}")).filter().type())
                .isEqualTo("t");
        assertThat(refused(() -> RequestReader.deadLetters(utf8("{\"status\":\"pending\"}")))
                        .code())
                .isEqualTo(ErrorCode.UNKNOWN_FIELD);
    }

    @Test
    void queryParametersAreStrict() {
        ListQuery query = ListQuery.parse(
                Map.of("status", List.of("running"), "tag", List.of("a:1", "b:2"), "limit", List.of("1000")), Set.of());

        assertThat(query.filter().status()).isEqualTo(JobStatus.RUNNING);
        assertThat(query.filter().tags()).isEqualTo(Map.of("a", "1", "b", "2"));
        assertThat(query.limit()).isEqualTo(1_000);
    }

    @ParameterizedTest
    @CsvSource({
        "B80,limit,0",
        "B80,limit,-1",
        "B80,limit,1001",
        "B80,limit,1000000000000",
        "B80,limit,abc",
        "B80,limit,''",
        "B81,sort,id",
        "B82,type,a'b%_",
        "B82,q,''",
        "B83,status,unknown",
        "B83,status,RUNNING",
        "B83,since,2026-02-30T00:00:00Z",
        "B83,until,yesterday",
        "B83,tag,novalue",
    })
    void aQueryParameterAtFaultIsNamed(String row, String name, String value) {
        PulseException refused = refused(() -> ListQuery.parse(Map.of(name, List.of(value)), Set.of()));

        assertThat(refused.code()).as(row).isEqualTo(ErrorCode.INVALID_QUERY);
        assertThat(refused.field()).isEqualTo(name);
    }

    @Test
    void aTimeRangeRunsForward() {
        assertThat(refused(() -> ListQuery.parse(
                                Map.of(
                                        "since",
                                        List.of("2026-11-22T00:00:00Z"),
                                        "until",
                                        List.of("2026-11-21T00:00:00Z")),
                                Set.of()))
                        .field())
                .isEqualTo("until");
    }

    private static Outcome outcome(String rest) {
        return reports(utf8("{\"reports\":[{\"id\":\"" + ID + "\",\"token\":\"" + TOKEN.text() + "\",\"outcome\":"
                        + rest + "}]}"))
                .getFirst()
                .outcome();
    }

    private static List<Report> reports(byte[] body) {
        return RequestReader.reports(body, new Limits(1_024));
    }

    private static PulseException refused(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        return catchThrowableOfType(PulseException.class, call);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
