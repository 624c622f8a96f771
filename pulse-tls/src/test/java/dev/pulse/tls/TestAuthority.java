package dev.pulse.tls;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.List;
import javax.security.auth.x500.X500Principal;

/** An authority that signs whatever a test needs. Not for anything else: it remembers nothing and checks nothing. */
public final class TestAuthority {
    private static final byte[] ECDSA_SHA256 = Der.value(
            Der.SEQUENCE, new byte[] {0x06, 0x08, 0x2A, (byte) 0x86, 0x48, (byte) 0xCE, 0x3D, 0x04, 0x03, 0x02});
    private static final byte[] ALTERNATIVE_NAMES = {0x06, 0x03, 0x55, 0x1D, 0x11};
    private static final byte[] BASIC_CONSTRAINTS = {0x06, 0x03, 0x55, 0x1D, 0x13};
    private static final byte[] TRUE = {0x01, 0x01, (byte) 0xFF};
    private static final byte[] VERSION_3 = Der.value(0xA0, Der.value(Der.INTEGER, new byte[] {2}));
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMddHHmmss'Z'").withZone(ZoneOffset.UTC);

    private final String name;
    private final KeyPair keys;
    private final X509Certificate certificate;

    /** A certificate and its key. */
    public record Signed(X509Certificate certificate, PrivateKey key) {
        public String certificatePem() {
            try {
                return pem("CERTIFICATE", certificate.getEncoded());
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException(e);
            }
        }

        public String keyPem() {
            return pem("PRIVATE KEY", key.getEncoded());
        }

        /** Writes both, one after the other, as people do. */
        public void write(Path certificateFile, Path keyFile) {
            try {
                Files.writeString(certificateFile, certificatePem());
                Files.writeString(keyFile, keyPem());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    public TestAuthority(String name) {
        this.name = name;
        this.keys = elliptic();
        Instant now = Instant.now();
        this.certificate = signed(
                name,
                keys.getPublic(),
                now.minus(Duration.ofDays(1)),
                now.plus(Duration.ofDays(400)),
                extension(BASIC_CONSTRAINTS, TRUE, Der.value(Der.SEQUENCE, TRUE)));
    }

    /** For servers on this machine, valid for a year. */
    public Signed localhost() {
        return sign("localhost", List.of("dns:localhost", "ip:127.0.0.1"), Duration.ofDays(365));
    }

    /**
     * Signs a new key.
     *
     * @param names {@code dns:…}, {@code uri:…} or {@code ip:} and a v4 address
     * @param validFor from now; negative for one that has expired
     */
    public Signed sign(String commonName, List<String> names, Duration validFor) {
        return sign(commonName, names, validFor, elliptic());
    }

    public Signed sign(String commonName, List<String> names, Duration validFor, KeyPair pair) {
        Instant now = Instant.now();
        Instant end = now.plus(validFor);
        Instant start = validFor.isNegative() ? end.minus(Duration.ofDays(1)) : now.minus(Duration.ofDays(1));
        byte[][] general = names.stream().map(TestAuthority::generalName).toArray(byte[][]::new);
        byte[] extension =
                names.isEmpty() ? new byte[0] : extension(ALTERNATIVE_NAMES, Der.value(Der.SEQUENCE, general));
        return new Signed(signed(commonName, pair.getPublic(), start, end, extension), pair.getPrivate());
    }

    /** What others have to believe. */
    public String pem() {
        return new Signed(certificate, keys.getPrivate()).certificatePem();
    }

    public X509Certificate certificate() {
        return certificate;
    }

    static KeyPair elliptic() {
        return pair("EC", 256);
    }

    static KeyPair pair(String kind, int bits) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance(kind);
            generator.initialize(bits);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    static String pem(String label, byte[] der) {
        return "-----BEGIN " + label + "-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der) + "\n-----END " + label + "-----\n";
    }

    private X509Certificate signed(String subject, PublicKey key, Instant from, Instant to, byte[] extension) {
        byte[] body = Der.value(
                Der.SEQUENCE,
                VERSION_3,
                Der.value(Der.INTEGER, new BigInteger(64, new java.security.SecureRandom()).toByteArray()),
                ECDSA_SHA256,
                new X500Principal("CN=" + name).getEncoded(),
                Der.value(Der.SEQUENCE, time(from), time(to)),
                new X500Principal("CN=" + subject).getEncoded(),
                key.getEncoded(),
                extension.length == 0 ? extension : Der.value(0xA3, Der.value(Der.SEQUENCE, extension)));
        try {
            Signature signature = Signature.getInstance("SHA256withECDSA");
            signature.initSign(keys.getPrivate());
            signature.update(body);
            byte[] der = Der.value(Der.SEQUENCE, body, ECDSA_SHA256, Der.value(0x03, new byte[1], signature.sign()));
            return (X509Certificate)
                    CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] time(Instant at) {
        return Der.value(0x18, TIME.format(at).getBytes(StandardCharsets.US_ASCII));
    }

    private static byte[] extension(byte[] id, byte[] content) {
        return extension(id, new byte[0], content);
    }

    private static byte[] extension(byte[] id, byte[] critical, byte[] content) {
        return Der.value(Der.SEQUENCE, id, critical, Der.value(Der.OCTETS, content));
    }

    private static byte[] generalName(String name) {
        String value = name.substring(name.indexOf(':') + 1);
        return switch (name.substring(0, name.indexOf(':'))) {
            case "dns" -> Der.value(0x82, value.getBytes(StandardCharsets.US_ASCII));
            case "uri" -> Der.value(0x86, value.getBytes(StandardCharsets.US_ASCII));
            case "ip" -> {
                String[] parts = value.split("\\.", -1);
                byte[] octets = new byte[parts.length];
                for (int i = 0; i < parts.length; i++) {
                    octets[i] = (byte) Integer.parseInt(parts[i]);
                }
                yield Der.value(0x87, octets);
            }
            default -> throw new IllegalArgumentException(name);
        };
    }
}
