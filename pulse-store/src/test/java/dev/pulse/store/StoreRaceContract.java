package dev.pulse.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pulse.model.Assignment;
import dev.pulse.model.JobStatus;
import dev.pulse.model.Outcome;
import dev.pulse.model.OutcomeKind;
import dev.pulse.model.ReportAnswer;
import dev.pulse.model.Submission;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

/** Two do it at once: whichever comes first, both are told the truth. Shows I2, I3, I9. */
public abstract class StoreRaceContract extends StoreContract {
    private static final int THREADS = 6;
    private static final int ROUNDS = 4;

    @Test
    void concurrentClaimsGrantEachJobOnce() {
        Set<UUID> all = new HashSet<>();
        for (int i = 0; i < 120; i++) {
            all.add(fixture.job().type("t" + i % 5).priority(i % 3).submitted());
        }

        List<List<Assignment>> granted = Together.run(times(THREADS, () -> {
            UUID session = fixture.session();
            List<Assignment> mine = new ArrayList<>();
            for (List<Assignment> some = claim(session, 7); !some.isEmpty(); some = claim(session, 7)) {
                mine.addAll(some);
            }
            return mine;
        }));
        List<Assignment> flat = granted.stream().flatMap(List::stream).toList();

        assertThat(JobFixture.ids(flat)).doesNotHaveDuplicates();
        List<UUID> rest = JobFixture.ids(fixture.claim(fixture.session(), 200));
        assertThat(Stream.concat(JobFixture.ids(flat).stream(), rest.stream()))
                .containsExactlyInAnyOrderElementsOf(all);
        assertThat(flat).allSatisfy(one -> assertThat(one.attempt()).isOne());
    }

    private List<Assignment> claim(UUID session, int slots) {
        return fixture.claim(session, slots);
    }

    @RepeatedTest(ROUNDS)
    void manySubmitsOfOneKeyStoreOneJob() {
        List<Submission> same = Stream.generate(
                        () -> fixture.job().type("t").key("k").submission())
                .limit(THREADS)
                .toList();

        List<Inserted> answers = Together.run(same.stream()
                .map(one -> (Callable<Inserted>) () -> fixture.submit(one))
                .toList());

        List<UUID> stored = storedIds(answers);
        assertThat(stored).hasSize(1);
        assertThat(answers)
                .filteredOn(answer -> !(answer instanceof Inserted.Stored))
                .hasSize(THREADS - 1)
                .containsOnly(new Inserted.Duplicate(stored.getFirst()));
        assertThat(fixture.claim(fixture.session(), THREADS)).hasSize(1);
    }

    @RepeatedTest(ROUNDS)
    void manySubmitsTakeOverAKeyThatIsFreeAgainOnce() {
        fixture.job().type("t").key("k").completed();
        List<Submission> same = Stream.generate(
                        () -> fixture.job().type("t").key("k").submission())
                .limit(THREADS)
                .toList();

        List<Inserted> answers = Together.run(same.stream()
                .map(one -> (Callable<Inserted>) () -> fixture.submit(one))
                .toList());

        List<UUID> stored = storedIds(answers);
        assertThat(stored).hasSize(1);
        assertThat(answers)
                .filteredOn(answer -> !(answer instanceof Inserted.Stored))
                .containsOnly(new Inserted.Duplicate(stored.getFirst()));
    }

    @RepeatedTest(ROUNDS)
    void manySubmitsOfOneIdStoreOneJob() {
        Submission one = fixture.job().type("t").submission();

        List<Inserted> answers = Together.run(times(THREADS, () -> fixture.submit(one)));

        assertThat(storedIds(answers)).containsExactly(one.id());
        assertThat(answers)
                .filteredOn(answer -> !(answer instanceof Inserted.Stored))
                .hasSize(THREADS - 1)
                .containsOnly(new Inserted.Duplicate(one.id()));
    }

    @RepeatedTest(ROUNDS)
    void batchesThatShareKeysInOppositeOrderBothReturn() {
        List<Submission> forth = new ArrayList<>();
        List<Submission> back = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            forth.add(fixture.job().type("t").key("k" + i).submission());
            back.addFirst(fixture.job().type("t").key("k" + i).submission());
        }

        List<List<Inserted>> answers =
                Together.run(List.of(() -> jobs.insert(forth, false), () -> jobs.insert(back, true)));

