package dev.pulse.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.pulse.model.ErrorCode;
import dev.pulse.model.PulseException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The rows B100, B103 and B104 of the bad-input catalogue, and what each handshake is given. */
final class TlsMaterialTest {
    private static final TestAuthority AUTHORITY = new TestAuthority("test authority");
    private static final TlsMaterial.Names NAMES = new TlsMaterial.Names("tls-cert", "tls-key", "tls-client-ca");

    @TempDir
    private Path folder;

    @BeforeEach
    void goodFiles() throws IOException {
        AUTHORITY.localhost().write(certificate(), key());
        Files.writeString(authorities(), AUTHORITY.pem());
    }

    @Test
    void aPairIsReadInTheFormsThatToolsWrite() throws IOException {
        for (KeyPair pair : new KeyPair[] {
            TestAuthority.elliptic(), TestAuthority.pair("RSA", 2048), TestAuthority.pair("Ed25519", 255)
        }) {
            AUTHORITY.sign("localhost", List.of(), Duration.ofDays(1), pair).write(certificate(), key());

            assertThat(read().keys()).as(pair.getPublic().getAlgorithm()).isPresent();
        }
        KeyPair rsa = TestAuthority.pair("RSA", 2048);
        AUTHORITY.sign("localhost", List.of(), Duration.ofDays(1), rsa).write(certificate(), key());
        byte[] own =
                Der.find(Der.OCTETS, Der.find(Der.SEQUENCE, rsa.getPrivate().getEncoded()));
        Files.writeString(key(), TestAuthority.pem("RSA PRIVATE KEY", own));
        assertThat(read().keys()).isPresent();

        KeyPair elliptic = TestAuthority.elliptic();
        AUTHORITY.sign("localhost", List.of(), Duration.ofDays(1), elliptic).write(certificate(), key());
        Files.writeString(key(), TestAuthority.pem("EC PRIVATE KEY", withCurve(elliptic)));
        assertThat(read().keys()).isPresent();
    }

