package dev.pulse.access;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * Where a call comes from.
 *
 * @param address for logs and limits, without a port
 * @param loopback whether from this machine
 * @param encrypted whether nobody on the way can read it
 * @param certificate the name in the caller's certificate, which the connection has verified; null without one
 */
public record Origin(
        String address,
        boolean loopback,
        boolean encrypted,
        @Nullable String certificate) {
    /** Of the other end of a connection; one that is no address is within this machine. */
    public static Origin of(@Nullable SocketAddress remote, boolean encrypted, @Nullable String certificate) {
        return remote instanceof InetSocketAddress inet && inet.getAddress() != null
                ? new Origin(
                        inet.getAddress().getHostAddress(),
                        inet.getAddress().isLoopbackAddress(),
                        encrypted,
                        certificate)
                : new Origin("local", true, encrypted, certificate);
    }

    /** Whether a secret can be sent this way without telling it to others. */
    boolean isPrivate() {
        return loopback || encrypted;
    }
}
