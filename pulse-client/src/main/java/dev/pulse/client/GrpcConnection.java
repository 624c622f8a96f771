package dev.pulse.client;

import dev.pulse.sdk.Broker;
import dev.pulse.sdk.BundleClient;
import dev.pulse.sdk.Connection;
import dev.pulse.sdk.EventClient;
import dev.pulse.sdk.JobClient;
import dev.pulse.sdk.ScheduleClient;

/** Calls and work over gRPC. A worker's stream has its own connection, so that a flood of calls cannot hold it up. */
final class GrpcConnection implements Connection {
    private final PulseClient client;
    private final GrpcBroker broker;

    GrpcConnection(PulseClient client, GrpcBroker broker) {
        this.client = client;
        this.broker = broker;
    }

    @Override
    public JobClient jobs() {
        return client;
    }

    @Override
    public BundleClient bundles() {
        return client;
    }

    @Override
    public ScheduleClient schedules() {
        return client;
    }

    @Override
    public Broker broker() {
        return broker;
    }

    @Override
    public EventClient events() {
        return client.events();
    }

    @Override
    public void close() {
        broker.close();
        client.close();
    }
}
