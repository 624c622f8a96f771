package dev.pulse.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.pulse.model.AuditEntry;
import dev.pulse.model.AuditFilter;
import dev.pulse.model.Bundle;
import dev.pulse.model.BundleEvent;
import dev.pulse.model.BundleFilter;
import dev.pulse.model.BundleSubmission;
import dev.pulse.model.BundleTree;
import dev.pulse.model.Caller;
import dev.pulse.model.ErrorCode;
import dev.pulse.model.EventDelivery;
import dev.pulse.model.EventFilter;
import dev.pulse.model.Misfire;
import dev.pulse.model.Overlap;
import dev.pulse.model.PulseException;
import dev.pulse.model.QueueSet;
import dev.pulse.model.ScheduleCounts;
import dev.pulse.model.ScheduleFilter;
import dev.pulse.model.ScheduleInfo;
import dev.pulse.model.ScheduleRule;
import dev.pulse.model.ScheduleRule.Pace;
import dev.pulse.model.ScheduleSpec;
import dev.pulse.model.ScheduleStatus;
import dev.pulse.model.SessionSpec;
import dev.pulse.model.Submission;
import dev.pulse.model.SubscriptionSpec;
import dev.pulse.model.Timing;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What stores keep so that doors can say who may reach what: owners of sessions, queues of bundles, refusals. */
public abstract class AccessContract extends StoreContract {
    private static final Caller ANN = new Caller("ann", "10.0.0.1");
    private static final Duration HOUR = Duration.ofHours(1);

    // ---- sessions

    @Test
    void aSessionIsFoundWithItsOwner() {
        SessionSpec anns = owned("ann");

        sessions.open(anns);

        assertThat(sessions.find(anns.id())).contains(anns);
        assertThat(sessions.sessions().getFirst().spec().owner()).isEqualTo("ann");
    }

    @Test
    void nobodyOpensTheSessionOfAnother() {
        SessionSpec anns = owned("ann");
        sessions.open(anns);

        assertThat(catchThrowableOfType(PulseException.class, () -> sessions.open(anns.ownedBy("bob")))
                        .code())
                .isEqualTo(ErrorCode.SESSION_NOT_FOUND);
        assertThat(sessions.find(anns.id())).contains(anns);
        assertThat(sessions.open(anns)).isTrue();
    }

    @Test
    void aSessionOfNobodyIsTheFirstOnesWhoNamesIt() {
        SessionSpec nobodys = owned("");
        sessions.open(nobodys);

        assertThat(sessions.open(nobodys.ownedBy("ann"))).isTrue();

        assertThat(catchThrowableOfType(PulseException.class, () -> sessions.open(nobodys.ownedBy("bob")))
                        .code())
                .isEqualTo(ErrorCode.SESSION_NOT_FOUND);
    }

    @Test
    void anEndedSessionIsEndedForEverybody() {
        SessionSpec anns = owned("ann");
        sessions.open(anns);
        sessions.close(anns.id());

        for (String name : List.of("ann", "bob")) {
            assertThat(catchThrowableOfType(PulseException.class, () -> sessions.open(anns.ownedBy(name)))
                            .code())
                    .isEqualTo(ErrorCode.SESSION_ENDED);
        }
    }

    private SessionSpec owned(String name) {
        return JobFixture.spec(fixture.newId(), HOUR).ownedBy(name);
    }

    // ---- bundles

    @Test
    void aBundleTellsWhereAllItsJobsAre() {
        BundleSubmission inner = bundle(List.of(job("c_1")), List.of(), Map.of());
        BundleSubmission outer =
                bundle(List.of(job("a"), job("b"), job("a")), List.of(inner), Map.of(BundleEvent.COMPLETE, job("d")));
        bundles.insert(BundleTree.of(outer, BundleTree.MAX_JOBS));

        assertThat(bundles.queues(outer.id())).contains(Set.of("a", "b", "c_1", "d"));
        assertThat(bundles.queues(inner.id())).contains(Set.of("c_1"));
        assertThat(bundles.queues(fixture.newId())).isEmpty();
    }

