package dev.pulse.sdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pulse.model.Assignment;
import dev.pulse.model.AttemptError;
import dev.pulse.model.ErrorCode;
import dev.pulse.model.JobFacts;
import dev.pulse.model.Labels;
import dev.pulse.model.LeaseToken;
import dev.pulse.model.Outcome;
import dev.pulse.model.Payload;
import dev.pulse.model.Policy;
import dev.pulse.model.PulseException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;

class PayloadCareTest {
    private static final PayloadUse IN = new PayloadUse("email", PayloadUse.Part.PAYLOAD, false);
    private static final PayloadUse KEYED = new PayloadUse("email", PayloadUse.Part.PAYLOAD, true);
    private static final Payload LONG = Payload.json("\"" + "again and ".repeat(200) + "\"");
    private static final AesGcm AES = AesGcm.create().key("2025", bytes(16, 1));

    private static byte[] bytes(int count, int value) {
        byte[] bytes = new byte[count];
        Arrays.fill(bytes, (byte) value);
        return bytes;
    }

    private static Codecs codecs(PayloadTransform... transforms) {
        return new Codecs(List.of(), List.of(transforms));
    }

    // ---- the chain

    @Test
    void aChainIsUndoneInReverseAndSaysWhatItDid() {
        Codecs codecs = codecs(Gzip.above(100), AES);

        Payload coded = codecs.coded(LONG, IN);

        assertThat(coded.contentType())
                .isEqualTo("application/vnd.pulse.coded; coding=\"gzip,aes-gcm\"; of=\"application/json\"");
        assertThat(coded.size()).isLessThan(LONG.size() / 4);
        assertThat(codecs.plain(coded, IN)).isEqualTo(LONG);
    }

    @Test
    void whatIsNotMarkedIsReadAsItIs() {
        Payload gzipLike =
                Payload.of(Objects.requireNonNull(Gzip.above(0).encode(LONG.bytes(), IN)), "application/gzip");

        assertThat(codecs(Gzip.above(0), AES).plain(gzipLike, IN)).isEqualTo(gzipLike);
    }

    @Test
    void whatIsSmallOrDoesNotShrinkIsLeftAlone() {
        byte[] noise = new byte[500];
        new SecureRandom().nextBytes(noise);

        assertThat(codecs(Gzip.above(10_000)).coded(LONG, IN)).isSameAs(LONG);
        assertThat(codecs(Gzip.above(0)).coded(Payload.of(noise, "x/y"), IN).contentType())
                .isEqualTo("x/y");
    }

    @Test
    void everyProcessReadsGzipAndNoneReadsWhatItWasNotToldOf() {
        Payload zipped = codecs(Gzip.above(0)).coded(LONG, IN);
        assertThat(codecs().plain(zipped, IN)).isEqualTo(LONG);

        Payload sealed = codecs(AES).coded(LONG, IN);
        assertThatThrownBy(() -> codecs().plain(sealed, IN)).hasMessageContaining("aes-gcm");
    }

