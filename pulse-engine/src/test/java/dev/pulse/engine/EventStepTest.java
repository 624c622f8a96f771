package dev.pulse.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pulse.model.ErrorCode;
import dev.pulse.model.Event;
import dev.pulse.model.EventFilter;
import dev.pulse.model.PulseException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** The one reader of the feed, turned by hand, and those who follow it. */
final class EventStepTest {
    private final Replicas replicas = new Replicas();

    private static EventsConfig config(int chunk, int watches, int backlog) {
        return new EventsConfig(
                Duration.ofMillis(100),
                chunk,
                watches,
                backlog,
                Duration.ofSeconds(30),
                Duration.ofDays(3),
                Duration.ofMinutes(10));
    }

    private final class Server {
        final EventTail tail;
        final EventFeed feed;

        Server(EventsConfig config) {
            tail = new EventTail(replicas.watched.stores().events(), config, new Wake(replicas.time));
            feed = new EventFeed(replicas.watched.stores().events(), tail, config, replicas.time);
        }

        /** What the follower reads behind, and its meeting with the reader, which has to turn meanwhile. */
        List<Event> begin(EventWatch watch) {
            CompletableFuture<List<Event>> polled = CompletableFuture.supplyAsync(() -> {
                try {
                    return watch.poll(Duration.ZERO);
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            });
            while (!polled.isDone()) {
                tail.step();
                LockSupport.parkNanos(100_000);
            }
            return polled.join();
        }
    }

    private static List<UUID> subjects(List<Event> events) {
        return events.stream().map(Event::subject).toList();
    }

    @Test
    void nobodyFollowingCostsNothing() {
        Server server = new Server(EventsConfig.DEFAULT);
        replicas.stored();

        server.tail.step();

        assertThat(replicas.watched.count("read")).isZero();
        assertThat(replicas.watched.count("end")).isZero();
    }

    @Test
    void manyFollowersShareOneRead() throws InterruptedException {
        Server server = new Server(EventsConfig.DEFAULT);
        List<EventWatch> watches = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            EventWatch watch = server.feed.watch(EventFilter.ALL, null);
            server.begin(watch);
            watches.add(watch);
        }
        UUID id = replicas.stored();
        int before = replicas.watched.count("read");

        server.tail.step();

        assertThat(replicas.watched.count("read") - before).isEqualTo(1);
        for (EventWatch watch : watches) {
            assertThat(subjects(watch.poll(Duration.ZERO))).containsExactly(id);
        }
    }

    @Test
    void whatLiesBehindIsReadInPiecesAndMeetsTheReaderWithoutAHole() throws InterruptedException {
        Server server = new Server(config(2, 10, 10));
        replicas.stored();
        Event first = replicas.memory
                .events()
                .read(dev.pulse.model.EventCursor.START, 1)
                .events()
                .getFirst();
        List<UUID> later = new ArrayList<>();
        for (int i = 0; i < 7; i++) {
            later.add(replicas.stored());
        }
        EventWatch watch = server.feed.watch(EventFilter.ALL, first.id());
        List<UUID> seen = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            seen.addAll(subjects(server.begin(watch)));
        }
        later.add(replicas.stored());
        server.tail.step();
        seen.addAll(subjects(watch.poll(Duration.ZERO)));

        assertThat(seen).isEqualTo(later);
    }

    /** The follower's last look before it meets the reader sees more than the reader has seen: it must get that only once. */
    @Test
    void whatCommitsWhileAFollowerMeetsTheReaderIsNeitherLostNorDoubled() throws InterruptedException {
        Server server = new Server(EventsConfig.DEFAULT);
        EventWatch watch = server.feed.watch(EventFilter.ALL, null);
        UUID before = replicas.stored();
        Thread tester = Thread.currentThread();
        AtomicInteger looks = new AtomicInteger();
        List<UUID> between = new ArrayList<>();
        replicas.watched.failBefore("read", arguments -> {
            if (Thread.currentThread() != tester && looks.incrementAndGet() == 2) {
                between.add(replicas.stored());
            }
            return null;
        });

        List<UUID> seen = new ArrayList<>(subjects(server.begin(watch)));
        server.tail.step();
        seen.addAll(subjects(watch.poll(Duration.ZERO)));

        assertThat(between).hasSize(1);
        assertThat(seen).containsExactly(before, between.getFirst());
    }

    @Test
    void aFollowerThatDoesNotReadIsCutOffAndHoldsUpNobody() throws InterruptedException {
        Server server = new Server(config(2, 10, 3));
        EventWatch slow = server.feed.watch(EventFilter.ALL, null);
        EventWatch quick = server.feed.watch(EventFilter.ALL, null);
        server.begin(slow);
        server.begin(quick);
        AtomicInteger told = new AtomicInteger();
        slow.onCutOff(told::incrementAndGet);
        for (int i = 0; i < 6; i++) {
            replicas.stored();
            server.tail.step();
            assertThat(quick.poll(Duration.ZERO)).hasSize(1);
        }

        assertThat(told).hasValue(1);
        assertThat(slow.isCutOff()).isTrue();
        assertThat(server.feed.cutOff()).isEqualTo(1);
        assertThatThrownBy(() -> slow.poll(Duration.ZERO))
                .isInstanceOfSatisfying(
                        PulseException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.LIMIT_REACHED));
    }

    @Test
    void followersAreBounded() {
        Server server = new Server(config(2, 1, 3));
        server.begin(server.feed.watch(EventFilter.ALL, null));
        EventWatch second = server.feed.watch(EventFilter.ALL, null);

        assertThatThrownBy(() -> second.poll(Duration.ZERO))
                .isInstanceOfSatisfying(
                        PulseException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.LIMIT_REACHED));
    }

    @Test
    void whoLeavesIsForgotten() {
        Server server = new Server(config(2, 1, 3));
        EventWatch first = server.feed.watch(EventFilter.ALL, null);
        server.begin(first);
        first.close();

        assertThat(server.begin(server.feed.watch(EventFilter.ALL, null))).isEmpty();
    }

    @Test
    void aServerThatLeavesSendsItsFollowersAway() {
        Server server = new Server(EventsConfig.DEFAULT);
        EventWatch watch = server.feed.watch(EventFilter.ALL, null);
        server.begin(watch);

        server.feed.dismiss();

        assertThatThrownBy(() -> watch.poll(Duration.ofMinutes(1)))
                .isInstanceOfSatisfying(
                        PulseException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.SHUTTING_DOWN));
    }

    @Test
    void theReaderGoesOnAfterTheStoreWasAway() throws InterruptedException {
        Server server = new Server(EventsConfig.DEFAULT);
        EventWatch watch = server.feed.watch(EventFilter.ALL, null);
        server.begin(watch);
        UUID id = replicas.stored();
        replicas.watched.down(Replicas.unavailable());
        assertThatThrownBy(server.tail::step).isInstanceOf(PulseException.class);

        replicas.watched.heal();
        server.tail.step();

        assertThat(subjects(watch.poll(Duration.ZERO))).containsExactly(id);
    }

    @Test
    void onlyTheLeaderDropsOldDaysAndNotAllTheTime() {
        Replicas.Server leader = replicas.server();
        leader.settle();
        EventKeeper keeper = new EventKeeper(
                replicas.watched.stores().events(), leader.roles.beacon, EventsConfig.DEFAULT, replicas.time);
        int before = replicas.watched.count("prune");

        keeper.step();
        keeper.step();

        assertThat(replicas.watched.count("prune") - before).isEqualTo(1);
    }
}
