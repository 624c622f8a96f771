package dev.pulse.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.pulse.model.Assignment;
import dev.pulse.model.AuditEntry;
import dev.pulse.model.AuditFilter;
import dev.pulse.model.Bundle;
import dev.pulse.model.BundleCounts;
import dev.pulse.model.BundleEvent;
import dev.pulse.model.BundleFilter;
import dev.pulse.model.BundlePage;
import dev.pulse.model.BundleStatus;
import dev.pulse.model.BundleSubmission;
import dev.pulse.model.BundleTree;
import dev.pulse.model.Caller;
import dev.pulse.model.ErrorCode;
import dev.pulse.model.Event;
import dev.pulse.model.EventKind;
import dev.pulse.model.Job;
import dev.pulse.model.JobFilter;
import dev.pulse.model.JobStatus;
import dev.pulse.model.Outcome;
import dev.pulse.model.OutcomeKind;
import dev.pulse.model.PulseException;
import dev.pulse.model.Submission;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

/** Jobs that are submitted and followed together (I10). */
public abstract class BundleContract extends StoreContract {
    private static final Caller ANN = Caller.internal("ann");
    private static final Duration HOUR = Duration.ofHours(1);

    // ---- submitting

    @Test
    void aBundleIsStoredWithItsMembers() {
        Submission later = fixture.job().type("t").after(HOUR).submission();
        Submission now = fixture.job().type("t").submission();
        BundleSubmission bundle =
                new BundleSubmission(fixture.newId(), "import", "nightly", List.of(now, later), List.of(), Map.of());

        BundleInserted stored = bundles.insert(tree(bundle));

        assertThat(stored).isInstanceOf(BundleInserted.Stored.class);
        List<Inserted.Stored> members = ((BundleInserted.Stored) stored).members();
        assertThat(members).extracting(Inserted.Stored::id).containsExactly(now.id(), later.id());
        assertThat(members).extracting(Inserted.Stored::status).containsExactly(JobStatus.PENDING, JobStatus.SCHEDULED);
        Bundle found = find(bundle.id());
        assertThat(found.type()).isEqualTo("import");
        assertThat(found.origin()).isEqualTo("nightly");
        assertThat(found.status()).isEqualTo(BundleStatus.OPEN);
        assertThat(found.counts()).isEqualTo(new BundleCounts(2, 0, 0, 0));
        assertThat(found.createdAt()).isEqualTo(fixture.find(now.id()).facts().createdAt());
        assertThat(found.finishedAt()).isNull();
        assertThat(fixture.find(now.id()).facts().bundleId()).isEqualTo(bundle.id());
        assertThat(fixture.find(later.id()).facts().bundleId()).isEqualTo(bundle.id());
        assertThat(fixture.claimOne("t").facts().bundleId()).isEqualTo(bundle.id());
    }

    @Test
    void membersAreReadyInTheirOrder() {
        BundleSubmission bundle = submitted(5);

        assertThat(JobFixture.ids(fixture.claim(fixture.session(), 5, "t"))).containsExactlyElementsOf(ids(bundle));
    }

    @Test
    void theSameBundleAgainIsTheSameBundle() {
        BundleSubmission bundle = new BundleSubmission(
                fixture.newId(),
                "b",
                null,
                List.of(fixture.job().type("t").key("k").submission()),
                List.of(),
                Map.of());
        bundles.insert(tree(bundle));

        assertThat(bundles.insert(tree(bundle))).isEqualTo(new BundleInserted.Duplicate(bundle.id()));
        assertThat(members(bundle.id())).hasSize(1);
    }

    @Test
    void theIdOfAnotherBundleIsAConflict() {
        BundleSubmission first = submitted(1);
        BundleSubmission second = new BundleSubmission(
                first.id(), "b", null, List.of(fixture.job().payload("7").submission()), List.of(), Map.of());

        refused(() -> bundles.insert(tree(second)), ErrorCode.ID_CONFLICT, "id");
        assertThat(jobs.find(second.jobs().getFirst().id())).isEmpty();
    }

    @Test
    void aJobThatIsThereAlreadyIsNoMember() {
        Submission known = fixture.job().submission();
        fixture.submit(known);
        Submission fresh = fixture.job().submission();

        refused(() -> bundles.insert(tree(bundle(List.of(fresh, known)))), ErrorCode.ID_CONFLICT, "jobs[1].id");

        assertThat(jobs.find(fresh.id())).isEmpty();
        assertThat(bundles.list(BundleFilter.ALL, 10, null).items()).isEmpty();
    }

    @Test
    void aJobOfAForeignIdThatIsThereAlreadyIsNoMemberEither() {
        Submission foreign = fixture.job().id(new UUID(7, 7)).submission();
        fixture.submit(foreign);

        refused(
                () -> bundles.insert(tree(bundle(List.of(fixture.job().submission(), foreign)))),
                ErrorCode.ID_CONFLICT,
                "jobs[1].id");
    }

