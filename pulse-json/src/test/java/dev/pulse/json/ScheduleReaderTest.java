package dev.pulse.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.pulse.model.Backoff;
import dev.pulse.model.ErrorCode;
import dev.pulse.model.IdSource;
import dev.pulse.model.Limits;
import dev.pulse.model.Misfire;
import dev.pulse.model.Overlap;
import dev.pulse.model.Payload;
import dev.pulse.model.PulseException;
import dev.pulse.model.ScheduleCounts;
import dev.pulse.model.ScheduleInfo;
import dev.pulse.model.ScheduleRule;
import dev.pulse.model.ScheduleSpec;
import dev.pulse.model.ScheduleStatus;
import dev.pulse.model.SubmissionBuilder;
import dev.pulse.model.Timing;
import dev.pulse.model.Violation;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The bodies about schedules, without a server. */
final class ScheduleReaderTest {
    private static final Instant NOW = Instant.parse("2026-11-23T02:00:00Z");
    private static final ScheduleReader READER =
            new ScheduleReader(new Limits(1_000), new IdSource(InstantSource.fixed(NOW), new Random(7)));

    @Test
    void theLeastThatIsAScheduleHasTheDefaults() {
        ScheduleSpec spec = READER.read(utf8("{\"type\":\"t\",\"every\":\"90s\"}"));

        assertThat(spec.name()).isNull();
        assertThat(spec.timing())
                .isEqualTo(Timing.of(new ScheduleRule.Every(Duration.ofSeconds(90), ScheduleRule.Pace.FIXED_RATE)));
        assertThat(spec.misfire()).isEqualTo(Misfire.FIRE_ONCE);
        assertThat(spec.overlap()).isEqualTo(Overlap.ALLOW);
        assertThat(spec.job().queue()).isEqualTo("default");
        assertThat(spec.job().payload()).isEqualTo(Payload.EMPTY);
        assertThat(spec.job().key()).isNull();
    }

    @Test
    void eachRuleIsRead() {
        assertThat(rule("\"at\":\"2030-01-01T01:00:00+01:00\""))
                .isEqualTo(new ScheduleRule.At(Instant.parse("2030-01-01T00:00:00Z")));
        assertThat(rule("\"after\":\"5m\"")).isEqualTo(new ScheduleRule.After(Duration.ofMinutes(5)));
        assertThat(rule("\"every\":\"5m\",\"fixed_delay\":true"))
                .isEqualTo(new ScheduleRule.Every(Duration.ofMinutes(5), ScheduleRule.Pace.FIXED_DELAY));
        assertThat(rule("\"every\":\"5m\",\"fixed_delay\":false"))
                .isEqualTo(new ScheduleRule.Every(Duration.ofMinutes(5), ScheduleRule.Pace.FIXED_RATE));
        assertThat(rule("\"cron\":\"@daily\"")).isEqualTo(new ScheduleRule.Cron("@daily"));
    }

    private static ScheduleRule rule(String fields) {
        return READER.read(utf8("{\"type\":\"t\"," + fields + "}")).timing().rule();
    }

    @Test
    void aPayloadIsKeptByteForByteUnderTheNameThatIsGiven() {
        Payload plain = READER.read(utf8("{\"type\":\"t\",\"every\":\"1m\",\"payload\":[ 1.0,\"\\u00e9\" ]}"))
                .job()
                .payload();
        Payload named = READER.read(utf8(
                        "{\"content_type\":\"application/x+json\",\"type\":\"t\",\"every\":\"1m\",\"payload\":{ }}"))
                .job()
                .payload();

        assertThat(plain).isEqualTo(Payload.json("[ 1.0,\"\\u00e9\" ]"));
        assertThat(named).isEqualTo(Payload.of(utf8("{ }"), "application/x+json"));
        assertThat(refused("{\"type\":\"t\",\"every\":\"1m\",\"payload\":\"" + "x".repeat(1_000) + "\"}")
                        .code())
                .isEqualTo(ErrorCode.PAYLOAD_TOO_LARGE);
    }

    @Test
    void bytesThatAreNoJsonAreNotCalledSo() {
        ScheduleSpec raw = read("{\"type\":\"t\",\"every\":\"1m\"}");
        ScheduleSpec binary = new ScheduleSpec(
                null,
                new SubmissionBuilder(Limits.DEFAULT)
                        .type("t")
                        .payload(Payload.of(new byte[] {1, 2}, "application/octet-stream"))
                        .build(new IdSource(InstantSource.fixed(NOW), new Random(7))),
                raw.timing(),
                raw.misfire(),
                raw.overlap());
        ScheduleEdit renamed = READER.edit(utf8("{\"version\":1,\"content_type\":null}"));
        ScheduleEdit replaced = READER.edit(utf8("{\"version\":1,\"payload\":5}"));

        assertThat(catchThrowableOfType(
                                PulseException.class, () -> renamed.change().apply(binary))
                        .field())
                .isEqualTo("content_type");
        assertThat(replaced.change().apply(binary).job().payload()).isEqualTo(Payload.json("5"));
        assertThat(READER.edit(utf8("{\"version\":1,\"queue\":\"q\"}"))
                        .change()
                        .apply(binary)
                        .job()
                        .payload())
                .isEqualTo(binary.job().payload());
    }

