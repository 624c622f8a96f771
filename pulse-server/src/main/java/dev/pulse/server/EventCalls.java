package dev.pulse.server;

import dev.pulse.engine.EventWatch;
import dev.pulse.model.Event;
import dev.pulse.model.EventDelivery;
import dev.pulse.model.PulseException;
import dev.pulse.model.SessionSpec;
import dev.pulse.model.SubscriptionSpec;
import dev.pulse.protocol.WireErrors;
import dev.pulse.protocol.WireEvents;
import dev.pulse.protocol.WireValues;
import dev.pulse.protocol.v1.Wire;
import io.grpc.Context;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** Events and subscriptions over gRPC. Everything here may wait and runs on virtual threads. */
final class EventCalls {
    static final Duration HEARTBEAT = Duration.ofSeconds(15);

    private static final int DEFAULT_MAX = 100;
    private static final int MESSAGE_EVENTS = 500;

    private final Desks desks;
    private final Executor blocking;

    EventCalls(Desks desks, Executor blocking) {
        this.desks = desks;
        this.blocking = blocking;
    }

    Wire.Subscription create(Wire.CreateSubscriptionRequest request) {
        SubscriptionSpec.Start start =
                request.getFromEarliest() ? SubscriptionSpec.Start.EARLIEST : SubscriptionSpec.Start.NOW;
        return WireEvents.subscription(desks.current()
                .events()
                .subscribe(new SubscriptionSpec(request.getName(), WireEvents.filter(request.getFilter()), start)));
    }

    Wire.ListSubscriptionsResponse list() {
        return Wire.ListSubscriptionsResponse.newBuilder()
                .addAllItems(desks.current().events().subscriptions().stream()
                        .map(WireEvents::subscription)
                        .toList())
                .build();
    }

    Wire.DeleteSubscriptionResponse delete(Wire.DeleteSubscriptionRequest request) {
        desks.current().events().unsubscribe(request.getName());
        return Wire.DeleteSubscriptionResponse.getDefaultInstance();
    }

    Wire.LeaseEventsResponse lease(Wire.LeaseEventsRequest request) {
        try {
            Optional<EventDelivery> delivery = desks.current()
                    .events()
                    .lease(
                            request.getSubscription(),
                            request.getConsumer(),
                            request.hasMax() ? request.getMax() : DEFAULT_MAX,
                            request.hasLeaseTtl()
                                    ? WireValues.wait("lease_ttl", request.getLeaseTtl())
                                    : SessionSpec.DEFAULT_LEASE,
                            request.hasWait() ? WireValues.wait("wait", request.getWait()) : Duration.ZERO);
            if (Context.current().isCancelled()) {
                delivery.ifPresent(one -> handBack(request.getSubscription(), one));
            }
            return WireEvents.delivery(delivery);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return WireEvents.delivery(Optional.empty());
        }
    }

    /** The consumer was lost while it waited: another one gets its events in a moment, not after a whole lease. */
    private void handBack(String name, EventDelivery delivery) {
        desks.current()
                .events()
                .extend(name, delivery.token(), delivery.events().getFirst().id(), SessionSpec.MIN_LEASE);
    }

    Wire.AckEventsResponse ack(Wire.AckEventsRequest request) {
        UUID token = WireValues.id("token", request.getToken());
        boolean applied;
        if (request.hasNext()) {
            Duration ttl = request.hasLeaseTtl()
                    ? WireValues.wait("lease_ttl", request.getLeaseTtl())
                    : SessionSpec.DEFAULT_LEASE;
            applied = desks.current()
                    .events()
                    .extend(request.getSubscription(), token, WireEvents.cursor("next", request.getNext()), ttl);
        } else {
            applied = desks.current().events().settle(request.getSubscription(), token);
        }
        return Wire.AckEventsResponse.newBuilder().setApplied(applied).build();
    }