    @Test
    void aKeyThatIsHeldRefusesTheBundleAlsoForTheSameContent() {
        fixture.submit(fixture.job().type("t").key("k").submission());
        Submission fresh = fixture.job().submission();
        Submission held = fixture.job().type("t").key("k").submission();

        refused(() -> bundles.insert(tree(bundle(List.of(fresh, held)))), ErrorCode.KEY_CONFLICT, "jobs[1].key");

        assertThat(jobs.find(fresh.id())).isEmpty();
    }

    @Test
    void aRefusedBundleTakesNoKeys() {
        Submission known = fixture.job().submission();
        fixture.submit(known);
        Submission keyed = fixture.job().type("t").key("free").submission();

        refused(() -> bundles.insert(tree(bundle(List.of(keyed, known)))), ErrorCode.ID_CONFLICT, "jobs[1].id");

        JobFixture.storedId(fixture.submit(fixture.job().type("t").key("free").submission()));
    }

    // ---- counting and finishing

    @Test
    void countsAreThoseOfTheMembersAtOnce() {
        BundleSubmission bundle = submitted(6);
        List<Assignment> granted = fixture.claim(fixture.session(), 5, "t");
        fixture.end(granted.get(0), new Outcome.Ack(null));
        fixture.end(granted.get(1), JobFixture.outcome(OutcomeKind.DEAD_LETTER));
        fixture.end(granted.get(2), JobFixture.outcome(OutcomeKind.FAIL));
        fixture.end(granted.get(3), new Outcome.Drop());
        jobs.cancel(ids(bundle).get(5), ANN);

        assertThat(find(bundle.id()).counts()).isEqualTo(new BundleCounts(6, 2, 1, 1));
        foldOnce();
        assertThat(find(bundle.id()).counts()).isEqualTo(new BundleCounts(6, 2, 1, 1));
        assertThat(find(bundle.id()).status()).isEqualTo(BundleStatus.OPEN);
    }

    @Test
    void anEndNamesTheBundleWhoseCountsItChanged() {
        BundleSubmission bundle = submitted(2);
        List<Assignment> granted = fixture.claim(fixture.session(), 2, "t");

        assertThat(fixture.end(granted.get(0), JobFixture.outcome(OutcomeKind.FAIL))
                        .bundle())
                .isNull();
        assertThat(fixture.end(granted.get(1), new Outcome.Ack(null)).bundle()).isEqualTo(bundle.id());
        assertThat(fixture.end(fixture.job().running(), new Outcome.Ack(null)).bundle())
                .isNull();
    }

    @Test
    void theLastMemberFinishesTheBundleAndTheCallbackBecomesOneJob() {
        Submission callback = fixture.job().type("done").payload("[1]").submission();
        BundleSubmission bundle = submitted(2, Map.of(BundleEvent.COMPLETE, callback));
        completeOne();
        assertThat(foldOnce().finished()).isEmpty();
        completeOne();

        Folded folded = foldOnce();

        assertThat(folded.finished()).containsExactly(bundle.id());
        assertThat(folded.callbacks()).extracting(Inserted.Stored::id).containsExactly(callback.id());
        Bundle found = find(bundle.id());
        assertThat(found.status()).isEqualTo(BundleStatus.COMPLETED);
        assertThat(found.finishedAt()).isNotNull();
        assertThat(found.callbacks())
                .singleElement()
                .satisfies(call -> assertThat(call.submittedAt()).isNotNull());
        Job job = fixture.find(callback.id());
        assertThat(job.facts().bundleId()).as("a callback is no member").isNull();
        assertThat(job.facts().payload()).isEqualTo(callback.payload());
        assertThat(job.facts().labels().headers())
                .containsEntry(Bundle.HEADER_ID, bundle.id().toString())
                .containsEntry(Bundle.HEADER_EVENT, "on_complete");
        assertThat(foldOnce()).isEqualTo(Folded.NOTHING);
        assertThat(bundles.fold(Set.of(bundle.id()), 10).callbacks()).isEmpty();
        assertThat(JobFixture.ids(fixture.claim(fixture.session(), 5, "done"))).containsExactly(callback.id());
    }

    @Test
    void aDeadLetterFailsTheBundleWhenTheOthersAreFinal() {
        BundleSubmission bundle = submitted(2);
        bury();
        foldOnce();
        assertThat(find(bundle.id()).status()).isEqualTo(BundleStatus.OPEN);
        completeOne();
        foldOnce();

        assertThat(find(bundle.id()).status()).isEqualTo(BundleStatus.FAILED);
    }

    @Test
    void aCanceledMemberCancelsTheBundleWhenNoneFailed() {
        BundleSubmission bundle = submitted(2);
        completeOne();
        jobs.cancel(ids(bundle).get(1), ANN);
        foldOnce();

        assertThat(find(bundle.id()).status()).isEqualTo(BundleStatus.CANCELED);
    }