    @Test
    void aListShowsTheBundlesWhoseJobsAreAllInTheseQueues() {
        UUID one = inserted("a_1");
        UUID two = inserted("a_1", "b");
        UUID like = inserted("ax1");

        assertThat(listed("a_1")).containsExactly(one);
        assertThat(listed("a_1", "b")).containsExactly(two, one);
        assertThat(listed("a*")).containsExactly(like, one);
        assertThat(listed("b")).isEmpty();
        assertThat(listed("*")).containsExactly(like, two, one);
    }

    private UUID inserted(String... queues) {
        BundleSubmission bundle = bundle(List.of(queues).stream().map(this::job).toList(), List.of(), Map.of());
        bundles.insert(BundleTree.of(bundle, BundleTree.MAX_JOBS));
        advance(Duration.ofSeconds(1));
        return bundle.id();
    }

    private List<UUID> listed(String... queues) {
        return bundles.list(BundleFilter.ALL.within(new QueueSet(Set.of(queues))), 10, null).items().stream()
                .map(Bundle::id)
                .toList();
    }

    private BundleSubmission bundle(
            List<Submission> jobs, List<BundleSubmission> bundles, Map<BundleEvent, Submission> callbacks) {
        return new BundleSubmission(fixture.newId(), "b", null, jobs, bundles, callbacks);
    }

    private Submission job(String queue) {
        return fixture.job().queue(queue).submission();
    }

    // ---- schedules

    @Test
    void aListShowsTheSchedulesOfTheseQueues() {
        UUID one = scheduled("one", "a_1").id();
        scheduled("two", "b");
        UUID like = scheduled("three", "ax1").id();

        assertThat(schedules("a_1")).containsExactly(one);
        assertThat(schedules("a*")).containsExactlyInAnyOrder(one, like);
        assertThat(schedules("*")).hasSize(3);
    }

    @Test
    void whatGoesToOtherQueuesIsNotMarkedAsMissing() {
        UUID own = scheduled("own", "a").id();
        UUID foreign = scheduled("foreign", "b").id();
        ScheduleStore schedules = store.stores().schedules();

        assertThat(schedules.declared("app", Set.of(), new QueueSet(Set.of("a"))))
                .extracting(ScheduleInfo::id)
                .containsExactly(own);

        assertThat(schedules.find(foreign).orElseThrow().declared()).isEqualTo(new ScheduleInfo.Declared("app", null));
        assertThat(schedules.declared("app", Set.of("own"), new QueueSet(Set.of("a"))))
                .isEmpty();
    }

    private List<UUID> schedules(String... queues) {
        return store
                .stores()
                .schedules()
                .list(ScheduleFilter.ALL.within(new QueueSet(Set.of(queues))), 10, null)
                .items()
                .stream()
                .map(ScheduleInfo::id)
                .toList();
    }

    private ScheduleInfo scheduled(String name, String queue) {
        ScheduleSpec spec = new ScheduleSpec(
                name,
                job(queue),
                Timing.of(new ScheduleRule.Every(HOUR, Pace.FIXED_RATE)),
                Misfire.FIRE_ONCE,
                Overlap.ALLOW);
        return store.stores()
                .schedules()
                .create(
                        now -> new ScheduleInfo(
                                fixture.newId(),
                                1,
                                spec,
                                ScheduleStatus.ACTIVE,
                                null,
                                null,
                                now,
                                now,
                                now.plus(HOUR),
                                false,
                                ScheduleCounts.NONE,
                                new ScheduleInfo.Declared("app", null),
                                now,
                                now),
                        Caller.internal("test"));
    }

    // ---- refusals

