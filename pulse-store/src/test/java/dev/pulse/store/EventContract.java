package dev.pulse.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pulse.model.Assignment;
import dev.pulse.model.Event;
import dev.pulse.model.EventCursor;
import dev.pulse.model.EventKind;
import dev.pulse.model.EventPage;
import dev.pulse.model.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** The feed: every move of a job once, in one order, and nothing ever added before what was read. */
public abstract class EventContract extends StoreContract {
    private static final Duration KEEP = Duration.ofDays(3);

    @Test
    void submitAndCompletionAreEvents() {
        Assignment job = fixture.job().type("email").queue("mail").completed();

        List<Event> events = feed(2);

        assertThat(events).extracting(Event::kind).containsExactly(EventKind.SUBMITTED, EventKind.COMPLETED);
        assertThat(events).allSatisfy(event -> {
            assertThat(event.subject()).isEqualTo(job.facts().id());
            assertThat(event.type()).isEqualTo("email");
            assertThat(event.queue()).isEqualTo("mail");
        });
        assertThat(events).extracting(Event::attempt).containsExactly(0, 1);
        assertThat(events.get(1).at()).isAfterOrEqualTo(events.get(0).at());
    }

    @Test
    void aScheduledJobIsSubmittedToo() {
        UUID id = fixture.job().scheduled();

        assertThat(kindsOf(id, feed(1))).containsExactly(EventKind.SUBMITTED);
    }

    @Test
    void everyEndOfAnAttemptIsAnEvent() {
        UUID retrying = fixture.job().retrying().facts().id();
        UUID dead = fixture.job().deadLettered().facts().id();
        UUID snoozed = endedBy(new Outcome.Snooze(Duration.ofHours(1)));
        UUID released = endedBy(new Outcome.Release());
        Assignment running = fixture.job().running();
        jobs.cancel(running.facts().id(), "somebody");
        fixture.end(running, new Outcome.Canceled());

        List<Event> events = feed(10);

        assertThat(kindsOf(retrying, events)).endsWith(EventKind.RETRYING);
        assertThat(kindsOf(dead, events)).endsWith(EventKind.DEAD_LETTERED);
        assertThat(kindsOf(snoozed, events)).endsWith(EventKind.SNOOZED);
        assertThat(kindsOf(released, events)).endsWith(EventKind.RELEASED);
        assertThat(kindsOf(running.facts().id(), events)).endsWith(EventKind.CANCELED);
    }

    @Test
    void aLapseIsTheEventThatItLedTo() {
        UUID session = fixture.session();
        UUID id = fixture.job().running(session).facts().id();

        fixture.lapse(session);

        assertThat(kindsOf(id, feed(2))).containsExactly(EventKind.SUBMITTED, EventKind.RETRYING);
    }

    @Test
    void operatorsActsAreEvents() {
        UUID id = fixture.job().scheduled();
        jobs.cancel(id, "somebody");
        jobs.requeue(id);
        jobs.delete(id);

        assertThat(kindsOf(id, feed(4)))
                .containsExactly(EventKind.SUBMITTED, EventKind.CANCELED, EventKind.REQUEUED, EventKind.DELETED);
    }

    @Test
    void whatChangedNothingIsNoEvent() {
        var draft = fixture.job().id(fixture.newId());
        UUID id = draft.submitted();
        fixture.submit(draft.submission()); // the same again
        jobs.requeue(id); // not final
        jobs.runNow(id); // pending already
        Assignment granted = fixture.claimOne(fixture.find(id).facts().type());
        fixture.end(id, JobFixture.forged(granted.token()), new Outcome.Ack(null));
        UUID last = fixture.job().submitted();

        assertThat(feed(2)).extracting(Event::subject).containsExactly(id, last);
    }

