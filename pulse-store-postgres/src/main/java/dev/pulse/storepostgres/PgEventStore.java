package dev.pulse.storepostgres;

import dev.pulse.model.AuditEntry;
import dev.pulse.model.Caller;
import dev.pulse.model.ErrorCode;
import dev.pulse.model.Event;
import dev.pulse.model.EventCursor;
import dev.pulse.model.EventDelivery;
import dev.pulse.model.EventFilter;
import dev.pulse.model.EventKind;
import dev.pulse.model.EventPage;
import dev.pulse.model.ParkedEvent;
import dev.pulse.model.PulseException;
import dev.pulse.model.SubscriptionInfo;
import dev.pulse.model.SubscriptionSpec;
import dev.pulse.model.Violation;
import dev.pulse.store.EventStore;
import dev.pulse.store.Term;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The feed and its subscriptions in PostgreSQL. A subscription is a place in the feed, moved under its lock by whoever takes
 * the next events; what was taken is a row of its own until it is settled. So a consumer that dies leaves a row behind, never
 * a hole, and consumers of one group work side by side. Any thread.
 */
final class PgEventStore implements EventStore {
    /** Events of one lease that are looked at: a filter that lets little through is served over several leases. */
    private static final int SCAN = 10_000;
    /** Scans that found nothing wanted, in one lease. */
    private static final int MAX_SCANS = 10;

    /** Deliveries put right in one lease, split or parked, before it gives up for now. */
    private static final int MAX_MENDED = 20;

    private static final int MAX_ERROR = 2_000;
    private static final Duration LONGEST_WAIT = Duration.ofMinutes(1);

    private final Database data;
    private final Database queries;
    private final Database control;
    private final Feed feed;

    PgEventStore(Database data, Database queries, Database control, Feed feed) {
        this.data = data;
        this.queries = queries;
        this.control = control;
        this.feed = feed;
    }

    @Override
    public EventCursor end() {
        return data.read(calls -> feed.ends(calls).end());
    }

    @Override
    public EventPage read(EventCursor from, int limit) {
        return data.read(calls -> feed.read(calls, from, limit).page());
    }

    @Override
    public SubscriptionInfo subscribe(SubscriptionSpec spec, Caller by) {
        data.transact(calls -> {
            Feed.Ends ends = feed.ends(calls);
            EventCursor start = switch (spec.start()) {
                case NOW -> ends.end();
                case EARLIEST -> ends.earliest();
            };
            int made = calls.sql(Statement.SUBSCRIPTION_ADD)
                    .set("name", spec.name())
                    .setArray("kinds", "text", names(spec.filter().kinds()).toArray())
                    .setArray("types", "text", spec.filter().types().toArray())
                    .setArray("queues", "text", spec.filter().queues().toArray())
                    .set("position", start.position())
                    .set("seq", start.seq())
                    .update();
            if (made > 0) {
                note(
                        calls,
                        by,
                        "subscription.create",
                        spec.name(),
                        Map.of(),
                        spec.filter().described());
            }
            return made;
        });
        SubscriptionInfo info = subscription(spec.name()).orElseThrow(() -> notFound(spec.name()));
        if (!info.filter().equals(spec.filter())) {
            throw PulseException.of(
                    ErrorCode.SUBSCRIPTION_CONFLICT,
                    List.of(new Violation(
                            "filter",
                            "subscription " + spec.name() + " exists since " + info.createdAt()
                                    + " with another filter; use that, another name, or delete it first")));
        }
        return info;
    }

    private static Stream<String> names(Set<EventKind> kinds) {
        return kinds.stream().map(EventKind::wireName);
    }

    @Override
    public List<SubscriptionInfo> subscriptions() {
        return list(null);
    }

    @Override
    public Optional<SubscriptionInfo> subscription(String name) {
        return list(name).stream().findFirst();
    }

    private List<SubscriptionInfo> list(@Nullable String name) {
        return queries.read(calls -> calls.sql(Statement.SUBSCRIPTION_LIST)
                .set("name", name)
                .set("most", (long) SubscriptionInfo.UNREAD_MAX)
                .list(row -> new SubscriptionInfo(
                        row.getString("name"),
                        filter(row),
                        Objects.requireNonNull(Sql.instant(row, "created_at")),
                        DeliveryRow.cursor(row, ""),
                        row.getLong("unread"),
                        Duration.ofMillis(Math.max(0, row.getLong("lag_ms"))),
                        row.getLong("in_flight"),
                        row.getLong("parked"),
                        row.getInt("gaps"),
                        Sql.instant(row, "last_gap_at"))));
    }

