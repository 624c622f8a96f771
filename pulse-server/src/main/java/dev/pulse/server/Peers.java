package dev.pulse.server;

import dev.pulse.tls.PeerNames;
import io.grpc.Grpc;
import io.grpc.ServerCall;
import io.helidon.common.socket.PeerInfo;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.Optional;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;

/** The name in the verified certificate of whoever is at the other end; empty for those that showed none. */
final class Peers {
    private Peers() {}

    static Optional<String> name(ServerCall<?, ?> call) {
        SSLSession session = call.getAttributes().get(Grpc.TRANSPORT_ATTR_SSL_SESSION);
        if (session == null) {
            return Optional.empty();
        }
        try {
            return name(session.getPeerCertificates());
        } catch (SSLPeerUnverifiedException e) {
            return Optional.empty();
        }
    }

    static Optional<String> name(PeerInfo peer) {
        return peer.tlsCertificates().flatMap(Peers::name);
    }

    private static Optional<String> name(Certificate[] chain) {
        return chain.length > 0 && chain[0] instanceof X509Certificate own ? PeerNames.of(own) : Optional.empty();
    }
}
