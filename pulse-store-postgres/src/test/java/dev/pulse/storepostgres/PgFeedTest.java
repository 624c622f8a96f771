package dev.pulse.storepostgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pulse.model.Event;
import dev.pulse.model.EventCursor;
import dev.pulse.model.EventDelivery;
import dev.pulse.model.EventFilter;
import dev.pulse.model.SubscriptionSpec;
import dev.pulse.store.EventStore;
import dev.pulse.store.JobFixture;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The feed against transactions that commit in another order than they began, a restored cluster, and its size. */
class PgFeedTest {
    private static final Duration TTL = Duration.ofHours(1);

    private PgFixture store;
    private JobFixture fixture;
    private EventStore events;
    private Connection late;

    @BeforeEach
    void open() throws SQLException {
        store = new PgFixture();
        fixture = new JobFixture(store);
        events = store.stores().events();
        fixture.job().submitted(); // makes a lane
        late = store.connect();
        late.setAutoCommit(false);
    }

    @AfterEach
    void close() throws SQLException {
        late.rollback();
        late.close();
        store.close();
    }

    @Test
    void whatIsDecidedWaitsForWhatBeganBefore() throws SQLException {
        awaitFirst();
        EventCursor start = events.end();
        UUID held = tell(late);
        UUID early = fixture.job().submitted();

        assertThat(subjects(start)).as("the earlier transaction is undecided").isEmpty();

        late.commit();

        awaitFeed(start, 2);
        assertThat(subjects(start)).containsExactly(held, early);
    }

    @Test
    void whatRollsBackIsNeverTold() throws SQLException {
        awaitFirst();
        EventCursor start = events.end();
        tell(late);
        UUID early = fixture.job().submitted();
        late.rollback();

        awaitFeed(start, 1);
        assertThat(subjects(start)).containsExactly(early);
    }

    @Test
    void aSubscriptionMadeWhileATransactionIsOpenIsToldOfIt() throws SQLException {
        UUID held = tell(late);
        events.subscribe(new SubscriptionSpec("group", EventFilter.ALL, SubscriptionSpec.Start.NOW));
        late.commit();

        assertThat(take("group").events()).extracting(Event::subject).contains(held);
    }

    /** Twenty transactions at a time, decided in random order, while a subscription and a reader follow. */
    @Test
    void transactionsDecidedInAnyOrderAreEachToldOnce() throws SQLException {
        Random random = new Random(20261122);
        events.subscribe(new SubscriptionSpec("group", EventFilter.ALL, SubscriptionSpec.Start.NOW));
        awaitFirst();
        EventCursor at = events.end();
        Set<UUID> committed = new HashSet<>();
        List<UUID> read = new ArrayList<>();
        List<UUID> handed = new ArrayList<>();
        Map<Connection, List<UUID>> open = new HashMap<>();
        try {
            for (int i = 0; i < 300; i++) {
                if (open.size() < 20 && random.nextInt(3) > 0) {
                    Connection connection = store.connect();
                    connection.setAutoCommit(false);
                    open.put(connection, new ArrayList<>(List.of(tell(connection), tell(connection))));
                } else if (!open.isEmpty()) {
                    Connection chosen = List.copyOf(open.keySet()).get(random.nextInt(open.size()));
                    List<UUID> told = open.remove(chosen);
                    if (random.nextInt(5) == 0) {
                        chosen.rollback();
                    } else {
                        chosen.commit();
                        committed.addAll(told);
                    }
                    chosen.close();
                }
                at = readOn(at, read);
                handOn(handed);
            }
        } finally {
            for (Connection connection : open.keySet()) {
                connection.rollback();
                connection.close();
            }
        }
        for (int looks = 0;
                looks < 20_000 && (read.size() < committed.size() || handed.size() < committed.size());
                looks++) {
            at = readOn(at, read);
            handOn(handed);
            LockSupport.parkNanos(1_000_000);
        }

        assertThat(read).doesNotHaveDuplicates().containsExactlyInAnyOrderElementsOf(committed);
        assertThat(handed).doesNotHaveDuplicates().containsExactlyInAnyOrderElementsOf(committed);
    }

