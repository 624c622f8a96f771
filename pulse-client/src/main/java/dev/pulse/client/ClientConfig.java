package dev.pulse.client;

import dev.pulse.sdk.Credentials;
import dev.pulse.tls.TlsFiles;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How a client behaves.
 *
 * @param address where the server listens, and whether over TLS
 * @param connections HTTP/2 connections that calls are spread over; a worker's stream has one more
 * @param submitsUnderWay submit calls on their way at once; what is submitted meanwhile shares the next one
 * @param callTimeout longest wait for the answer to a call
 * @param bulkTimeout the same for an action on many jobs
 * @param maxMessageBytes largest answer that is taken
 * @param reconnectFirst a lost stream is opened again after at most this long at first, doubling with each failure
 * @param reconnectMost and after at most this long ever
 * @param credentials who the client says it is; not shown
 */
public record ClientConfig(
        ServerAddress address,
        int connections,
        int submitsUnderWay,
        Duration callTimeout,
        Duration bulkTimeout,
        int maxMessageBytes,
        Duration reconnectFirst,
        Duration reconnectMost,
        Credentials credentials) {
    private static final int MAX_CONNECTIONS = 64;
    private static final int MAX_SUBMITS = 256;
    private static final int MIN_MESSAGE_BYTES = 4 << 20;

    public ClientConfig {
        require(connections >= 1 && connections <= MAX_CONNECTIONS, "connections: 1 to " + MAX_CONNECTIONS);
        require(submitsUnderWay >= 1 && submitsUnderWay <= MAX_SUBMITS, "submitsUnderWay: 1 to " + MAX_SUBMITS);
        require(callTimeout.isPositive(), "callTimeout: above 0");
        require(bulkTimeout.isPositive(), "bulkTimeout: above 0");
        require(maxMessageBytes >= MIN_MESSAGE_BYTES, "maxMessageBytes: at least " + MIN_MESSAGE_BYTES);
        require(reconnectFirst.isPositive(), "reconnectFirst: above 0");
        require(reconnectMost.compareTo(reconnectFirst) >= 0, "reconnectMost: not below reconnectFirst");
    }

    /** For a server without users. */
    public ClientConfig(
            ServerAddress address,
            int connections,
            int submitsUnderWay,
            Duration callTimeout,
            Duration bulkTimeout,
            int maxMessageBytes,
            Duration reconnectFirst,
            Duration reconnectMost) {
        this(
                address,
                connections,
                submitsUnderWay,
                callTimeout,
                bulkTimeout,
                maxMessageBytes,
                reconnectFirst,
                reconnectMost,
                Credentials.none());
    }

    /** The same client as somebody else. */
    public ClientConfig with(Credentials other) {
        return new ClientConfig(
                address,
                connections,
                submitsUnderWay,
                callTimeout,
                bulkTimeout,
                maxMessageBytes,
                reconnectFirst,
                reconnectMost,
                other);
    }

    /** The same client over TLS, the server checked and the client known by these files; null for none. */
    public ClientConfig withTls(@Nullable TlsFiles tls) {
        return new ClientConfig(
                new ServerAddress(address.host(), address.port(), tls),
                connections,
                submitsUnderWay,
                callTimeout,
                bulkTimeout,
                maxMessageBytes,
                reconnectFirst,
                reconnectMost,
                credentials);
    }

    public static ClientConfig to(ServerAddress address) {
        return new ClientConfig(
                address,
                1,
                2,
                Duration.ofSeconds(30),
                Duration.ofMinutes(5),
                64 << 20,
                Duration.ofMillis(50),
                Duration.ofSeconds(5));
    }

    private static void require(boolean holds, String rule) {
        if (!holds) {
            throw new IllegalArgumentException(rule);
        }
    }
}
