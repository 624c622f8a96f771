package dev.pulse.server;

import java.util.function.LongSupplier;

/**
 * One connection of the HTTP door: what it is waiting for, and since when. Its own thread tells; the watcher asks and, where
 * the other side is too slow, interrupts the wait, which closes the connection. Never interrupts anything but a wait.
 */
final class HttpLine {
    private static final long SECOND = 1_000_000_000L;

    private final Thread thread;
    private final String host;
    private final PaceConfig pace;
    private final LongSupplier ticker;
    private Phase phase;
    private boolean waiting;
    private long since;
    private long bytes;

    private enum Phase {
        HANDSHAKE,
        IDLE,
        HEADERS,
        BODY,
        ANSWER
    }

    private HttpLine(Thread thread, String host, PaceConfig pace, LongSupplier ticker, Phase phase, boolean waiting) {
        this.thread = thread;
        this.host = host;
        this.pace = pace;
        this.ticker = ticker;
        this.phase = phase;
        this.waiting = waiting;
        this.since = ticker.getAsLong();
    }

    /** Until TLS is agreed on, all is one wait. */
    static HttpLine handshaking(Thread thread, String host, PaceConfig pace, LongSupplier ticker) {
        return new HttpLine(thread, host, pace, ticker, Phase.HANDSHAKE, true);
    }

    static HttpLine open(Thread thread, String host, PaceConfig pace, LongSupplier ticker) {
        return new HttpLine(thread, host, pace, ticker, Phase.IDLE, false);
    }

    String host() {
        return host;
    }

    boolean isOver() {
        return !thread.isAlive();
    }

    /** Waits for the caller to send something. */
    synchronized void awaitBytes() {
        if (phase == Phase.IDLE) {
            since = ticker.getAsLong();
        }
        waiting = true;
    }

    synchronized void received(int count) {
        waiting = false;
        bytes += count;
        if (phase == Phase.IDLE && count > 0) {
            phase = Phase.HEADERS;
            since = ticker.getAsLong();
        }
    }

    /** The headers are complete; what comes now is the body. */
    synchronized void headersAreComplete() {
        phase = Phase.BODY;
        since = ticker.getAsLong();
        bytes = 0;
    }

    /** Waits for the caller to take that much. */
    synchronized void awaitReader(int count) {
        phase = Phase.ANSWER;
        since = ticker.getAsLong();
        bytes = count;
        waiting = true;
    }

    synchronized void taken() {
        waiting = false;
    }

    /** The answer is complete; the next request may take its time. */
    synchronized void isIdle() {
        phase = Phase.IDLE;
        waiting = false;
    }

    /** Ends a wait that takes too long; true where it did. */
    synchronized boolean cutIfOverdue() {
        if (!waiting || ticker.getAsLong() - since <= allowed()) {
            return false;
        }
        waiting = false;
        thread.interrupt();
        return true;
    }

    private long allowed() {
        return switch (phase) {
            case HANDSHAKE -> pace.handshake().toNanos();
            case IDLE -> pace.idle().toNanos();
            case HEADERS -> pace.headers().toNanos();
            case BODY, ANSWER -> pace.grace().toNanos() + bytes / pace.bytesPerSecond() * SECOND;
        };
    }
}
