package dev.pulse.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pulse.model.Assignment;
import dev.pulse.model.JobStatus;
import dev.pulse.model.Outcome;
import dev.pulse.model.OutcomeKind;
import dev.pulse.store.Claim;
import dev.pulse.store.Lane;
import dev.pulse.store.Report;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

final class ClaimStepTest {
    private final Replicas replicas = new Replicas();

    @Test
    void theBestPriorityGoesFirstThenTheOldest() {
        var server = replicas.server();
        UUID low = replicas.stored(replicas.job(builder -> builder.priority(-1)));
        UUID first = replicas.stored(replicas.job());
        UUID second = replicas.stored(replicas.job());
        UUID high = replicas.stored(replicas.job(builder -> builder.priority(5)));
        WorkerDouble worker = new WorkerDouble();

        server.attach(worker, 10);
        server.claim();

        assertThat(worker.ids()).containsExactly(high, first, second, low);
    }

    @Test
    void noMoreIsClaimedThanWorkersGranted() {
        var server = replicas.server();
        for (int i = 0; i < 10; i++) {
            replicas.stored();
        }
        WorkerDouble worker = new WorkerDouble();
        WorkerSession session = server.attach(worker, 3);

        server.settle();
        assertThat(worker.jobs).hasSize(3);

        session.grant(2);
        server.settle();
        assertThat(worker.jobs).hasSize(5);
    }

    @Test
    void aWorkerGetsOnlyWhatItServes() {
        var server = replicas.server();
        replicas.stored(replicas.job(builder -> builder.type("other")));
        WorkerDouble worker = new WorkerDouble();

        server.attach(worker, 5);
        server.settle();

        assertThat(worker.jobs).isEmpty();
    }

    @Test
    void twoServersOnOneStoreNeverGrantTheSameJob() {
        var one = replicas.server();
        var two = replicas.server();
        Set<UUID> all = new HashSet<>();
        for (int i = 0; i < 100; i++) {
            all.add(replicas.stored());
        }
        WorkerDouble left = new WorkerDouble();
        WorkerDouble right = new WorkerDouble();
        one.attach(left, 50);
        two.attach(right, 50);

        one.claim();
        two.claim();
        one.settle();
        two.settle();

        List<UUID> granted = new ArrayList<>(left.ids());
        granted.addAll(right.ids());
        assertThat(granted).doesNotHaveDuplicates().containsExactlyInAnyOrderElementsOf(all);
    }

    @Test
    void workIsSpreadOverTheSessionsInTurn() {
        var server = replicas.server();
        for (int i = 0; i < 4; i++) {
            replicas.stored();
        }
        WorkerDouble left = new WorkerDouble();
        WorkerDouble right = new WorkerDouble();
        server.attach(left, 10);
        server.attach(right, 10);

        server.claim();

        assertThat(left.jobs).hasSize(2);
        assertThat(right.jobs).hasSize(2);
    }

    @Test
    void sessionsThatServeTheSameShareOneClaim() {
        var server = replicas.server();
        replicas.stored();
        for (int i = 0; i < 5; i++) {
            server.attach(new WorkerDouble(), 10);
        }

        server.claim();

        assertThat(replicas.watched.count("claim")).isEqualTo(1);
    }

    @Test
    void freshCreditsAloneDoNotAskAnEmptyStoreAgain() {
        var server = replicas.server();
        replicas.stored();
        WorkerSession session = server.attach(new WorkerDouble(), 5);
        server.settle();
        int claims = replicas.watched.count("claim");

        session.grant(1);
        server.claim();

        assertThat(replicas.watched.count("claim")).isEqualTo(claims);
    }

    @Test
    void thePollFindsWhatNoSignalToldOf() {
        var server = replicas.server();
        WorkerDouble worker = new WorkerDouble();
        server.attach(worker, 5);
        server.settle();
        replicas.stored();
        server.claim();
        assertThat(worker.jobs).isEmpty();

        replicas.time.advance(ClaimConfig.DEFAULT.pollMax().plus(ClaimConfig.DEFAULT.lanesEvery()));
        server.claim();

        assertThat(worker.jobs).hasSize(1);
    }

