package dev.pulse.client;

import io.grpc.ClientInterceptor;
import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.netty.channel.ChannelOption;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Makes channels, the same way for calls and streams. */
final class Channels {
    private static final int CONNECT_MILLIS = 5_000;
    private static final int KEEP_ALIVE_SECONDS = 30;
    private static final int KEEP_ALIVE_ANSWER_SECONDS = 10;
    private static final int MAX_METADATA_BYTES = 64 << 10;
    private static final int GOODBYE_SECONDS = 2;

    private Channels() {}

    static ManagedChannel open(ClientConfig config) {
        Optional<ClientInterceptor> authorization =
                Authorization.of(config, false).map(ClientInterceptor.class::cast);
        return NettyChannelBuilder.forAddress(
                        config.address().host(), config.address().port())
                .usePlaintext()
                .withOption(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_MILLIS)
                .keepAliveTime(KEEP_ALIVE_SECONDS, TimeUnit.SECONDS)
                .keepAliveTimeout(KEEP_ALIVE_ANSWER_SECONDS, TimeUnit.SECONDS)
                .maxInboundMessageSize(config.maxMessageBytes())
                .maxInboundMetadataSize(MAX_METADATA_BYTES)
                .intercept(authorization.map(List::of).orElse(List.of()))
                .build();
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
