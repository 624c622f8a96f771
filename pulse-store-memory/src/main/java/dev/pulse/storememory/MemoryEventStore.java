package dev.pulse.storememory;

import dev.pulse.model.AuditEntry;
import dev.pulse.model.Caller;
import dev.pulse.model.ErrorCode;
import dev.pulse.model.Event;
import dev.pulse.model.EventCursor;
import dev.pulse.model.EventDelivery;
import dev.pulse.model.EventPage;
import dev.pulse.model.ParkedEvent;
import dev.pulse.model.PulseException;
import dev.pulse.model.SubscriptionInfo;
import dev.pulse.model.SubscriptionSpec;
import dev.pulse.model.Violation;
import dev.pulse.store.EventStore;
import dev.pulse.store.Term;
import dev.pulse.storememory.StoredSubscription.Handed;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** The feed and its subscriptions in memory. Any thread. One lock decides every order, so nothing commits late. */
final class MemoryEventStore implements EventStore {
    private final Tables tables;
    private final Leadership leadership;
    private final MemoryAuditStore audit;
    private final RandomGenerator random;
    private final NavigableMap<String, StoredSubscription> subscriptions = new TreeMap<>();

    MemoryEventStore(Tables tables, Leadership leadership, MemoryAuditStore audit, RandomGenerator random) {
        this.tables = tables;
        this.leadership = leadership;
        this.audit = audit;
        this.random = random;
    }

    @Override
    public EventCursor end() {
        return tables.locked(tables.events::end);
    }

    @Override
    public EventPage read(EventCursor from, int limit) {
        return tables.locked(() -> {
            List<Event> found =
                    tables.events.from(from).values().stream().limit(limit + 1L).toList();
            boolean more = found.size() > limit;
            EventCursor end = tables.events.end();
            EventCursor next = more ? found.getLast().id() : end.compareTo(from) > 0 ? end : from;
            return new EventPage(more ? found.subList(0, limit) : found, next, more, isGapAt(from));
        });
    }

    private boolean isGapAt(EventCursor from) {
        EventCursor dropped = tables.events.dropped();
        return !dropped.equals(EventCursor.START) && dropped.compareTo(from) >= 0;
    }

    @Override
    public SubscriptionInfo subscribe(SubscriptionSpec spec, Caller by) {
        return tables.locked(() -> {
            if (!subscriptions.containsKey(spec.name())) {
                audit.note(
                        by,
                        "subscription.create",
                        spec.name(),
                        Map.of(),
                        spec.filter().described(),
                        AuditEntry.DONE);
            }
            StoredSubscription subscription = subscriptions.computeIfAbsent(
                    spec.name(), name -> new StoredSubscription(spec, tables.now(), start(spec.start())));
            if (!subscription.spec.filter().equals(spec.filter())) {
                throw PulseException.of(
                        ErrorCode.SUBSCRIPTION_CONFLICT,
                        List.of(new Violation(
                                "filter",
                                "subscription " + spec.name() + " exists since " + subscription.createdAt
                                        + " with another filter; use that, another name, or delete it first")));
            }
            return info(subscription);
        });
    }

    private EventCursor start(SubscriptionSpec.Start start) {
        return switch (start) {
            case NOW -> tables.events.end();
            case EARLIEST ->
                tables.events.dropped().equals(EventCursor.START)
                        ? EventCursor.START
                        : tables.events.dropped().next();
        };
    }

    @Override
    public List<SubscriptionInfo> subscriptions() {
        return tables.locked(
                () -> subscriptions.values().stream().map(this::info).toList());
    }

    @Override
    public Optional<SubscriptionInfo> subscription(String name) {
        return tables.locked(() -> Optional.ofNullable(subscriptions.get(name)).map(this::info));
    }

    private SubscriptionInfo info(StoredSubscription subscription) {
        Collection<Event> unread = tables.events.from(subscription.next).values();
        Duration lag = unread.isEmpty()
                ? Duration.ZERO
                : Duration.between(unread.iterator().next().at(), tables.now());
        return new SubscriptionInfo(
                subscription.spec.name(),
                subscription.spec.filter(),
                subscription.createdAt,
                subscription.next,
                Math.min(unread.size(), SubscriptionInfo.UNREAD_MAX),
                lag,
                subscription.handed.stream().mapToLong(one -> one.events.size()).sum(),
                subscription.parked.size(),
                subscription.gaps,
                subscription.lastGapAt);
    }

    @Override
    public boolean unsubscribe(String name, Caller by) {
        return tables.locked(() -> {
            boolean gone = subscriptions.remove(name) != null;
            if (gone) {
                audit.note(by, "subscription.delete", name, Map.of(), Map.of(), AuditEntry.DONE);
            }
            return gone;
        });
    }

    @Override
    public Optional<EventDelivery> lease(String name, String consumer, int max, Duration ttl) {
        return tables.locked(() -> {
            StoredSubscription subscription = find(name);
            for (Optional<Handed> ready = ready(subscription); ready.isPresent(); ready = ready(subscription)) {
                Handed one = ready.get();
                if (!one.isLost() || one.events.size() == 1 && one.tries < MAX_TRIES || one.tries < 2) {
                    one.tries++;
                    return Optional.of(hand(one, ttl));
                }
                subscription.handed.remove(one);
                if (one.events.size() == 1) {
                    park(subscription, one, "its consumer was lost " + one.tries + " times");
                } else {
                    split(subscription, one);
                }
            }
            return fresh(subscription, max, ttl);
        });
    }

    private Optional<Handed> ready(StoredSubscription subscription) {
        return subscription.handed.stream()
                .filter(one -> !one.until.isAfter(tables.now()))
                .findFirst();
    }

