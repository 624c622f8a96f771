package dev.pulse.sdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pulse.model.ErrorCode;
import dev.pulse.model.Event;
import dev.pulse.model.EventCursor;
import dev.pulse.model.EventDelivery;
import dev.pulse.model.EventFilter;
import dev.pulse.model.EventKind;
import dev.pulse.model.IdSource;
import dev.pulse.model.Limits;
import dev.pulse.model.PulseException;
import dev.pulse.model.Submission;
import dev.pulse.model.SubmissionBuilder;
import dev.pulse.model.SubscriptionInfo;
import dev.pulse.model.SubscriptionSpec;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.assertj.core.api.ThrowableAssert;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Listeners and durable subscriptions over every way to a Pulse: one suite, run by each. Every wait is for an event. */
@Timeout(120)
public abstract class EventClientContract {
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final Duration TTL = Duration.ofMinutes(5);

    private final IdSource ids = new IdSource(InstantSource.system(), new Random());
    private BrokerFixture fixture;
    private Pulse pulse;

    protected abstract BrokerFixture fixture();

    @BeforeEach
    void open() {
        fixture = fixture();
        pulse = Pulse.over(fixture.connection(), options -> {});
    }

    @AfterEach
    void close() {
        pulse.close();
        fixture.close();
    }

    // ---- listeners in the process

    @Test
    void aListenerHearsWhatCommitsFromNowOn() throws InterruptedException {
        submit("work", 1);
        BlockingQueue<Event> heard = new LinkedBlockingQueue<>();
        pulse.on(EventFilter.ALL, heard::add);
        UUID id = submit("work", 1).getFirst();
        pulse.jobs().cancel(id);

        Event first = heard.poll(20, TimeUnit.SECONDS);
        while (first != null && !first.subject().equals(id)) {
            first = heard.poll(20, TimeUnit.SECONDS); // one that committed while the listener began
        }
        assertThat(first).isNotNull();
        assertThat(first.kind()).isEqualTo(EventKind.SUBMITTED);
        assertThat(first.type()).isEqualTo("work");
        assertThat(first.queue()).isEqualTo("default");
        Event second = heard.poll(20, TimeUnit.SECONDS);
        assertThat(second).isNotNull();
        assertThat(second.kind()).isEqualTo(EventKind.CANCELED);
    }

    @Test
    void aListenerHearsOnlyWhatItsFilterLetsThrough() throws InterruptedException {
        BlockingQueue<Event> heard = new LinkedBlockingQueue<>();
        pulse.on(EventFilter.kinds(EventKind.CANCELED).types("wanted"), heard::add);
        pulse.jobs().cancel(submit("other", 1).getFirst());
        UUID wanted = submit("wanted", 1).getFirst();
        pulse.jobs().cancel(wanted);

        Event event = heard.poll(20, TimeUnit.SECONDS);

        assertThat(event).isNotNull();
        assertThat(event.subject()).isEqualTo(wanted);
        assertThat(heard).isEmpty();
    }

    @Test
    void aListenerThatThrowsHearsTheNext() {
        Set<UUID> heard = ConcurrentHashMap.newKeySet();
        pulse.on(EventFilter.ALL, event -> {
            heard.add(event.subject());
            throw new IllegalStateException("on purpose");
        });

        List<UUID> ids = submit("work", 3);

        await(() -> heard.containsAll(ids));
    }

    @Test
    void aSlowListenerLosesEventsAndHoldsUpNobody() {
        CountDownLatch release = new CountDownLatch(1);
        EventListening slow = pulse.on(EventFilter.ALL, event -> awaitQuietly(release));
        Set<UUID> heard = ConcurrentHashMap.newKeySet();
        pulse.on(EventFilter.ALL, event -> heard.add(event.subject()));
        List<UUID> ids = new ArrayList<>();
        for (int i = 0; i < EventListening.QUEUE / 500 + 2; i++) {
            List<UUID> some = submit("work", 500);
            ids.addAll(some);
            await(() -> heard.containsAll(some));
        }

        await(() -> slow.dropped() > 0);
        release.countDown();

        assertThat(slow.heard()).isPositive();
        assertThat(heard).containsAll(ids);
    }