    /** As {@code openssl ecparam -genkey} writes it, with the curve inside. */
    private static byte[] withCurve(KeyPair elliptic) {
        byte[] inner = Der.find(
                Der.OCTETS, Der.find(Der.SEQUENCE, elliptic.getPrivate().getEncoded()));
        byte[] secret = Der.find(Der.OCTETS, Der.find(Der.SEQUENCE, inner));
        byte[] curve = {0x06, 0x08, 0x2A, (byte) 0x86, 0x48, (byte) 0xCE, 0x3D, 0x03, 0x01, 0x07};
        return Der.value(
                Der.SEQUENCE,
                Der.value(Der.INTEGER, new byte[] {1}),
                Der.value(Der.OCTETS, secret),
                Der.value(Der.CURVE, curve));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "B100 | key | missing | tls-key | does not exist",
                "B100 | key | folder | tls-key | is a folder",
                "B100 | key | empty | tls-key | holds no private key",
                "B103 | key | other | tls-key | is not the key of the certificate in",
                "B103 | key | encrypted | tls-key | is encrypted, and Pulse has no password",
                "B103 | key | garbled | tls-key | holds a key that cannot be read",
                "B103 | key | large | tls-key | larger than 1 MiB",
                "B100 | certificate | missing | tls-cert | does not exist",
                "B103 | certificate | empty | tls-cert | holds no certificate",
                "B103 | certificate | garbled | tls-cert | holds a certificate that cannot be read",
                "B103 | certificate | expired | tls-cert | expired at",
                "B103 | certificate | early | tls-cert | is not valid before",
                "B103 | authorities | empty | tls-client-ca | holds no certificate",
                "B100 | authorities | missing | tls-client-ca | does not exist",
            })
    void eachFaultHasItsMessageAndNothingOfTheContent(
            String row, String which, String fault, String setting, String message) throws IOException {
        Path file = folder.resolve(which + ".pem");
        String before = Files.readString(file);
        spoil(file, fault);

        PulseException refused = catchThrowableOfType(PulseException.class, this::read);

        assertThat(refused.code()).as(row).isEqualTo(ErrorCode.CONFIGURATION);
        assertThat(refused).hasMessageStartingWith(setting + ": ").hasMessageContaining(message);
        Path named = fault.equals("expired") || fault.equals("early") ? certificate() : file;
        assertThat(refused).hasMessageContaining(named.toString());
        assertThat(refused.getMessage()).doesNotContain(before.lines().toList().get(1));
    }

    private void spoil(Path file, String fault) throws IOException {
        switch (fault) {
            case "missing" -> Files.delete(file);
            case "folder" -> {
                Files.delete(file);
                Files.createDirectory(file);
            }
            case "empty" -> Files.writeString(file, "\n");
            case "other" -> Files.writeString(file, AUTHORITY.localhost().keyPem());
            case "encrypted" -> Files.writeString(file, TestAuthority.pem("ENCRYPTED PRIVATE KEY", new byte[40]));
            case "garbled" ->
                Files.writeString(
                        file, TestAuthority.pem(file.equals(key()) ? "PRIVATE KEY" : "CERTIFICATE", new byte[40]));
            case "large" -> Files.writeString(file, "x".repeat((1 << 20) + 1));
            case "expired" ->
                AUTHORITY.sign("h", List.of(), Duration.ofDays(-1)).write(certificate(), key());
            case "early" -> AUTHORITY.sign("h", List.of(), Duration.ofDays(1)).write(certificate(), key());
            default -> throw new IllegalArgumentException(fault);
        }
        skew = fault.equals("early") ? Duration.ofDays(-30) : Duration.ZERO;
    }

    private Duration skew = Duration.ZERO;

    @Test
    void b104ALookTakesWhatIsGoodAndKeepsTheOldWhereItIsNot() throws IOException {
        TlsMaterial material = read();
        X509ExtendedKeyManager keys = material.keys().orElseThrow();
        assertThat(material.look()).isEqualTo(new TlsMaterial.Look.Unchanged());

        TestAuthority.Signed second = AUTHORITY.localhost();
        Files.writeString(key(), second.keyPem());
        assertThat(material.look())
                .isInstanceOfSatisfying(
                        TlsMaterial.Look.Refused.class,
                        refused -> assertThat(refused.why()).contains("is not the key of the certificate in"));
        assertThat(material.isStale()).isTrue();
        assertThat(material.look()).as("told once").isEqualTo(new TlsMaterial.Look.Unchanged());
        assertThat(shown(keys)).isNotEqualTo(second.certificate());

        Files.writeString(certificate(), second.certificatePem());
        assertThat(material.look()).isEqualTo(new TlsMaterial.Look.Replaced());
        assertThat(material.isStale()).isFalse();
        assertThat(shown(keys)).isEqualTo(second.certificate());

        Files.delete(key());
        assertThat(material.look()).isInstanceOf(TlsMaterial.Look.Refused.class);
        assertThat(material.look()).isEqualTo(new TlsMaterial.Look.Unchanged());
        assertThat(shown(keys)).isEqualTo(second.certificate());
        Files.writeString(key(), second.keyPem());
        assertThat(material.look()).isEqualTo(new TlsMaterial.Look.Unchanged());
        assertThat(material.isStale()).isFalse();
    }

    @Test
    void aHandshakeThatAReloadOvertakesEndsWithThePairItBeganWith() {
        TlsMaterial material = read();
        X509ExtendedKeyManager keys = material.keys().orElseThrow();
        var first = shown(keys);
        String alias = keys.chooseEngineServerAlias("EC", null, null);

        AUTHORITY.localhost().write(certificate(), key());
        assertThat(material.look()).isEqualTo(new TlsMaterial.Look.Replaced());

        assertThat(keys.getCertificateChain(alias)[0]).isEqualTo(first);
        assertThat(shown(keys)).isNotEqualTo(first);
        assertThat(keys.chooseEngineServerAlias("RSA", null, null)).isNull();
    }

    @Test
    void itTellsHowLongTheCertificateLasts() {
        assertThat(read().validFor().orElseThrow()).isBetween(Duration.ofDays(364), Duration.ofDays(366));
    }

    @Test
    void b100AKeyThatEverybodyCanReadIsTold() throws IOException {
        Files.setPosixFilePermissions(key(), PosixFilePermissions.fromString("rw-r--r--"));
        assertThat(read().exposure().orElseThrow()).contains(key().toString()).contains("chmod 600");

        Files.setPosixFilePermissions(key(), PosixFilePermissions.fromString("rw-r-----"));
        assertThat(read().exposure()).isEmpty();
    }

    @Test
    void aPeerIsNamedByItsUriThenItsDnsNameThenItsCommonName() {
        assertThat(name(List.of("dns:w.example", "uri:spiffe://e/w"))).isEqualTo("spiffe://e/w");
        assertThat(name(List.of("ip:10.0.0.1", "dns:w.example"))).isEqualTo("w.example");
        assertThat(name(List.of())).isEqualTo("worker one");
    }

    private static String name(List<String> names) {
        return PeerNames.of(
                        AUTHORITY.sign("worker one", names, Duration.ofDays(1)).certificate())
                .orElseThrow();
    }

    private static @Nullable Object shown(X509ExtendedKeyManager keys) {
        return keys.getCertificateChain(keys.chooseEngineServerAlias("EC", null, null))[0];
    }

    private TlsMaterial read() {
        return TlsMaterial.forServer(
                NAMES,
                new TlsFiles(certificate(), key(), authorities()),
                InstantSource.offset(InstantSource.system(), skew));
    }

    private Path certificate() {
        return folder.resolve("certificate.pem");
    }

    private Path key() {
        return folder.resolve("key.pem");
    }

    private Path authorities() {
        return folder.resolve("authorities.pem");
    }
}
