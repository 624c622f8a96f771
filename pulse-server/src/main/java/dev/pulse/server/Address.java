package dev.pulse.server;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a door listens.
 *
 * @param host name or literal; IPv6 without brackets
 * @param port 0 picks a free one
 */
public record Address(String host, int port) {
    private static final String LOOPBACK = "127.0.0.1";
    private static final int MAX_PORT = 65_535;
    private static final Pattern SHAPE = Pattern.compile("(?:(\\[[0-9A-Fa-f:.%]+]|[^:\\[\\]\\s]*):)?(\\d{1,6})");

    public Address {
        if (port < 0 || port > MAX_PORT) {
            throw new IllegalArgumentException("ports 0 to " + MAX_PORT + " are allowed, got " + port);
        }
    }

    /** Reads {@code 8080}, {@code 127.0.0.1:8080} or {@code [::1]:8080}; without a host it is loopback. */
    public static Address parse(String text) {
        Matcher shape = SHAPE.matcher(text);
        if (!shape.matches()) {
            throw new IllegalArgumentException("a port or host:port is expected, got \"" + text + "\"");
        }
        String host = shape.group(1);
        int port = Integer.parseInt(shape.group(2));
        if (host == null || host.isEmpty()) {
            return new Address(LOOPBACK, port);
        }
        return new Address(host.startsWith("[") ? host.substring(1, host.length() - 1) : host, port);
    }

    /** Whether only programs of this machine can reach it. */
    public boolean isLoopback() {
        return socket().getAddress().isLoopbackAddress();
    }

    /** The address to bind to. */
    InetSocketAddress socket() {
        try {
            return new InetSocketAddress(InetAddress.getByName(host), port);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("the host " + host + " is not known on this machine", e);
        }
    }

    Address withPort(int bound) {
        return new Address(host, bound);
    }

    @Override
    public String toString() {
        return host.contains(":") ? "[" + host + "]:" + port : host + ":" + port;
    }
}
