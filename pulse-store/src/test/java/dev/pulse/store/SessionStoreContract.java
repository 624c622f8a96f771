package dev.pulse.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.pulse.model.Assignment;
import dev.pulse.model.ErrorCode;
import dev.pulse.model.JobStatus;
import dev.pulse.model.Outcome;
import dev.pulse.model.OutcomeKind;
import dev.pulse.model.PulseException;
import dev.pulse.model.ReportAnswer;
import dev.pulse.model.SessionInfo;
import dev.pulse.model.SessionSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** How leases are opened, kept alive, lost and swept. Shows I2, I3. */
public abstract class SessionStoreContract extends StoreContract {
    private static final Duration LEASE = Duration.ofMinutes(30);
    private static final Duration WITHIN = Duration.ofMinutes(20);
    private static final Duration BEYOND = Duration.ofMinutes(40);

    // ---- open

    @Test
    void anOpenedSessionIsFoundAsItWasSpecified() {
        UUID id = fixture.newId();
        SessionSpec spec = new SessionSpec(
                id, "worker ü", Set.of("email", "image"), Set.of("bulk", "default"), 7, Duration.ofMillis(30_500));

        sessions.open(spec);

        assertThat(sessions.find(id)).contains(spec);
        SessionInfo info = sessions.sessions().getFirst();
        assertThat(info.spec()).isEqualTo(spec);
        assertThat(info.running()).isZero();
        assertThat(info.lastHeartbeat()).isEqualTo(info.startedAt());
    }

    @Test
    void aSessionNeverOpenedIsNotFound() {
        assertThat(sessions.find(fixture.newId())).isEmpty();
        assertThat(sessions.sessions()).isEmpty();
    }

    @Test
    void reopeningTakesTheSessionUpWithItsNewSpec() {
        UUID id = fixture.session(LEASE);
        Assignment held = fixture.job().running(id);
        Instant started = sessions.sessions().getFirst().startedAt();
        SessionSpec spec = new SessionSpec(id, "renamed", Set.of("x"), Set.of("y"), 3, Duration.ofMinutes(50));

        sessions.open(spec);

        assertThat(sessions.find(id)).contains(spec);
        assertThat(sessions.sessions()).hasSize(1);
        assertThat(sessions.sessions().getFirst().startedAt()).isEqualTo(started);
        assertThat(fixture.end(held, new Outcome.Ack(null)).status()).isEqualTo(JobStatus.COMPLETED);
    }

    @Test
    void reopeningExtendsTheLease() {
        UUID id = fixture.session(LEASE);
        Assignment held = fixture.job().running(id);
        advance(WITHIN);
        sessions.open(JobFixture.spec(id, LEASE));
        advance(WITHIN);

        assertThat(fixture.sweep()).isEqualTo(Swept.NOTHING);
        assertThat(fixture.status(held.facts().id())).isEqualTo(JobStatus.RUNNING);
    }

    @Test
    void reopeningALapsedSessionThatNobodySweptSaysThatItWasThereAndKeepsWhatItHolds() {
        UUID id = fixture.session(LEASE);
        Assignment held = fixture.job().running(id);
        advance(LEASE.plusMinutes(5));
        assertThat(sessions.find(id)).isEmpty();

        assertThat(sessions.open(JobFixture.spec(id, LEASE))).isTrue();

        assertThat(sessions.heldBy(id)).extracting(Held::token).containsExactly(held.token());
        assertThat(fixture.sweep()).isEqualTo(Swept.NOTHING);
        assertThat(sessions.open(JobFixture.spec(fixture.newId(), LEASE))).isFalse();
    }

    @Test
    void anEndedSessionIsNeverRevived() {
        UUID closed = fixture.session(LEASE);
        sessions.close(closed);
        UUID swept = fixture.session(LEASE);
        advance(BEYOND);
        assertThat(fixture.sweep().sessions()).containsExactly(swept);

        for (UUID id : List.of(closed, swept)) {
            assertThatExceptionOfType(PulseException.class)
                    .isThrownBy(() -> sessions.open(JobFixture.spec(id, LEASE)))
                    .satisfies(refusal -> assertThat(refusal.code()).isEqualTo(ErrorCode.SESSION_ENDED));
            assertThat(sessions.find(id)).isEmpty();
        }
        assertThat(sessions.heartbeat(Set.of(closed, swept))).isEmpty();
        assertThat(sessions.sessions()).isEmpty();
    }

    // ---- heartbeat