    @Test
    void aClosedListenerHearsNothingMore() {
        Set<UUID> heard = ConcurrentHashMap.newKeySet();
        EventListening closed = pulse.on(EventFilter.ALL, event -> heard.add(event.subject()));
        UUID first = submit("work", 1).getFirst();
        await(() -> heard.contains(first));
        closed.close();
        Set<UUID> others = ConcurrentHashMap.newKeySet();
        pulse.on(EventFilter.ALL, event -> others.add(event.subject()));

        UUID second = submit("work", 1).getFirst();

        await(() -> others.contains(second));
        assertThat(heard).doesNotContain(second);
    }

    // ---- following call by call

    @Test
    void aFollowerThatComesBackGoesOnBehindTheLastIdItSaw() throws InterruptedException {
        EventClient events = pulse.events();
        List<Event> seen;
        try (LiveEvents live = events.watch(EventFilter.ALL, null)) {
            submit("work", 3);
            seen = poll(live, 3);
        }
        submit("work", 700);
        try (LiveEvents again = events.watch(EventFilter.ALL, seen.get(1).id())) {
            List<Event> rest = poll(again, 701);

            assertThat(rest.getFirst()).isEqualTo(seen.get(2));
            assertThat(rest).hasSize(701);
            assertThat(rest).extracting(Event::id).isSorted().doesNotHaveDuplicates();
            assertThat(again.takeGap()).isFalse();
        }
    }

    @Test
    void aPlaceThatTheFeedHasNotReachedIsRefused() {
        EventCursor future = new EventCursor(900_000_000_000_000_000L, 0, 0);

        assertCode(ErrorCode.INVALID_FIELD, () -> {
            try (LiveEvents live = pulse.events().watch(EventFilter.ALL, future)) {
                live.poll(LONG);
            }
        });
    }

    // ---- durable subscriptions

    @Test
    void consumersShareTheEventsOfTheirSubscription() {
        ConcurrentLinkedQueue<Event> one = new ConcurrentLinkedQueue<>();
        ConcurrentLinkedQueue<Event> other = new ConcurrentLinkedQueue<>();
        SubscriptionOptions small = SubscriptionOptions.DEFAULT.fromEarliest().chunk(5);
        pulse.subscribe("group", EventFilter.ALL, small, one::add);
        pulse.subscribe("group", EventFilter.ALL, small, other::add);

        List<UUID> ids = submit("work", 200);

        await(() -> one.size() + other.size() >= 200);
        List<UUID> handled = new ArrayList<>();
        one.forEach(event -> handled.add(event.subject()));
        other.forEach(event -> handled.add(event.subject()));
        assertThat(handled).containsExactlyInAnyOrderElementsOf(ids);
        await(() -> info("group").inFlight() == 0);
        assertThat(info("group").unread()).isZero();
    }

    @Test
    void anEventWhoseHandlerThrewComesAgain() {
        Set<UUID> failed = ConcurrentHashMap.newKeySet();
        ConcurrentLinkedQueue<UUID> handled = new ConcurrentLinkedQueue<>();
        EventSubscription subscription = pulse.subscribe("group", EventFilter.ALL, event -> {
            if (failed.add(event.subject())) {
                throw new IllegalStateException("the first time");
            }
            handled.add(event.subject());
        });

        List<UUID> ids = submit("work", 3);

        await(() -> handled.size() >= 3);
        assertThat(handled).containsExactlyInAnyOrderElementsOf(ids);
        assertThat(subscription.failed()).isEqualTo(3);
        await(() -> info("group").inFlight() == 0);
    }