    @Test
    void anotherServersSubmitIsHeardOf() {
        var one = replicas.server();
        var two = replicas.server();
        WorkerDouble worker = new WorkerDouble();
        two.attach(worker, 5);
        two.settle();

        one.submitted(replicas.job());
        two.claim();

        assertThat(worker.jobs).hasSize(1);
    }

    @Test
    void thePollWaitsLongerAndLongerWhileNothingComes() {
        var server = replicas.server();
        replicas.stored(); // so that there is a lane to look into
        server.attach(new WorkerDouble(), 5);
        server.settle();

        int before = replicas.watched.count("claim");
        for (int i = 0; i < 1_000; i++) {
            replicas.time.advance(Duration.ofMillis(10));
            server.claim();
        }

        assertThat(replicas.watched.count("claim") - before).isBetween(15, 30);
    }

    @Test
    void aLongPollIsAnsweredByTheNextSubmit() {
        var server = replicas.server();
        WorkerSession session = unary(server);
        CompletableFuture<List<Assignment>> poll = session.claim(5, Duration.ofSeconds(20));
        server.settle();
        assertThat(poll).isNotDone();

        UUID id = server.submitted(replicas.job());
        server.claim();

        assertThat(poll).isCompletedWithValueMatching(jobs -> ids(jobs).equals(List.of(id)));
    }

    @Test
    void aLongPollEndsEmptyWhenItsTimeIsOver() {
        var server = replicas.server();
        CompletableFuture<List<Assignment>> poll = unary(server).claim(5, Duration.ofSeconds(20));
        server.settle();

        replicas.time.advance(Duration.ofSeconds(20));
        server.claim();

        assertThat(poll).isCompletedWithValue(List.of());
    }

    @Test
    void aPollWithoutWaitLooksOnceAndIsAnswered() {
        var server = replicas.server();
        WorkerSession session = unary(server);
        server.settle();
        UUID id = replicas.stored();

        CompletableFuture<List<Assignment>> found = session.claim(1, Duration.ZERO);
        CompletableFuture<List<Assignment>> empty = session.claim(1, Duration.ZERO);
        server.claim();

        assertThat(found).isCompletedWithValueMatching(jobs -> ids(jobs).equals(List.of(id)));
        assertThat(empty).isCompletedWithValue(List.of());
    }

    @Test
    void aPollIsNotAnsweredByAClaimThatDidNotCountWithIt() {
        var server = replicas.server();
        WorkerSession session = unary(server);
        CompletableFuture<List<Assignment>> early = session.claim(1, Duration.ofSeconds(20));
        replicas.stored();
        List<CompletableFuture<List<Assignment>>> late = new ArrayList<>();
        replicas.watched.failAfter("claim", arguments -> {
            replicas.watched.heal();
            replicas.stored();
            late.add(session.claim(1, Duration.ZERO));
            return null;
        });

        server.claim();
        assertThat(early).isCompleted();
        assertThat(late.getFirst()).isNotDone();
        server.claim();

        assertThat(late.getFirst()).isCompletedWithValueMatching(jobs -> jobs.size() == 1);
    }

    @Test
    void nothingIsClaimedForASessionThatHasBeenSilentForItsLease() {
        var server = replicas.server();
        server.attach(new WorkerDouble(), 5);
        replicas.stored();
        replicas.time.advance(Replicas.LEASE.plusSeconds(1));

        server.claim();

        assertThat(replicas.watched.count("claim")).isZero();
    }