    @Test
    void aBatchIsReadInPiecesOfAnySizeInTheSameOrder() {
        fixture.submitAll(
                fixture.job().submission(),
                fixture.job().submission(),
                fixture.job().submission(),
                fixture.job().submission());
        fixture.job().submitted();
        List<Event> whole = feed(5);

        for (int size = 1; size <= 5; size++) {
            List<Event> pieces = new ArrayList<>();
            EventPage page = events.read(EventCursor.START, size);
            pieces.addAll(page.events());
            while (page.more()) {
                assertThat(page.events()).hasSize(size);
                page = events.read(page.next(), size);
                pieces.addAll(page.events());
            }
            assertThat(pieces).as("pieces of %d", size).isEqualTo(whole);
        }
        assertThat(whole).extracting(Event::id).isSorted().doesNotHaveDuplicates();
    }

    @Test
    void readingGoesOnBehindAnEventOrAtIt() {
        fixture.submitAll(
                fixture.job().submission(),
                fixture.job().submission(),
                fixture.job().submission());
        List<Event> whole = feed(3);
        Event middle = whole.get(1);

        assertThat(events.read(middle.id(), 10).events()).isEqualTo(whole.subList(1, 3));
        assertThat(events.read(middle.id().next(), 10).events()).isEqualTo(whole.subList(2, 3));
        assertThat(EventCursor.parse(middle.id().toString())).contains(middle.id());
    }

    @Test
    void whatCommitsAfterTheEndWasAskedForIsReadFromThere() {
        fixture.job().submitted();
        feed(1);
        EventCursor end = events.end();
        UUID later = fixture.job().submitted();
        feed(2);

        assertThat(events.read(end, 10).events()).extracting(Event::subject).endsWith(later);
        assertThat(events.read(events.end(), 10).events()).isEmpty();
    }

    @Test
    void anEventOutlivesItsJob() {
        UUID id = fixture.job().completed().facts().id();
        jobs.delete(id);

        assertThat(kindsOf(id, feed(3))).containsExactly(EventKind.SUBMITTED, EventKind.COMPLETED, EventKind.DELETED);
    }

    @Test
    void oldDaysAreDroppedAndTheGapIsTold() {
        fixture.job().submitted();
        EventCursor first = feed(1).getFirst().id();
        advance(Duration.ofDays(5));
        UUID young = fixture.job().submitted();
        feed(2);

        int dropped = events.prune(fixture.lead(), KEEP);

        assertThat(dropped).isEqualTo(1);
        EventPage page = events.read(first, 10);
        assertThat(page.gap()).isTrue();
        assertThat(page.events()).extracting(Event::subject).containsExactly(young);
        assertThat(events.read(page.events().getFirst().id(), 10).gap()).isFalse();
        assertThat(events.prune(fixture.lead(), KEEP)).isZero();
    }

    @Test
    void whatIsYoungEnoughIsKept() {
        fixture.job().submitted();
        feed(1);
        advance(Duration.ofDays(2));

        assertThat(events.prune(fixture.lead(), KEEP)).isZero();
        assertThat(events.read(EventCursor.START, 10).events()).hasSize(1);
        assertThat(events.read(EventCursor.START, 10).gap()).isFalse();
    }

    @Test
    void onlyTheLeaderDrops() {
        fixture.job().submitted();
        feed(1);
        Term term = fixture.lead();
        advance(Duration.ofDays(5)); // the term is over

        assertThat(events.prune(term, KEEP)).isZero();
        assertThat(events.read(EventCursor.START, 10).events()).hasSize(1);
    }

    private UUID endedBy(Outcome outcome) {
        Assignment granted = fixture.job().running();
        fixture.end(granted, outcome);
        return granted.facts().id();
    }

    private static List<EventKind> kindsOf(UUID id, List<Event> events) {
        return events.stream()
                .filter(event -> event.subject().equals(id))
                .map(Event::kind)
                .toList();
    }

    /** The whole feed once it has so many events: another transaction of the cluster may hold up its end for a moment. */
    private List<Event> feed(int expected) {
        return feed(events, expected);
    }

    static List<Event> feed(EventStore events, int expected) {
        List<Event> found = List.of();
        for (int looks = 0; looks < 20_000; looks++) {
            found = events.read(EventCursor.START, 10_000).events();
            if (found.size() >= expected) {
                assertThat(found).hasSize(expected);
                return found;
            }
            LockSupport.parkNanos(1_000_000);
        }
        throw new AssertionError(expected + " events expected, found " + found);
    }
}
