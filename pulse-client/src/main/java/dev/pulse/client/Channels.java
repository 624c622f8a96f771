package dev.pulse.client;

import dev.pulse.model.ErrorCode;
import dev.pulse.model.PulseException;
import dev.pulse.tls.TlsFiles;
import dev.pulse.tls.TlsMaterial;
import io.grpc.ClientInterceptor;
import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.netty.channel.ChannelOption;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContext;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContextBuilder;
import io.grpc.netty.shaded.io.netty.handler.ssl.SupportedCipherSuiteFilter;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;

/** Makes channels, the same way for calls and streams. */
final class Channels {
    private static final int CONNECT_MILLIS = 5_000;
    private static final int KEEP_ALIVE_SECONDS = 30;
    private static final int KEEP_ALIVE_ANSWER_SECONDS = 10;
    private static final int MAX_METADATA_BYTES = 64 << 10;
    private static final int GOODBYE_SECONDS = 2;

    private static final TlsMaterial.Names NAMES = new TlsMaterial.Names("cert", "key", "ca");
    private static final InstantSource CLOCK = InstantSource.system();

    private Channels() {}

    static ManagedChannel open(ClientConfig config) {
        Optional<ClientInterceptor> authorization =
                Authorization.of(config, config.address().tls() != null).map(ClientInterceptor.class::cast);
        NettyChannelBuilder builder = NettyChannelBuilder.forAddress(
                config.address().host(), config.address().port());
        TlsFiles tls = config.address().tls();
        return (tls == null ? builder.usePlaintext() : builder.sslContext(secured(tls)))
                .withOption(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_MILLIS)
                .keepAliveTime(KEEP_ALIVE_SECONDS, TimeUnit.SECONDS)
                .keepAliveTimeout(KEEP_ALIVE_ANSWER_SECONDS, TimeUnit.SECONDS)
                .maxInboundMessageSize(config.maxMessageBytes())
                .maxInboundMetadataSize(MAX_METADATA_BYTES)
                .intercept(authorization.map(List::of).orElse(List.of()))
                .build();
    }

    private static SslContext secured(TlsFiles files) {
        TlsMaterial material = TlsMaterial.forClient(NAMES, files, CLOCK);
        SslContextBuilder context = GrpcSslContexts.forClient()
                .protocols(TlsMaterial.PROTOCOLS)
                .ciphers(TlsMaterial.CIPHERS, SupportedCipherSuiteFilter.INSTANCE);
        material.authorities().ifPresent(context::trustManager);
        material.keys().ifPresent(context::keyManager);
        try {
            return context.build();
        } catch (SSLException e) {
            throw new PulseException(ErrorCode.INTERNAL, "this Java cannot speak TLS as Pulse needs it", e);
        }
    }

    static void close(ManagedChannel channel) {
        channel.shutdown();
        try {
            if (!channel.awaitTermination(GOODBYE_SECONDS, TimeUnit.SECONDS)) {
                channel.shutdownNow();
            }
        } catch (InterruptedException e) {
            channel.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }
}