    @Test
    void aPollThatWasGivenUpGivesItsJobsBack() {
        var server = replicas.server();
        WorkerSession session = unary(server);
        CompletableFuture<List<Assignment>> poll = session.claim(5, Duration.ofSeconds(20));
        UUID id = replicas.stored();
        // Given up at the worst moment: the job is claimed and not yet delivered.
        replicas.watched.failAfter("claim", arguments -> {
            poll.cancel(false);
            return null;
        });

        server.claim();
        server.report();

        assertThat(replicas.status(id)).isEqualTo(JobStatus.PENDING);
        assertThat(replicas.outcomes(id)).containsExactly(OutcomeKind.RELEASE);
    }

    @Test
    void aConnectionThatBreaksAtTheDeliveryGivesItsJobsBackToOthers() {
        var server = replicas.server();
        WorkerDouble broken = new WorkerDouble();
        broken.broken = true;
        server.attach(broken, 1);
        UUID id = replicas.stored();
        server.settle();
        assertThat(replicas.status(id)).isEqualTo(JobStatus.PENDING);

        WorkerDouble other = new WorkerDouble();
        server.attach(other, 1);
        server.settle();

        assertThat(other.ids()).containsExactly(id);
        assertThat(other.jobs.getFirst().attempt()).isEqualTo(2);
    }

    @Test
    void drainingClaimsNothingAndTellsEverybody() {
        var server = replicas.server();
        WorkerDouble worker = new WorkerDouble();
        server.attach(worker, 5);
        CompletableFuture<List<Assignment>> poll = unary(server).claim(1, Duration.ofSeconds(20));

        server.roles.lifecycle.advance(Lifecycle.Phase.DRAINING);
        server.roles.drain();
        replicas.stored();
        server.settle();

        assertThat(worker.drains).isEqualTo(1);
        assertThat(worker.jobs).isEmpty();
        assertThat(poll).isCompletedWithValue(List.of());
        assertThatThrownBy(() -> server.attach(new WorkerDouble())).hasMessageContaining("shutting down");
    }

    // ---- the lower bound ----

    @Test
    void claimsStartBehindWhatWasTaken() {
        var server = replicas.server(slack(2));
        server.attach(new WorkerDouble(), 100);
        for (int i = 0; i < 10; i++) {
            server.submitted(replicas.job());
        }
        claimsTakeTime();
        server.settle();
        server.submitted(replicas.job());
        server.claim(); // the first full scan, which sets the pace of the next

        server.submitted(replicas.job());
        server.claim();

        assertThat(lastStart().seq()).isEqualTo(9);
    }

    @Test
    void aCommitThatComesLateLowersTheBound() {
        var server = replicas.server(slack(0));
        WorkerDouble worker = new WorkerDouble();
        server.attach(worker, 100);
        UUID early = server.submitted(replicas.job());
        for (int i = 0; i < 5; i++) {
            server.submitted(replicas.job());
        }
        claimsTakeTime();
        server.settle();
        server.submitted(replicas.job());
        server.claim();
        server.submitted(replicas.job());
        server.claim();
        assertThat(lastStart().seq()).isEqualTo(7);

        // The first job's place comes free again, as if its insert had committed last.
        server.roles.handBack.of(server.roles.registry.all().iterator().next(), releaseOf(worker, early));
        server.report();
        server.claim();

        assertThat(lastStart().seq()).isEqualTo(1);
        assertThat(worker.ids()).endsWith(early);
    }

    @Test
    void aFullScanFindsWhatLiesBelowTheBound() {
        var server = replicas.server(slack(0));
        var other = replicas.server(slack(0));
        WorkerDouble worker = new WorkerDouble();
        server.attach(worker, 100);
        WorkerDouble holder = new WorkerDouble();
        WorkerSession held = other.attach(holder, 1);
        UUID early = replicas.stored();
        other.claim();
        for (int i = 0; i < 5; i++) {
            server.submitted(replicas.job());
        }
        server.settle();

        // Handed back by the other server; the hint names the lane and no place.
        var unused = held.report(List.of(WorkerDouble.report(holder.jobs.getFirst(), new Outcome.Release())));
        other.report();
        server.claim();
        server.live(Duration.ofSeconds(11), () -> {});

        assertThat(worker.ids()).endsWith(early);
    }

