package dev.pulse.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pulse.model.ErrorCode;
import dev.pulse.model.Event;
import dev.pulse.model.EventCursor;
import dev.pulse.model.EventDelivery;
import dev.pulse.model.EventFilter;
import dev.pulse.model.EventKind;
import dev.pulse.model.ParkedEvent;
import dev.pulse.model.PulseException;
import dev.pulse.model.SubscriptionInfo;
import dev.pulse.model.SubscriptionSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import org.assertj.core.api.ThrowableAssert;
import org.junit.jupiter.api.Test;

/** Durable subscriptions: each event to one consumer, again when that one is lost, never skipped. */
public abstract class SubscriptionContract extends StoreContract {
    private static final Duration TTL = Duration.ofMinutes(10);
    private static final Duration PAST_TTL = Duration.ofMinutes(20);
    private static final Duration PAST_EVERY_PAUSE = Duration.ofMinutes(5);
    private static final String GROUP = "group";

    // ---- beginning

    @Test
    void aNewSubscriptionBeginsWithWhatCommitsFromNowOn() {
        fixture.job().submitted();
        EventContract.feed(events, 1);
        subscribe(EventFilter.ALL, SubscriptionSpec.Start.NOW);
        UUID later = fixture.job().submitted();

        assertThat(take(10).events()).extracting(Event::subject).containsExactly(later);
    }

    @Test
    void orWithTheOldestThatIsKept() {
        UUID old = fixture.job().submitted();
        subscribe(EventFilter.ALL, SubscriptionSpec.Start.EARLIEST);

        EventDelivery delivery = take(10);

        assertThat(delivery.events()).extracting(Event::subject).containsExactly(old);
        assertThat(delivery.delivery()).isEqualTo(1);
        assertThat(delivery.gap()).isFalse();
    }

    @Test
    void subscribingAgainChangesNothing() {
        subscribe();
        submit(1);
        take(10);

        SubscriptionInfo again = subscribe();

        assertThat(again.inFlight()).isEqualTo(1);
        assertThat(events.lease(GROUP, "c", 10, TTL)).isEmpty();
    }

    @Test
    void anotherFilterUnderTheSameNameIsRefused() {
        subscribe();

        assertCode(
                ErrorCode.SUBSCRIPTION_CONFLICT,
                () -> subscribe(EventFilter.kinds(EventKind.COMPLETED), SubscriptionSpec.Start.EARLIEST));
    }

    @Test
    void anUnknownNameIsRefused() {
        assertCode(ErrorCode.SUBSCRIPTION_NOT_FOUND, () -> events.lease("nobody", "c", 1, TTL));
        assertThat(events.settle("nobody", new UUID(1, 2))).isFalse();
        assertThat(events.extend("nobody", new UUID(1, 2), EventCursor.START, TTL))
                .isFalse();
        assertThat(events.subscription("nobody")).isEmpty();
        assertThat(events.unsubscribe("nobody")).isFalse();
        assertThat(events.unpark("nobody")).isZero();
    }

    @Test
    void aDeletedSubscriptionBeginsAnew() {
        subscribe();
        submit(2);
        take(10);

        assertThat(events.unsubscribe(GROUP)).isTrue();

        assertThat(events.subscriptions()).isEmpty();
        assertThat(subscribe().inFlight()).isZero();
        assertThat(take(10).events()).hasSize(2);
    }

    // ---- handing out

    @Test
    void eachEventGoesToOneConsumer() {
        subscribe();
        List<UUID> ids = submit(5);

        List<Event> first = take(2).events();
        List<Event> second = take(2).events();
        List<Event> third = take(2).events();

        assertThat(first).hasSize(2);
        assertThat(second).hasSize(2);
        assertThat(third).hasSize(1);
        List<Event> all = new ArrayList<>(first);
        all.addAll(second);
        all.addAll(third);
        assertThat(all).extracting(Event::subject).containsExactlyElementsOf(ids);
        assertThat(events.lease(GROUP, "c", 2, TTL)).isEmpty();
    }

    @Test
    void consumersAtTheSameMomentGetDifferentEvents() {
        subscribe();
        submit(40);
        EventContract.feed(events, 40);
        List<Callable<List<Event>>> consumers = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            String name = "consumer-" + i;
            consumers.add(() ->
                    events.lease(GROUP, name, 5, TTL).map(EventDelivery::events).orElse(List.of()));
        }