    @Test
    void whatAClosedConsumerHadNotHandledGoesToTheNext() {
        CountDownLatch inFirst = new CountDownLatch(1);
        Set<UUID> handled = ConcurrentHashMap.newKeySet();
        EventSubscription first =
                pulse.subscribe("group", EventFilter.ALL, SubscriptionOptions.DEFAULT.leaseTtl(TTL), event -> {
                    handled.add(event.subject());
                    inFirst.countDown();
                    while (!Thread.currentThread().isInterrupted()) {
                        LockSupport.park(this);
                    }
                });
        List<UUID> ids = submit("work", 10);
        await(() -> inFirst.getCount() == 0);

        first.close(Duration.ofMillis(1));
        await(first::isEnded);
        assertThat(handled).hasSizeLessThan(10);
        ConcurrentLinkedQueue<UUID> second = new ConcurrentLinkedQueue<>();
        pulse.subscribe("group", EventFilter.ALL, event -> second.add(event.subject()));

        await(() -> {
            Set<UUID> all = new HashSet<>(handled);
            all.addAll(second);
            return all.containsAll(ids);
        });
        assertThat(second).as("long before the lease would have ended").doesNotHaveDuplicates();
    }

    @Test
    void aSlowHandlerKeepsItsLease() {
        CountDownLatch release = new CountDownLatch(1);
        ConcurrentLinkedQueue<UUID> handled = new ConcurrentLinkedQueue<>();
        SubscriptionOptions shortLease = SubscriptionOptions.DEFAULT.leaseTtl(Duration.ofSeconds(1));
        pulse.subscribe("group", EventFilter.ALL, shortLease, event -> {
            handled.add(event.subject());
            awaitQuietly(release);
        });
        UUID id = submit("work", 1).getFirst();
        await(() -> handled.contains(id));
        // A second consumer asks again and again, over more than two leases: each answer is a look of ours.
        long until = System.nanoTime() + Duration.ofMillis(2_500).toNanos();
        while (System.nanoTime() < until) {
            assertThat(pulse.events().lease("group", "other", 10, TTL, Duration.ofMillis(300)))
                    .isEmpty();
        }

        release.countDown();

        await(() -> info("group").inFlight() == 0);
        assertThat(handled).containsExactly(id);
    }

    @Test
    void aWaitingConsumerGetsWhatComes() {
        EventClient events = pulse.events();
        subscribe("group", EventFilter.ALL);
        CountDownLatch asked = new CountDownLatch(1);
        BlockingQueue<EventDelivery> got = new LinkedBlockingQueue<>();
        Thread waiting = Thread.ofVirtual().start(() -> {
            asked.countDown();
            events.lease("group", "c", 10, TTL, LONG).ifPresent(got::add);
        });
        awaitQuietly(asked);
        UUID id = submit("work", 1).getFirst();

        await(() -> !got.isEmpty());

        EventDelivery delivery = got.element();
        assertThat(delivery.events()).extracting(Event::subject).containsExactly(id);
        assertThat(delivery.delivery()).isEqualTo(1);
        assertThat(events.settle("group", delivery.token())).isTrue();
        assertThat(events.settle("group", delivery.token())).isFalse();
        await(() -> !waiting.isAlive());
    }

    @Test
    void aFailedEventComesAgainAlone() {
        EventClient events = pulse.events();
        subscribe("group", EventFilter.ALL);
        submit("work", 3);
        EventDelivery delivery = events.lease("group", "c", 3, TTL, LONG).orElseThrow();
        Event second = delivery.events().get(1);

        assertThat(events.fail("group", delivery.token(), second.id(), "boom")).isTrue();
        assertThat(events.settle("group", delivery.token())).isTrue();

        EventDelivery again = events.lease("group", "c", 3, TTL, LONG).orElseThrow();
        assertThat(again.events()).containsExactly(second);
        assertThat(again.delivery()).isEqualTo(2);
        assertThat(events.parked("group")).as("not yet").isEmpty();
        assertThat(events.unpark("group")).isZero();
    }