    private EventDelivery hand(Handed one, Duration ttl) {
        one.token = new UUID(random.nextLong(), random.nextLong());
        one.until = tables.now().plus(ttl);
        return new EventDelivery(one.token, one.events, one.tries, one.gap);
    }

    private void split(StoredSubscription subscription, Handed one) {
        int half = one.events.size() / 2;
        wait(subscription, one.events.subList(0, half), one.gap);
        wait(subscription, one.events.subList(half, one.events.size()), false);
    }

    private void wait(StoredSubscription subscription, List<Event> events, boolean gap) {
        subscription.handed.add(new Handed(List.copyOf(events), events.size() == 1 ? 0 : 1, gap, tables.now()));
    }

    private Optional<EventDelivery> fresh(StoredSubscription subscription, int max, Duration ttl) {
        if (subscription.handed.size() >= MAX_DELIVERIES) {
            return Optional.empty();
        }
        boolean gapFound = isGapAt(subscription.next) && tables.events.dropped().compareTo(subscription.gapTold) > 0;
        if (gapFound) {
            subscription.gaps++;
            subscription.lastGapAt = tables.now();
            subscription.gapTold = tables.events.dropped();
            subscription.gapPending = true;
        }
        List<Event> wanted = tables.events.from(subscription.next).values().stream()
                .filter(subscription.spec.filter()::matches)
                .limit(max)
                .toList();
        subscription.next = wanted.size() == max ? wanted.getLast().id().next() : tables.events.end();
        if (wanted.isEmpty()) {
            return Optional.empty();
        }
        Handed one = new Handed(wanted, 1, subscription.gapPending, tables.now());
        subscription.gapPending = false;
        subscription.handed.add(one);
        return Optional.of(hand(one, ttl));
    }

    @Override
    public boolean settle(String name, UUID token) {
        return tables.locked(() -> {
            StoredSubscription subscription = subscriptions.get(name);
            return subscription != null && subscription.handed.removeIf(one -> token.equals(one.token));
        });
    }

    @Override
    public boolean extend(String name, UUID token, EventCursor next, Duration ttl) {
        return tables.locked(() -> {
            StoredSubscription subscription = subscriptions.get(name);
            Handed one = subscription == null ? null : handed(subscription, token);
            if (one == null) {
                return false;
            }
            if (next.compareTo(one.events.getLast().id().next()) > 0) {
                throw PulseException.invalid("next", next + " is not a place of this delivery");
            }
            List<Event> left = from(one, next);
            if (left.size() < one.events.size()) {
                one.tries = 1;
                one.events = left;
            }
            one.until = tables.now().plus(ttl);
            return true;
        });
    }

    @Override
    public boolean fail(String name, UUID token, EventCursor failed, String error) {
        return tables.locked(() -> {
            StoredSubscription subscription = find(name);
            Handed one = handed(subscription, token);
            if (one == null) {
                return false;
            }
            List<Event> left = from(one, failed);
            if (left.isEmpty() || !left.getFirst().id().equals(failed)) {
                throw PulseException.invalid("event", failed + " is not an event of this delivery");
            }
            int tries = one.events.size() == 1 ? one.tries : 1;
            Handed alone = new Handed(
                    List.of(left.getFirst()), tries, one.gap, tables.now().plusSeconds((long) tries * tries));
            if (tries >= MAX_TRIES) {
                park(subscription, alone, error);
            } else {
                subscription.handed.add(alone);
            }
            one.events = left.subList(1, left.size());
            one.tries = 1;
            if (one.events.isEmpty()) {
                subscription.handed.remove(one);
            }
            return true;
        });
    }

    private static List<Event> from(Handed one, EventCursor place) {
        return one.events.stream()
                .filter(event -> event.id().compareTo(place) >= 0)
                .toList();
    }

    private static @Nullable Handed handed(StoredSubscription subscription, UUID token) {
        return subscription.handed.stream()
                .filter(one -> token.equals(one.token))
                .findFirst()
                .orElse(null);
    }

    private void park(StoredSubscription subscription, Handed one, String error) {
        subscription.parked.add(new ParkedEvent(one.events.getFirst(), one.tries, error, tables.now()));
    }

    @Override
    public List<ParkedEvent> parked(String name, int limit) {
        return tables.locked(() -> Optional.ofNullable(subscriptions.get(name)).stream()
                .flatMap(subscription -> subscription.parked.stream())
                .limit(limit)
                .toList());
    }

    @Override
    public int unpark(String name, Caller by) {
        return tables.locked(() -> {
            StoredSubscription subscription = subscriptions.get(name);
            if (subscription == null) {
                return 0;
            }
            List<ParkedEvent> all = new ArrayList<>(subscription.parked);
            subscription.parked.clear();
            if (!all.isEmpty()) {
                audit.note(
                        by,
                        "subscription.release",
                        name,
                        Map.of("parked", String.valueOf(all.size())),
                        Map.of("parked", "0"),
                        AuditEntry.DONE);
            }
            all.forEach(one -> subscription.handed.add(new Handed(List.of(one.event()), 0, false, tables.now())));
            return all.size();
        });
    }

    @Override
    public int prune(Term term, Duration keep) {
        return tables.locked(() ->
                leadership.holds(term) && tables.events.dropBefore(tables.now().minus(keep)) > 0 ? 1 : 0);
    }

    private StoredSubscription find(String name) {
        StoredSubscription subscription = subscriptions.get(name);
        if (subscription == null) {
            throw new PulseException(ErrorCode.SUBSCRIPTION_NOT_FOUND, "there is no subscription " + name);
        }
        return subscription;
    }
}
