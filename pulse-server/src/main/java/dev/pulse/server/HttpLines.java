package dev.pulse.server;

import io.helidon.common.buffers.BufferData;
import io.helidon.common.buffers.DataReader;
import io.helidon.common.buffers.DataWriter;
import io.helidon.common.socket.HelidonSocket;
import io.helidon.common.socket.PeerInfo;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.ListenerContext;
import io.helidon.webserver.ProxyProtocolData;
import io.helidon.webserver.Router;
import io.helidon.webserver.spi.ServerConnection;
import io.helidon.webserver.spi.ServerConnectionSelector;
import java.net.Socket;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The connections of the HTTP door, each on a thread of its own. The web server waits for slow callers for ever and gives one
 * address as many connections as it likes; this stands between it and the sockets, counts, and lets a watcher end what is too
 * slow. Any thread.
 */
final class HttpLines implements ServerConnectionSelector, HttpTls.Handshakes {
    /** How often somebody should step. */
    static final Duration EVERY = Duration.ofSeconds(1);

    private static final int TLS_HANDSHAKE = 0x16;
    private static final long HINT_EVERY = Duration.ofMinutes(1).toNanos();
    private static final Logger LOG = LoggerFactory.getLogger(HttpLines.class);

    private final ServerConnectionSelector http;
    private final PaceConfig pace;
    private final LongSupplier ticker;
    private final Map<Thread, HttpLine> lines = new ConcurrentHashMap<>();
    private final Map<String, Integer> perAddress = new ConcurrentHashMap<>();
    private final AtomicLong nextHint;

    HttpLines(ServerConnectionSelector http, PaceConfig pace, LongSupplier ticker) {
        this.http = http;
        this.pace = pace;
        this.ticker = ticker;
        this.nextHint = new AtomicLong(ticker.getAsLong());
    }

    /** Ends the connections whose callers are too slow, and forgets those that are over; returns how many it ended. */
    int step() {
        int cut = 0;
        for (Map.Entry<Thread, HttpLine> entry : lines.entrySet()) {
            HttpLine line = entry.getValue();
            if (line.isOver()) {
                forget(entry.getKey(), line);
            } else if (line.cutIfOverdue()) {
                cut++;
            }
        }
        return cut;
    }

    /** How many are open. */
    int open() {
        return lines.size();
    }

    // ---- what the request tells, on the connection's thread ----

    void headersAreComplete() {
        HttpLine line = lines.get(Thread.currentThread());
        if (line != null) {
            line.headersAreComplete();
        }
    }

    void isIdle() {
        HttpLine line = lines.get(Thread.currentThread());
        if (line != null) {
            line.isIdle();
        }
    }

    // ---- what TLS tells, on the connection's thread ----

    @Override
    public void begins(Socket socket) {
        Thread thread = Thread.currentThread();
        String host = socket.getInetAddress().getHostAddress();
        lines.put(thread, HttpLine.handshaking(thread, host, pace, ticker));
        admit(thread, host);
    }

    @Override
    public void plain(Socket socket) {
        hint("a connection to the HTTP port looks like plaintext HTTP/1.1, and it speaks TLS: write https://");
    }

    /** Whoever can reach the port can cause these, so they are told at a bounded rate. */
    private void hint(String text) {
        long now = ticker.getAsLong();
        long next = nextHint.get();
        if (now - next >= 0 && nextHint.compareAndSet(next, now + HINT_EVERY)) {
            LOG.info(text);
        }
    }

    // ---- what the web server asks ----

    @Override
    public int bytesToIdentifyConnection() {
        return http.bytesToIdentifyConnection();
    }

    @Override
    public Support supports(BufferData data) {
        return http.supports(data);
    }

    @Override
    public Set<String> supportedApplicationProtocols() {
        return http.supportedApplicationProtocols();
    }

