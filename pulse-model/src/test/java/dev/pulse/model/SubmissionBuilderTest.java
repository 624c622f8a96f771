package dev.pulse.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The rules of a job's fields: bounds (I8), alphabets, and payloads that nobody looks into (I11). B: row of the catalogue of bad input. */
class SubmissionBuilderTest {
    private static final IdSource IDS = new IdSource(InstantSource.fixed(Instant.EPOCH), new Random(1));
    private static final UUID ID = UUID.fromString("0192f3a4-5b6c-7d8e-9f01-23456789abcd");

    private static Submission accept(UnaryOperator<SubmissionBuilder> fields) {
        return fields.apply(builder().type("email")).build(IDS);
    }

    private static SubmissionBuilder builder() {
        return new SubmissionBuilder(Limits.DEFAULT);
    }

    /** The one violation that the fields are refused with. */
    private static Violation refuse(UnaryOperator<SubmissionBuilder> fields) {
        PulseException refusal = refusal(fields.apply(builder().type("email")));
        assertThat(refusal.code()).isEqualTo(ErrorCode.INVALID_FIELD);
        assertThat(refusal.violations()).hasSize(1);
        return refusal.violations().getFirst();
    }

    private static PulseException refusal(SubmissionBuilder builder) {
        return catchThrowableOfType(PulseException.class, () -> builder.build(IDS));
    }

    @Test
    void whatIsLeftOutGetsTheDefaultOfTheContract() {
        Submission plain = accept(b -> b);

        assertThat(plain.id().version()).isEqualTo(7);
        assertThat(plain.queue()).isEqualTo("default");
        assertThat(plain.priority()).isZero();
        assertThat(plain.payload()).isEqualTo(Payload.json("{}"));
        assertThat(plain.when()).isEqualTo(When.NOW);
        assertThat(plain.policy()).isEqualTo(new Policy(20, Backoff.parse("quadratic 1s cap 1h jitter 0.1"), null));
        assertThat(plain.key()).isNull();
        assertThat(plain.labels()).isEqualTo(Labels.NONE);
    }

    @Test
    void whatIsGivenIsKept() {
        Submission full = builder()
                .id(ID)
                .type("email")
                .queue("mail")
                .priority(-7)
                .payload(Payload.json("[1]"))
                .delay(Duration.ofMinutes(5))
                .maxAttempts(3)
                .backoff(Backoff.parse("fixed 5s"))
                .timeout(Duration.ofSeconds(9))
                .key("welcome-42")
                .keyTtl(Duration.ofDays(1))
                .headers(Map.of("traceparent", "00-1-2-03"))
                .tags(Map.of("tenant", "a"))
                .origin("shop")
                .build(IDS);

        assertThat(full)
                .isEqualTo(new Submission(
                        ID,
                        "email",
                        "mail",
                        -7,
                        Payload.json("[1]"),
                        new When.After(Duration.ofMinutes(5)),
                        new Policy(3, Backoff.parse("fixed 5s"), Duration.ofSeconds(9)),
                        new JobKey("welcome-42", Duration.ofDays(1)),
                        new Labels(Map.of("traceparent", "00-1-2-03"), Map.of("tenant", "a"), "shop")));
    }

    @Test
    void typeIsRequired() {
        assertThat(refusal(builder()).violations()).containsExactly(new Violation("type", "is required"));
    }

