package dev.pulse.tls;

import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;

/** A certificate with what leads to its authority, and the key that belongs to it. */
record Identity(List<X509Certificate> chain, PrivateKey key) {
    private static final byte[] PROBE = {'p', 'u', 'l', 's', 'e'};

    /** Reads the pair and makes sure that it is one, and valid now. */
    static Identity read(Pem certificate, String certificateText, Pem key, String keyText, Instant now)
            throws Pem.Unusable {
        List<X509Certificate> chain = certificate.certificates(certificateText);
        X509Certificate own = chain.getFirst();
        if (now.isAfter(own.getNotAfter().toInstant())) {
            throw certificate.unusable("expired at " + own.getNotAfter().toInstant());
        }
        if (now.isBefore(own.getNotBefore().toInstant())) {
            throw certificate.unusable("is not valid before "
                    + own.getNotBefore().toInstant() + "; the clock of this machine says " + now);
        }
        PrivateKey secret = key.key(keyText);
        if (!isPair(own.getPublicKey(), secret)) {
            throw key.unusable("is not the key of the certificate in " + certificate.file());
        }
        return new Identity(chain, secret);
    }

    private static boolean isPair(PublicKey open, PrivateKey secret) {
        String algorithm = switch (secret.getAlgorithm()) {
            case "RSA" -> "SHA256withRSA";
            case "EC" -> "SHA256withECDSA";
            default -> secret.getAlgorithm();
        };
        try {
            Signature signature = Signature.getInstance(algorithm);
            signature.initSign(secret);
            signature.update(PROBE);
            byte[] signed = signature.sign();
            signature.initVerify(open);
            signature.update(PROBE);
            return signature.verify(signed);
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    /** What kind of key the handshake has to ask for. */
    String kind() {
        return chain.getFirst().getPublicKey().getAlgorithm();
    }

    Instant expiresAt() {
        return chain.getFirst().getNotAfter().toInstant();
    }
}
