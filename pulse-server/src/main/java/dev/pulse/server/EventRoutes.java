package dev.pulse.server;

import dev.pulse.engine.EventWatch;
import dev.pulse.json.EventJson;
import dev.pulse.json.JobShapes;
import dev.pulse.json.ProblemJson;
import dev.pulse.json.RequestReader;
import dev.pulse.json.Schema;
import dev.pulse.json.SystemShapes;
import dev.pulse.model.ErrorCode;
import dev.pulse.model.Event;
import dev.pulse.model.EventCursor;
import dev.pulse.model.EventFilter;
import dev.pulse.model.EventKind;
import dev.pulse.model.Permission;
import dev.pulse.model.PulseException;
import dev.pulse.model.Violation;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The REST routes about events: the live stream, and subscriptions as operators see them. */
final class EventRoutes {
    private static final int SMALL_BODY = 64 << 10;
    private static final Duration HEARTBEAT = Duration.ofSeconds(15);
    private static final byte[] HELLO = utf8("retry: 1000\n: pulse\n\n");
    private static final byte[] BEAT = utf8(": heartbeat\n\n");
    private static final byte[] GAP = utf8("event: gap\ndata: {}\n\n");

    private final Desks desks;

    EventRoutes(Desks desks) {
        this.desks = desks;
    }

    void addTo(Router router) {
        router.add("GET", "/events", Rule.inQueues(Permission.READ), 0, this::follow)
                .described("watchEvents", "Follows what happens to jobs and bundles")
                .detail("Server-sent events; each data line is an Event. Come back with Last-Event-ID, or with after.")
                .takes("type", JobShapes.NAME, "email")
                .takes("queue", JobShapes.NAME, "default")
                .takes("kind", SystemShapes.EVENT_KIND, "completed")
                .takes("after", Schema.text().says("the id of the last event seen"), "")
                .answers(200, "text/event-stream", SystemShapes.EVENT, "until the reader goes");
        router.add("GET", "/subscriptions", Rule.system(Permission.READ), 0, call -> {
                    call.allow();
                    return Reply.ok(
                            EventJson.subscriptions(desks.of(call).events().subscriptions()));
                })
                .described("listSubscriptions", "The durable consumers of events")
                .answers(200, SystemShapes.SUBSCRIPTIONS, "all of them");
        router.add("DELETE", "/subscriptions/{name}", Rule.system(Permission.OPERATE), 0, call -> {
                    call.allow();
                    desks.of(call).events().unsubscribe(name(call));
                    return Reply.ok(
                            EventJson.subscriptions(desks.of(call).events().subscriptions()));
                })
                .described("deleteSubscription", "Forgets a subscription and what it has not read")
                .answers(200, SystemShapes.SUBSCRIPTIONS, "those that are left")
                .refuses(ErrorCode.SUBSCRIPTION_NOT_FOUND);
        router.add("GET", "/subscriptions/{name}/parked", Rule.system(Permission.READ), 0, call -> {
                    call.allow();
                    return Reply.ok(EventJson.parked(desks.of(call).events().parked(name(call))));
                })
                .described("listParkedEvents", "Events that a subscription gave up on")
                .answers(200, SystemShapes.PARKED, "all of them")
                .refuses(ErrorCode.SUBSCRIPTION_NOT_FOUND);
        router.add(
                        "POST",
                        "/subscriptions/{name}/parked/release",
                        Rule.system(Permission.OPERATE),
                        SMALL_BODY,
                        call -> {
                            call.allow();
                            RequestReader.nothing(call.body());
                            return Reply.ok(
                                    EventJson.released(desks.of(call).events().unpark(name(call))));
                        })
                .described("releaseParkedEvents", "Delivers parked events once more")
                .mayRead(SystemShapes.NOTHING)
                .answers(200, SystemShapes.RELEASED, "how many")
                .refuses(ErrorCode.SUBSCRIPTION_NOT_FOUND);
    }

    private static String name(Call call) {
        return call.variables().getOrDefault("name", "");
    }

    /** Everything that can be refused is refused before the stream begins. */
    private Reply follow(Call call) {
        call.allow("type", "queue", "kind", "after");
        EventWatch watch = desks.of(call).events().watch(filter(call), after(call));
        return Reply.stream("text/event-stream", out -> follow(watch, out));
    }

    private static EventFilter filter(Call call) {
        Set<EventKind> kinds = new LinkedHashSet<>();
        List<Violation> violations = new ArrayList<>();
        for (String kind : values(call, "kind")) {
            EventKind.fromWire(kind)
                    .ifPresentOrElse(
                            kinds::add,
                            () -> violations.add(new Violation(
                                    "kind", "one of " + kinds() + " is expected; give it again for more than one")));
        }
        if (!violations.isEmpty()) {
            throw PulseException.of(ErrorCode.INVALID_QUERY, violations);
        }
        return new EventFilter(kinds, Set.copyOf(values(call, "type")), Set.copyOf(values(call, "queue")));
    }

    private static String kinds() {
        return String.join(
                ", ",
                List.of(EventKind.values()).stream().map(EventKind::wireName).toList());
    }

    private static List<String> values(Call call, String name) {
        return call.query().getOrDefault(name, List.of());
    }

    /** As a browser says when it comes back, or as a program may say in the address. */
    private static @Nullable EventCursor after(Call call) {
        List<String> given = values(call, "after");
        String text = given.isEmpty() ? call.lastEventId() : given.getFirst();
        if (text.isEmpty()) {
            return null;
        }
        return EventCursor.parse(text)
                .orElseThrow(() -> PulseException.of(
                        ErrorCode.INVALID_QUERY,
                        List.of(new Violation(
                                given.isEmpty() ? "Last-Event-ID" : "after",
                                "the id of an event is expected, as the stream gave it"))));
    }

    private static void follow(EventWatch watch, OutputStream out) throws IOException {
        Thread writer = Thread.currentThread();
        try (watch) {
            watch.onCutOff(writer::interrupt); // a write to a reader that reads no more would block for long
            out.write(HELLO);
            out.flush();
            while (true) {
                send(out, watch.poll(HEARTBEAT), watch.takeGap());
            }
        } catch (PulseException e) {
            out.write(utf8("event: end\ndata: "));
            out.write(ProblemJson.problem(e));
            out.write(utf8("\n\n"));
        } catch (InterruptedException e) {
            writer.interrupt();
        }
    }

    private static void send(OutputStream out, List<Event> events, boolean gap) throws IOException {
        if (gap) {
            out.write(GAP);
        }
        if (events.isEmpty()) {
            out.write(BEAT);
        }
        for (Event event : events) {
            out.write(utf8("id: " + event.id() + "\nevent: " + event.kind().wireName() + "\ndata: "));
            out.write(EventJson.event(event));
            out.write(utf8("\n\n"));
        }
        out.flush();
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