    // B01 to B04, B07, B09. Strict mode (B05, B06) is not a rule of the contract: any name of the alphabet is taken.
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            ''              | must not be empty
            ' '             | got U+0020 at position 1
            'a b'           | got U+0020 at position 2
            'mail/eu'       | got U+002F at position 5
            'mail?'         | got U+003F at position 5
            'mail#1'        | got U+0023 at position 5
            'mail%00'       | got U+0025 at position 5
            'größe'         | got U+00F6 at position 3
            'ｅmail'        | got U+FF45 at position 1
            'em\u200Bail'   | got U+200B at position 3
            '\u202Eliam'    | got U+202E at position 1
            'e\u0301'       | got U+0301 at position 2
            '😀'            | got U+1F600 at position 1
            """)
    void nameOutsideTheAlphabetIsRefusedNamingTheFirstBadCharacter(String name, String message) {
        for (String field : List.of("type", "queue")) {
            SubmissionBuilder builder = field.equals("type")
                    ? builder().type(name)
                    : builder().type("t").queue(name);
            assertThat(refusal(builder).violations()).singleElement().satisfies(violation -> {
                assertThat(violation.field()).isEqualTo(field);
                assertThat(violation.message()).endsWith(message);
            });
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"em\0ail", "em\nail", "em\u007fail", "em\ud800ail", "em\n"})
    void nameWithAControlCharacterOrHalfACharacterIsRefused(String name) {
        assertThat(refuse(b -> b.queue(name)).message())
                .endsWith("got U+%04X at position 3".formatted((int) name.charAt(2)));
    }

    @Test
    void nameOf128CharactersIsTheLongest() {
        assertThat(accept(b -> b.queue("q".repeat(128))).queue()).hasSize(128);
        assertThat(refuse(b -> b.queue("q".repeat(129))))
                .isEqualTo(new Violation("queue", "129 characters, at most 128"));
        assertThat(refuse(b -> b.type("t".repeat(10_000))))
                .isEqualTo(new Violation("type", "10000 characters, at most 128"));
    }

    @Test
    void everyCharacterOfTheAlphabetMayStandAnywhere() {
        String alphabet = "-._:ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789:_.-";
        assertThat(accept(b -> b.type(alphabet).queue(alphabet)))
                .returns(alphabet, Submission::type)
                .returns(alphabet, Submission::queue);
    }

    @Test
    void payloadAtTheLimitIsTakenAndOneByteMoreIsTooLarge() { // B13
        assertThat(accept(b -> b.payload(bytes(262_144))).payload().size()).isEqualTo(262_144);

        PulseException refusal = refusal(builder().type("t").payload(bytes(262_145)));
        assertThat(refusal.code()).isEqualTo(ErrorCode.PAYLOAD_TOO_LARGE);
        assertThat(refusal).hasMessage("payload: 262145 bytes, at most 262144");
    }

    @Test
    void payloadLimitMayBeSetUpToTheHardOne() {
        Limits hard = new Limits(1 << 20);
        assertThat(new SubmissionBuilder(hard)
                        .type("t")
                        .payload(bytes(1 << 20))
                        .build(IDS)
                        .payload()
                        .size())
                .isEqualTo(1 << 20);
        assertThatExceptionOfType(IllegalArgumentException.class).isThrownBy(() -> new Limits((1 << 20) + 1));
        assertThatExceptionOfType(IllegalArgumentException.class).isThrownBy(() -> new Limits(0));
    }

    @Test
    void absentEmptyAndNullPayloadAreKeptApart() { // B14
        assertThat(accept(b -> b).payload().text()).isEqualTo("{}");
        assertThat(accept(b -> b.payload(Payload.of(new byte[0], "text/plain")))
                        .payload()
                        .size())
                .isZero();
        assertThat(accept(b -> b.payload(Payload.json("null"))).payload().text())
                .isEqualTo("null");
    }

    @Test
    void payloadBytesAreKeptAsTheyCame() { // I11
        byte[] odd = {(byte) 0xff, 0, '{', (byte) 0xc0};
        assertThat(accept(b -> b.payload(Payload.of(odd, "application/octet-stream")))
                        .payload()
                        .bytes())
                .isEqualTo(odd);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "text/plain\n", "text/\0plain", "täxt/plain", "text/plain\u007f"})
    void contentTypeIsPrintableAscii(String contentType) {
        assertThat(refuse(b -> b.payload(Payload.of(new byte[1], contentType))).field())
                .isEqualTo("content_type");
    }

    @Test
    void contentTypeHas128CharactersAtMost() {
        assertThat(accept(b -> b.payload(Payload.of(new byte[1], "x".repeat(128))))
                        .payload()
                        .contentType())
                .hasSize(128);
        assertThat(refuse(b -> b.payload(Payload.of(new byte[1], "x".repeat(129))))
                        .field())
                .isEqualTo("content_type");
    }

    @ParameterizedTest
    @ValueSource(ints = {Integer.MIN_VALUE, -1, 0, 10, Integer.MAX_VALUE})
    void everyIntIsAPriority(int priority) { // B22, by the contract: int32, higher first
        assertThat(accept(b -> b.priority(priority)).priority()).isEqualTo(priority);
    }

    @ParameterizedTest
    @CsvSource({"-1", "0", "1001", "10000", "-2147483648"})
    void attemptsOutsideTheirBoundsAreRefused(int attempts) { // B23
        assertThat(refuse(b -> b.maxAttempts(attempts)))
                .isEqualTo(new Violation("max_attempts", "1 to 1000 are allowed, got " + attempts));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 20, 1000})
    void attemptsWithinTheirBoundsAreTaken(int attempts) {
        assertThat(accept(b -> b.maxAttempts(attempts)).policy().maxAttempts()).isEqualTo(attempts);
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT0S", "PT-1S", "PT876000H0.000000001S", "PT2562047788015215H"})
    void timeoutIsAboveZeroAndBounded(String timeout) { // B24
        assertThat(refuse(b -> b.timeout(Duration.parse(timeout))).field()).isEqualTo("timeout");
        assertThat(refuse(b -> b.key("k").keyTtl(Duration.parse(timeout))).field())
                .isEqualTo("key_ttl");
    }

    @Test
    void shortestAndLongestTimeoutAreTaken() {
        assertThat(accept(b -> b.timeout(Duration.ofNanos(1))).policy().timeout())
                .isEqualTo(Duration.ofNanos(1));
        assertThat(accept(b -> b.timeout(Durations.MAX)).policy().timeout()).isEqualTo(Durations.MAX);
    }

    @Test
    void delayIsNotNegativeAndBounded() { // B25
        assertThat(refuse(b -> b.delay(Duration.ofSeconds(-5))))
                .isEqualTo(new Violation("delay", "0s to 36500d are allowed, got PT-5S"));
        assertThat(refuse(b -> b.delay(Durations.MAX.plusNanos(1))).field()).isEqualTo("delay");
        assertThat(accept(b -> b.delay(Durations.MAX)).when()).isEqualTo(new When.After(Durations.MAX));
    }

    @Test
    void delayOfZeroIsNow() {
        assertThat(accept(b -> b.delay(Duration.ZERO)).when()).isEqualTo(When.NOW);
    }

    @Test
    void runAtAndDelayTogetherAreRefused() { // B25
        Instant noon = Instant.parse("2026-11-22T12:00:00Z");
        assertThat(refuse(b -> b.runAt(noon).delay(Duration.ofSeconds(1))))
                .isEqualTo(new Violation("delay", "give run_at or delay, not both"));
        assertThat(refuse(b -> b.delay(Duration.ZERO).runAt(noon)).field()).isEqualTo("delay");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0001-01-01T00:00:00Z",
                "1969-12-31T23:59:59.999999999Z",
                "-1000000000-01-01T00:00:00Z",
                "+10000-01-01T00:00:00Z",
                "+292278994-08-17T07:12:55Z",
                "+1000000000-12-31T23:59:59.999999999Z"
            })
    void runAtOutside1970To9999IsRefused(String instant) { // B26
        assertThat(refuse(b -> b.runAt(Instant.parse(instant))))
                .isEqualTo(new Violation("run_at", "years 1970 to 9999 are allowed, got " + instant));
    }

    @ParameterizedTest
    @ValueSource(strings = {"1970-01-01T00:00:00Z", "2026-11-21T00:00:00Z", "9999-12-31T23:59:59.999999999Z"})
    void runAtWithinItIsKeptAsSentThePastToo(String instant) { // B27
        assertThat(accept(b -> b.runAt(Instant.parse(instant))).when()).isEqualTo(new When.At(Instant.parse(instant)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "42",
                "0192f3a4-5b6c-7d8e-9f01-23456789abc",
                "0192f3a4-5b6c-7d8e-9f01-23456789abcde",
                "{0192f3a4-5b6c-7d8e-9f01-23456789abcd}",
                "urn:uuid:0192f3a4-5b6c-7d8e-9f01-23456789abcd",
                "0192f3a45b6c7d8e9f0123456789abcd",
                "0192f3a4-5b6c-7d8e-9f01-23456789abcg",
                "1-1-1-1-1",
                "00000000-0000-0000-0000-000000000000"
            })
    void idThatIsNoUuidIsRefused(String id) { // B41
        assertThat(refuse(b -> b.id(id)))
                .returns("id", Violation::field)
                .satisfies(violation -> assertThat(violation.message()).startsWith("not an id: \"" + id + "\""));
    }

    @Test
    void idInUpperCaseIsTheSameId() { // B41
        assertThat(accept(b -> b.id("0192F3A4-5B6C-7D8E-9F01-23456789ABCD")).id())
                .isEqualTo(ID);
        assertThat(accept(b -> b.id(ID)).id()).isEqualTo(ID);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", " ", "a b", "a\nb", "a\tb", "a\0b", "a\u00a0b", "a\u200bb", "a\u202eb", "a\ud800", "a\u2028b"
            })
    void keyHasVisibleCharactersOnly(String key) { // B07, B44
        assertThat(refuse(b -> b.key(key)))
                .returns("key", Violation::field)
                .satisfies(violation -> assertThat(violation.message())
                        .startsWith("1 to 255 visible characters are allowed, got \"")
                        .matches("\\P{Cntrl}*"));
    }

    @Test
    void keyOf255CharactersIsTheLongest() { // B44
        String longest = "😀".repeat(255);
        JobKey kept = new JobKey(longest, null);
        assertThat(accept(b -> b.key(longest)).key()).isEqualTo(kept);
        assertThat(refuse(b -> b.key("k".repeat(256))).field()).isEqualTo("key");
        assertThat(refuse(b -> b.key("k".repeat(10_240))).message()).hasSizeLessThan(160);
    }

    @Test
    void keyTtlNeedsAKey() {
        assertThat(refuse(b -> b.keyTtl(Duration.ofDays(1)))).isEqualTo(new Violation("key_ttl", "needs a key"));
    }

    @Test
    void tagsAndHeadersAreBounded() { // B53
        Map<String, String> many = new HashMap<>();
        for (int i = 0; i < 65; i++) {
            many.put("tag" + i, "v");
        }
        assertThat(refuse(b -> b.tags(many))).isEqualTo(new Violation("tags", "65 entries, at most 64"));
        assertThat(refuse(b -> b.headers(many))).isEqualTo(new Violation("headers", "65 entries, at most 64"));
        many.remove("tag0");
        assertThat(accept(b -> b.tags(many).headers(many)).labels().tags()).hasSize(64);
    }

    @Test
    void tagValueOf1024CharactersIsTheLongest() { // B53
        assertThat(accept(b -> b.tags(Map.of("a", "v".repeat(1_024))))
                        .labels()
                        .tags()
                        .get("a"))
                .hasSize(1_024);
        assertThat(refuse(b -> b.tags(Map.of("a", "v".repeat(10_240)))))
                .isEqualTo(new Violation("tags", "a: 10240 characters, at most 1024"));
    }

    @Test
    void tagNameFollowsTheAlphabetAndLeavesThePrefixOfTheSystem() { // B53
        assertThat(refuse(b -> b.tags(Map.of("a b", "v"))))
                .isEqualTo(new Violation(
                        "tags", "name \"a b\": only A-Z a-z 0-9 . _ : - are allowed, got U+0020 at position 2"));
        assertThat(refuse(b -> b.tags(Map.of("", "v"))))
                .isEqualTo(new Violation("tags", "name \"\": must not be empty"));
        assertThat(refuse(b -> b.tags(Map.of("pulse.x", "v"))))
                .isEqualTo(new Violation("tags", "name \"pulse.x\": the prefix pulse. is reserved"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\0b", "\ud800", "\udc00x"})
    void tagValueThatTheDatabaseCannotHoldIsRefused(String value) { // B07, B09
        assertThat(refuse(b -> b.tags(Map.of("a", value))))
                .isEqualTo(new Violation("tags", "a: U+0000 and lone surrogates are not allowed"));
    }

    @Test
    void emptyTagValueIsAValue() {
        assertThat(accept(b -> b.tags(Map.of("a", ""))).labels().tags()).containsEntry("a", "");
    }

    @Test
    void originHas1To100Characters() {
        assertThat(accept(b -> b.origin("😀".repeat(100))).labels().origin()).isEqualTo("😀".repeat(100));
        assertThat(refuse(b -> b.origin("")).field()).isEqualTo("origin");
        assertThat(refuse(b -> b.origin("o".repeat(101))).field()).isEqualTo("origin");
        assertThat(refuse(b -> b.origin("a\0b")))
                .isEqualTo(new Violation("origin", "1 to 100 characters are allowed, got \"a\\u0000b\""));
    }

    @Test
    void allFaultsAreToldAtOnce() {
        PulseException refusal = refusal(builder()
                .type("")
                .queue("a b")
                .maxAttempts(0)
                .timeout(Duration.ZERO)
                .payload(bytes(262_145))
                .violation("run_at", "RFC 3339 with offset"));

        assertThat(refusal.code()).isEqualTo(ErrorCode.INVALID_FIELD);
        assertThat(refusal.violations())
                .extracting(Violation::field)
                .containsExactly("type", "queue", "max_attempts", "timeout", "run_at", "payload");
        assertThat(refusal.field()).isEqualTo("type");
        assertThat(refusal).hasMessageStartingWith("type: must not be empty; queue: only ");
    }

    @Test
    void faultThatTheDoorFoundInTheTypeIsNotDoubled() {
        assertThat(refusal(builder().violation("type", "expected text")).violations())
                .containsExactly(new Violation("type", "expected text"));
    }

    private static Payload bytes(int size) {
        return Payload.of(new byte[size], "application/octet-stream");
    }
}
