package dev.pulse.json;

import dev.pulse.model.Event;
import dev.pulse.model.EventKind;
import dev.pulse.model.ParkedEvent;
import dev.pulse.model.SubscriptionInfo;
import java.util.List;

/** Events and subscriptions as JSON. */
public final class EventJson {
    private EventJson() {}

    /** One event. */
    public static byte[] event(Event event) {
        return Out.object(out -> event(out, event));
    }

    private static void event(Out out, Event event) {
        out.text("id", event.id().toString());
        out.text("kind", event.kind().wireName());
        out.text(event.isOfBundle() ? "bundle_id" : "job_id", event.subject().toString());
        out.text("type", event.type());
        if (!event.isOfBundle()) {
            out.text("queue", event.queue());
            out.number("attempt", event.attempt());
        }
        out.instant("at", event.at());
    }

    public static byte[] subscriptions(List<SubscriptionInfo> subscriptions) {
        return Out.page(subscriptions, null, (out, one) -> {
            out.text("name", one.name());
            out.texts(
                    "kinds",
                    one.filter().kinds().stream()
                            .sorted()
                            .map(EventKind::wireName)
                            .toList());
            out.texts("types", one.filter().types().stream().sorted().toList());
            out.texts("queues", one.filter().queues().stream().sorted().toList());
            out.instant("created_at", one.createdAt());
            out.text("next", one.next().toString());
            out.number("unread", one.unread());
            out.seconds("lag_s", one.lag());
            out.number("in_flight", one.inFlight());
            out.number("parked", one.parked());
            out.number("gaps", one.gaps());
            out.instant("last_gap_at", one.lastGapAt());
        });
    }

    public static byte[] parked(List<ParkedEvent> parked) {
        return Out.page(parked, null, (out, one) -> {
            out.object("event", fields -> event(fields, one.event()));
            out.number("deliveries", one.deliveries());
            out.text("error", one.error());
            out.instant("parked_at", one.parkedAt());
        });
    }

    /** {@code {"released": n}}. */
    public static byte[] released(int count) {
        return Out.object(out -> out.number("released", count));
    }
}