    @Test
    void theFirstDeadLetterIsToldOnceAndWhileOthersRun() {
        Submission callback = fixture.job().type("alarm").submission();
        BundleSubmission bundle = submitted(3, Map.of(BundleEvent.DEAD_LETTER, callback));
        completeOne();
        assertThat(foldOnce().callbacks()).isEmpty();
        bury();

        assertThat(foldOnce().callbacks()).extracting(Inserted.Stored::id).containsExactly(callback.id());
        assertThat(find(bundle.id()).status()).isEqualTo(BundleStatus.OPEN);
        bury();
        assertThat(foldOnce().callbacks()).isEmpty();
    }

    @Test
    void aDeadLetterIsToldAlsoWhenItWasRequeuedBeforeAnybodyLooked() {
        Submission callback = fixture.job().type("alarm").submission();
        submitted(2, Map.of(BundleEvent.DEAD_LETTER, callback));
        jobs.requeue(bury());

        assertThat(foldOnce().callbacks()).extracting(Inserted.Stored::id).containsExactly(callback.id());
    }

    @Test
    void successIsToldOnlyWhenEveryMemberCompleted() {
        Submission success = fixture.job().type("success").submission();
        Submission complete = fixture.job().type("complete").submission();
        submitted(2, Map.of(BundleEvent.SUCCESS, success, BundleEvent.COMPLETE, complete));
        completeOne();
        UUID dead = bury();
        assertThat(foldOnce().callbacks()).extracting(Inserted.Stored::id).containsExactly(complete.id());

        jobs.requeue(dead);
        foldOnce();
        completeOne();

        assertThat(foldOnce().callbacks())
                .as("complete was told before")
                .extracting(Inserted.Stored::id)
                .containsExactly(success.id());
    }

    @Test
    void aCallbackWhoseIdWasTakenMeanwhileBecomesAJobWithAnother() {
        Submission callback = fixture.job().type("done").submission();
        BundleSubmission bundle = submitted(1, Map.of(BundleEvent.COMPLETE, callback));
        fixture.submit(fixture.job().id(callback.id()).payload("\"other\"").submission());
        completeOne();

        List<Inserted.Stored> callbacks = foldOnce().callbacks();

        assertThat(callbacks).hasSize(1);
        UUID made = callbacks.getFirst().id();
        assertThat(made).isNotEqualTo(callback.id());
        assertThat(find(bundle.id()).callbacks().getFirst().jobId()).isEqualTo(made);
        assertThat(fixture.find(made).facts().type()).isEqualTo("done");
    }

    @Test
    void aCallbackMayWait() {
        Submission callback = fixture.job().type("done").after(HOUR).submission();
        submitted(1, Map.of(BundleEvent.COMPLETE, callback));
        completeOne();

        assertThat(foldOnce().callbacks())
                .singleElement()
                .extracting(Inserted.Stored::status)
                .isEqualTo(JobStatus.SCHEDULED);
    }

    @Test
    void membersThatWaitedAreStillCounted() {
        BundleSubmission bundle = bundle(List.of(
                fixture.job().type("t").after(HOUR).submission(),
                fixture.job().type("t").submission()));
        bundles.insert(tree(bundle));
        fixture.end(fixture.claimOne("t"), JobFixture.outcome(OutcomeKind.SNOOZE));
        fixture.promoteAll();
        fixture.end(fixture.claimOne("t"), JobFixture.outcome(OutcomeKind.RELEASE));
        completeOne();
        completeOne();

        assertThat(foldOnce().finished()).containsExactly(bundle.id());
    }

    @Test
    void membersThatTheirWorkerLostAreCounted() {
        BundleSubmission bundle = submitted(1);
        for (int lapse = 1; lapse <= 3; lapse++) {
            UUID session = fixture.session();
            fixture.claimOne(session, "t");
            fixture.lapse(session);
            fixture.promoteAll();
        }

        assertThat(find(bundle.id()).counts()).isEqualTo(new BundleCounts(1, 0, 1, 0));
        assertThat(foldOnce().finished()).containsExactly(bundle.id());
    }

    @Test
    void itsCompletionIsOneEventWhateverHappensLater() {
        BundleSubmission bundle = submitted(2);
        completeOne();
        UUID dead = bury();
        foldOnce();
        jobs.requeue(dead);
        foldOnce();
        completeOne();
        foldOnce();

        List<Event> events = EventContract.feed(store.stores().events(), 7);
        assertThat(events)
                .filteredOn(event -> event.kind() == EventKind.SUBMITTED)
                .extracting(Event::subject)
                .containsExactlyElementsOf(ids(bundle));
        assertThat(events).filteredOn(Event::isOfBundle).singleElement().satisfies(event -> {
            assertThat(event.subject()).isEqualTo(bundle.id());
            assertThat(event.type()).isEqualTo("b");
        });
    }

    // ---- requeue and delete