    @Test
    void aClusterThatADumpWasRestoredIntoGoesOnBehindTheOldEvents() throws SQLException {
        try (Connection connection = store.connect()) {
            PgFixture.run(connection, """
                    insert into pulse.event (position, n, kinds, subjects, lanes, attempts)
                    values (1000000000000, 1, '{submitted}', array[gen_random_uuid()], '{1}', '{0}')""");
        }
        try (PgStores restored = PgStores.open(PgConfig.defaults(store.url()))) {
            UUID fresh = fixture.job().submitted();
            EventCursor old = new EventCursor(1_000_000_000_000L, 0, 0);
            EventStore feed = restored.stores().events();
            List<Event> found = List.of();
            for (int looks = 0; looks < 20_000 && found.size() < 2; looks++) {
                found = feed.read(old, 10).events();
                LockSupport.parkNanos(1_000_000);
            }

            assertThat(found).hasSize(2);
            assertThat(found.get(1).subject()).isEqualTo(fresh);
        }
        try (PgStores again = PgStores.open(PgConfig.defaults(store.url()));
                Connection connection = store.connect()) {
            assertThat(again.stores().events().end().position())
                    .as("moved once, not at every start")
                    .isLessThan(1_000_000_000_000L + 100_000);
            assertThat(connection.isValid(1)).isTrue();
        }
    }

    @Test
    void aBatchIsOneRow() throws SQLException {
        fixture.submitAll(
                fixture.job().submission(),
                fixture.job().submission(),
                fixture.job().submission());

        try (Connection connection = store.connect();
                java.sql.Statement query = connection.createStatement();
                ResultSet row = query.executeQuery("select count(*), sum(n) from pulse.event")) {
            row.next();
            assertThat(row.getLong(1)).isEqualTo(2);
            assertThat(row.getLong(2)).isEqualTo(4);
        }
    }

    @Test
    void readingOnIsAsCheapAtTheEndOfALongFeed() throws SQLException {
        try (Connection connection = store.connect()) {
            PgFixture.run(connection, """
                    insert into pulse.event (slot, position, n, kinds, subjects, lanes, attempts)
                    select i % 8, i / 2, 1, '{submitted}', array[gen_random_uuid()], '{1}', '{0}'
                      from generate_series(1, 40000) i""");
            for (boolean analyzed : new boolean[] {false, true}) {
                if (analyzed) {
                    PgFixture.run(connection, "analyze pulse.event");
                }
                for (long position : new long[] {10, 19_000}) {
                    Map<String, String> values = Map.of(
                            "position", position + "::bigint", "seq", "0::bigint", "rows", "101", "events", "102");
                    for (Explained plan : Explained.onExecutions(connection, Statement.EVENT_READ, values)) {
                        assertThat(plan.buffers()).as(plan.text()).isLessThan(1_000);
                    }
                }
            }
        }
    }

    /** As a submission tells it, in a transaction of the test's. */
    private static UUID tell(Connection connection) throws SQLException {
        UUID subject = UUID.randomUUID();
        PgFixture.run(
                connection,
                "insert into pulse.event (n, kinds, subjects, lanes, attempts) values (1, '{submitted}', array['"
                        + subject + "'::uuid], '{1}', '{0}')");
        return subject;
    }

    private List<UUID> subjects(EventCursor from) {
        return events.read(from, 100).events().stream().map(Event::subject).toList();
    }

    private EventCursor readOn(EventCursor from, List<UUID> read) {
        var page = events.read(from, 7);
        page.events().forEach(event -> read.add(event.subject()));
        return page.next();
    }

    private void handOn(List<UUID> handed) {
        Optional<EventDelivery> delivery = events.lease("group", "c", 5, TTL);
        delivery.ifPresent(one -> {
            one.events().forEach(event -> handed.add(event.subject()));
            events.settle("group", one.token());
        });
    }

    private EventDelivery take(String name) {
        for (int looks = 0; looks < 20_000; looks++) {
            Optional<EventDelivery> delivery = events.lease(name, "c", 10, TTL);
            if (delivery.isPresent()) {
                return delivery.get();
            }
            LockSupport.parkNanos(1_000_000);
        }
        throw new AssertionError("nothing was handed out");
    }

    /** Until the first submission of the test has been decided for every reader. */
    private void awaitFirst() {
        awaitFeed(EventCursor.START, 1);
    }

    private void awaitFeed(EventCursor from, int count) {
        for (int looks = 0; looks < 20_000; looks++) {
            if (events.read(from, 100).events().size() >= count) {
                return;
            }
            LockSupport.parkNanos(1_000_000);
        }
        throw new AssertionError("the feed does not go on");
    }
}
