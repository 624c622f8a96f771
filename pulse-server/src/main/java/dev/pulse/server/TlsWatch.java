package dev.pulse.server;

import dev.pulse.tls.TlsFiles;
import dev.pulse.tls.TlsMaterial;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the certificate of the doors up to date: each step looks at the files once, and tells the log what it found and how
 * long the certificate lasts. Any thread.
 */
final class TlsWatch {
    /** How often somebody should step. */
    static final Duration EVERY = Duration.ofSeconds(10);

    private static final Logger LOG = LoggerFactory.getLogger(TlsWatch.class);
    /** Each is told once a certificate, the nearest last. */
    private static final List<Duration> WARNINGS = List.of(Duration.ofDays(30), Duration.ofDays(7), Duration.ZERO);

    private final TlsMaterial material;
    private final TlsFiles files;
    private Instant toldOf = Instant.MIN;
    private int told;

    private TlsWatch(TlsMaterial material, TlsFiles files) {
        this.material = material;
        this.files = files;
    }

    /**
     * Reads the files.
     *
     * @throws dev.pulse.model.PulseException CONFIGURATION naming the one at fault
     */
    static TlsWatch open(TlsFiles files, InstantSource clock) {
        TlsMaterial.Names names =
                new TlsMaterial.Names(Setting.TLS_CERT.key(), Setting.TLS_KEY.key(), Setting.TLS_CLIENT_CA.key());
        TlsWatch watch = new TlsWatch(TlsMaterial.forServer(names, files, clock), files);
        watch.material.exposure().ifPresent(LOG::warn);
        watch.step();
        return watch;
    }

    TlsMaterial material() {
        return material;
    }

    /** Looks at the files once. */
    synchronized void step() {
        switch (material.look()) {
            case TlsMaterial.Look.Unchanged() -> {}
            case TlsMaterial.Look.Replaced() ->
                LOG.info(
                        "new handshakes use the certificate now in {}, valid until {}",
                        files.certificate(),
                        material.expiresAt().orElseThrow());
            case TlsMaterial.Look.Refused(String why) ->
                LOG.warn("the new certificate is of no use, the old one stays: {}", why);
        }
        warnOfItsEnd();
    }

    private void warnOfItsEnd() {
        Instant end = material.expiresAt().orElseThrow();
        if (!end.equals(toldOf)) {
            toldOf = end;
            told = 0;
        }
        Duration left = material.validFor().orElseThrow();
        int due = (int) WARNINGS.stream()
                .filter(warning -> left.compareTo(warning) <= 0)
                .count();
        if (due > told) {
            told = due;
            if (left.isPositive()) {
                LOG.warn("the certificate in {} expires in {} days, at {}", files.certificate(), left.toDays(), end);
            } else {
                LOG.warn("the certificate in {} expired at {}: clients refuse it", files.certificate(), end);
            }
        }
    }
}