    @Test
    void fullScansArePacedByTheirCost() {
        LaneBook book = new LaneBook(ScanConfig.DEFAULT, 0);
        book.refresh(List.of(new Lane(1, "default", "t", 0, false)), 0);
        List<LaneBook.Entry> lanes = book.matching(new DemandGroup.Key(Set.of("t"), Set.of()), false);
        book.claimed(book.plan(lanes, 0), Map.of(1, 100_000L), 0, Duration.ZERO);

        int scans = 0;
        Duration cost = Duration.ofMillis(10);
        for (long now = 0; now < Duration.ofSeconds(60).toNanos(); now += cost.toNanos()) {
            LaneBook.Plan plan = book.plan(lanes, now);
            scans += plan.scanned().size();
            book.claimed(plan, Map.of(), now, cost);
        }

        assertThat(cost.multipliedBy(scans)).isLessThanOrEqualTo(Duration.ofMillis(60_000 * 2 / 100 + 50));
        assertThat(scans).isGreaterThan(60);
    }

    @Test
    void anExpensiveScanIsStillMadeEveryTenSeconds() {
        LaneBook book = new LaneBook(ScanConfig.DEFAULT, 0);
        book.refresh(List.of(new Lane(1, "default", "t", 0, false)), 0);
        List<LaneBook.Entry> lanes = book.matching(new DemandGroup.Key(Set.of("t"), Set.of()), false);
        book.claimed(book.plan(lanes, 0), Map.of(1, 100_000L), 0, Duration.ZERO);

        int scans = 0;
        for (long second = 1; second <= 60; second++) {
            LaneBook.Plan plan = book.plan(lanes, Duration.ofSeconds(second).toNanos());
            scans += plan.scanned().size();
            book.claimed(plan, Map.of(), Duration.ofSeconds(second).toNanos(), Duration.ofSeconds(5));
        }

        assertThat(scans).isBetween(6, 8);
    }

    // ---- trouble ----

    @Test
    void aClaimWhoseCommitIsUnknownIsHandedBackAndRunsAgain() {
        var server = replicas.server();
        WorkerDouble worker = new WorkerDouble();
        WorkerSession session = server.attach(worker, 1);
        UUID id = replicas.stored();
        replicas.watched.failAfter("claim", arguments -> Replicas.unknown());
        assertThatThrownBy(server::claim).hasMessageContaining("lost during commit");
        assertThat(replicas.status(id)).isEqualTo(JobStatus.RUNNING);
        replicas.watched.heal();

        server.live(Duration.ofSeconds(20), () -> {
            if (replicas.time.instant().getEpochSecond() % 5 == 0) {
                server.heartbeat(session, worker.jobs);
            }
        });

        assertThat(worker.ids()).containsExactly(id);
        assertThat(worker.jobs.getFirst().attempt()).isEqualTo(2);
        assertThat(replicas.outcomes(id).getFirst()).isEqualTo(OutcomeKind.RELEASE);
    }

    @Test
    void aWorkerThatNeverNamesItsTokensGetsALostClaimBackToo() {
        var server = replicas.server();
        WorkerSession session = unary(server);
        var poll = session.claim(1, Duration.ZERO);
        UUID id = replicas.stored();
        replicas.watched.failAfter("claim", arguments -> Replicas.unknown());
        server.settleThroughTrouble();
        assertThat(poll).isCompletedExceptionally();
        assertThat(replicas.status(id)).isEqualTo(JobStatus.RUNNING);
        replicas.watched.heal();

        server.live(Duration.ofSeconds(5), () -> {});

        assertThat(replicas.status(id)).isEqualTo(JobStatus.PENDING);
    }

