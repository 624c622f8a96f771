package dev.pulse.client;

import dev.pulse.sdk.BufferedRandom;
import dev.pulse.sdk.Connection;
import dev.pulse.sdk.Connector;
import dev.pulse.sdk.Credentials;
import java.security.SecureRandom;
import java.util.Optional;

/** Connects to a server's gRPC door. Found by {@link java.util.ServiceLoader}. */
public final class GrpcConnector implements Connector {
    @Override
    public Optional<Connection> connect(String address, Credentials credentials) {
        return ServerAddress.tryParse(address)
                .map(server -> connect(ClientConfig.to(server).with(credentials)));
    }

    /** A connection with a configuration of the caller's, for {@link dev.pulse.sdk.Pulse#over}. */
    public static Connection connect(ClientConfig config) {
        return new GrpcConnection(
                PulseClient.connect(config), new GrpcBroker(config, new BufferedRandom(new SecureRandom())));
    }
}