    @Test
    void aHeartbeatNamesTheSessionsThatAreAlive() {
        UUID alive = fixture.session(LEASE);
        UUID closed = fixture.session(LEASE);
        sessions.close(closed);

        assertThat(sessions.heartbeat(Set.of(alive, closed, fixture.newId()))).containsExactly(alive);
        assertThat(sessions.heartbeat(Set.of())).isEmpty();
    }

    @Test
    void heartbeatsKeepALeaseForAsLongAsTheyCome() {
        UUID id = fixture.session(LEASE);
        Assignment held = fixture.job().running(id);
        for (int i = 0; i < 5; i++) {
            advance(WITHIN);
            assertThat(sessions.heartbeat(Set.of(id))).containsExactly(id);
            assertThat(fixture.sweep()).isEqualTo(Swept.NOTHING);
        }

        assertThat(fixture.status(held.facts().id())).isEqualTo(JobStatus.RUNNING);
        SessionInfo info = sessions.sessions().getFirst();
        assertThat(Duration.between(info.startedAt(), info.lastHeartbeat()))
                .isGreaterThanOrEqualTo(WITHIN.multipliedBy(5));
    }

    @Test
    void aSessionWhoseLeaseHasRunOutIsNotListedUntilItBeatsAgain() {
        UUID id = fixture.session(LEASE);
        advance(BEYOND);
        assertThat(sessions.find(id)).isEmpty();
        assertThat(sessions.sessions()).isEmpty();

        sessions.heartbeat(Set.of(id));

        assertThat(sessions.find(id)).isPresent();
        assertThat(sessions.sessions()).hasSize(1);
    }

    @Test
    void aHeartbeatBeforeTheSweepSavesALeaseThatHasRunOut() {
        UUID id = fixture.session(LEASE);
        Assignment held = fixture.job().running(id);
        advance(BEYOND);

        assertThat(sessions.heartbeat(Set.of(id))).containsExactly(id);

        assertThat(fixture.sweep()).isEqualTo(Swept.NOTHING);
        assertThat(fixture.end(held, new Outcome.Ack(null)).status()).isEqualTo(JobStatus.COMPLETED);
    }

    @Test
    void aSessionTakenUpBeforeTheSweepIsSavedToo() {
        UUID id = fixture.session(LEASE);
        fixture.job().running(id);
        advance(BEYOND);

        sessions.open(JobFixture.spec(id, LEASE));

        assertThat(fixture.sweep()).isEqualTo(Swept.NOTHING);
    }

    // ---- what a session holds

    @Test
    void aSessionKnowsWhatItHolds() {
        UUID id = fixture.session(LEASE);
        Assignment first = fixture.job().running(id);
        advance(WITHIN);
        sessions.heartbeat(Set.of(id));
        Assignment second = fixture.job().running(id);
        fixture.job().running();
        fixture.end(fixture.job().running(id), new Outcome.Release());

        List<Held> held = sessions.heldBy(id);

        assertThat(held)
                .extracting(Held::jobId)
                .containsExactlyInAnyOrder(first.facts().id(), second.facts().id());
        assertThat(held).extracting(Held::token).containsExactlyInAnyOrder(first.token(), second.token());
        for (Held one : held) {
            Duration waited = one.jobId().equals(first.facts().id()) ? WITHIN : Duration.ZERO;
            assertThat(one.age()).isBetween(waited, waited.plusMinutes(5));
        }
        assertThat(sessions.sessions())
                .filteredOn(info -> info.spec().id().equals(id))
                .extracting(SessionInfo::running)
                .containsExactly(2);
        assertThat(sessions.heldBy(fixture.newId())).isEmpty();
    }

    @Test
    void theTurnsOfAClosedSessionCanStillBeHandedBack() {
        UUID id = fixture.session(LEASE);
        Assignment held = fixture.job().running(id);
        sessions.close(id);

        assertThat(sessions.heldBy(id))
                .extracting(Held::jobId)
                .containsExactly(held.facts().id());
        assertThat(fixture.end(held, new Outcome.Release()).status()).isEqualTo(JobStatus.PENDING);
    }

    @Test
    void closingTwiceOrWithoutOpeningIsHarmless() {
        UUID id = fixture.session(LEASE);
        sessions.close(id);
        sessions.close(id);
        sessions.close(fixture.newId());

        assertThat(sessions.sessions()).isEmpty();
    }