    @Test
    void whenTheStoreIsAwayNothingIsLostAndWorkGoesOnAfterwards() {
        var server = replicas.server();
        WorkerDouble worker = new WorkerDouble();
        server.attach(worker, 5);
        server.settle();
        UUID id = replicas.stored();
        replicas.watched.down(Replicas.unavailable());
        replicas.time.advance(Duration.ofSeconds(2));
        server.settleThroughTrouble();
        assertThat(worker.jobs).isEmpty();

        replicas.watched.heal();
        replicas.time.advance(Duration.ofSeconds(2));
        server.settle();

        assertThat(worker.ids()).containsExactly(id);
    }

    // ---- suspects ----

    @Test
    void aSuspectIsGrantedOnlyToASessionThatHoldsNoOther() {
        var server = replicas.server();
        List<UUID> suspects = List.of(replicas.stored(), replicas.stored(), replicas.stored());
        crash(server, 2);
        UUID innocent = replicas.stored();
        WorkerDouble worker = new WorkerDouble();
        WorkerSession session = server.attach(worker, 10);
        server.live(Duration.ofSeconds(5), () -> {});

        assertThat(worker.ids()).contains(innocent);
        assertThat(worker.jobs.stream().filter(Assignment::suspect)).hasSize(1);

        Assignment first =
                worker.jobs.stream().filter(Assignment::suspect).findFirst().orElseThrow();
        var unused = session.report(List.of(WorkerDouble.ack(first)));
        server.live(Duration.ofSeconds(2), () -> {});

        List<UUID> seen = worker.jobs.stream()
                .filter(Assignment::suspect)
                .map(job -> job.facts().id())
                .toList();
        assertThat(seen).hasSize(2).isSubsetOf(suspects).doesNotHaveDuplicates();
    }

    /** Lets everything that waits lose its worker so many times in a row. */
    private void crash(Replicas.Server server, int times) {
        for (int i = 0; i < times; i++) {
            WorkerDouble doomed = new WorkerDouble();
            WorkerSession session = server.attach(doomed, 100);
            server.live(Duration.ofSeconds(3), () -> {});
            assertThat(doomed.jobs).hasSize(3);
            session.detach();
            server.live(Replicas.LEASE.plusSeconds(5), () -> {});
            assertThat(doomed.ids())
                    .allSatisfy(id -> assertThat(replicas.outcomes(id)).last().isIn(OutcomeKind.LAPSE));
        }
    }

    private WorkerSession unary(Replicas.Server server) {
        return server.roles.sessions.open(replicas.spec());
    }

    /** So that a full scan costs something and is not made each time. */
    private void claimsTakeTime() {
        replicas.watched.failAfter("claim", arguments -> {
            replicas.time.advance(Duration.ofMillis(2));
            return null;
        });
    }

    private Claim.LaneStart lastStart() {
        return ((Claim) replicas.watched.lastArgument("claim")).from().getFirst();
    }

    private static List<Report> releaseOf(WorkerDouble worker, UUID id) {
        return worker.jobs.stream()
                .filter(job -> job.facts().id().equals(id))
                .map(job -> WorkerDouble.report(job, new Outcome.Release()))
                .toList();
    }

    private static List<UUID> ids(List<Assignment> jobs) {
        return jobs.stream().map(job -> job.facts().id()).toList();
    }

    private static EngineConfig slack(long slack) {
        ClaimConfig claim = ClaimConfig.DEFAULT;
        EngineConfig all = EngineConfig.DEFAULT;
        return new EngineConfig(
                all.submit(),
                new ClaimConfig(
                        claim.batchMax(),
                        claim.batchBytes(),
                        claim.spacing(),
                        claim.pollMin(),
                        claim.pollMax(),
                        claim.lanesEvery(),
                        new ScanConfig(slack, Duration.ofSeconds(10), 2, Duration.ofMillis(20))),
                all.lease(),
                all.report(),
                all.sweep(),
                all.promote(),
                all.await(),
                all.session(),
                all.retention());
    }
}