    private static EventFilter filter(ResultSet row) throws SQLException {
        return new EventFilter(
                strings(row, "kinds").map(Feed::kind).collect(Collectors.toUnmodifiableSet()),
                strings(row, "types").collect(Collectors.toUnmodifiableSet()),
                strings(row, "queues").collect(Collectors.toUnmodifiableSet()));
    }

    private static Stream<String> strings(ResultSet row, String column) throws SQLException {
        String[] values = Objects.requireNonNull(Feed.<String>array(row, column));
        return Stream.of(values);
    }

    @Override
    public boolean unsubscribe(String name, Caller by) {
        return data.transact(calls -> {
            boolean gone =
                    calls.sql(Statement.SUBSCRIPTION_REMOVE).set("name", name).first(row -> row.getString("name"))
                            != null;
            if (gone) {
                note(calls, by, "subscription.delete", name, Map.of(), Map.of());
            }
            return gone;
        });
    }

    private static void note(
            Database.Calls calls,
            Caller by,
            String action,
            String name,
            Map<String, String> before,
            Map<String, String> after)
            throws SQLException {
        AuditLog.note(calls, by, action, name, before, after, AuditEntry.DONE);
    }

    // ---- handing out ----

    /** A subscription, locked. */
    private record Locked(
            String name,
            EventFilter filter,
            EventCursor next,
            long gapPosition,
            long gapSeq,
            boolean gapPending,
            int deliveries) {}

    /** Who asks. */
    private record Consumer(String name, int max, Duration ttl) {}

    @Override
    public Optional<EventDelivery> lease(String name, String consumer, int max, Duration ttl) {
        Consumer asking = new Consumer(consumer, max, ttl);
        Optional<EventDelivery> taken = Optional.empty();
        for (int scans = 0; taken.isEmpty() && scans < MAX_SCANS && hasWork(name); scans++) {
            taken = data.transact(calls -> new Lease(calls, lock(calls, name), asking).take());
        }
        return taken;
    }

    private boolean hasWork(String name) {
        Boolean found = data.<@Nullable Boolean>read(calls ->
                calls.sql(Statement.SUBSCRIPTION_WORK).set("name", name).first(row -> row.getBoolean("found")));
        if (found == null) {
            throw notFound(name);
        }
        return found;
    }

    private static Locked lock(Database.Calls calls, String name) throws SQLException {
        Locked locked = calls.sql(Statement.SUBSCRIPTION_LOCK)
                .set("name", name)
                .first(row -> new Locked(
                        name,
                        filter(row),
                        DeliveryRow.cursor(row, ""),
                        row.getLong("gap_position"),
                        row.getLong("gap_seq"),
                        row.getBoolean("gap_pending"),
                        row.getInt("deliveries")));
        if (locked == null) {
            throw notFound(name);
        }
        return locked;
    }

    /** One lease under the subscription's lock. */
    private final class Lease {
        private final Database.Calls calls;
        private final Locked subscription;
        private final Consumer consumer;

        Lease(Database.Calls calls, Locked subscription, Consumer consumer) {
            this.calls = calls;
            this.subscription = subscription;
            this.consumer = consumer;
        }

        Optional<EventDelivery> take() throws SQLException {
            for (int mended = 0; mended < MAX_MENDED; mended++) {
                DeliveryRow ready = calls.sql(Statement.DELIVERY_READY)
                        .set("name", subscription.name())
                        .first(DeliveryRow::of);
                if (ready == null) {
                    return fresh();
                }
                Optional<EventDelivery> again = again(ready);
                if (again.isPresent()) {
                    return again;
                }
            }
            return Optional.empty();
        }

        /** Hands out again what failed or was lost; empty where that was put right instead. */
        private Optional<EventDelivery> again(DeliveryRow row) throws SQLException {
            List<Event> events = events(calls, subscription.filter(), row.from(), row.until());
            if (events.isEmpty()) {
                drop(row.id()); // the feed has dropped them while they were in flight
                return Optional.empty();
            }
            if (row.lost() && events.size() == 1 && row.tries() >= MAX_TRIES) {
                String error = "its consumer was lost " + row.tries() + " times";
                park(calls, subscription.name(), events.getFirst(), row.tries(), error);
                drop(row.id());
                return Optional.empty();
            }
            if (row.lost() && events.size() > 1 && row.tries() >= 2) {
                split(row, events);
                return Optional.empty();
            }
            UUID token = calls.sql(Statement.DELIVERY_TAKE)
                    .set("id", row.id())
                    .set("consumer", consumer.name())
                    .set("n", events.size())
                    .set("wait_ms", consumer.ttl().toMillis())
                    .first(found -> Sql.uuid(found, "token"));
            return Optional.of(new EventDelivery(Objects.requireNonNull(token), events, row.tries() + 1, row.gap()));
        }

