package dev.pulse.tls;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Where one side's certificates stand, all in PEM.
 *
 * @param certificate the own certificate, followed by those that lead to its authority; null for none
 * @param key its private key, unencrypted; null exactly where there is no certificate
 * @param authorities those whose certificates are believed of the other side; null for the system's on a client, and for
 *     asking for none on a server
 */
public record TlsFiles(
        @Nullable Path certificate,
        @Nullable Path key,
        @Nullable Path authorities) {
    /** No certificate of one's own; the other side's is checked against the system's authorities. */
    public static final TlsFiles SYSTEM = new TlsFiles(null, null, null);

    public TlsFiles {
        if ((certificate == null) != (key == null)) {
            throw new IllegalArgumentException(
                    certificate == null ? "the key needs its certificate" : "the certificate needs its key");
        }
    }
}