    @Test
    void whatWasDeniedIsInTheAuditLog() {
        AuditStore audit = store.stores().audit();

        audit.denied(List.of(new Denied(ANN, "dispatch.pause", "", 1), new Denied(ANN, "queue.pause", "mail", 41)));

        List<AuditEntry> entries = audit.list(AuditFilter.ALL, 10, null).items();
        assertThat(entries).extracting(AuditEntry::outcome).containsOnly(AuditEntry.DENIED);
        assertThat(entries).extracting(AuditEntry::action).containsExactly("queue.pause", "dispatch.pause");
        assertThat(entries.getFirst())
                .isEqualTo(new AuditEntry(
                        entries.getFirst().at(),
                        "ann",
                        "queue.pause",
                        "mail",
                        "10.0.0.1",
                        Map.of(),
                        Map.of("times", "41"),
                        "denied"));
    }

    // ---- the audit log

    @Test
    void whatOperatorsDoToSubscriptionsIsAudited() {
        EventFilter filter = EventFilter.ALL.types("email").queues("a", "b");

        events.subscribe(new SubscriptionSpec("group", filter, SubscriptionSpec.Start.NOW), ANN);
        events.subscribe(new SubscriptionSpec("group", filter, SubscriptionSpec.Start.NOW), ANN);
        events.unpark("group", ANN);
        events.unsubscribe("group", ANN);
        events.unsubscribe("group", ANN);

        assertThat(audited(AuditFilter.ALL))
                .extracting(AuditEntry::action)
                .containsExactly("subscription.delete", "subscription.create");
        assertThat(audited(AuditFilter.ALL).getLast().after()).isEqualTo(Map.of("types", "email", "queues", "a,b"));
    }

    @Test
    void parkedEventsThatAreHandedOutAgainAreAudited() {
        events.subscribe(new SubscriptionSpec("group", EventFilter.ALL, SubscriptionSpec.Start.NOW));
        fixture.job().submitted();
        for (int i = 0; i < EventStore.MAX_TRIES; i++) {
            advance(HOUR);
            EventDelivery one = events.lease("group", "c", 1, HOUR).orElseThrow();
            events.fail("group", one.token(), one.events().getFirst().id(), "broken");
        }

        assertThat(events.unpark("group", ANN)).isEqualTo(1);

        AuditEntry entry = audited(AuditFilter.ALL).getFirst();
        assertThat(entry.action()).isEqualTo("subscription.release");
        assertThat(entry.before()).isEqualTo(Map.of("parked", "1"));
    }

    @Test
    void theLogIsReadByTargetAndUpToAMoment() {
        UUID first = fixture.job().submitted();
        UUID second = fixture.job().submitted();
        jobs.cancel(first, ANN);
        advance(HOUR);
        jobs.cancel(second, ANN);

        assertThat(audited(new AuditFilter(null, null, null, null, second.toString())))
                .extracting(AuditEntry::target)
                .containsExactly(second.toString());
        AuditFilter earlier = new AuditFilter(
                null, null, null, audited(AuditFilter.ALL).getFirst().at(), null);
        assertThat(audited(earlier)).extracting(AuditEntry::target).containsExactly(first.toString());
    }

    @Test
    void onlyWhatOutlivedItsRetentionIsRemovedFromTheLog() {
        AuditStore audit = store.stores().audit();
        Denied denied = new Denied(ANN, "a", "", 1);
        audit.denied(List.of(denied, denied, denied));
        advance(Duration.ofDays(2));
        audit.denied(List.of(denied));
        Duration day = Duration.ofDays(1);

        assertThat(audit.forget(fixture.lead(), Duration.ofDays(3), 10)).isZero();
        assertThat(audit.forget(new Term(UUID.randomUUID(), 1), day, 10)).isZero();
        assertThat(audited(AuditFilter.ALL)).hasSize(4);
        var page = audit.list(AuditFilter.ALL, 2, null);

        assertThat(audit.forget(fixture.lead(), day, 2)).isEqualTo(2);
        assertThat(audit.list(AuditFilter.ALL, 10, page.nextCursor()).items()).isEmpty();
        assertThat(audit.forget(fixture.lead(), day, 10)).isEqualTo(1);
        assertThat(audit.forget(fixture.lead(), day, 10)).isZero();
        assertThat(audited(AuditFilter.ALL)).hasSize(1);
    }

    private List<AuditEntry> audited(AuditFilter filter) {
        return store.stores().audit().list(filter, 100, null).items();
    }
}
