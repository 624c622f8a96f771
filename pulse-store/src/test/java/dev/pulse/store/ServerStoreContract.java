package dev.pulse.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pulse.model.Assignment;
import dev.pulse.model.JobStatus;
import dev.pulse.model.ServerInfo;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What the replicas share: who is there, who leads, what the clock says. */
public abstract class ServerStoreContract extends StoreContract {
    private static final Duration TTL = Duration.ofMinutes(30);
    private static final Duration WITHIN = Duration.ofMinutes(20);
    private static final Duration BEYOND = Duration.ofMinutes(40);
    private static final UUID A = UUID.fromString("0197a3c1-0000-7000-8000-00000000000a");
    private static final UUID B = UUID.fromString("0197a3c1-0000-7000-8000-00000000000b");

    @Test
    void theClockMoves() {
        Instant before = servers.now();
        advance(Duration.ofHours(3));

        assertThat(Duration.between(before, servers.now())).isBetween(Duration.ofHours(3), Duration.ofHours(4));
    }

    // ---- who is there

    @Test
    void aBeatingServerIsListed() {
        servers.beat(A, "one", "0.1");
        servers.beat(B, "two", "0.2");

        assertThat(servers.servers()).extracting(ServerInfo::id).containsExactlyInAnyOrder(A, B);
        ServerInfo one = info(A);
        assertThat(one.name()).isEqualTo("one");
        assertThat(one.version()).isEqualTo("0.1");
        assertThat(one.lastSeen()).isEqualTo(one.startedAt());
        assertThat(one.leader()).isFalse();
    }

    @Test
    void aBeatRenews() {
        servers.beat(A, "one", "0.1");
        Instant started = info(A).startedAt();
        advance(WITHIN);

        servers.beat(A, "one", "0.1");

        assertThat(servers.servers()).hasSize(1);
        assertThat(info(A).startedAt()).isEqualTo(started);
        assertThat(info(A).lastSeen()).isAfterOrEqualTo(started.plus(WITHIN));
    }

    @Test
    void aServerThatLeavesIsGone() {
        servers.beat(A, "one", "0.1");
        servers.beat(B, "two", "0.1");

        servers.leave(A);
        servers.leave(fixture.newId());

        assertThat(servers.servers()).extracting(ServerInfo::id).containsExactly(B);
    }

    @Test
    void aServerSilentForALongTimeIsForgottenAtTheNextBeat() {
        servers.beat(A, "one", "0.1");
        advance(Duration.ofDays(30));

        servers.beat(B, "two", "0.1");

        assertThat(servers.servers()).extracting(ServerInfo::id).containsExactly(B);
    }

    private ServerInfo info(UUID server) {
        return servers.servers().stream()
                .filter(info -> info.id().equals(server))
                .findFirst()
                .orElseThrow();
    }

    // ---- who leads

    @Test
    void theFirstToAskLeads() {
        Term term = servers.lead(A, TTL).orElseThrow();

        assertThat(term.server()).isEqualTo(A);
        assertThat(servers.lead(B, TTL)).isEmpty();
    }

    @Test
    void theListNamesTheLeader() {
        servers.beat(A, "one", "0.1");
        servers.beat(B, "two", "0.1");
        servers.lead(B, TTL);

        assertThat(info(A).leader()).isFalse();
        assertThat(info(B).leader()).isTrue();

        servers.leave(B);
        servers.lead(A, TTL);
        assertThat(info(A).leader()).isTrue();
    }

    @Test
    void aLeaderThatAsksInTimeKeepsItsTerm() {
        Optional<Term> term = servers.lead(A, TTL);
        for (int i = 0; i < 3; i++) {
            advance(WITHIN);
            assertThat(servers.lead(A, TTL)).isEqualTo(term);
            assertThat(servers.lead(B, TTL)).isEmpty();
        }
    }

    @Test
    void aSilentLeaderLosesItsTerm() {
        Term first = servers.lead(A, TTL).orElseThrow();
        advance(BEYOND);

        Term second = servers.lead(B, TTL).orElseThrow();

        assertThat(second.server()).isEqualTo(B);
        assertThat(second.number()).isGreaterThan(first.number());
        assertThat(servers.lead(A, TTL)).isEmpty();
    }

    @Test
    void everySpellHasANumberOfItsOwn() {
        Term first = servers.lead(A, TTL).orElseThrow();
        servers.leave(A);
        Term second = servers.lead(B, TTL).orElseThrow();
        servers.leave(B);
        Term third = servers.lead(A, TTL).orElseThrow();

        assertThat(second.number()).isGreaterThan(first.number());
        assertThat(third.number()).isGreaterThan(second.number());
    }

    @Test
    void aLeaderThatLeavesMakesRoomAtOnce() {
        servers.lead(A, TTL);
        servers.leave(B);
        assertThat(servers.lead(B, TTL)).as("B leaving does not end A's term").isEmpty();

        servers.leave(A);

        assertThat(servers.lead(B, TTL)).isPresent();
    }

    // ---- the lease floor

    @Test
    void theFloorRisesWhenNoServerWasSeenForAWhile() {
        servers.beat(A, "one", "0.1");
        Assignment held = fixture.job().running(fixture.session(TTL));
        advance(BEYOND);

        assertThat(servers.raiseLeaseFloorAfter(WITHIN)).isTrue();

        assertThat(fixture.sweep()).isEqualTo(Swept.NOTHING);
        assertThat(fixture.status(held.facts().id())).isEqualTo(JobStatus.RUNNING);
        advance(BEYOND);
        assertThat(fixture.sweep().sessions()).containsExactly(held.session());
    }

    @Test
    void theFloorStaysWhileAnyServerWasSeen() {
        servers.beat(A, "one", "0.1");
        servers.beat(B, "two", "0.1");
        Assignment held = fixture.job().running(fixture.session(TTL));
        advance(BEYOND);
        servers.beat(B, "two", "0.1");

        assertThat(servers.raiseLeaseFloorAfter(WITHIN)).isFalse();

        assertThat(fixture.sweep().sessions()).containsExactly(held.session());
    }

    // ---- tidy

    @Test
    void tidyingLosesNoJobAndNoLivingSession() {
        UUID waiting = fixture.job().submitted();
        UUID scheduled = fixture.job().scheduled();
        UUID done = fixture.job().completed().facts().id();
        UUID dead = fixture.job().deadLettered().facts().id();
        Assignment held = fixture.job().running();
        jobs.cancel(held.facts().id(), "ann");

        servers.tidy(fixture.lead());

        for (UUID id : new UUID[] {waiting, scheduled, done, dead, held.facts().id()}) {
            assertThat(jobs.find(id)).isPresent();
        }
        assertThat(sessions.find(held.session())).isPresent();
        assertThat(sessions.cancelRequests(Set.of(held.session()))).hasSize(1);
    }

    @Test
    void tidyingForASpellThatIsOverIsHarmless() {
        Term old = fixture.lead();
        advance(Duration.ofDays(2));
        servers.lead(A, TTL);

        servers.tidy(old);
        servers.tidy(servers.lead(A, TTL).orElseThrow());
    }
}
