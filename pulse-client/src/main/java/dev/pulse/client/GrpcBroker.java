package dev.pulse.client;

import dev.pulse.model.SessionSpec;
import dev.pulse.sdk.Broker;
import dev.pulse.sdk.BrokerListener;
import dev.pulse.sdk.BrokerSession;
import io.grpc.ManagedChannel;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** The broker over {@code StreamJobs}. Stop 6 of the path, on the worker's side. Thread-safe. */
final class GrpcBroker implements Broker {
    private final ClientConfig config;
    private final RandomGenerator random;
    private @Nullable ManagedChannel channel;

    GrpcBroker(ClientConfig config, RandomGenerator random) {
        this.config = config;
        this.random = random;
    }

    @Override
    public BrokerSession open(SessionSpec spec, BrokerListener listener) {
        GrpcSession session = new GrpcSession(channel(), spec, listener, config, random);
        session.start();
        return session;
    }

    private synchronized ManagedChannel channel() {
        if (channel == null) {
            channel = Channels.open(config);
        }
        return channel;
    }

    /** Cuts what is still open: sessions that were to say goodbye have done so by now. */
    synchronized void close() {
        if (channel != null) {
            channel.shutdownNow();
        }
    }
}