        List<List<Event>> taken = Together.run(consumers);

        Set<EventCursor> seen = new HashSet<>();
        taken.forEach(some -> some.forEach(
                event -> assertThat(seen.add(event.id())).as("%s once", event).isTrue()));
        assertThat(seen).hasSize(40);
    }

    @Test
    void onlyWhatTheFilterLetsThroughIsHandedOut() {
        subscribe(
                EventFilter.kinds(EventKind.COMPLETED).types("wanted").queues("here"), SubscriptionSpec.Start.EARLIEST);
        fixture.job().type("wanted").queue("there").completed();
        fixture.job().type("other").queue("here").completed();
        UUID wanted =
                fixture.job().type("wanted").queue("here").completed().facts().id();
        EventContract.feed(events, 6);

        EventDelivery delivery = take(10);

        assertThat(delivery.events()).extracting(Event::subject).containsExactly(wanted);
        assertThat(delivery.events()).extracting(Event::kind).containsExactly(EventKind.COMPLETED);
        assertThat(info().unread()).isZero();
    }

    @Test
    void whatIsInFlightIsBounded() {
        subscribe();
        submit(EventStore.MAX_DELIVERIES + 1);
        EventContract.feed(events, EventStore.MAX_DELIVERIES + 1);
        List<EventDelivery> taken = new ArrayList<>();
        for (int i = 0; i < EventStore.MAX_DELIVERIES; i++) {
            taken.add(take(1));
        }

        assertThat(events.lease(GROUP, "c", 1, TTL)).isEmpty();
        assertThat(info().inFlight()).isEqualTo(EventStore.MAX_DELIVERIES);

        events.settle(GROUP, taken.getFirst().token());
        assertThat(take(1).events()).hasSize(1);
    }

    // ---- settling

    @Test
    void whatIsSettledNeverComesAgain() {
        subscribe();
        submit(3);
        EventDelivery delivery = take(10);

        assertThat(events.settle(GROUP, delivery.token())).isTrue();
        assertThat(events.settle(GROUP, delivery.token())).isFalse();

        advance(PAST_TTL);
        assertThat(events.lease(GROUP, "c", 10, TTL)).isEmpty();
        assertThat(info().inFlight()).isZero();
    }

    @Test
    void theEventsOfALostConsumerGoToAnother() {
        subscribe();
        submit(3);
        EventDelivery lost = take(10);
        assertThat(events.lease(GROUP, "other", 10, TTL)).isEmpty();
        advance(PAST_TTL);

        EventDelivery again = take(10);

        assertThat(again.events()).isEqualTo(lost.events());
        assertThat(again.delivery()).isEqualTo(2);
        assertThat(again.token()).isNotEqualTo(lost.token());
        assertThat(events.settle(GROUP, lost.token()))
                .as("the late word of the lost one")
                .isFalse();
        assertThat(events.extend(GROUP, lost.token(), lost.events().getLast().id(), TTL))
                .isFalse();
        assertThat(events.settle(GROUP, again.token())).isTrue();
    }

    @Test
    void aLapsedConsumerMaySettleWhileNobodyTookOver() {
        subscribe();
        submit(1);
        EventDelivery late = take(10);
        advance(PAST_TTL);

        assertThat(events.settle(GROUP, late.token())).isTrue();
        assertThat(events.lease(GROUP, "c", 10, TTL)).isEmpty();
    }

    @Test
    void whatIsHandledBeforeAConsumerIsLostDoesNotComeAgain() {
        subscribe();
        submit(4);
        EventDelivery delivery = take(10);
        Event third = delivery.events().get(2);

        assertThat(events.extend(GROUP, delivery.token(), third.id(), TTL)).isTrue();
        advance(PAST_TTL);

        assertThat(take(10).events()).isEqualTo(delivery.events().subList(2, 4));
    }

    @Test
    void anExtendedLeaseLasts() {
        subscribe();
        submit(2);
        EventDelivery delivery = take(10);
        for (int i = 0; i < 3; i++) {
            advance(Duration.ofMinutes(6));
            assertThat(events.extend(GROUP, delivery.token(), EventCursor.START, TTL))
                    .isTrue();
        }

        assertThat(events.lease(GROUP, "c", 10, TTL)).isEmpty();
        assertThat(events.settle(GROUP, delivery.token())).isTrue();
    }

    @Test
    void aPlaceBeyondTheDeliveryIsRefused() {
        subscribe();
        submit(2);
        EventDelivery delivery = take(1);
        EventDelivery next = take(1);

        assertCode(
                ErrorCode.INVALID_FIELD,
                () -> events.extend(
                        GROUP, delivery.token(), next.events().getFirst().id().next(), TTL));
    }

    // ---- failing

    @Test
    void aFailedEventComesAgainAloneAndTheRestGoesOn() {
        subscribe();
        submit(4);
        EventDelivery delivery = take(10);
        Event second = delivery.events().get(1);

        assertThat(events.fail(GROUP, delivery.token(), second.id(), "boom")).isTrue();
        assertThat(events.settle(GROUP, delivery.token())).isTrue();

        assertThat(events.lease(GROUP, "c", 10, TTL)).as("not at once").isEmpty();
        advance(PAST_EVERY_PAUSE);
        EventDelivery again = take(10);
        assertThat(again.events()).containsExactly(second);
        assertThat(again.delivery()).isEqualTo(2);
        assertThat(events.settle(GROUP, again.token())).isTrue();
    }

    @Test
    void theLastEventOfADeliveryMayFailToo() {
        subscribe();
        submit(1);
        EventDelivery delivery = take(10);

        assertThat(events.fail(
                        GROUP, delivery.token(), delivery.events().getFirst().id(), "boom"))
                .isTrue();

        assertThat(events.settle(GROUP, delivery.token()))
                .as("nothing is left of it")
                .isFalse();
        assertThat(info().inFlight()).isEqualTo(1);
    }

    @Test
    void anEventOfAnotherDeliveryCannotFail() {
        subscribe();
        submit(2);
        EventDelivery one = take(1);
        EventDelivery other = take(1);

        assertCode(
                ErrorCode.INVALID_FIELD,
                () -> events.fail(GROUP, one.token(), other.events().getFirst().id(), "boom"));
        assertThat(events.fail(GROUP, new UUID(3, 4), other.events().getFirst().id(), "boom"))
                .isFalse();
    }

    @Test
    void anEventThatFailsTooOftenIsParkedVisibly() {
        subscribe();
        UUID poison = submit(1).getFirst();
        for (int i = 1; i <= EventStore.MAX_TRIES; i++) {
            EventDelivery delivery = take(10);
            assertThat(delivery.delivery()).isEqualTo(i);
            assertThat(events.fail(
                            GROUP,
                            delivery.token(),
                            delivery.events().getFirst().id(),
                            "boom \0 " + i))
                    .isTrue();
            advance(PAST_EVERY_PAUSE);
        }

        assertThat(events.lease(GROUP, "c", 10, TTL)).isEmpty();
        ParkedEvent parked = events.parked(GROUP, 10).getFirst();
        assertThat(parked.event().subject()).isEqualTo(poison);
        assertThat(parked.deliveries()).isEqualTo(EventStore.MAX_TRIES);
        assertThat(parked.error()).startsWith("boom").endsWith("" + EventStore.MAX_TRIES);
        assertThat(info().parked()).isEqualTo(1);
        assertThat(info().inFlight()).isZero();

        assertThat(events.unpark(GROUP)).isEqualTo(1);
        EventDelivery again = take(10);
        assertThat(again.events()).containsExactly(parked.event());
        assertThat(again.delivery()).isEqualTo(1);
        assertThat(events.parked(GROUP, 10)).isEmpty();
    }

    @Test
    void anEventThatKillsItsConsumersIsFoundByHalvingAndParked() {
        subscribe();
        List<UUID> ids = submit(16);
        EventContract.feed(events, 16);
        UUID killer = ids.get(11);
        Set<UUID> handled = new HashSet<>();
        int deaths = 0;
        for (int rounds = 0; rounds < 200 && events.parked(GROUP, 1).isEmpty(); rounds++) {
            Optional<EventDelivery> delivery = events.lease(GROUP, "c", 100, TTL);
            if (delivery.isEmpty()) {
                advance(PAST_TTL);
                continue;
            }
            List<UUID> subjects =
                    delivery.get().events().stream().map(Event::subject).toList();
            if (subjects.contains(killer)) {
                deaths++; // it says nothing more
            } else {
                handled.addAll(subjects);
                events.settle(GROUP, delivery.get().token());
            }
        }

        assertThat(events.parked(GROUP, 10))
                .extracting(one -> one.event().subject())
                .containsExactly(killer);
        assertThat(deaths).isLessThanOrEqualTo(2 + 4 + EventStore.MAX_TRIES);
        ids.remove(killer);
        assertThat(handled).containsExactlyInAnyOrderElementsOf(ids);
        assertThat(info().inFlight()).isZero();
    }

    // ---- looking

    @Test
    void theLagIsTheAgeOfTheOldestUnreadEvent() {
        subscribe();
        assertThat(info().lag()).isZero();
        submit(3);
        EventContract.feed(events, 3);
        advance(Duration.ofMinutes(30));

        assertThat(info().unread()).isEqualTo(3);
        assertThat(info().lag()).isBetween(Duration.ofMinutes(30), Duration.ofMinutes(40));

        take(2);
        assertThat(info().unread()).isEqualTo(1);
        assertThat(info().inFlight()).isEqualTo(2);
        take(2);
        assertThat(info().unread()).isZero();
        assertThat(info().lag()).isZero();
    }

    @Test
    void subscriptionsAreListedByNameWithTheirFilters() {
        EventFilter filter = new EventFilter(Set.of(EventKind.CANCELED), Set.of("a", "b"), Set.of("q"));
        events.subscribe(new SubscriptionSpec("two", filter, SubscriptionSpec.Start.NOW));
        events.subscribe(new SubscriptionSpec("one", EventFilter.ALL, SubscriptionSpec.Start.NOW));

        assertThat(events.subscriptions()).extracting(SubscriptionInfo::name).containsExactly("one", "two");
        assertThat(events.subscription("two").orElseThrow().filter()).isEqualTo(filter);
    }

    @Test
    void aSubscriptionThatFellBehindIsToldOfTheGapOnce() {
        subscribe();
        submit(2);
        EventContract.feed(events, 2);
        advance(Duration.ofDays(5));
        UUID young = submit(1).getFirst();
        EventContract.feed(events, 3);
        events.prune(fixture.lead(), Duration.ofDays(3));
        UUID younger = submit(1).getFirst();
        EventContract.feed(events, 2);

        EventDelivery first = take(1);
        assertThat(first.events()).extracting(Event::subject).containsExactly(young);
        assertThat(first.gap()).isTrue();
        EventDelivery second = take(1);
        assertThat(second.events()).extracting(Event::subject).containsExactly(younger);
        assertThat(second.gap()).isFalse();
        assertThat(info().gaps()).isEqualTo(1);
        assertThat(info().lastGapAt()).isNotNull();

        advance(PAST_TTL);
        assertThat(take(1).gap()).as("told again where its consumer was lost").isTrue();
    }

    @Test
    void aSubscriptionThatIsUpToDateMissesNothingWhenDaysAreDropped() {
        subscribe();
        submit(2);
        events.settle(GROUP, take(10).token());
        advance(Duration.ofDays(5));
        submit(1);
        EventContract.feed(events, 3);
        events.prune(fixture.lead(), Duration.ofDays(3));

        EventDelivery delivery = take(10);

        assertThat(delivery.events()).hasSize(1);
        assertThat(delivery.gap()).isFalse();
        assertThat(info().gaps()).isZero();
    }

    // ---- tools

    private SubscriptionInfo subscribe() {
        return subscribe(EventFilter.ALL, SubscriptionSpec.Start.EARLIEST);
    }

    private SubscriptionInfo subscribe(EventFilter filter, SubscriptionSpec.Start start) {
        return events.subscribe(new SubscriptionSpec(GROUP, filter, start));
    }

    private SubscriptionInfo info() {
        return events.subscription(GROUP).orElseThrow();
    }

    private List<UUID> submit(int count) {
        List<UUID> ids = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            ids.add(fixture.job().type("type").submitted());
        }
        return ids;
    }

    /** A delivery; the feed's end may be held up for a moment by another transaction of the cluster. */
    private EventDelivery take(int max) {
        for (int looks = 0; looks < 20_000; looks++) {
            Optional<EventDelivery> delivery = events.lease(GROUP, "c", max, TTL);
            if (delivery.isPresent()) {
                return delivery.get();
            }
            LockSupport.parkNanos(1_000_000);
        }
        throw new AssertionError("nothing was handed out: " + info());
    }

    private static void assertCode(ErrorCode code, ThrowableAssert.ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        PulseException.class, e -> assertThat(e.code()).isEqualTo(code));
    }
}
