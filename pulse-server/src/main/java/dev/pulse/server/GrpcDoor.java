package dev.pulse.server;

import dev.pulse.access.SignIn;
import dev.pulse.protocol.v1.PulseServiceGrpc;
import dev.pulse.tls.TlsMaterial;
import io.grpc.Server;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.netty.shaded.io.netty.handler.ssl.ClientAuth;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContext;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContextBuilder;
import io.grpc.netty.shaded.io.netty.handler.ssl.SupportedCipherSuiteFilter;
import io.grpc.protobuf.services.HealthStatusManager;
import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * The gRPC door: Pulse's service, health and reflection on one port. Calls run on the connections' event loops, because a
 * hand-over to another thread costs more than most of them do; those that block go to virtual threads by themselves.
 */
final class GrpcDoor implements AutoCloseable {
    private static final int MAX_METADATA = 16 << 10;
    private static final int MAX_CALLS_PER_CONNECTION = 10_000;
    /** Workers ping to notice dead connections; anything rarer than this is welcome. */
    private static final Duration PING_AT_MOST_EVERY = Duration.ofSeconds(5);

    private static final Duration KEEPALIVE_AFTER = Duration.ofSeconds(20);
    private static final Duration KEEPALIVE_TIMEOUT = Duration.ofSeconds(10);
    private static final Duration HANDSHAKE = Duration.ofSeconds(10);

    /** Calls that a connection may take back within a while; a client that times out does it now and then. */
    private static final int MAX_RESETS = 3_000;

    private static final int RESETS_WITHIN_SECONDS = 10;
    /** A client that resumes a session is not asked for its certificate again; so it must not resume for long. */
    private static final Duration RESUMABLE = Duration.ofMinutes(5);

    private final Server server;
    private final HealthStatusManager health;
    private final Address address;

    private GrpcDoor(Server server, HealthStatusManager health, Address address) {
        this.server = server;
        this.health = health;
        this.address = address;
    }

    /**
     * Listens.
     *
     * @param blocking for what must not run on an event loop
     * @param tls null for plaintext
     * @throws dev.pulse.model.PulseException CONFIGURATION where the port is taken
     */
    static GrpcDoor open(
            Address wanted,
            int maxMessage,
            GrpcService service,
            SignIn signIn,
            Denials denials,
            GrpcCounting counting,
            Executor blocking,
            Quotas quotas,
            @Nullable TlsMaterial tls) {
        GrpcRules.requireComplete();
        HealthStatusManager health = new HealthStatusManager();
        health.setStatus(PulseServiceGrpc.SERVICE_NAME, ServingStatus.SERVING);
        NettyServerBuilder builder = NettyServerBuilder.forAddress(wanted.socket())
                .directExecutor()
                .intercept(new QuotaGate(quotas))
                .intercept(new Callers(signIn, denials, blocking))
                .intercept(counting) // the last one sees a call first
                .addService(Parsing.strict(service))
                .addService(health.getHealthService())
                .addService(ProtoReflectionServiceV1.newInstance())
                .maxInboundMessageSize(maxMessage)
                .maxInboundMetadataSize(MAX_METADATA)
                .maxConcurrentCallsPerConnection(MAX_CALLS_PER_CONNECTION)
                .permitKeepAliveTime(PING_AT_MOST_EVERY.toMillis(), TimeUnit.MILLISECONDS)
                .permitKeepAliveWithoutCalls(true)
                .keepAliveTime(KEEPALIVE_AFTER.toMillis(), TimeUnit.MILLISECONDS)
                .keepAliveTimeout(KEEPALIVE_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)
                .maxRstFramesPerWindow(MAX_RESETS, RESETS_WITHIN_SECONDS)
                .handshakeTimeout(HANDSHAKE.toMillis(), TimeUnit.MILLISECONDS);
        if (tls != null) {
            builder.sslContext(secured(tls));
        }
        Server server = builder.build();
        try {
            server.start();
        } catch (IOException e) {
            throw Ports.refused(Setting.GRPC_ADDR, wanted, e);
        }
        return new GrpcDoor(server, health, wanted.withPort(server.getPort()));
    }

    private static SslContext secured(TlsMaterial tls) {
        SslContextBuilder context = GrpcSslContexts.configure(
                        SslContextBuilder.forServer(tls.keys().orElseThrow()))
                .protocols(TlsMaterial.PROTOCOLS)
                .ciphers(TlsMaterial.CIPHERS, SupportedCipherSuiteFilter.INSTANCE)
                .sessionTimeout(RESUMABLE.toSeconds());
        tls.authorities().ifPresent(clients -> context.trustManager(clients).clientAuth(ClientAuth.OPTIONAL));
        try {
            return context.build();
        } catch (SSLException e) {
            throw new IllegalStateException("this Java cannot speak TLS as gRPC needs it", e);
        }
    }

    /** Where it listens, with the port that it got. */
    Address address() {
        return address;
    }

    /** Tells whoever asks for its health that it is leaving. */
    void leave() {
        health.enterTerminalState();
    }

    /** Takes no new call, lets running ones finish for a while, then ends them. */
    void close(Duration grace) throws InterruptedException {
        server.shutdown();
        if (!server.awaitTermination(grace.toMillis(), TimeUnit.MILLISECONDS)) {
            close();
        }
    }

    @Override
    public void close() {
        server.shutdownNow();
    }
}
