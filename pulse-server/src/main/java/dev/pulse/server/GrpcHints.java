package dev.pulse.server;

import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.logging.Filter;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads what the gRPC library says of connections that fail, and says of it what helps whoever runs the server: one line, at
 * a bounded rate because everybody who can reach the port can cause it, instead of a stack trace for each.
 */
final class GrpcHints implements Filter {
    private static final long EVERY = Duration.ofMinutes(1).toNanos();
    private static final int DEEPEST = 16;
    private static final org.slf4j.Logger LOG = LoggerFactory.getLogger(GrpcHints.class);
    /** Held here, or its filter would be forgotten. */
    private static final Logger LIBRARY =
            Logger.getLogger("io.grpc.netty.shaded.io.grpc.netty.NettyServerTransport.connections");

    private final LongSupplier ticker;
    private final AtomicLong next;

    private GrpcHints(LongSupplier ticker) {
        this.ticker = ticker;
        this.next = new AtomicLong(ticker.getAsLong());
    }

    static void install(LongSupplier ticker) {
        LIBRARY.setLevel(Level.INFO);
        LIBRARY.setFilter(new GrpcHints(ticker));
    }

    @Override
    public boolean isLoggable(LogRecord entry) {
        String hint = hint(entry.getThrown());
        long now = ticker.getAsLong();
        long at = next.get();
        if (!hint.isEmpty() && now - at >= 0 && next.compareAndSet(at, now + EVERY)) {
            LOG.info(hint);
        }
        return false;
    }

    static String hint(Throwable failure) {
        Throwable cause = failure;
        for (int depth = 0; cause != null && depth < DEEPEST; depth++) {
            String text = String.valueOf(cause.getMessage()).toLowerCase(Locale.ROOT);
            if (text.contains("unexpected http/1.x request")) {
                return "a connection to the gRPC port looks like plaintext HTTP/1.1; REST is at the other port";
            }
            if (text.contains("not an ssl/tls record")) {
                return looksLikeHttp(text)
                        ? "a connection to the gRPC port looks like plaintext HTTP/1.1, and it speaks gRPC over TLS"
                        : "a connection to the gRPC port is plaintext, and it speaks TLS: write grpcs://";
            }
            if (text.contains("preface") && text.contains("1603")) {
                return "a connection to the gRPC port looks like TLS, and it is plaintext: write host:port";
            }
            cause = cause.getCause();
        }
        return "";
    }

    /** The library shows the first bytes in hexadecimal: a method in capitals and a blank, but not the preface of HTTP/2. */
    private static boolean looksLikeHttp(String text) {
        String bytes = text.substring(text.lastIndexOf(' ') + 1);
        return bytes.matches("(?:4[1-9a-f]|5[0-9a]){3,7}20.*") && !bytes.startsWith("505249202a");
    }
}
