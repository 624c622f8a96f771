package dev.pulse.client;

import java.security.cert.CertificateException;
import java.util.Locale;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** What to try next when a connection failed because of TLS, or of its absence. */
final class TlsHints {
    private static final int DEEPEST = 16;

    private TlsHints() {}

    /** A sentence to put behind the failure; empty where TLS has nothing to do with it. */
    static String of(Throwable failure, boolean secure) {
        @Nullable Throwable cause = failure;
        String hint = "";
        for (int depth = 0; cause != null && depth < DEEPEST; depth++) {
            String text = String.valueOf(cause.getMessage()).toLowerCase(Locale.ROOT);
            if (text.contains("not an ssl/tls record")) {
                return "; that port speaks no TLS: leave out grpcs:// or --tls";
            }
            if (!secure && (text.contains("network closed for unknown reason") || text.contains("reset by peer"))) {
                return "; if the server speaks TLS, write grpcs:// before the address or give --tls";
            }
            if (text.contains("no name matching") || text.contains("no subject alternative")) {
                return "; the server's certificate is for another name: use a name that it has";
            }
            if (cause instanceof CertificateException || text.contains("unable to find valid certification path")) {
                hint = "; the server's certificate is not believed (" + cause.getMessage()
                        + "): name the authority that signed it with ?ca=FILE or --tls-ca";
            } else if (secure && hint.isEmpty() && cause instanceof SSLException) {
                hint = "; TLS failed: " + cause.getMessage();
            }
            cause = cause.getCause();
        }
        return hint;
    }
}