    @Test
    void anEditOfNothingLeavesEverything() {
        ScheduleSpec spec = full();
        ScheduleEdit edit = READER.edit(utf8("{\"version\":7}"));

        ScheduleSpec same = edit.change().apply(spec);

        assertThat(edit.version()).isEqualTo(7);
        assertThat(same.name()).isEqualTo(spec.name());
        assertThat(same.timing()).isEqualTo(spec.timing());
        assertThat(same.misfire()).isEqualTo(spec.misfire());
        assertThat(same.overlap()).isEqualTo(spec.overlap());
        assertThat(same.job().contentHash()).isEqualTo(spec.job().contentHash());
        assertThat(same.job().labels()).isEqualTo(spec.job().labels());
        assertThat(same.job().policy()).isEqualTo(spec.job().policy());
    }

    @Test
    void anEditMayBeAppliedAgain() {
        ScheduleEdit edit = READER.edit(utf8("{\"version\":1,\"cron\":\"0 0 * * *\",\"end\":null,\"priority\":9}"));

        ScheduleSpec once = edit.change().apply(full());

        assertThat(once.timing().rule()).isEqualTo(new ScheduleRule.Cron("0 0 * * *"));
        assertThat(once.timing().end()).isNull();
        assertThat(edit.change().apply(full()).job().priority()).isEqualTo(9);
        assertThat(edit.change().apply(once).timing()).isEqualTo(once.timing());
    }

    @Test
    void aPreviewIsReadWithItsDefaults() {
        PreviewRequest preview = ScheduleReader.preview(utf8("{\"cron\":\"* * * * *\"}"));
        assertThat(preview.count()).isEqualTo(10);
        assertThat(preview.from()).isNull();
        assertThat(preview.timing()).isEqualTo(Timing.of(new ScheduleRule.Cron("* * * * *")));
    }

    @Test
    void aBodyThatIsNoObjectIsRefused() {
        for (String body : List.of("", "[]", "null", "{\"type\":\"t\"} x", "{\"type\":")) {
            assertThat(refused(body).code()).as(body).isEqualTo(ErrorCode.MALFORMED_BODY);
        }
        assertThat(catchThrowableOfType(PulseException.class, () -> READER.edit(utf8("[]")))
                        .code())
                .isEqualTo(ErrorCode.MALFORMED_BODY);
    }

    @Test
    void everyFaultIsNamed() {
        assertThat(refused("{\"typ\":\"t\",\"key\":\"k\",\"at\":\"x\",\"cron\":\"x\",\"time_zone\":5}")
                        .violations())
                .extracting(Violation::field)
                .containsExactlyInAnyOrder("typ", "type", "key", "at", "cron", "at", "time_zone");
    }

    @Test
    void aParkedScheduleShowsItsFaultInPlaceOfItsWords() {
        ScheduleSpec spec = full();
        Timing lost =
                new Timing(spec.timing().rule(), "Mars/Base", null, null, Duration.ZERO, new TreeSet<LocalDate>());
        ScheduleInfo broken = info(new ScheduleSpec(null, spec.job(), lost, spec.misfire(), spec.overlap()), null);
        ScheduleInfo parked = info(spec, "its row cannot be read");

        assertThat(ScheduleJson.words(broken)).contains("Mars/Base is not in the time zone database");
        assertThat(ScheduleJson.words(parked)).isEqualTo("its row cannot be read");
        assertThat(new String(ScheduleJson.schedule(parked), StandardCharsets.UTF_8))
                .contains("\"status\":\"parked\"", "\"fault\":\"its row cannot be read\"");
    }

    private static ScheduleInfo info(ScheduleSpec spec, @Nullable String fault) {
        return new ScheduleInfo(
                new UUID(1, 2),
                3,
                spec,
                fault == null ? ScheduleStatus.ACTIVE : ScheduleStatus.PARKED,
                null,
                fault,
                NOW,
                NOW,
                null,
                false,
                ScheduleCounts.NONE,
                null,
                NOW,
                NOW);
    }

    private static ScheduleSpec full() {
        ScheduleSpec spec = read("""
                {"name":"full","type":"t","payload":{ "a":1 },"headers":{"h":"1"},"tags":{"t":"2"},"origin":"me",
                 "queue":"q","priority":-5,"max_attempts":3,"backoff":"exponential 1s x 3","timeout":"30s",
                 "every":"1m","fixed_delay":true,"time_zone":"Europe/Vienna","start":"2030-01-01T00:00:00Z",
                 "end":"2040-01-01T00:00:00Z","jitter":"10s","excluded_days":["2030-12-24"],
                 "misfire":"fire_all","misfire_limit":7,"misfire_rate":0.5,"overlap":"skip"}""");
        assertThat(spec.job().policy().backoff()).isEqualTo(Backoff.parse("exponential 1s x 3"));
        assertThat(spec.job().labels().headers()).isEqualTo(Map.of("h", "1"));
        assertThat(spec.misfire()).isEqualTo(new Misfire(Misfire.Policy.FIRE_ALL, 7, 0.5));
        return spec;
    }

    private static ScheduleSpec read(String body) {
        return READER.read(utf8(body));
    }

    private static PulseException refused(String body) {
        return catchThrowableOfType(PulseException.class, () -> READER.read(utf8(body)));
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