    @Test
    void whatAClosedSessionLeftBehindIsSwept() {
        UUID id = fixture.session(LEASE);
        Assignment held = fixture.job().running(id);
        sessions.close(id);
        advance(BEYOND);

        Swept swept = fixture.sweep();

        assertThat(swept.sessions())
                .as("its lease did not lapse: it was closed")
                .isEmpty();
        assertThat(swept.jobs())
                .extracting(Ended::jobId)
                .containsExactly(held.facts().id());
        assertThat(fixture.status(held.facts().id())).isEqualTo(JobStatus.RETRYING);
    }

    // ---- sweep

    @Test
    void aLapsedSessionLosesWhatItHeld() {
        UUID id = fixture.session(LEASE);
        Assignment first = fixture.job().running(id);
        Assignment second = fixture.job().running(id);
        Assignment done = fixture.job().running(id);
        fixture.end(done, new Outcome.Ack(null));
        advance(BEYOND);

        Swept swept = fixture.sweep();

        assertThat(swept.sessions()).containsExactly(id);
        assertThat(swept.braked()).isZero();
        assertThat(swept.jobs())
                .containsExactlyInAnyOrder(lapsed(first, Duration.ofSeconds(1)), lapsed(second, Duration.ofSeconds(1)));
        assertThat(fixture.status(first.facts().id())).isEqualTo(JobStatus.RETRYING);
        assertThat(fixture.outcomes(first.facts().id())).containsExactly(OutcomeKind.LAPSE);
        assertThat(fixture.status(done.facts().id())).isEqualTo(JobStatus.COMPLETED);
        assertThat(sessions.heldBy(id)).isEmpty();
        assertThat(fixture.sweep()).isEqualTo(Swept.NOTHING);
    }

    private static Ended lapsed(Assignment held, Duration delay) {
        return new Ended(held.facts().id(), held.token(), ReportAnswer.APPLIED, JobStatus.RETRYING, delay);
    }

    @Test
    void aReportAfterTheSweepIsStale() {
        UUID id = fixture.session(LEASE);
        Assignment held = fixture.job().running(id);
        advance(BEYOND);
        fixture.sweep();

        assertThat(fixture.end(held, new Outcome.Ack(null)).answer()).isEqualTo(ReportAnswer.STALE);
        assertThat(fixture.status(held.facts().id())).isEqualTo(JobStatus.RETRYING);
    }

    @Test
    void aLivingSessionIsLeftAlone() {
        UUID dead = fixture.session(LEASE);
        Assignment lost = fixture.job().running(dead);
        UUID living = fixture.session(Duration.ofHours(1));
        Assignment kept = fixture.job().running(living);
        advance(BEYOND);

        assertThat(fixture.sweep().sessions()).containsExactly(dead);

        assertThat(fixture.status(lost.facts().id())).isEqualTo(JobStatus.RETRYING);
        assertThat(fixture.status(kept.facts().id())).isEqualTo(JobStatus.RUNNING);
        assertThat(sessions.find(living)).isPresent();
    }

    @Test
    void aLapseIsChargedToTheBudget() {
        UUID id = fixture.session(LEASE);
        Assignment held = fixture.job().maxAttempts(1).running(id);
        advance(BEYOND);

        assertThat(fixture.sweep().jobs()).extracting(Ended::status).containsExactly(JobStatus.DEAD_LETTERED);
        assertThat(fixture.status(held.facts().id())).isEqualTo(JobStatus.DEAD_LETTERED);
    }

    @Test
    void twoLapsesAtOnceAreSweptTogether() {
        UUID first = fixture.session(LEASE);
        UUID second = fixture.session(LEASE);
        advance(BEYOND);

        Swept swept = fixture.sweep();

        assertThat(swept.sessions()).containsExactlyInAnyOrder(first, second);
        assertThat(swept.braked()).isZero();
    }

    @Test
    void oneSweepEndsAtMostItsLimit() {
        UUID first = fixture.session(LEASE);
        UUID second = fixture.session(LEASE);
        advance(BEYOND);

        Swept swept = sessions.sweep(fixture.lead(), 1, store.decider());

        assertThat(swept.sessions()).hasSize(1);
        assertThat(swept.braked()).isZero();
        List<UUID> all = new ArrayList<>(swept.sessions());
        all.addAll(sessions.sweep(fixture.lead(), 1, store.decider()).sessions());
        assertThat(all).containsExactlyInAnyOrder(first, second);
    }

    @Test
    void moreThanAFifthLapsedAtOnceIsBraked() {
        List<UUID> lapsed = sessionsWithLease(3, LEASE);
        sessionsWithLease(11, Duration.ofHours(1));
        advance(BEYOND);

        Swept swept = fixture.sweep();

        assertThat(swept.sessions()).hasSize(1);
        assertThat(lapsed).containsAll(swept.sessions());
        assertThat(swept.braked()).isEqualTo(2);
    }