    @Test
    void requeueOpensAFinishedBundleAtOnceAndTheCallbackIsNotRepeated() {
        Submission callback = fixture.job().type("done").submission();
        BundleSubmission bundle = submitted(2, Map.of(BundleEvent.COMPLETE, callback));
        completeOne();
        UUID dead = bury();
        foldOnce();

        jobs.requeue(dead);

        assertThat(find(bundle.id()).status()).isEqualTo(BundleStatus.OPEN);
        assertThat(find(bundle.id()).finishedAt()).isNull();
        assertThat(find(bundle.id()).counts()).isEqualTo(new BundleCounts(2, 1, 0, 0));
        assertThat(bundles.finished(Set.of(bundle.id()))).isEmpty();
        foldOnce();
        assertThat(find(bundle.id()).status()).isEqualTo(BundleStatus.OPEN);
        completeOne();
        Folded folded = foldOnce();
        assertThat(folded.finished()).containsExactly(bundle.id());
        assertThat(folded.callbacks()).isEmpty();
        assertThat(find(bundle.id()).status()).isEqualTo(BundleStatus.COMPLETED);
    }

    @Test
    void aRequeueThatEndedBeforeAnybodyLookedDecidesAgain() {
        BundleSubmission bundle = submitted(1);
        UUID dead = bury();
        foldOnce();
        jobs.requeue(dead);
        completeOne();
        foldOnce();

        assertThat(find(bundle.id()).status()).isEqualTo(BundleStatus.COMPLETED);
        assertThat(find(bundle.id()).counts()).isEqualTo(new BundleCounts(1, 1, 0, 0));
    }

    @Test
    void aDeletedMemberIsCountedNoMore() {
        BundleSubmission bundle = submitted(4);
        UUID done = completeOne();
        UUID dead = bury();
        jobs.delete(done);
        jobs.delete(dead);
        jobs.delete(ids(bundle).get(2));

        assertThat(find(bundle.id()).counts()).isEqualTo(new BundleCounts(1, 0, 0, 0));
        foldOnce();
        assertThat(find(bundle.id()).counts()).isEqualTo(new BundleCounts(1, 0, 0, 0));
        jobs.delete(ids(bundle).get(3));
        foldOnce();
        assertThat(find(bundle.id()).status()).as("nothing is left").isEqualTo(BundleStatus.CANCELED);
    }

    @Test
    void deletingTheLastUnfinishedMemberFinishesTheBundle() {
        Submission callback = fixture.job().type("done").submission();
        BundleSubmission bundle = submitted(2, Map.of(BundleEvent.COMPLETE, callback));
        completeOne();
        jobs.delete(ids(bundle).get(1));

        Folded folded = foldOnce();

        assertThat(folded.finished()).containsExactly(bundle.id());
        assertThat(folded.callbacks()).hasSize(1);
        assertThat(find(bundle.id()).status()).isEqualTo(BundleStatus.COMPLETED);
    }

    @Test
    void aFinishedBundleKeepsItsStatusWhenAMemberIsDeleted() {
        Submission success = fixture.job().type("success").submission();
        BundleSubmission bundle = submitted(2, Map.of(BundleEvent.SUCCESS, success));
        completeOne();
        UUID dead = bury();
        foldOnce();
        jobs.delete(dead);

        assertThat(foldOnce().callbacks()).isEmpty();
        assertThat(find(bundle.id()).status()).isEqualTo(BundleStatus.FAILED);
        assertThat(find(bundle.id()).counts()).isEqualTo(new BundleCounts(1, 1, 0, 0));
    }

    @Test
    void anOpenBundleIsNotDeleted() {
        BundleSubmission bundle = submitted(2);
        completeOne();

        assertThat(bundles.delete(bundle.id(), ANN)).isEqualTo(new BundleDeleted.Illegal(BundleStatus.OPEN));
        assertThat(bundles.delete(fixture.newId(), ANN)).isEqualTo(new BundleDeleted.NotFound());
        assertThat(members(bundle.id())).hasSize(2);
    }

    @Test
    void aFinishedBundleIsDeletedWithItsMembersButNotItsCallbacks() {
        Submission callback = fixture.job().type("done").submission();
        BundleSubmission bundle = new BundleSubmission(
                fixture.newId(),
                "b",
                null,
                List.of(
                        fixture.job().type("t").key("k").submission(),
                        fixture.job().type("t").submission()),
                List.of(),
                Map.of(BundleEvent.COMPLETE, callback));
        bundles.insert(tree(bundle));
        completeOne();
        bury();
        foldOnce();

        assertThat(bundles.delete(bundle.id(), ANN))
                .isEqualTo(new BundleDeleted.Done(new HashSet<>(ids(bundle)), null));

        assertThat(bundles.find(bundle.id())).isEmpty();
        ids(bundle).forEach(id -> assertThat(jobs.find(id)).isEmpty());
        assertThat(jobs.find(callback.id())).isPresent();
        JobFixture.storedId(fixture.submit(fixture.job().type("t").key("k").submission()));
        assertThat(jobs.counts().total())
                .containsEntry(JobStatus.PENDING, 2L)
                .doesNotContainKey(JobStatus.DEAD_LETTERED);
        assertThat(foldOnce().callbacks()).isEmpty();
    }

