package dev.pulse.server;

import dev.pulse.client.ClientConfig;
import dev.pulse.client.GrpcConnector;
import dev.pulse.client.ServerAddress;
import dev.pulse.sdk.BrokerFixture;
import dev.pulse.sdk.Connection;
import dev.pulse.sdk.EventClientContract;

class GrpcEventClientTest extends EventClientContract {
    @Override
    protected BrokerFixture fixture() {
        return new ServerFixture();
    }

    /** A connection to a server of its own. */
    private static final class ServerFixture implements BrokerFixture {
        private final TestServer server = TestServer.start();
        private final Connection connection = GrpcConnector.connect(ClientConfig.to(
                ServerAddress.parse(server.server().grpcAddress().toString())));

        @Override
        public Connection connection() {
            return connection;
        }

        @Override
        public void drain() {
            Thread.ofVirtual().start(server.server()::stop);
        }

        @Override
        public void close() {
            connection.close();
            server.close();
        }
    }
}
