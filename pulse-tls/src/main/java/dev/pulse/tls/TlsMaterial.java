package dev.pulse.tls;

import dev.pulse.model.ErrorCode;
import dev.pulse.model.PulseException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * One side's certificates, read from files and read again when these change. {@link #keys()} and {@link #authorities()} stay
 * the same objects for good: give them to a TLS context once, and each later handshake sees what {@link #look()} found.
 * Connections that are open are not touched. Thread-safe.
 */
public final class TlsMaterial {
    /** What both doors and all clients speak. */
    public static final List<String> PROTOCOLS = List.of("TLSv1.3", "TLSv1.2");

    /** Authenticated encryption with keys that are forgotten, and nothing else. */
    public static final List<String> CIPHERS = List.of(
            "TLS_AES_256_GCM_SHA384",
            "TLS_AES_128_GCM_SHA256",
            "TLS_CHACHA20_POLY1305_SHA256",
            "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
            "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
            "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
            "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256",
            "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
            "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256");

    private static final Set<PosixFilePermission> FOR_OTHERS =
            Set.of(PosixFilePermission.OTHERS_READ, PosixFilePermission.OTHERS_WRITE);

    private final Names names;
    private final TlsFiles files;
    private final InstantSource clock;
    private final @Nullable OwnKeys keys;
    private final @Nullable BelievedAuthorities authorities;
    private Texts taken;
    private @Nullable Texts refused;

    /**
     * Under which names the user gave the files, for messages.
     *
     * @param certificate for example {@code tls-cert}
     */
    public record Names(String certificate, String key, String authorities) {}

    /** What a look at the files brought. */
    public sealed interface Look {
        /** The files are as they were, or as they were when they were refused. */
        record Unchanged() implements Look {}

        /** New handshakes use the new files. */
        record Replaced() implements Look {}

        /**
         * The new files are of no use; the old ones stay.
         *
         * @param why for a person; names the file and nothing of its content
         */
        record Refused(String why) implements Look {}
    }

    private record Texts(
            @Nullable String certificate,
            @Nullable String key,
            @Nullable String authorities) {}

    private record Read(
            @Nullable Identity identity, @Nullable List<X509Certificate> authorities) {}

    private TlsMaterial(Names names, TlsFiles files, InstantSource clock, boolean looksAtHandshakes)
            throws Pem.Unusable {
        this.names = names;
        this.files = files;
        this.clock = clock;
        this.taken = texts();
        Read first = read(taken);
        Runnable beforeHandshake = looksAtHandshakes ? this::look : () -> {};
        this.keys = first.identity == null ? null : new OwnKeys(first.identity, beforeHandshake);
        this.authorities =
                first.authorities == null ? null : new BelievedAuthorities(first.authorities, beforeHandshake);
    }

    /**
     * Reads the files for a server, which has many handshakes and calls {@link #look()} now and then.
     *
     * @throws PulseException CONFIGURATION naming the file at fault, never its content
     */
    public static TlsMaterial forServer(Names names, TlsFiles files, InstantSource clock) {
        return read(names, files, clock, false);
    }

    /**
     * Reads the files for a client, which has few handshakes: each of them looks at the files, and a client that runs for
     * months connects with the certificate of the day. What is wrong with new files then shows as a refused connection.
     *
     * @throws PulseException CONFIGURATION naming the file at fault, never its content
     */
    public static TlsMaterial forClient(Names names, TlsFiles files, InstantSource clock) {
        return read(names, files, clock, true);
    }

    private static TlsMaterial read(Names names, TlsFiles files, InstantSource clock, boolean looksAtHandshakes) {
        try {
            return new TlsMaterial(names, files, clock, looksAtHandshakes);
        } catch (Pem.Unusable e) {
            throw new PulseException(ErrorCode.CONFIGURATION, String.valueOf(e.getMessage()));
        }
    }

    /** Looks at the files and takes what has changed, all of it or nothing. */
    public synchronized Look look() {
        Texts found = taken;
        try {
            found = texts();
            if (found.equals(taken)) {
                refused = null;
                return new Look.Unchanged();
            }
            if (found.equals(refused)) {
                return new Look.Unchanged();
            }
            Read fresh = read(found);
            if (keys != null && fresh.identity != null) {
                keys.replace(fresh.identity);
            }
            if (authorities != null && fresh.authorities != null) {
                authorities.replace(fresh.authorities);
            }
            taken = found;
            refused = null;
            return new Look.Replaced();
        } catch (Pem.Unusable e) {
            // One that cannot be read leaves nothing to compare with: it is told once, and again after something
            // changed.
            Texts marked = found.equals(taken) ? new Texts(e.getMessage(), null, null) : found;
            if (marked.equals(refused)) {
                return new Look.Unchanged();
            }
            refused = marked;
            return new Look.Refused(String.valueOf(e.getMessage()));
        }
    }

    /** Whether the files on disk are not those in use, because they are of no use. */
    public synchronized boolean isStale() {
        return refused != null;
    }

    private Texts texts() throws Pem.Unusable {
        return new Texts(
                files.certificate() == null
                        ? null
                        : certificate(files.certificate()).text(),
                files.key() == null ? null : key(files.key()).text(),
                files.authorities() == null
                        ? null
                        : authority(files.authorities()).text());
    }

    private Read read(Texts texts) throws Pem.Unusable {
        Identity identity = null;
        if (files.certificate() != null && files.key() != null) {
            identity = Identity.read(
                    certificate(files.certificate()),
                    Objects.requireNonNull(texts.certificate),
                    key(files.key()),
                    Objects.requireNonNull(texts.key),
                    clock.instant());
        }
        return new Read(
                identity,
                files.authorities() == null
                        ? null
                        : authority(files.authorities()).certificates(Objects.requireNonNull(texts.authorities)));
    }

    private Pem certificate(Path file) {
        return new Pem(names.certificate(), file);
    }

    private Pem key(Path file) {
        return new Pem(names.key(), file);
    }

    private Pem authority(Path file) {
        return new Pem(names.authorities(), file);
    }

    /** The own certificate for each handshake; empty where there is none. */
    public Optional<X509ExtendedKeyManager> keys() {
        return Optional.ofNullable(keys);
    }

    /** Those whose certificates are believed; empty where none are named. */
    public Optional<X509ExtendedTrustManager> authorities() {
        return Optional.ofNullable(authorities);
    }

    /** When the own certificate in use stops being valid; empty where there is none. */
    public Optional<Instant> expiresAt() {
        return Optional.ofNullable(keys).map(held -> held.current().expiresAt());
    }

    /** How long the own certificate is still valid; negative when it is no more. */
    public Optional<Duration> validFor() {
        return expiresAt().map(end -> Duration.between(clock.instant(), end));
    }

    /** What to tell whoever keeps the key where everybody on this machine can read it; empty when all is well. */
    public Optional<String> exposure() {
        Path key = files.key();
        try {
            return key != null && Files.getPosixFilePermissions(key).stream().anyMatch(FOR_OTHERS::contains)
                    ? Optional.of(names.key() + ": " + key + " can be read by every user of this machine;"
                            + " take that away with chmod 600")
                    : Optional.empty();
        } catch (IOException | UnsupportedOperationException e) {
            return Optional.empty();
        }
    }
}