    // ---- cancel

    @Test
    void cancelEndsWhatWaitsAndAsksWhatRuns() {
        BundleSubmission bundle = bundle(List.of(
                fixture.job().type("t").submission(),
                fixture.job().type("t").submission(),
                fixture.job().type("t").submission(),
                fixture.job().type("t").submission(),
                fixture.job().type("t").after(HOUR).submission()));
        bundles.insert(tree(bundle));
        UUID session = fixture.session();
        List<Assignment> granted = fixture.claim(session, 3, "t");
        fixture.end(granted.get(0), new Outcome.Ack(null));
        fixture.end(granted.get(1), JobFixture.outcome(OutcomeKind.FAIL));

        MembersCanceled answer = bundles.cancel(bundles.tree(bundle.id()), null, 100, ANN);

        List<UUID> ids = ids(bundle);
        assertThat(answer.canceled()).containsExactlyInAnyOrder(ids.get(1), ids.get(3), ids.get(4));
        assertThat(answer.asked()).isEqualTo(1);
        assertThat(answer.sessions()).containsExactly(session);
        assertThat(fixture.find(ids.get(3)).attempts().getFirst().error())
                .extracting(error -> error.message(), InstanceOfAssertFactories.STRING)
                .contains(ANN.name());
        assertThat(sessions.cancelRequests(Set.of(session)))
                .extracting(CancelRequest::jobId)
                .containsExactly(ids.get(2));
        fixture.end(granted.get(2), JobFixture.outcome(OutcomeKind.FAIL));
        foldOnce();
        assertThat(find(bundle.id()).counts()).isEqualTo(new BundleCounts(5, 1, 0, 4));
        assertThat(find(bundle.id()).status()).isEqualTo(BundleStatus.CANCELED);
    }

    @Test
    void anOperatorsCancelAndDeleteAreAudited() {
        BundleSubmission bundle = submitted(2);
        Caller operator = new Caller("ann", "10.0.0.1");

        MembersCanceled first = bundles.cancel(bundles.tree(bundle.id()), null, 1, operator);
        bundles.cancel(bundles.tree(bundle.id()), first.last(), 10, ANN);
        foldOnce();
        bundles.delete(bundle.id(), operator);

        List<AuditEntry> entries =
                store.stores().audit().list(AuditFilter.ALL, 10, null).items();
        assertThat(entries).extracting(AuditEntry::action).containsExactly("bundle.delete", "bundle.cancel");
        assertThat(entries)
                .extracting(AuditEntry::target)
                .containsOnly(bundle.id().toString());
        assertThat(entries.getFirst().before())
                .containsEntry("status", "canceled")
                .containsEntry("jobs", "2");
    }

    @Test
    void cancelGoesOnWhereItStopped() {
        BundleSubmission bundle = submitted(5);
        List<UUID> tree = bundles.tree(bundle.id());
        List<UUID> canceled = new ArrayList<>();
        UUID after = null;
        int chunks = 0;
        for (MembersCanceled answer = bundles.cancel(tree, after, 2, ANN);
                answer.last() != null;
                answer = bundles.cancel(tree, after, 2, ANN)) {
            canceled.addAll(answer.canceled());
            after = answer.last();
            chunks++;
        }

        assertThat(chunks).isEqualTo(3);
        assertThat(canceled).containsExactlyInAnyOrderElementsOf(ids(bundle));
    }

    // ---- bundles in bundles

    @Test
    void aBundleInABundleIsOneMember() {
        BundleSubmission inner = bundle(List.of(
                fixture.job().type("inner").submission(),
                fixture.job().type("inner").submission()));
        Submission callback = fixture.job().type("done").submission();
        BundleSubmission outer = outer(inner, Map.of(BundleEvent.COMPLETE, callback));
        bundles.insert(tree(outer));

        assertThat(find(outer.id()).counts()).isEqualTo(new BundleCounts(2, 0, 0, 0));
        assertThat(find(inner.id()).parentId()).isEqualTo(outer.id());
        assertThat(bundles.tree(outer.id())).containsExactlyInAnyOrder(outer.id(), inner.id());
        completeOne();
        complete("inner");
        complete("inner");
        Folded first = foldOnce();
        assertThat(first.finished()).containsExactly(inner.id());
        assertThat(first.parents()).containsExactly(outer.id());
        assertThat(find(outer.id()).counts()).isEqualTo(new BundleCounts(2, 2, 0, 0));
        assertThat(find(outer.id()).status()).isEqualTo(BundleStatus.OPEN);
        Folded second = bundles.fold(first.parents(), 10);
        assertThat(second.finished()).containsExactly(outer.id());
        assertThat(second.callbacks()).extracting(Inserted.Stored::id).containsExactly(callback.id());
    }

