package dev.pulse.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** What makes two submissions the same: type, queue, priority, payload bytes with content type, and the time as sent. */
class SubmissionTest {
    private static final UUID ID = UUID.fromString("0192f3a4-5b6c-7d8e-9f01-23456789abcd");
    private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");

    private static UUID hash(UnaryOperator<SubmissionBuilder> fields) {
        SubmissionBuilder builder = new SubmissionBuilder(Limits.DEFAULT).id(ID).type("email");
        IdSource unused = new IdSource(() -> NOON, () -> 0L);
        return fields.apply(builder).build(unused).contentHash();
    }

    @Test
    void whatIsContentChangesTheHash() {
        List<UUID> hashes = List.of(
                hash(b -> b),
                hash(b -> b.type("sms")),
                hash(b -> b.queue("mail")),
                hash(b -> b.priority(1)),
                hash(b -> b.priority(-1)),
                hash(b -> b.payload(Payload.json("{ }"))),
                hash(b -> b.payload(Payload.of("{}".getBytes(StandardCharsets.UTF_8), "text/plain"))),
                hash(b -> b.runAt(NOON)),
                hash(b -> b.runAt(NOON.plusNanos(1))),
                hash(b -> b.runAt(Instant.EPOCH)),
                hash(b -> b.delay(Duration.ofSeconds(NOON.getEpochSecond()))),
                hash(b -> b.delay(Duration.ofNanos(1))),
                hash(b -> b.delay(Duration.ofMinutes(5))));

        assertThat(hashes).doesNotHaveDuplicates();
    }

    @Test
    void whatIsNotContentLeavesTheHash() {
        assertThat(List.of(
                        hash(b -> b.id(UUID.fromString("11111111-1111-7111-9111-111111111111"))),
                        hash(b -> b.key("k")),
                        hash(b -> b.key("k").keyTtl(Duration.ofDays(1))),
                        hash(b -> b.maxAttempts(1)),
                        hash(b -> b.backoff(Backoff.parse("fixed 5s"))),
                        hash(b -> b.timeout(Duration.ofSeconds(1))),
                        hash(b -> b.headers(Map.of("a", "b"))),
                        hash(b -> b.tags(Map.of("a", "b"))),
                        hash(b -> b.origin("shop")),
                        hash(b -> b.payload(Payload.json("{}"))),
                        hash(b -> b.delay(Duration.ZERO))))
                .containsOnly(hash(b -> b));
    }

    @Test
    void delayIsComparedAsADuration() {
        assertThat(hash(b -> b.delay(Durations.parse("5m")))).isEqualTo(hash(b -> b.delay(Durations.parse("PT300S"))));
    }

    @Test
    void fieldsDoNotRunIntoEachOther() {
        Set<UUID> hashes = new LinkedHashSet<>();
        for (int cut = 1; cut < 6; cut++) {
            String word = "abcdef";
            int at = cut;
            hashes.add(hash(b -> b.type(word.substring(0, at)).queue(word.substring(at))));
        }
        assertThat(hashes).hasSize(5);
    }

    /** Servers of different versions share a database, and keys outlive an upgrade: the hash may never change. */
    @Test
    void hashIsTheSameInEveryVersion() {
        assertThat(hash(b -> b)).hasToString("4fa52de8-11ad-90e6-68c8-dddd38e90c2d");
        assertThat(hash(b -> b.queue("mail")
                        .priority(-7)
                        .payload(Payload.json("[1]"))
                        .runAt(NOON)))
                .hasToString("62a3002e-9ce2-a894-bc09-607ade21abc3");
        assertThat(hash(b -> b.delay(Duration.ofMinutes(5)))).hasToString("9d72fa4b-7750-970e-d578-ca28c2b6bd7e");
    }
}