        /** Lost twice as it is: one of them may kill its consumers, so each half goes its own way. */
        private void split(DeliveryRow row, List<Event> events) throws SQLException {
            int half = events.size() / 2;
            EventCursor middle = events.get(half).id();
            drop(row.id());
            wait(row, half, row.from(), middle);
            wait(row, events.size() - half, middle, row.until());
        }

        private void wait(DeliveryRow row, int n, EventCursor from, EventCursor until) throws SQLException {
            Stretch stretch = new Stretch(from, until, n, n == 1 ? 0 : 1, row.gap() && from.equals(row.from()));
            add(calls, subscription.name(), stretch, null, Duration.ZERO, row.error());
        }

        private Optional<EventDelivery> fresh() throws SQLException {
            if (subscription.deliveries() >= MAX_DELIVERIES) {
                return Optional.empty();
            }
            Feed.Read read = feed.read(calls, subscription.next(), SCAN);
            List<Event> wanted = new ArrayList<>();
            EventCursor until = read.page().next();
            for (Event event : read.page().events()) {
                if (subscription.filter().matches(event)) {
                    wanted.add(event);
                    if (wanted.size() == consumer.max()) {
                        until = event.id().next();
                        break;
                    }
                }
            }
            boolean gapFound = isNewGap(read);
            boolean gap = gapFound || subscription.gapPending();
            if (read.page().events().isEmpty() && !gapFound) {
                return Optional.empty();
            }
            move(until, read.ends(), gapFound, gap && wanted.isEmpty());
            if (wanted.isEmpty()) {
                return Optional.empty();
            }
            Stretch stretch = new Stretch(subscription.next(), until, wanted.size(), 1, gap);
            UUID token = add(calls, subscription.name(), stretch, consumer.name(), consumer.ttl(), null);
            return Optional.of(new EventDelivery(Objects.requireNonNull(token), wanted, 1, gap));
        }

        /** A gap that was counted before is not counted again while the subscription crosses it. */
        private boolean isNewGap(Feed.Read read) {
            Feed.Ends ends = read.ends();
            return read.page().gap()
                    && (ends.droppedPosition() > subscription.gapPosition()
                            || ends.droppedPosition() == subscription.gapPosition()
                                    && ends.droppedSeq() > subscription.gapSeq());
        }

        private void move(EventCursor to, Feed.Ends ends, boolean gapFound, boolean gapPending) throws SQLException {
            calls.sql(Statement.SUBSCRIPTION_MOVE)
                    .set("name", subscription.name())
                    .set("position", to.position())
                    .set("seq", to.seq())
                    .set("place", to.place())
                    .set("gap_found", gapFound)
                    .set("gap_position", gapFound ? ends.droppedPosition() : subscription.gapPosition())
                    .set("gap_seq", gapFound ? ends.droppedSeq() : subscription.gapSeq())
                    .set("gap_pending", gapPending)
                    .update();
        }

        private void drop(long id) throws SQLException {
            calls.sql(Statement.DELIVERY_DROP).set("id", id).update();
        }
    }

    /** The wanted events of a stretch that was handed out: the feed never changes, so they are the same each time. */
    private List<Event> events(Database.Calls calls, EventFilter filter, EventCursor from, EventCursor until)
            throws SQLException {
        return feed.read(calls, from, SCAN).page().events().stream()
                .filter(event -> event.id().compareTo(until) < 0 && filter.matches(event))
                .toList();
    }

    private record Stretch(EventCursor from, EventCursor until, int n, int tries, boolean gap) {}

    private static @Nullable UUID add(
            Database.Calls calls,
            String name,
            Stretch stretch,
            @Nullable String consumer,
            Duration wait,
            @Nullable String error)
            throws SQLException {
        return calls.sql(Statement.DELIVERY_ADD)
                .set("name", name)
                .set("consumer", consumer)
                .set("n", stretch.n())
                .set("tries", stretch.tries())
                .set("gap", stretch.gap())
                .set("from_position", stretch.from().position())
                .set("from_seq", stretch.from().seq())
                .set("from_place", stretch.from().place())
                .set("until_position", stretch.until().position())
                .set("until_seq", stretch.until().seq())
                .set("until_place", stretch.until().place())
                .set("wait_ms", wait.toMillis())
                .set("error", error)
                .list(row -> Optional.ofNullable(Sql.uuid(row, "token")))
                .getFirst()
                .orElse(null);
    }

    // ---- what consumers say ----

    @Override
    public boolean settle(String name, UUID token) {
        return data.write(calls -> calls.sql(Statement.DELIVERY_SETTLE)
                        .set("name", name)
                        .set("token", token)
                        .update())
                == 1;
    }