    @Test
    void anInnerBundleThatFailsAndIsMendedCountsLikeAJob() {
        BundleSubmission inner = bundle(List.of(fixture.job().type("inner").submission()));
        BundleSubmission outer = outer(inner, Map.of());
        bundles.insert(tree(outer));
        completeOne();
        Assignment failed = fixture.claimOne("inner");
        fixture.end(failed, JobFixture.outcome(OutcomeKind.DEAD_LETTER));
        foldUntilQuiet();
        assertThat(find(outer.id()).status()).isEqualTo(BundleStatus.FAILED);
        assertThat(find(outer.id()).counts()).isEqualTo(new BundleCounts(2, 1, 1, 0));

        jobs.requeue(failed.facts().id());
        foldUntilQuiet();
        assertThat(find(outer.id()).status()).isEqualTo(BundleStatus.OPEN);
        complete("inner");
        foldUntilQuiet();

        assertThat(find(outer.id()).status()).isEqualTo(BundleStatus.COMPLETED);
        assertThat(find(outer.id()).counts()).isEqualTo(new BundleCounts(2, 2, 0, 0));
    }

    @Test
    void cancelAndDeleteReachIntoInnerBundles() {
        BundleSubmission inner = bundle(List.of(fixture.job().type("inner").submission()));
        BundleSubmission outer = outer(inner, Map.of());
        bundles.insert(tree(outer));
        assertThat(bundles.delete(inner.id(), ANN)).isInstanceOf(BundleDeleted.Illegal.class);

        assertThat(bundles.cancel(bundles.tree(outer.id()), null, 10, ANN).canceled())
                .hasSize(2);
        foldUntilQuiet();
        assertThat(find(outer.id()).counts()).isEqualTo(new BundleCounts(2, 0, 0, 2));

        assertThat(bundles.delete(outer.id(), ANN))
                .isEqualTo(new BundleDeleted.Done(
                        Set.of(
                                inner.jobs().getFirst().id(),
                                outer.jobs().getFirst().id()),
                        null));
        assertThat(bundles.find(inner.id())).isEmpty();
    }

    @Test
    void aDeletedInnerBundleIsCountedNoMore() {
        BundleSubmission inner = bundle(List.of(fixture.job().type("inner").submission()));
        BundleSubmission outer = outer(inner, Map.of());
        bundles.insert(tree(outer));
        complete("inner");
        foldUntilQuiet();

        assertThat(bundles.delete(inner.id(), ANN))
                .isEqualTo(new BundleDeleted.Done(Set.of(inner.jobs().getFirst().id()), outer.id()));

        assertThat(find(outer.id()).counts()).isEqualTo(new BundleCounts(1, 0, 0, 0));
        completeOne();
        foldUntilQuiet();
        assertThat(find(outer.id()).status()).isEqualTo(BundleStatus.COMPLETED);
    }

    @Test
    void anOuterBundleIsNotDeletedWhileAnInnerMemberWasRequeued() {
        BundleSubmission inner = bundle(List.of(fixture.job().type("inner").submission()));
        BundleSubmission outer = outer(inner, Map.of());
        bundles.insert(tree(outer));
        completeOne();
        UUID job = complete("inner");
        foldUntilQuiet();
        jobs.requeue(job);

        assertThat(bundles.delete(outer.id(), ANN)).isInstanceOf(BundleDeleted.Illegal.class);
        assertThat(bundles.find(outer.id())).isPresent();
        assertThat(bundles.find(inner.id())).isPresent();
    }

    // ---- looking

    @Test
    void listsPageThroughBundlesNewestFirst() {
        List<UUID> made = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            made.addFirst(submitted(1).id());
            advance(HOUR);
        }

        BundlePage first = bundles.list(BundleFilter.ALL, 2, null);
        BundlePage second = bundles.list(BundleFilter.ALL, 2, first.nextCursor());
        BundlePage third = bundles.list(BundleFilter.ALL, 2, second.nextCursor());