    @Test
    void progressWithinADeliveryIsKept() {
        EventClient events = pulse.events();
        subscribe("group", EventFilter.ALL);
        submit("work", 4);
        EventDelivery delivery = events.lease("group", "c", 4, TTL, LONG).orElseThrow();
        Event third = delivery.events().get(2);

        assertThat(events.extend("group", delivery.token(), third.id(), Duration.ofSeconds(1)))
                .isTrue();

        EventDelivery again = events.lease("group", "d", 10, TTL, LONG).orElseThrow();
        assertThat(again.events()).isEqualTo(delivery.events().subList(2, 4));
        assertThat(events.extend("group", delivery.token(), third.id(), TTL)).isFalse();
    }

    @Test
    void aSubscriptionIsListedWithItsFilterAndDeleted() {
        EventFilter filter = new EventFilter(Set.of(EventKind.COMPLETED), Set.of("a"), Set.of("b"));
        subscribe("group", filter);

        SubscriptionInfo info = info("group");
        assertThat(info.filter()).isEqualTo(filter);
        assertThat(info.gaps()).isZero();
        assertThat(info.lag()).isZero();

        pulse.events().unsubscribe("group");
        assertThat(pulse.events().subscriptions()).isEmpty();
        assertCode(ErrorCode.SUBSCRIPTION_NOT_FOUND, () -> pulse.events().unsubscribe("group"));
    }

    @Test
    void aConsumerEndsWhenItsSubscriptionIsDeleted() {
        EventSubscription subscription = pulse.subscribe("group", EventFilter.ALL, event -> {});
        pulse.events().unsubscribe("group");

        await(subscription::isEnded);
    }

    @Test
    void whatIsInvalidIsRefusedWithItsName() {
        EventClient events = pulse.events();
        subscribe("group", EventFilter.ALL);

        assertCode(
                ErrorCode.SUBSCRIPTION_CONFLICT,
                () -> pulse.subscribe("group", EventFilter.kinds(EventKind.DELETED), event -> {}));
        assertCode(ErrorCode.INVALID_FIELD, () -> subscribe("no/slash", EventFilter.ALL));
        assertCode(ErrorCode.INVALID_FIELD, () -> events.lease("group", "c", 0, TTL, Duration.ZERO));
        assertCode(ErrorCode.INVALID_FIELD, () -> events.lease("group", "c", 1_001, TTL, Duration.ZERO));
        assertCode(ErrorCode.INVALID_FIELD, () -> events.lease("group", "c", 1, Duration.ofDays(1), Duration.ZERO));
        assertCode(ErrorCode.SUBSCRIPTION_NOT_FOUND, () -> events.lease("nobody", "c", 1, TTL, Duration.ZERO));
        assertCode(ErrorCode.SUBSCRIPTION_NOT_FOUND, () -> events.parked("nobody"));
        assertThat(events.settle("group", new UUID(1, 1))).isFalse();
        assertThat(events.fail("group", new UUID(1, 1), EventCursor.START, "x")).isFalse();
    }

    // ---- tools

    private List<UUID> submit(String type, int count) {
        List<Submission> batch = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            batch.add(new SubmissionBuilder(Limits.DEFAULT).type(type).build(ids));
        }
        return pulse.jobs().submitAll(batch).stream().map(Submitted::id).toList();
    }

    private void subscribe(String name, EventFilter filter) {
        pulse.events().subscribe(new SubscriptionSpec(name, filter, SubscriptionSpec.Start.NOW));
    }

    private SubscriptionInfo info(String name) {
        return pulse.events().subscriptions().stream()
                .filter(one -> one.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static List<Event> poll(LiveEvents live, int count) throws InterruptedException {
        List<Event> events = new ArrayList<>();
        while (events.size() < count) {
            List<Event> some = live.poll(LONG);
            assertThat(some).as("%d of %d events came", events.size(), count).isNotEmpty();
            events.addAll(some);
        }
        return events;
    }

    private static void await(BooleanSupplier condition) {
        long until = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("in vain").isLessThan(until);
            LockSupport.parkNanos(1_000_000);
        }
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void assertCode(ErrorCode code, ThrowableAssert.ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        PulseException.class, e -> assertThat(e.code()).isEqualTo(code));
    }
}