    @Override
    public boolean extend(String name, UUID token, EventCursor next, Duration ttl) {
        return data.transact(calls -> {
            DeliveryRow row = find(calls, name, token);
            if (row == null) {
                return false;
            }
            if (next.compareTo(row.until()) > 0) {
                throw PulseException.invalid("next", next + " is not a place of this delivery");
            }
            move(calls, row, row.n(), next.compareTo(row.from()) > 0 ? next : row.from(), ttl);
            return true;
        });
    }

    @Override
    public boolean fail(String name, UUID token, EventCursor failed, String error) {
        return data.transact(calls -> {
            Locked subscription = lock(calls, name); // before the delivery, as a lease does
            DeliveryRow row = find(calls, name, token);
            if (row == null) {
                return false;
            }
            List<Event> left = events(calls, subscription.filter(), row.from(), row.until()).stream()
                    .filter(event -> event.id().compareTo(failed) >= 0)
                    .toList();
            if (left.isEmpty() || !left.getFirst().id().equals(failed)) {
                throw PulseException.invalid("event", failed + " is not an event of this delivery");
            }
            setAside(calls, name, row, left.getFirst(), cut(error));
            if (left.size() == 1) {
                calls.sql(Statement.DELIVERY_DROP).set("id", row.id()).update();
            } else {
                move(calls, row, left.size() - 1, failed.next(), null);
            }
            return true;
        });
    }

    /** The failed event comes again alone, or is parked. */
    private static void setAside(Database.Calls calls, String name, DeliveryRow row, Event event, String error)
            throws SQLException {
        int tries = row.n() == 1 ? row.tries() : 1;
        if (tries >= MAX_TRIES) {
            park(calls, name, event, tries, error);
            return;
        }
        Duration wait = Duration.ofSeconds((long) tries * tries);
        Stretch alone = new Stretch(event.id(), event.id().next(), 1, tries, row.gap());
        add(calls, name, alone, null, wait.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : wait, error);
    }

    private static void park(Database.Calls calls, String name, Event event, int deliveries, String error)
            throws SQLException {
        calls.sql(Statement.PARKED_ADD)
                .set("name", name)
                .set("position", event.id().position())
                .set("seq", event.id().seq())
                .set("place", event.id().place())
                .set("at", event.at())
                .set("kind", event.kind().wireName())
                .set("subject", event.subject())
                .set("type", event.type())
                .set("queue", event.queue())
                .set("attempt", event.attempt())
                .set("deliveries", deliveries)
                .set("error", error)
                .update();
    }

    private static @Nullable DeliveryRow find(Database.Calls calls, String name, UUID token) throws SQLException {
        return calls.sql(Statement.DELIVERY_FIND)
                .set("name", name)
                .set("token", token)
                .first(DeliveryRow::of);
    }

    private static void move(Database.Calls calls, DeliveryRow row, int n, EventCursor to, @Nullable Duration extension)
            throws SQLException {
        calls.sql(Statement.DELIVERY_MOVE)
                .set("id", row.id())
                .set("n", n)
                .set("position", to.position())
                .set("seq", to.seq())
                .set("place", to.place())
                .set("wait_ms", extension == null ? null : (Long) extension.toMillis())
                .update();
    }

    /** What PostgreSQL can hold, and no more than a person reads. */
    private static String cut(String error) {
        String clean = error.codePoints()
                .map(c -> c == 0 || c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE ? '\uFFFD' : c)
                .limit(MAX_ERROR)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
        return clean;
    }

    // ---- parked ----

    @Override
    public List<ParkedEvent> parked(String name, int limit) {
        return queries.read(calls -> calls.sql(Statement.PARKED_LIST)
                .set("name", name)
                .set("limit", (long) limit)
                .list(row -> new ParkedEvent(
                        new Event(
                                DeliveryRow.cursor(row, ""),
                                Objects.requireNonNull(Sql.instant(row, "at")),
                                Feed.kind(row.getString("kind")),
                                Sql.uuid(row, "subject"),
                                row.getString("type"),
                                row.getString("queue"),
                                row.getInt("attempt")),
                        row.getInt("deliveries"),
                        row.getString("error"),
                        Objects.requireNonNull(Sql.instant(row, "parked_at")))));
    }

    @Override
    public int unpark(String name, Caller by) {
        return data.transact(calls -> {
            int released = calls.sql(Statement.PARKED_RELEASE).set("name", name).update();
            if (released > 0) {
                note(
                        calls,
                        by,
                        "subscription.release",
                        name,
                        Map.of("parked", String.valueOf(released)),
                        Map.of("parked", "0"));
            }
            return released;
        });
    }

    @Override
    public int prune(Term term, Duration keep) {
        return Feed.prune(control, term, keep);
    }

    private static PulseException notFound(String name) {
        return new PulseException(ErrorCode.SUBSCRIPTION_NOT_FOUND, "there is no subscription " + name);
    }
}
