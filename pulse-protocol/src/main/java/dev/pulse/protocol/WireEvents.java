package dev.pulse.protocol;

import dev.pulse.model.Event;
import dev.pulse.model.EventCursor;
import dev.pulse.model.EventDelivery;
import dev.pulse.model.EventFilter;
import dev.pulse.model.EventKind;
import dev.pulse.model.ParkedEvent;
import dev.pulse.model.PulseException;
import dev.pulse.model.SubscriptionInfo;
import dev.pulse.protocol.v1.Wire;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Events and subscriptions between wire and model. Pure. */
public final class WireEvents {
    private WireEvents() {}

    public static Wire.Event event(Event event) {
        Wire.Event.Builder message = Wire.Event.newBuilder()
                .setId(event.id().toString())
                .setKind(kind(event.kind()))
                .setSubjectId(event.subject().toString())
                .setType(event.type())
                .setAttempt(event.attempt())
                .setAt(WireValues.timestamp(event.at()));
        if (event.queue() != null) {
            message.setQueue(event.queue());
        }
        return message.build();
    }

    public static Event event(Wire.Event message) {
        return new Event(
                cursor("id", message.getId()),
                WireValues.instant("at", message.getAt()),
                kind("kind", message.getKind()),
                WireValues.id("subject_id", message.getSubjectId()),
                message.getType(),
                message.hasQueue() ? message.getQueue() : null,
                message.getAttempt());
    }

    /**
     * A place in the feed.
     *
     * @throws PulseException INVALID_FIELD naming the field
     */
    public static EventCursor cursor(String field, String text) {
        return EventCursor.parse(text)
                .orElseThrow(() -> PulseException.invalid(
                        field, "not the id of an event as Pulse prints it: \"" + WireValues.cut(text) + "\""));
    }

    public static Wire.EventFilter filter(EventFilter filter) {
        return Wire.EventFilter.newBuilder()
                .addAllKinds(
                        filter.kinds().stream().sorted().map(WireEvents::kind).toList())
                .addAllTypes(filter.types().stream().sorted().toList())
                .addAllQueues(filter.queues().stream().sorted().toList())
                .build();
    }

    /** @throws PulseException INVALID_FIELD naming every fault */
    public static EventFilter filter(Wire.EventFilter message) {
        return new EventFilter(
                message.getKindsList().stream()
                        .map(kind -> kind("filter.kinds", kind))
                        .collect(Collectors.toUnmodifiableSet()),
                Set.copyOf(message.getTypesList()),
                Set.copyOf(message.getQueuesList()));
    }

    public static Wire.Subscription subscription(SubscriptionInfo info) {
        Wire.Subscription.Builder message = Wire.Subscription.newBuilder()
                .setName(info.name())
                .setFilter(filter(info.filter()))
                .setCreatedAt(WireValues.timestamp(info.createdAt()))
                .setNext(info.next().toString())
                .setUnread(info.unread())
                .setLag(WireValues.duration(info.lag()))
                .setInFlight(info.inFlight())
                .setParked(info.parked())
                .setGaps(info.gaps());
        if (info.lastGapAt() != null) {
            message.setLastGapAt(WireValues.timestamp(info.lastGapAt()));
        }
        return message.build();
    }

    public static SubscriptionInfo subscription(Wire.Subscription message) {
        return new SubscriptionInfo(
                message.getName(),
                filter(message.getFilter()),
                WireValues.instant("created_at", message.getCreatedAt()),
                cursor("next", message.getNext()),
                message.getUnread(),
                WireValues.duration("lag", message.getLag()),
                message.getInFlight(),
                message.getParked(),
                message.getGaps(),
                message.hasLastGapAt() ? WireValues.instant("last_gap_at", message.getLastGapAt()) : null);
    }

    public static Wire.LeaseEventsResponse delivery(Optional<EventDelivery> delivery) {
        Wire.LeaseEventsResponse.Builder message = Wire.LeaseEventsResponse.newBuilder();
        delivery.ifPresent(one -> message.setToken(one.token().toString())
                .addAllEvents(one.events().stream().map(WireEvents::event).toList())
                .setDelivery(one.delivery())
                .setGap(one.gap()));
        return message.build();
    }

    public static Optional<EventDelivery> delivery(Wire.LeaseEventsResponse message) {
        return message.hasToken()
                ? Optional.of(new EventDelivery(
                        WireValues.id("token", message.getToken()),
                        message.getEventsList().stream().map(WireEvents::event).toList(),
                        message.getDelivery(),
                        message.getGap()))
                : Optional.empty();
    }

    public static Wire.ParkedEvent parked(ParkedEvent parked) {
        return Wire.ParkedEvent.newBuilder()
                .setEvent(event(parked.event()))
                .setDeliveries(parked.deliveries())
                .setError(parked.error())
                .setParkedAt(WireValues.timestamp(parked.parkedAt()))
                .build();
    }

    public static ParkedEvent parked(Wire.ParkedEvent message) {
        return new ParkedEvent(
                event(message.getEvent()),
                message.getDeliveries(),
                message.getError(),
                WireValues.instant("parked_at", message.getParkedAt()));
    }

    private static Wire.EventKind kind(EventKind kind) {
        return switch (kind) {
            case SUBMITTED -> Wire.EventKind.EVENT_KIND_SUBMITTED;
            case COMPLETED -> Wire.EventKind.EVENT_KIND_COMPLETED;
            case RETRYING -> Wire.EventKind.EVENT_KIND_RETRYING;
            case DEAD_LETTERED -> Wire.EventKind.EVENT_KIND_DEAD_LETTERED;
            case CANCELED -> Wire.EventKind.EVENT_KIND_CANCELED;
            case SNOOZED -> Wire.EventKind.EVENT_KIND_SNOOZED;
            case RELEASED -> Wire.EventKind.EVENT_KIND_RELEASED;
            case REQUEUED -> Wire.EventKind.EVENT_KIND_REQUEUED;
            case DELETED -> Wire.EventKind.EVENT_KIND_DELETED;
            case BUNDLE_COMPLETED -> Wire.EventKind.EVENT_KIND_BUNDLE_COMPLETED;
        };
    }

    private static EventKind kind(String field, Wire.EventKind kind) {
        return switch (kind) {
            case EVENT_KIND_SUBMITTED -> EventKind.SUBMITTED;
            case EVENT_KIND_COMPLETED -> EventKind.COMPLETED;
            case EVENT_KIND_RETRYING -> EventKind.RETRYING;
            case EVENT_KIND_DEAD_LETTERED -> EventKind.DEAD_LETTERED;
            case EVENT_KIND_CANCELED -> EventKind.CANCELED;
            case EVENT_KIND_SNOOZED -> EventKind.SNOOZED;
            case EVENT_KIND_RELEASED -> EventKind.RELEASED;
            case EVENT_KIND_REQUEUED -> EventKind.REQUEUED;
            case EVENT_KIND_DELETED -> EventKind.DELETED;
            case EVENT_KIND_BUNDLE_COMPLETED -> EventKind.BUNDLE_COMPLETED;
            case EVENT_KIND_UNSPECIFIED, UNRECOGNIZED ->
                throw PulseException.invalid(field, "not a value that this version knows");
        };
    }
}
