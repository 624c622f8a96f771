package dev.pulse.tls;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads PEM files. What is wrong with one is said with its name and never with its content: it may be a key.
 *
 * @param setting the key under which the user named the file, for messages
 */
record Pem(String setting, Path file) {
    private static final long MAX_BYTES = 1 << 20;
    private static final Pattern BLOCK = Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----([^-]*)-----END \\1-----");
    private static final List<String> KEY_KINDS = List.of("RSA", "EC", "EdDSA");

    private static final byte[] VERSION_0 = Der.value(Der.INTEGER, new byte[1]);
    private static final byte[] RSA = {
        0x30, 0x0D, 0x06, 0x09, 0x2A, (byte) 0x86, 0x48, (byte) 0x86, (byte) 0xF7, 0x0D, 0x01, 0x01, 0x01, 0x05, 0x00
    };
    private static final byte[] ELLIPTIC = {0x06, 0x07, 0x2A, (byte) 0x86, 0x48, (byte) 0xCE, 0x3D, 0x02, 0x01};

    /** Thrown within this package; its message names the file and is for the user. */
    static final class Unusable extends Exception {
        private static final long serialVersionUID = 1L;

        Unusable(String message) {
            super(message);
        }
    }

    Unusable unusable(String what) {
        return new Unusable(setting + ": " + file + " " + what);
    }

    /** The content, for comparing it with what was there before. */
    String text() throws Unusable {
        try {
            if (Files.isDirectory(file)) {
                throw unusable("is a folder; a PEM file is expected");
            }
            if (Files.size(file) > MAX_BYTES) {
                throw unusable("is larger than 1 MiB; a PEM file is expected");
            }
            return Files.readString(file, StandardCharsets.ISO_8859_1);
        } catch (NoSuchFileException e) {
            throw unusable("does not exist");
        } catch (AccessDeniedException e) {
            throw unusable("must be readable by the user that runs Pulse");
        } catch (IOException e) {
            throw unusable("cannot be read (" + e.getClass().getSimpleName() + ")");
        }
    }

    /** All certificates, in their order; at least one. */
    List<X509Certificate> certificates(String text) throws Unusable {
        List<X509Certificate> certificates = new ArrayList<>();
        try {
            CertificateFactory factory = CertificateFactory.getInstance("X.509");
            for (MatchResult block : blocks(text, "CERTIFICATE")) {
                certificates.add((X509Certificate) factory.generateCertificate(new ByteArrayInputStream(der(block))));
            }
        } catch (CertificateException e) {
            throw unusable("holds a certificate that cannot be read");
        }
        if (certificates.isEmpty()) {
            throw unusable("holds no certificate; PEM with BEGIN CERTIFICATE is expected");
        }
        return List.copyOf(certificates);
    }

    /** The one key, in any of the forms that tools write unencrypted. */
    PrivateKey key(String text) throws Unusable {
        if (text.contains("BEGIN ENCRYPTED PRIVATE KEY") || text.contains("Proc-Type: 4,ENCRYPTED")) {
            throw unusable("is encrypted, and Pulse has no password for it; decrypt it with"
                    + " `openssl pkey -in KEY -out NEW`, and keep it readable by the server's user only");
        }
        for (MatchResult block : BLOCK.matcher(text).results().toList()) {
            byte[] der = der(block);
            try {
                switch (block.group(1)) {
                    case "PRIVATE KEY" -> {
                        return parsed(der);
                    }
                    case "RSA PRIVATE KEY" -> {
                        return parsed(Der.value(Der.SEQUENCE, VERSION_0, RSA, Der.value(Der.OCTETS, der)));
                    }
                    case "EC PRIVATE KEY" -> {
                        byte[] curve = Der.find(Der.CURVE, Der.find(Der.SEQUENCE, der));
                        return parsed(Der.value(
                                Der.SEQUENCE,
                                VERSION_0,
                                Der.value(Der.SEQUENCE, ELLIPTIC, curve),
                                Der.value(Der.OCTETS, der)));
                    }
                    default -> {} // parameters of a curve, a certificate kept beside its key
                }
            } catch (GeneralSecurityException | IllegalArgumentException e) {
                throw unusable("holds a key that cannot be read; RSA, EC and Ed25519 keys are");
            }
        }
        throw unusable("holds no private key; PEM with BEGIN PRIVATE KEY is expected");
    }

    private static PrivateKey parsed(byte[] pkcs8) throws GeneralSecurityException {
        for (String kind : KEY_KINDS) {
            try {
                return KeyFactory.getInstance(kind).generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
            } catch (InvalidKeySpecException e) {
                // of another kind
            }
        }
        throw new InvalidKeySpecException("none of " + KEY_KINDS);
    }

    private static List<MatchResult> blocks(String text, String label) {
        Matcher blocks = BLOCK.matcher(text);
        return blocks.results().filter(block -> block.group(1).equals(label)).toList();
    }

    private byte[] der(MatchResult block) throws Unusable {
        try {
            return Base64.getMimeDecoder().decode(block.group(2));
        } catch (IllegalArgumentException e) {
            throw unusable("is damaged: the text within " + block.group(1) + " is not Base64");
        }
    }
}