        assertThat(first.items()).extracting(Bundle::id).containsExactlyElementsOf(made.subList(0, 2));
        assertThat(second.items()).extracting(Bundle::id).containsExactlyElementsOf(made.subList(2, 4));
        assertThat(third.items()).extracting(Bundle::id).containsExactlyElementsOf(made.subList(4, 5));
        assertThat(third.nextCursor()).isNull();
        refusedQuery(() -> bundles.list(BundleFilter.ALL, 2, "nonsense"));
        refusedQuery(() -> bundles.list(BundleFilter.ALL, 2, made.getFirst().toString()));
    }

    @Test
    void listsFilterByEachField() {
        BundleSubmission inner = bundle(List.of(fixture.job().type("inner").submission()));
        BundleSubmission outer =
                new BundleSubmission(fixture.newId(), "outer", "me", List.of(), List.of(inner), Map.of());
        bundles.insert(tree(outer));
        complete("inner");
        foldOnce();

        assertThat(listed(new BundleFilter(BundleStatus.OPEN, null, null, null, null, null)))
                .containsExactly(outer.id());
        assertThat(listed(new BundleFilter(BundleStatus.COMPLETED, null, null, null, null, null)))
                .containsExactly(inner.id());
        assertThat(listed(new BundleFilter(null, "outer", null, null, null, null)))
                .containsExactly(outer.id());
        assertThat(listed(new BundleFilter(null, null, "me", null, null, null))).containsExactly(outer.id());
        assertThat(listed(new BundleFilter(null, null, null, outer.id(), null, null)))
                .containsExactly(inner.id());
        assertThat(listed(new BundleFilter(null, null, null, null, servers.now().plus(HOUR), null)))
                .isEmpty();
        assertThat(listed(new BundleFilter(
                        null, null, null, null, null, servers.now().minus(HOUR))))
                .isEmpty();
    }

    @Test
    void membersAreListedByTheirBundleInEveryStatus() {
        BundleSubmission bundle = submitted(3);
        fixture.job().submitted();
        UUID done = completeOne();
        UUID dead = bury();

        assertThat(members(bundle.id())).containsExactlyInAnyOrderElementsOf(ids(bundle));
        JobFilter filter = JobFilter.ALL.inBundle(bundle.id());
        assertThat(jobs.list(filter.withStatus(JobStatus.COMPLETED), 10, null).items())
                .extracting(job -> job.facts().id())
                .containsExactly(done);
        assertThat(jobs.list(filter.withStatus(JobStatus.DEAD_LETTERED), 10, null)
                        .items())
                .extracting(job -> job.facts().id())
                .containsExactly(dead);
        assertThat(jobs.list(filter, 2, jobs.list(filter, 2, null).nextCursor()).items())
                .hasSize(1);
    }

    @Test
    void finishedAreThoseThatAreAndThoseThatAreGone() {
        BundleSubmission open = submitted(1);
        BundleSubmission done = bundle(List.of(fixture.job().type("other").submission()));
        bundles.insert(tree(done));
        complete("other");
        UUID gone = fixture.newId();

        assertThat(bundles.finished(Set.of(open.id(), done.id(), gone))).containsExactly(gone);
        foldOnce();
        assertThat(bundles.finished(Set.of(open.id(), done.id(), gone))).containsExactlyInAnyOrder(done.id(), gone);
    }

    // ---- races

    @RepeatedTest(3)
    void whoeverFoldsLastDecidesOnce() {
        Submission callback = fixture.job().type("done").submission();
        BundleSubmission bundle = submitted(40, Map.of(BundleEvent.COMPLETE, callback));
        List<Assignment> granted = fixture.claim(fixture.session(), 40, "t");
        List<Callable<Folded>> calls = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            List<Assignment> share = granted.subList(i * 10, i * 10 + 10);
            calls.add(() -> {
                share.forEach(one -> fixture.end(one, new Outcome.Ack(null)));
                return bundles.fold(Set.of(bundle.id()), 1);
            });
            calls.add(() -> {
                Folded last = Folded.NOTHING;
                for (int n = 0; n < 5 && last.finished().isEmpty(); n++) {
                    last = bundles.fold(Set.of(), 10);
                }
                return last;
            });
        }

        List<Folded> answers = Together.run(calls);

        assertThat(answers.stream().flatMap(folded -> folded.finished().stream()))
                .containsExactly(bundle.id());
        assertThat(answers.stream().flatMap(folded -> folded.callbacks().stream()))
                .extracting(Inserted.Stored::id)
                .containsExactly(callback.id());
        assertThat(find(bundle.id()).counts()).isEqualTo(new BundleCounts(40, 40, 0, 0));
    }

    @RepeatedTest(3)
    void membersAreRequeuedWhileOthersEndAndFold() {
        BundleSubmission bundle = submitted(20);
        List<Assignment> granted = fixture.claim(fixture.session(), 20, "t");
        List<Assignment> first = granted.subList(0, 10);
        first.forEach(one -> fixture.end(one, JobFixture.outcome(OutcomeKind.DEAD_LETTER)));

        Together.run(List.of(
                () -> {
                    granted.subList(10, 20).forEach(one -> fixture.end(one, new Outcome.Ack(null)));
                    return foldOnce();
                },
                () -> {
                    first.forEach(one -> jobs.requeue(one.facts().id()));
                    return foldOnce();
                },
                this::foldOnce));

        foldOnce();
        assertThat(find(bundle.id()).counts()).isEqualTo(new BundleCounts(20, 10, 0, 0));
        assertThat(find(bundle.id()).status()).isEqualTo(BundleStatus.OPEN);
    }

    @RepeatedTest(3)
    void theSameBundleSentAtOnceIsStoredOnce() {
        BundleSubmission bundle = new BundleSubmission(
                fixture.newId(),
                "b",
                null,
                List.of(
                        fixture.job().type("t").key("k").submission(),
                        fixture.job().type("t").submission()),
                List.of(),
                Map.of());

        List<BundleInserted> answers =
                Together.run(List.of(() -> bundles.insert(tree(bundle)), () -> bundles.insert(tree(bundle))));

        assertThat(answers).filteredOn(BundleInserted.Stored.class::isInstance).hasSize(1);
        assertThat(answers).contains(new BundleInserted.Duplicate(bundle.id()));
        assertThat(members(bundle.id())).hasSize(2);
    }

    @RepeatedTest(3)
    void cancelMissesNobodyWhileMembersAreClaimed() {
        BundleSubmission bundle = submitted(30);
        UUID session = fixture.session();

        Together.run(List.of(
                () -> fixture.claim(session, 30, "t"),
                () -> bundles.cancel(List.of(bundle.id()), null, 100, ANN),
                () -> fixture.claim(session, 30, "t")));

        int asked = sessions.cancelRequests(Set.of(session)).size();
        assertThat(asked + find(bundle.id()).counts().canceled()).isEqualTo(30);
    }

    @RepeatedTest(3)
    void aBundleIsDeletedOrItsMemberRequeuedNeverBoth() {
        BundleSubmission bundle = submitted(1);
        UUID job = completeOne();
        foldOnce();

        List<Object> answers = Together.run(List.of(() -> bundles.delete(bundle.id(), ANN), () -> jobs.requeue(job)));

        boolean deleted = answers.get(0) instanceof BundleDeleted.Done;
        assertThat(answers.get(1) instanceof Acted.Done).isNotEqualTo(deleted);
        assertThat(jobs.find(job).isPresent()).isNotEqualTo(deleted);
        assertThat(bundles.find(bundle.id()).isPresent()).isNotEqualTo(deleted);
    }

    // ---- helpers

    private static BundleTree tree(BundleSubmission bundle) {
        return BundleTree.of(bundle, BundleTree.MAX_JOBS);
    }

    private BundleSubmission bundle(List<Submission> members) {
        return new BundleSubmission(fixture.newId(), "b", null, members, List.of(), Map.of());
    }

    private BundleSubmission outer(BundleSubmission inner, Map<BundleEvent, Submission> callbacks) {
        return new BundleSubmission(
                fixture.newId(),
                "outer",
                null,
                List.of(fixture.job().type("t").submission()),
                List.of(inner),
                callbacks);
    }

    private BundleSubmission submitted(int members) {
        return submitted(members, Map.of());
    }

    /** A bundle of jobs of type t. */
    private BundleSubmission submitted(int members, Map<BundleEvent, Submission> callbacks) {
        BundleSubmission bundle = new BundleSubmission(
                fixture.newId(),
                "b",
                null,
                IntStream.range(0, members)
                        .mapToObj(i -> fixture.job().type("t").submission())
                        .toList(),
                List.of(),
                callbacks);
        assertThat(bundles.insert(tree(bundle))).isInstanceOf(BundleInserted.Stored.class);
        return bundle;
    }

    private static List<UUID> ids(BundleSubmission bundle) {
        return bundle.jobs().stream().map(Submission::id).toList();
    }

    private Bundle find(UUID id) {
        return bundles.find(id).orElseThrow();
    }

    private List<UUID> members(UUID bundle) {
        return jobs.list(JobFilter.ALL.inBundle(bundle), 1_000, null).items().stream()
                .map(job -> job.facts().id())
                .toList();
    }

    private List<UUID> listed(BundleFilter filter) {
        return bundles.list(filter, 10, null).items().stream().map(Bundle::id).toList();
    }

    private UUID completeOne() {
        return complete("t");
    }

    private UUID complete(String type) {
        return end(type, new Outcome.Ack(null));
    }

    private UUID bury() {
        return end("t", JobFixture.outcome(OutcomeKind.DEAD_LETTER));
    }

    private UUID end(String type, Outcome outcome) {
        Assignment granted = fixture.claimOne(type);
        fixture.end(granted, outcome);
        return granted.facts().id();
    }

    private Folded foldOnce() {
        return bundles.fold(Set.of(), 1_000);
    }

    private void foldUntilQuiet() {
        while (foldOnce().bundles() > 0) {
            // each round may concern the bundles around those of the last
        }
    }

    private static void refused(ThrowingCallable call, ErrorCode code, String field) {
        assertThatExceptionOfType(PulseException.class).isThrownBy(call).satisfies(e -> {
            assertThat(e.code()).isEqualTo(code);
            assertThat(e.field()).isEqualTo(field);
        });
    }

    private static void refusedQuery(ThrowingCallable call) {
        assertThatExceptionOfType(PulseException.class)
                .isThrownBy(call)
                .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_QUERY));
    }
}