    @Test
    void aFifthLapsedAtOnceIsNotBraked() {
        List<UUID> lapsed = sessionsWithLease(3, LEASE);
        sessionsWithLease(12, Duration.ofHours(1));
        advance(BEYOND);

        Swept swept = fixture.sweep();

        assertThat(swept.sessions()).containsExactlyInAnyOrderElementsOf(lapsed);
        assertThat(swept.braked()).isZero();
    }

    @Test
    void theBrakeTricklesUntilTheRestIsSmallEnough() {
        List<UUID> lapsed = sessionsWithLease(5, LEASE);
        advance(BEYOND);

        assertThat(fixture.sweep().braked()).isEqualTo(4);
        assertThat(fixture.sweep().braked()).isEqualTo(3);
        assertThat(fixture.sweep().braked()).isEqualTo(2);
        assertThat(fixture.sweep().sessions()).as("the last two at once").hasSize(2);
        assertThat(sessions.heartbeat(Set.copyOf(lapsed))).isEmpty();
    }

    @Test
    void endedSessionsDoNotCountForTheBrake() {
        sessionsWithLease(30, Duration.ofHours(1)).forEach(sessions::close);
        sessionsWithLease(3, LEASE);
        advance(BEYOND);

        assertThat(fixture.sweep().braked()).isEqualTo(2);
    }

    private List<UUID> sessionsWithLease(int count, Duration lease) {
        List<UUID> opened = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            opened.add(fixture.session(lease));
        }
        return opened;
    }

    @Test
    void aTermThatIsOverSweepsNothing() {
        UUID id = fixture.session(LEASE);
        Assignment held = fixture.job().running(id);
        Term old = fixture.lead();
        advance(Duration.ofHours(2));
        Term current = servers.lead(fixture.newId(), Duration.ofHours(1)).orElseThrow();

        assertThat(sessions.sweep(old, 10, store.decider())).isEqualTo(Swept.NOTHING);
        assertThat(sessions.sweep(new Term(current.server(), current.number() + 1), 10, store.decider()))
                .isEqualTo(Swept.NOTHING);
        assertThat(fixture.status(held.facts().id())).isEqualTo(JobStatus.RUNNING);

        assertThat(sessions.sweep(current, 10, store.decider()).sessions()).containsExactly(id);
    }

    // ---- the lease floor

    @Test
    void noLeaseLapsesBeforeAWholeLeaseAfterTheFloorWasRaised() {
        UUID id = fixture.session(LEASE);
        Assignment held = fixture.job().running(id);
        advance(BEYOND);
        servers.raiseLeaseFloor();
        advance(WITHIN);

        assertThat(fixture.sweep()).isEqualTo(Swept.NOTHING);
        UUID next = fixture.job().type("next").submitted();
        assertThat(fixture.claimOne(id, "next").facts().id())
                .as("the session is alive")
                .isEqualTo(next);

        advance(WITHIN);
        assertThat(fixture.sweep().sessions()).containsExactly(id);
        assertThat(fixture.status(held.facts().id())).isEqualTo(JobStatus.RETRYING);
    }

    @Test
    void theFloorShortensNoLease() {
        UUID id = fixture.session(LEASE);
        servers.raiseLeaseFloor();
        advance(WITHIN);
        sessions.heartbeat(Set.of(id));
        advance(WITHIN);

        assertThat(fixture.sweep()).isEqualTo(Swept.NOTHING);
    }

    @Test
    void theFloorRevivesNoEndedSession() {
        UUID id = fixture.session(LEASE);
        sessions.close(id);
        servers.raiseLeaseFloor();

        assertThat(sessions.heartbeat(Set.of(id))).isEmpty();
    }

    // ---- two sessions, one job

    @Test
    void aCancelIsAskedOfTheSessionThatHoldsTheJobNow() {
        UUID first = fixture.session(LEASE);
        Assignment lost = fixture.job().type("t").running(first);
        advance(BEYOND);
        fixture.sweep();
        fixture.promoteAll();
        UUID second = fixture.session(LEASE);
        Assignment now = fixture.claimOne(second, "t");

        jobs.cancel(lost.facts().id(), "ann");

        assertThat(sessions.cancelRequests(Set.of(first, second)))
                .containsExactly(new CancelRequest(second, lost.facts().id(), now.token()));
    }
}