    @Test
    void aContentTypeWithQuotesComesBackAndOneTooLongIsRefused() {
        Payload odd = Payload.of(LONG.bytes(), "text/x; a=\"b\\c\"");
        assertThat(codecs(AES).plain(codecs(AES).coded(odd, IN), IN)).isEqualTo(odd);

        Payload longer = Payload.of(LONG.bytes(), "text/" + "x".repeat(120));
        assertThatThrownBy(() -> codecs(AES).coded(longer, IN))
                .isInstanceOfSatisfying(
                        PulseException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_FIELD));
    }

    @Test
    void twoTransformsOfOneNameAndANameOutOfTheAlphabetAreRefused() {
        assertThatThrownBy(() -> codecs(AES, AES)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> codecs(named("a b"))).isInstanceOf(IllegalArgumentException.class);
    }

    private static PayloadTransform named(String coding) {
        return new PayloadTransform() {
            @Override
            public String coding() {
                return coding;
            }

            @Override
            public byte[] encode(byte[] plain, PayloadUse use) {
                return plain;
            }

            @Override
            public byte[] decode(byte[] coded, PayloadUse use) {
                return coded;
            }
        };
    }

    @Test
    void aBombOfCompressionIsRefused() throws IOException {
        ByteArrayOutputStream bomb = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(bomb)) {
            for (int i = 0; i < 65; i++) {
                gzip.write(new byte[1 << 20]);
            }
        }
        assertThatThrownBy(() -> Gzip.above(0).decode(bomb.toByteArray(), IN)).hasMessageContaining("uncompressed");
        assertThatThrownBy(() -> Gzip.above(0).decode(new byte[] {1, 2, 3}, IN)).hasMessageContaining("not gzip");
    }

    // ---- encryption

    @Test
    void oldKeysStillDecryptAndTheNewestEncrypts() {
        byte[] old = AES.encode(LONG.bytes(), IN);
        AesGcm rotated = AES.key("2026", bytes(32, 2));

        assertThat(rotated.decode(old, IN)).isEqualTo(LONG.bytes());
        byte[] young = rotated.encode(LONG.bytes(), IN);
        assertThat(new String(young, 2, 4, StandardCharsets.US_ASCII)).isEqualTo("2026");
        assertThatThrownBy(() -> AES.decode(young, IN)).hasMessageContaining("2026");
        assertThat(rotated.toString()).isEqualTo("AesGcm[2025, 2026]");
    }

    @Test
    void whatWasChangedMovedOrSealedByAnotherKeyDoesNotDecrypt() {
        byte[] sealed = AES.encode(LONG.bytes(), IN);
        for (int at = 0; at < sealed.length; at += 7) {
            byte[] changed = sealed.clone();
            changed[at] ^= 1;
            assertThatThrownBy(() -> AES.decode(changed, IN)).isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(() -> AES.decode(sealed, new PayloadUse("other", PayloadUse.Part.PAYLOAD, false)))
                .hasMessageContaining("of another job type");
        assertThatThrownBy(() -> AES.decode(sealed, new PayloadUse("email", PayloadUse.Part.RESULT, false)))
                .isInstanceOf(IllegalArgumentException.class);
        AesGcm impostor = AesGcm.create().key("2025", bytes(16, 9));
        assertThatThrownBy(() -> impostor.decode(sealed, IN)).isInstanceOf(IllegalArgumentException.class);
        for (int length = 0; length < 35; length++) {
            byte[] cut = Arrays.copyOf(sealed, length);
            assertThatThrownBy(() -> AES.decode(cut, IN)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void noncesAreFreshUnlessTheSameContentHasToBeTheSameBytes() {
        Set<String> nonces = new HashSet<>();
        for (int i = 0; i < 1_000; i++) {
            byte[] sealed = AES.encode(LONG.bytes(), IN);
            nonces.add(Arrays.toString(Arrays.copyOfRange(sealed, 6, 18)));
        }
        assertThat(nonces).hasSize(1_000);

        byte[] keyed = AES.encode(LONG.bytes(), KEYED);
        assertThat(AES.encode(LONG.bytes(), KEYED)).isEqualTo(keyed);
        assertThat(AES.decode(keyed, IN)).isEqualTo(LONG.bytes());
        byte[] other = AES.encode("{}".getBytes(StandardCharsets.UTF_8), KEYED);
        assertThat(Arrays.copyOfRange(other, 6, 18)).isNotEqualTo(Arrays.copyOfRange(keyed, 6, 18));
    }

    @Test
    void keysAndIdsThatCannotBeAreRefused() {
        assertThatThrownBy(() -> AesGcm.create().key("a", new byte[15])).hasMessageContaining("15");
        assertThatThrownBy(() -> AesGcm.create().key("a b", new byte[16])).hasMessageContaining("key id");
        assertThatThrownBy(() -> AES.key("2025", new byte[16])).hasMessageContaining("already");
        assertThatThrownBy(() -> AesGcm.create().encode(new byte[1], IN)).isInstanceOf(IllegalStateException.class);
    }

    // ---- in the worker

    private Outcome run(JobType<String> type, Codecs codecs, Payload payload, Map<String, String> headers) {
        Fixture fixture = new Fixture();
        fixture.opened((job, text) -> null);
        FakeBroker.Session link = FakeBroker.next(fixture.broker.opened);
        JobFacts facts = new JobFacts(
                new UUID(0, 1),
                type.name(),
                "default",
                0,
                payload,
                new Labels(headers, Map.of(), null),
                Policy.DEFAULT,
                null,
                Instant.EPOCH);
        Assignment assignment = new Assignment(facts, new LeaseToken(1, 1, new UUID(1, 1)), link.spec.id(), 1, false);
        Handler<String> echo = new Handler<>(type, codecs.forClass(String.class), (job, text) -> new Json(text));
        return new AttemptRunner(Map.of(type.name(), echo), codecs)
                .run(new RunningAttempt(assignment, (HeldSession) link.listener, 0));
    }

    @Test
    void theHandlerSeesPlainAndItsResultIsCodedToo() {
        JobType<String> type = JobType.of("email", String.class);
        Codecs codecs = codecs(Gzip.above(100), AES);

        Outcome outcome = run(type, codecs, codecs.coded(LONG, IN), Map.of());

        assertThat(outcome).isInstanceOfSatisfying(Outcome.Ack.class, ack -> {
            Payload result = ack.result();
            assertThat(result).isNotNull();
            assertThat(result.contentType()).contains("aes-gcm");
            assertThat(codecs.plain(result, new PayloadUse("email", PayloadUse.Part.RESULT, false)))
                    .isEqualTo(LONG);
        });
    }

    @Test
    void aKeyThatTheWorkerDoesNotHaveParksTheJobWithItsName() {
        JobType<String> type = JobType.of("email", String.class);
        Payload sealed = codecs(AES).coded(LONG, IN);

        Outcome outcome = run(type, codecs(AesGcm.create().key("2030", bytes(16, 3))), sealed, Map.of());

        AttemptError error = parked(outcome);
        assertThat(error.type()).isEqualTo("unreadable_payload");
        assertThat(error.message()).contains("2025");
    }

    private static AttemptError parked(Outcome outcome) {
        assertThat(outcome).isInstanceOf(Outcome.DeadLetter.class);
        return ((Outcome.DeadLetter) outcome).error();
    }

    @Test
    void oldPayloadsAreBroughtUpStepByStep() {
        JobType<String> third = JobType.of("email", String.class)
                .version(3)
                .upcast(1, PayloadUpcaster.json(old -> old + "2"))
                .upcast(2, PayloadUpcaster.json(old -> old + "3"));

        assertThat(run(third, codecs(), Payload.json("1"), Map.of())).isEqualTo(new Outcome.Ack(Payload.json("123")));
        assertThat(run(third, codecs(), Payload.json("2"), Map.of(JobType.VERSION_HEADER, "2")))
                .isEqualTo(new Outcome.Ack(Payload.json("23")));
        assertThat(run(third, codecs(), Payload.json("3"), Map.of(JobType.VERSION_HEADER, "3")))
                .isEqualTo(new Outcome.Ack(Payload.json("3")));
    }

    @Test
    void versionsThatCannotBeReachedParkTheJob() {
        JobType<String> third = JobType.of("email", String.class).version(3).upcast(2, old -> {
            throw new IOException("cannot");
        });

        assertThat(parked(run(third, codecs(), LONG, Map.of())).message()).contains("no upcaster from it to 2");
        assertThat(parked(run(third, codecs(), LONG, Map.of(JobType.VERSION_HEADER, "2")))
                        .message())
                .contains("cannot");
        assertThat(parked(run(third, codecs(), LONG, Map.of(JobType.VERSION_HEADER, "4")))
                        .message())
                .contains("knows up to 3");
        assertThat(parked(run(third, codecs(), LONG, Map.of(JobType.VERSION_HEADER, "x")))
                        .message())
                .contains("no number");
        assertThat(parked(run(third, codecs(), LONG, Map.of(JobType.VERSION_HEADER, "-5")))
                        .message())
                .contains("no upcaster");
    }

    @Test
    void whatMayPassIsAFailureAndNotParked() {
        JobType<String> type = JobType.of("email", String.class);
        PayloadTransform away = new PayloadTransform() {
            @Override
            public String coding() {
                return "kms";
            }

            @Override
            public byte[] encode(byte[] plain, PayloadUse use) {
                return plain;
            }

            @Override
            public byte[] decode(byte[] coded, PayloadUse use) {
                throw new PulseException(ErrorCode.UNREACHABLE, "the key server is away");
            }
        };

        assertThat(run(type, codecs(away), codecs(away).coded(LONG, IN), Map.of()))
                .isInstanceOf(Outcome.Fail.class);
    }
}