    Wire.FailEventResponse fail(Wire.FailEventRequest request) {
        boolean applied = desks.current()
                .events()
                .fail(
                        request.getSubscription(),
                        WireValues.id("token", request.getToken()),
                        WireEvents.cursor("event_id", request.getEventId()),
                        request.getError());
        return Wire.FailEventResponse.newBuilder().setApplied(applied).build();
    }

    Wire.ListParkedEventsResponse parked(Wire.ListParkedEventsRequest request) {
        return Wire.ListParkedEventsResponse.newBuilder()
                .addAllItems(desks.current().events().parked(request.getSubscription()).stream()
                        .map(WireEvents::parked)
                        .toList())
                .build();
    }

    Wire.ReleaseParkedEventsResponse release(Wire.ReleaseParkedEventsRequest request) {
        return Wire.ReleaseParkedEventsResponse.newBuilder()
                .setReleased(desks.current().events().unpark(request.getSubscription()))
                .build();
    }

    /** Called on the event loop, so that the stream's signals can be listened to; works on a virtual thread. */
    void watch(Wire.WatchEventsRequest request, StreamObserver<Wire.WatchEventsResponse> out) {
        Flow flow = new Flow((ServerCallStreamObserver<Wire.WatchEventsResponse>) out);
        EventDesk desk = desks.current().events();
        blocking.execute(() -> {
            try (EventWatch watch = desk.watch(
                    WireEvents.filter(request.getFilter()),
                    request.hasAfter() ? WireEvents.cursor("after", request.getAfter()) : null)) {
                follow(watch, flow);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                flow.fail(e);
            } catch (RuntimeException e) {
                flow.fail(e);
            }
        });
    }

    private static void follow(EventWatch watch, Flow flow) throws InterruptedException {
        flow.send(Wire.WatchEventsResponse.getDefaultInstance());
        while (!flow.isGone()) {
            List<Event> events = watch.poll(HEARTBEAT);
            boolean gap = watch.takeGap();
            for (List<Event> piece : pieces(events)) {
                if (!flow.awaitReady(watch)) {
                    return;
                }
                flow.send(Wire.WatchEventsResponse.newBuilder()
                        .addAllEvents(piece.stream().map(WireEvents::event).toList())
                        .setGap(gap)
                        .build());
                gap = false;
            }
        }
    }

    /** At least one, be it empty: that is the heartbeat. */
    private static List<List<Event>> pieces(List<Event> events) {
        List<List<Event>> pieces = new ArrayList<>();
        for (int from = 0; from < events.size() || pieces.isEmpty(); from += MESSAGE_EVENTS) {
            pieces.add(events.subList(from, Math.min(events.size(), from + MESSAGE_EVENTS)));
        }
        return pieces;
    }

    /** The stream towards one reader. */
    private static final class Flow {
        private final ServerCallStreamObserver<Wire.WatchEventsResponse> out;
        private final ReentrantLock lock = new ReentrantLock();
        private final Condition changed = lock.newCondition();

        Flow(ServerCallStreamObserver<Wire.WatchEventsResponse> out) {
            this.out = out;
            out.setOnReadyHandler(this::signal);
            out.setOnCancelHandler(this::signal);
        }

        private void signal() {
            lock.lock();
            try {
                changed.signalAll();
            } finally {
                lock.unlock();
            }
        }

        boolean isGone() {
            return out.isCancelled();
        }

        /** Waits for the reader; false where it is gone. One that never reads is cut off by the watch. */
        boolean awaitReady(EventWatch watch) throws InterruptedException {
            watch.onCutOff(this::signal);
            lock.lock();
            try {
                while (!out.isReady() && !out.isCancelled()) {
                    if (watch.isCutOff()) {
                        throw watch.tooSlow();
                    }
                    changed.await();
                }
                return !out.isCancelled();
            } finally {
                lock.unlock();
            }
        }

        void send(Wire.WatchEventsResponse message) {
            if (!isGone()) {
                out.onNext(message);
            }
        }

        void fail(Exception failure) {
            if (!isGone()) {
                PulseException trouble = Failures.of(failure);
                out.onError(WireErrors.toStatus(trouble));
            }
        }
    }
}
