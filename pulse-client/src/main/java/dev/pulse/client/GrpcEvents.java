package dev.pulse.client;

import dev.pulse.model.EventCursor;
import dev.pulse.model.EventDelivery;
import dev.pulse.model.EventFilter;
import dev.pulse.model.ParkedEvent;
import dev.pulse.model.SubscriptionInfo;
import dev.pulse.model.SubscriptionSpec;
import dev.pulse.protocol.WireEvents;
import dev.pulse.protocol.WireValues;
import dev.pulse.protocol.v1.PulseServiceGrpc;
import dev.pulse.protocol.v1.Wire;
import dev.pulse.sdk.EventClient;
import dev.pulse.sdk.LiveEvents;
import io.grpc.MethodDescriptor;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The events of a server over gRPC. Thread-safe. */
final class GrpcEvents implements EventClient {
    /** No server keeps a call waiting for longer. */
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(30);

    private final Calls calls;
    private final Duration timeout;

    GrpcEvents(Calls calls, Duration timeout) {
        this.calls = calls;
        this.timeout = timeout;
    }

    @Override
    public LiveEvents watch(EventFilter filter, @Nullable EventCursor after) {
        Wire.WatchEventsRequest.Builder request =
                Wire.WatchEventsRequest.newBuilder().setFilter(WireEvents.filter(filter));
        if (after != null) {
            request.setAfter(after.toString());
        }
        return GrpcLiveEvents.open(calls, request.build(), timeout);
    }

    @Override
    public SubscriptionInfo subscribe(SubscriptionSpec spec) {
        Wire.CreateSubscriptionRequest request = Wire.CreateSubscriptionRequest.newBuilder()
                .setName(spec.name())
                .setFilter(WireEvents.filter(spec.filter()))
                .setFromEarliest(spec.start() == SubscriptionSpec.Start.EARLIEST)
                .build();
        return WireEvents.subscription(call(PulseServiceGrpc.getCreateSubscriptionMethod(), request));
    }

    @Override
    public List<SubscriptionInfo> subscriptions() {
        return call(PulseServiceGrpc.getListSubscriptionsMethod(), Wire.ListSubscriptionsRequest.getDefaultInstance())
                .getItemsList()
                .stream()
                .map(WireEvents::subscription)
                .toList();
    }

    @Override
    public void unsubscribe(String name) {
        call(
                PulseServiceGrpc.getDeleteSubscriptionMethod(),
                Wire.DeleteSubscriptionRequest.newBuilder().setName(name).build());
    }

    @Override
    public Optional<EventDelivery> lease(String name, String consumer, int max, Duration ttl, Duration wait) {
        Duration bounded = wait.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : wait;
        Wire.LeaseEventsRequest request = Wire.LeaseEventsRequest.newBuilder()
                .setSubscription(name)
                .setConsumer(consumer)
                .setMax(max)
                .setLeaseTtl(WireValues.duration(ttl))
                .setWait(WireValues.duration(bounded))
                .build();
        return WireEvents.delivery(calls.call(PulseServiceGrpc.getLeaseEventsMethod(), request, bounded.plus(timeout)));
    }

    @Override
    public boolean settle(String name, UUID token) {
        Wire.AckEventsRequest request = Wire.AckEventsRequest.newBuilder()
                .setSubscription(name)
                .setToken(token.toString())
                .build();
        return call(PulseServiceGrpc.getAckEventsMethod(), request).getApplied();
    }

    @Override
    public boolean extend(String name, UUID token, EventCursor next, Duration ttl) {
        Wire.AckEventsRequest request = Wire.AckEventsRequest.newBuilder()
                .setSubscription(name)
                .setToken(token.toString())
                .setNext(next.toString())
                .setLeaseTtl(WireValues.duration(ttl))
                .build();
        return call(PulseServiceGrpc.getAckEventsMethod(), request).getApplied();
    }

    @Override
    public boolean fail(String name, UUID token, EventCursor failed, String error) {
        Wire.FailEventRequest request = Wire.FailEventRequest.newBuilder()
                .setSubscription(name)
                .setToken(token.toString())
                .setEventId(failed.toString())
                .setError(error)
                .build();
        return call(PulseServiceGrpc.getFailEventMethod(), request).getApplied();
    }

    @Override
    public List<ParkedEvent> parked(String name) {
        Wire.ListParkedEventsRequest request =
                Wire.ListParkedEventsRequest.newBuilder().setSubscription(name).build();
        return call(PulseServiceGrpc.getListParkedEventsMethod(), request).getItemsList().stream()
                .map(WireEvents::parked)
                .toList();
    }

    @Override
    public int unpark(String name) {
        Wire.ReleaseParkedEventsRequest request = Wire.ReleaseParkedEventsRequest.newBuilder()
                .setSubscription(name)
                .build();
        return call(PulseServiceGrpc.getReleaseParkedEventsMethod(), request).getReleased();
    }

    private <Q, A> A call(MethodDescriptor<Q, A> method, Q request) {
        return calls.call(method, request, timeout);
    }
}