    @Override
    public ServerConnection connection(ConnectionContext context) {
        Thread thread = Thread.currentThread();
        String host = context.remotePeer().host();
        HttpLine line = HttpLine.open(thread, host, pace, ticker);
        if (lines.put(thread, line) == null) {
            admit(thread, host);
        }
        return http.connection(new Watched(context, line));
    }

    private void admit(Thread thread, String host) {
        if (perAddress.merge(host, 1, Integer::sum) > pace.perAddress()) {
            HttpLine line = lines.get(thread);
            if (line != null) {
                forget(thread, line);
            }
            hint("more than " + pace.perAddress() + " connections from " + host + ": what comes beyond is closed");
            throw new CloseConnectionException("too many connections from " + host);
        }
    }

    private void forget(Thread thread, HttpLine line) {
        if (lines.remove(thread, line)) {
            perAddress.computeIfPresent(line.host(), (host, count) -> count == 1 ? null : count - 1);
        }
    }

    /** The connection as the web server sees it, each wait told to its line. */
    private final class Watched implements ConnectionContext {
        private final ConnectionContext context;
        private final DataReader reader;
        private final DataWriter writer;
        private final HttpLine line;
        private boolean first = true;

        Watched(ConnectionContext context, HttpLine line) {
            this.context = context;
            this.line = line;
            this.reader = DataReader.create(this::pull);
            this.writer = new WatchedWriter(context.dataWriter(), line);
        }

        private byte @Nullable [] pull() {
            DataReader from = context.dataReader();
            int count = 0;
            line.awaitBytes();
            try {
                from.ensureAvailable();
                count = from.available();
            } catch (DataReader.InsufficientDataAvailableException e) {
                return null; // the other side has ended
            } finally {
                line.received(count);
            }
            byte[] bytes = from.readBytes(count);
            if (first) {
                first = false;
                if (bytes[0] == TLS_HANDSHAKE) {
                    hint("a connection to the HTTP port looks like TLS, and it speaks plain HTTP: write http://");
                }
            }
            return bytes;
        }

        @Override
        public DataReader dataReader() {
            return reader;
        }

        @Override
        public DataWriter dataWriter() {
            return writer;
        }

        @Override
        public ListenerContext listenerContext() {
            return context.listenerContext();
        }

        @Override
        public ExecutorService executor() {
            return context.executor();
        }

        @Override
        public Router router() {
            return context.router();
        }

        @Override
        public Optional<ProxyProtocolData> proxyProtocolData() {
            return context.proxyProtocolData();
        }

        @Override
        public HelidonSocket serverSocket() {
            return context.serverSocket();
        }

        @Override
        public PeerInfo remotePeer() {
            return context.remotePeer();
        }

        @Override
        public PeerInfo localPeer() {
            return context.localPeer();
        }

        @Override
        public boolean isSecure() {
            return context.isSecure();
        }

        @Override
        public String socketId() {
            return context.socketId();
        }

        @Override
        public String childSocketId() {
            return context.childSocketId();
        }
    }

    /** Each write may wait for a reader that does not read. */
    private record WatchedWriter(DataWriter out, HttpLine line) implements DataWriter {
        @Override
        public void write(BufferData... buffers) {
            watched(size(buffers), () -> out.write(buffers));
        }

        @Override
        public void write(BufferData buffer) {
            watched(buffer.available(), () -> out.write(buffer));
        }

        @Override
        public void writeNow(BufferData... buffers) {
            watched(size(buffers), () -> out.writeNow(buffers));
        }

        @Override
        public void writeNow(BufferData buffer) {
            watched(buffer.available(), () -> out.writeNow(buffer));
        }

        @Override
        public void flush() {
            out.flush();
        }

        @Override
        public void close() {
            out.close();
        }

        private void watched(int bytes, Runnable write) {
            line.awaitReader(bytes);
            try {
                write.run();
            } finally {
                line.taken();
            }
        }

        private static int size(BufferData... buffers) {
            int size = 0;
            for (BufferData buffer : buffers) {
                size += buffer.available();
            }
            return size;
        }
    }
}