        assertThat(storedIds(answers.stream().flatMap(List::stream).toList())).hasSize(40);
        assertThat(fixture.claim(fixture.session(), 100)).hasSize(40);
    }

    @RepeatedTest(ROUNDS)
    void aJobIsClaimedOrCanceledNeverBoth() {
        UUID id = fixture.job().type("t").submitted();
        UUID session = fixture.session();

        List<Object> answers =
                Together.run(List.of(() -> fixture.claim(session, 1, "t"), () -> jobs.cancel(id, "ann")));

        boolean claimed = !answers.get(0).equals(List.of());
        if (claimed) {
            assertThat(answers.get(1)).isEqualTo(new Acted.Done(JobStatus.RUNNING, 0, session));
            assertThat(sessions.cancelRequests(Set.of(session))).hasSize(1);
        } else {
            assertThat(answers.get(1)).isEqualTo(new Acted.Done(JobStatus.CANCELED, 0, null));
            assertThat(fixture.outcomes(id)).containsExactly(OutcomeKind.CANCELED);
        }
        assertThat(fixture.status(id)).isEqualTo(claimed ? JobStatus.RUNNING : JobStatus.CANCELED);
    }

    @RepeatedTest(ROUNDS)
    void aReportAndASweepEndAnAttemptOnce() {
        UUID session = fixture.session(Duration.ofMinutes(1));
        Assignment held = fixture.job().running(session);
        advance(Duration.ofMinutes(10));
        Term term = fixture.lead();

        List<Object> answers = Together.run(List.of(
                () -> fixture.end(held, new Outcome.Ack(null)), () -> sessions.sweep(term, 10, store.decider())));

        Ended reported = (Ended) answers.get(0);
        Swept swept = (Swept) answers.get(1);
        boolean inTime = reported.answer() == ReportAnswer.APPLIED;
        assertThat(swept.sessions()).containsExactly(session);
        assertThat(swept.jobs()).hasSize(inTime ? 0 : 1);
        assertThat(fixture.outcomes(held.facts().id())).containsExactly(inTime ? OutcomeKind.ACK : OutcomeKind.LAPSE);
        assertThat(fixture.status(held.facts().id())).isEqualTo(inTime ? JobStatus.COMPLETED : JobStatus.RETRYING);
    }

    @RepeatedTest(ROUNDS)
    void aHeartbeatAndASweepAgreeWhoWasFirst() {
        UUID session = fixture.session(Duration.ofMinutes(1));
        Assignment held = fixture.job().running(session);
        advance(Duration.ofMinutes(10));
        Term term = fixture.lead();

        List<Object> answers = Together.run(
                List.of(() -> sessions.heartbeat(Set.of(session)), () -> sessions.sweep(term, 10, store.decider())));

        boolean saved = answers.get(0).equals(Set.of(session));
        assertThat(((Swept) answers.get(1)).sessions()).isEqualTo(saved ? List.of() : List.of(session));
        assertThat(fixture.status(held.facts().id())).isEqualTo(saved ? JobStatus.RUNNING : JobStatus.RETRYING);
    }

    @RepeatedTest(ROUNDS)
    void aClaimNeverLeavesAJobWithASessionThatTheSweepHasEnded() {
        UUID session = fixture.session(Duration.ofMinutes(1));
        advance(Duration.ofMinutes(10));
        UUID id = fixture.job().type("t").submitted();
        Term term = fixture.lead();

        Together.run(List.of(
                () -> fixture.claim(session, 1, "t"),
                () -> sessions.heartbeat(Set.of(session)),
                () -> sessions.sweep(term, 10, store.decider())));

        boolean ended = sessions.find(session).isEmpty();
        if (ended) {
            assertThat(fixture.status(id)).isIn(JobStatus.PENDING, JobStatus.RETRYING);
        }
        assertThat(sessions.heldBy(session)).hasSize(fixture.status(id) == JobStatus.RUNNING ? 1 : 0);
    }

    @RepeatedTest(ROUNDS)
    void aReportSentTwiceAtOnceIsAppliedOnce() {
        Assignment held = fixture.job().running();

        List<Ended> answers = Together.run(times(2, () -> fixture.end(held, new Outcome.Ack(null))));

        assertThat(answers).extracting(Ended::answer).containsOnly(ReportAnswer.APPLIED);
        assertThat(answers).extracting(Ended::status).containsExactlyInAnyOrder(JobStatus.COMPLETED, null);
        assertThat(fixture.outcomes(held.facts().id())).containsExactly(OutcomeKind.ACK);
    }

    @RepeatedTest(ROUNDS)
    void twoOutcomesAtOnceAreAppliedAndStale() {
        Assignment held = fixture.job().running();

        List<Ended> answers = Together.run(List.of(
                () -> fixture.end(held, new Outcome.Ack(null)),
                () -> fixture.end(held, JobFixture.outcome(OutcomeKind.FAIL))));

        assertThat(answers)
                .extracting(Ended::answer)
                .containsExactlyInAnyOrder(ReportAnswer.APPLIED, ReportAnswer.STALE);
        assertThat(fixture.outcomes(held.facts().id())).hasSize(1);
    }

    @RepeatedTest(ROUNDS)
    void aCancelAndAReportNeitherLoseTheJobNorTheAnswer() {
        Assignment held = fixture.job().running();
        UUID id = held.facts().id();

        List<Object> answers = Together.run(
                List.of(() -> jobs.cancel(id, "ann"), () -> fixture.end(held, JobFixture.outcome(OutcomeKind.FAIL))));

        Ended ended = (Ended) answers.get(1);
        assertThat(ended.answer()).isEqualTo(ReportAnswer.APPLIED);
        assertThat(answers.get(0)).isInstanceOf(Acted.Done.class);
        assertThat(fixture.status(id)).isEqualTo(JobStatus.CANCELED);
        assertThat(sessions.cancelRequests(Set.of(held.session()))).isEmpty();
    }

    @RepeatedTest(ROUNDS)
    void batchesOfReportsInOppositeOrderBothReturn() {
        UUID session = fixture.session();
        for (int i = 0; i < 40; i++) {
            fixture.job().type("t").submitted();
        }
        List<Report> forth = new ArrayList<>();
        List<Report> back = new ArrayList<>();
        for (Assignment held : fixture.claim(session, 40, "t")) {
            forth.add(new Report(held.facts().id(), held.token(), new Outcome.Ack(null)));
            back.addFirst(new Report(held.facts().id(), held.token(), new Outcome.Ack(null)));
        }

        List<List<Ended>> answers =
                Together.run(List.of(() -> jobs.end(forth, store.decider()), () -> jobs.end(back, store.decider())));

        List<Ended> flat = answers.stream().flatMap(List::stream).toList();
        assertThat(flat).extracting(Ended::answer).containsOnly(ReportAnswer.APPLIED);
        assertThat(flat)
                .filteredOn(ended -> ended.status() == JobStatus.COMPLETED)
                .hasSize(40);
    }

    @RepeatedTest(ROUNDS)
    void manyRequeuesOfOneJobPutItInLineOnce() {
        UUID id = fixture.job().type("t").completed().facts().id();

        List<Acted> answers = Together.run(times(THREADS, () -> jobs.requeue(id)));

        assertThat(answers).filteredOn(Acted.Done.class::isInstance).hasSize(1);
        assertThat(answers)
                .filteredOn(answer -> !(answer instanceof Acted.Done))
                .hasSize(THREADS - 1)
                .containsOnly(new Acted.Illegal(JobStatus.PENDING));
        assertThat(fixture.claim(fixture.session(), THREADS)).hasSize(1);
    }

    @RepeatedTest(ROUNDS)
    void ofJobsThatWantTheSameKeyAgainOneGetsIt() {
        List<UUID> done = Stream.generate(() ->
                        fixture.job().type("t").key("k").completed().facts().id())
                .limit(THREADS)
                .toList();

        List<Acted> answers = Together.run(done.stream()
                .map(id -> (Callable<Acted>) () -> jobs.requeue(id))
                .toList());

        UUID winner = done.get(firstDone(answers));
        assertThat(answers).filteredOn(Acted.Done.class::isInstance).hasSize(1);
        assertThat(answers)
                .filteredOn(answer -> !(answer instanceof Acted.Done))
                .containsOnly(new Acted.KeyTaken("k", winner));
    }

    @RepeatedTest(ROUNDS)
    void aRequeueAndASubmitOfTheSameKeyLeaveOneHolder() {
        UUID done = fixture.job().type("t").key("k").completed().facts().id();
        Submission next = fixture.job().type("t").key("k").submission();

        List<Object> answers = Together.run(List.of(() -> jobs.requeue(done), () -> fixture.submit(next)));

        if (answers.get(0) instanceof Acted.Done) {
            assertThat(answers.get(1)).isEqualTo(new Inserted.Duplicate(done));
        } else {
            assertThat(answers.get(0)).isEqualTo(new Acted.KeyTaken("k", next.id()));
            assertThat(JobFixture.storedId((Inserted) answers.get(1))).isEqualTo(next.id());
        }
    }

    @RepeatedTest(ROUNDS)
    void concurrentPromotionsMoveEachJobOnce() {
        for (int i = 0; i < 40; i++) {
            fixture.job().type("t").scheduled();
        }
        advance(JobFixture.PAST_EVERY_WAIT);

        List<Promoted> answers = Together.run(times(4, () -> jobs.promote(25)));
        int more = jobs.promote(100).count();

        assertThat(answers.stream().mapToInt(Promoted::count).sum() + more).isEqualTo(40);
        assertThat(fixture.claim(fixture.session(), 100)).hasSize(40);
    }

    @RepeatedTest(ROUNDS)
    void aPromotionAndRunNowMakeAJobReadyOnce() {
        UUID id = fixture.job().type("t").scheduled();
        advance(JobFixture.PAST_EVERY_WAIT);

        List<Object> answers = Together.run(List.of(() -> jobs.promote(10), () -> jobs.runNow(id)));

        assertThat(answers.get(1)).isInstanceOf(Acted.Done.class);
        assertThat(fixture.claim(fixture.session(), 5)).hasSize(1);
    }

    @RepeatedTest(ROUNDS)
    void aDeletedJobIsNotClaimedToo() {
        UUID id = fixture.job().type("t").submitted();
        UUID session = fixture.session();

        List<Object> answers = Together.run(List.of(() -> fixture.claim(session, 1, "t"), () -> jobs.delete(id)));

        boolean claimed = !answers.get(0).equals(List.of());
        assertThat(answers.get(1))
                .isEqualTo(claimed ? new Acted.Illegal(JobStatus.RUNNING) : new Acted.Done(JobStatus.PENDING, 0, null));
        assertThat(jobs.find(id).isPresent()).isEqualTo(claimed);
    }

    @RepeatedTest(ROUNDS)
    void ofServersThatAskAtOnceOneLeads() {
        List<UUID> asking = Stream.generate(fixture::newId).limit(THREADS).toList();

        List<Boolean> answers = Together.run(asking.stream()
                .map(server -> (Callable<Boolean>)
                        () -> servers.lead(server, Duration.ofHours(1)).isPresent())
                .toList());

        assertThat(answers).filteredOn(led -> led).hasSize(1);
    }

    private static int firstDone(List<Acted> answers) {
        for (int i = 0; i < answers.size(); i++) {
            if (answers.get(i) instanceof Acted.Done) {
                return i;
            }
        }
        throw new AssertionError("nobody won: " + answers);
    }

    private static List<UUID> storedIds(List<Inserted> answers) {
        return answers.stream()
                .filter(Inserted.Stored.class::isInstance)
                .map(JobFixture::storedId)
                .toList();
    }

    private static <T> List<Callable<T>> times(int count, Callable<T> call) {
        return Stream.generate(() -> call).limit(count).toList();
    }

    @RepeatedTest(ROUNDS)
    void aDeleteAndAPromotionLeaveNoHalfOfAJob() {
        UUID id = fixture.job().type("t").scheduled();
        advance(JobFixture.PAST_EVERY_WAIT);

        Together.run(List.<Callable<Object>>of(() -> jobs.delete(id), () -> jobs.promote(10)));

        assertThat(jobs.find(id)).isEmpty();
        assertThat(fixture.claim(fixture.session(), 5, "t")).isEmpty();
        assertThat(jobs.counts().total()).isEmpty();
    }

    @RepeatedTest(ROUNDS)
    void aDeleteAndAHandBackLeaveNoHalfOfAJob() {
        Assignment held = fixture.job().type("t").running();
        UUID id = held.facts().id();

        List<Object> answers = Together.run(List.<Callable<Object>>of(
                () -> jobs.delete(id), () -> fixture.end(held, JobFixture.outcome(OutcomeKind.RELEASE))));

        if (answers.getFirst() instanceof Acted.Done) {
            assertThat(jobs.find(id)).isEmpty();
            assertThat(fixture.claim(fixture.session(), 5, "t")).isEmpty();
        } else {
            assertThat(answers.getFirst()).isEqualTo(new Acted.Illegal(JobStatus.RUNNING));
            assertThat(fixture.claimOne("t").facts().id()).isEqualTo(id);
        }
    }
}
