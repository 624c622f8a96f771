package dev.pulse.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pulse.model.Assignment;
import dev.pulse.model.AuditEntry;
import dev.pulse.model.AuditFilter;
import dev.pulse.model.Caller;
import dev.pulse.model.ErrorCode;
import dev.pulse.model.JobStatus;
import dev.pulse.model.LimitChange;
import dev.pulse.model.LineInfo;
import dev.pulse.model.Outcome;
import dev.pulse.model.OutcomeKind;
import dev.pulse.model.Pause;
import dev.pulse.model.PulseException;
import dev.pulse.model.RunLimits;
import dev.pulse.model.Scope;
import dev.pulse.model.Setting;
import dev.pulse.model.Switches;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Pauses and limits: what is set, and that limits hold. */
public abstract class SwitchStoreContract extends StoreContract {
    private static final Caller ADA = Caller.internal("ada");
    private static final Caller BOB = Caller.internal("bob");
    private static final Scope MAIL = Scope.queue("mail");
    private static final Scope EMAIL = Scope.type("email");

    // ---- switches

    @Test
    void nothingIsSetAtFirst() {
        assertThat(switches.read().settings()).isEmpty();
        assertThat(switches.read().of(Scope.DISPATCH)).isEqualTo(Setting.open(Scope.DISPATCH));
    }

    @Test
    void aPauseKeepsItsReasonAndWhoAndSince() {
        Setting paused = switches.pause(Scope.DISPATCH, "deploy", ADA);

        assertThat(paused.pause()).isNotNull();
        assertThat(paused.pause().reason()).isEqualTo("deploy");
        assertThat(paused.pause().by()).isEqualTo("ada");
        assertThat(Duration.between(paused.pause().since(), servers.now()).abs())
                .isLessThan(Duration.ofMinutes(1));
        assertThat(switches.read().of(Scope.DISPATCH)).isEqualTo(paused);
    }

    @Test
    void queuesTypesAndEverythingAreSwitchesOfTheirOwn() {
        switches.pause(Scope.queue("x"), null, ADA);
        switches.pause(Scope.type("x"), null, BOB);

        Switches read = switches.read();
        assertThat(read.settings()).extracting(Setting::scope).containsExactly(Scope.queue("x"), Scope.type("x"));
        assertThat(read.of(Scope.DISPATCH).isPaused()).isFalse();

        switches.resume(Scope.queue("x"), ADA);
        assertThat(switches.read().settings()).extracting(Setting::scope).containsExactly(Scope.type("x"));
    }

    @Test
    void aSecondPauseKeepsTheMomentOfTheFirst() {
        Pause first = Objects.requireNonNull(switches.pause(MAIL, "deploy", ADA).pause());
        advance(Duration.ofHours(1));

        assertThat(switches.pause(MAIL, null, BOB).pause()).isEqualTo(first);
        assertThat(switches.pause(MAIL, "still", BOB).pause()).isEqualTo(new Pause("still", "bob", first.since()));
    }

    @Test
    void aPauseAfterAResumeBeginsAnew() {
        Pause first = Objects.requireNonNull(switches.pause(MAIL, "deploy", ADA).pause());
        switches.resume(MAIL, ADA);
        advance(Duration.ofHours(1));

        Pause second = Objects.requireNonNull(switches.pause(MAIL, null, BOB).pause());
        assertThat(second.reason()).isNull();
        assertThat(second.since()).isAfter(first.since().plus(Duration.ofMinutes(30)));
    }

    @Test
    void resumingWhatIsNotPausedChangesNothing() {
        assertThat(switches.resume(MAIL, ADA)).isEqualTo(Setting.open(MAIL));
        assertThat(switches.read().settings()).isEmpty();
    }

    @Test
    void eachChangeMakesANewVersion() {
        long before = switches.read().version();
        switches.pause(MAIL, null, ADA);
        long paused = switches.read().version();
        switches.limit(EMAIL, LimitChange.none().maxRunning(3), ADA);
        long limited = switches.read().version();
        switches.resume(MAIL, ADA);

        assertThat(List.of(before, paused, limited, switches.read().version()))
                .isSorted()
                .doesNotHaveDuplicates();
    }

    @Test
    void aClaimThatWasMadeForOlderSwitchesIsGrantedNothing() {
        UUID id = fixture.job().type("email").submitted();
        UUID session = fixture.session();
        long before = switches.read().version();
        switches.pause(Scope.DISPATCH, null, ADA);

        Claim claim = new Claim(fixture.lanes("email"), List.of(session), before);
        assertThat(jobs.claim(claim)).isEmpty();
        assertThat(jobs.claimLimited(new LimitedClaim(claim, Map.of())).granted())
                .isEmpty();
        assertThat(fixture.status(id)).isEqualTo(JobStatus.PENDING);

        Claim current = new Claim(
                fixture.lanes("email"), List.of(session), switches.read().version());
        assertThat(JobFixture.ids(jobs.claim(current))).containsExactly(id);
    }

    @Test
    void eachActIsWrittenDownWithWhatItChanged() {
        Caller eve = new Caller("eve", "10.0.0.1");
        switches.pause(MAIL, "deploy", eve);
        switches.limit(EMAIL, LimitChange.none().maxRunning(3), eve);
        switches.resume(Scope.DISPATCH, eve);

        List<AuditEntry> entries =
                store.stores().audit().list(AuditFilter.ALL, 10, null).items();
        assertThat(entries)
                .extracting(AuditEntry::action)
                .containsExactly("dispatch.resume", "type.limit", "queue.pause");
        assertThat(entries.getLast().target()).isEqualTo("mail");
        assertThat(entries.getLast().actor()).isEqualTo("eve");
        assertThat(entries.getLast().before()).isEqualTo(Map.of("paused", "false"));
        assertThat(entries.getLast().after()).isEqualTo(Map.of("paused", "true", "reason", "deploy"));
        assertThat(entries.get(1).after()).isEqualTo(Map.of("paused", "false", "max_running", "3"));
    }

    // ---- limits, as they are set

    @Test
    void aLimitThatIsNotNamedStaysAndNullTakesOneAway() {
        switches.limit(MAIL, LimitChange.none().maxRunning(5), ADA);
        assertThat(switches.limit(MAIL, LimitChange.none().rate(2.5), ADA).limits())
                .isEqualTo(new RunLimits(5, 2.5));
        assertThat(switches.limit(MAIL, LimitChange.none().maxRunning(null), ADA)
                        .limits())
                .isEqualTo(new RunLimits(null, 2.5));
        assertThat(switches.read().of(MAIL).limits()).isEqualTo(new RunLimits(null, 2.5));

        assertThat(switches.limit(MAIL, LimitChange.none().rate(null), ADA)).isEqualTo(Setting.open(MAIL));
        assertThat(switches.read().settings()).isEmpty();
    }

    @Test
    void pauseAndLimitsOfOneQueueDoNotTouchEachOther() {
        switches.limit(MAIL, LimitChange.none().maxRunning(5).rate(1.0), ADA);
        Setting paused = switches.pause(MAIL, "deploy", ADA);
        assertThat(paused.limits()).isEqualTo(new RunLimits(5, 1.0));

        Setting other = switches.limit(MAIL, LimitChange.none().rate(null), ADA);
        assertThat(other.pause()).isEqualTo(paused.pause());
        assertThat(switches.resume(MAIL, ADA)).isEqualTo(new Setting(MAIL, null, new RunLimits(5, null)));
    }

    @Test
    void aLimitOutOfRangeIsRefusedAndNothingChanges() {
        switches.limit(MAIL, LimitChange.none().maxRunning(5), ADA);

        for (LimitChange wrong : List.of(
                LimitChange.none().maxRunning(0),
                LimitChange.none().maxRunning(RunLimits.MOST_RUNNING + 1),
                LimitChange.none().rate(0.0),
                LimitChange.none().rate(-1.0),
                LimitChange.none().rate(Double.NaN),
                LimitChange.none().rate(Double.POSITIVE_INFINITY))) {
            assertThatThrownBy(() -> switches.limit(MAIL, wrong, ADA))
                    .isInstanceOfSatisfying(
                            PulseException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_FIELD));
        }
        assertThat(switches.read().of(MAIL).limits()).isEqualTo(new RunLimits(5, null));
    }

    // ---- limits, as they hold

    @Test
    void noMoreRunAtOnceThanTheLimitSays() {
        submit(5, "email", "default", 0);
        switches.limit(EMAIL, LimitChange.none().maxRunning(2), ADA);

        LimitedGrant first = claim(10, "email");
        assertThat(first.granted()).hasSize(2);
        assertThat(first.rooms().get(EMAIL)).isEqualTo(new LimitedGrant.Room(0, Duration.ZERO));
        assertThat(claim(10, "email").granted()).isEmpty();

        fixture.end(first.granted().getFirst(), new Outcome.Ack(null));
        assertThat(claim(10, "email").granted()).hasSize(1);
        assertThat(claim(10, "email").granted()).isEmpty();
    }

    @Test
    void anyEndOfAnAttemptMakesRoom() {
        switches.limit(EMAIL, LimitChange.none().maxRunning(1), ADA);
        for (OutcomeKind kind : List.of(
                OutcomeKind.RELEASE,
                OutcomeKind.SNOOZE,
                OutcomeKind.FAIL,
                OutcomeKind.DEAD_LETTER,
                OutcomeKind.LAPSE,
                OutcomeKind.ACK)) {
            submit(1, "email", "default", 0);
            List<Assignment> granted = claim(2, "email").granted();
            assertThat(granted).as("after the one before, then %s", kind).hasSize(1);
            fixture.end(granted.getFirst(), JobFixture.outcome(kind));
        }
    }

    @Test
    void whatRanBeforeTheLimitCounts() {
        submit(6, "email", "default", 0);
        List<Assignment> before = fixture.claim(fixture.session(), 3, "email");
        switches.limit(EMAIL, LimitChange.none().maxRunning(4), ADA);

        assertThat(claim(10, "email").granted()).hasSize(1);
        fixture.end(before.getFirst(), new Outcome.Ack(null));
        assertThat(claim(10, "email").granted()).hasSize(1);
        assertThat(claim(10, "email").granted()).isEmpty();
    }

    @Test
    void aLimitBelowWhatRunsLetsItFinish() {
        submit(6, "email", "default", 0);
        List<Assignment> running = fixture.claim(fixture.session(), 3, "email");
        switches.limit(EMAIL, LimitChange.none().maxRunning(1), ADA);

        assertThat(claim(10, "email").granted()).isEmpty();
        running.subList(0, 2).forEach(job -> fixture.end(job, new Outcome.Ack(null)));
        assertThat(claim(10, "email").granted()).isEmpty();
        fixture.end(running.get(2), new Outcome.Ack(null));
        assertThat(claim(10, "email").granted()).hasSize(1);
    }

    @Test
    void aLimitThatWasTakenAwayAndSetAgainCountsWhatRunsThen() {
        submit(9, "email", "mail", 0);
        switches.limit(MAIL, LimitChange.none().maxRunning(1), ADA);
        switches.limit(EMAIL, LimitChange.none().maxRunning(8), ADA);
        List<Assignment> first = claim(10, "email").granted();
        assertThat(first).hasSize(1);

        switches.limit(MAIL, LimitChange.none().maxRunning(null), ADA);
        fixture.claim(fixture.session(), 3, "email");
        switches.limit(MAIL, LimitChange.none().maxRunning(5), ADA);
        assertThat(claim(10, "email").granted()).hasSize(1);

        fixture.end(first.getFirst(), new Outcome.Ack(null));
        switches.limit(MAIL, LimitChange.none().maxRunning(null), ADA);
        assertThat(claim(10, "email").granted()).as("8 of the type, 4 run").hasSize(4);
    }

    @Test
    void theLimitsOfAQueueAndOfATypeHoldTogether() {
        submit(5, "email", "mail", 0);
        submit(5, "sms", "mail", 0);
        submit(5, "email", "other", 0);
        switches.limit(MAIL, LimitChange.none().maxRunning(4), ADA);
        switches.limit(EMAIL, LimitChange.none().maxRunning(3), ADA);

        List<Assignment> granted = new ArrayList<>();
        for (List<Assignment> more = claim(15, "email", "sms").granted();
                !more.isEmpty();
                more = claim(15, "email", "sms").granted()) {
            granted.addAll(more);
        }

        assertThat(granted)
                .filteredOn(job -> job.facts().type().equals("email"))
                .hasSize(3);
        assertThat(granted)
                .filteredOn(job -> job.facts().queue().equals("mail"))
                .hasSize(4);
    }

    @Test
    void aLimitOfOneTypeLeavesOthersAlone() {
        submit(3, "email", "default", 0);
        submit(3, "sms", "default", 0);
        switches.limit(EMAIL, LimitChange.none().maxRunning(1), ADA);

        assertThat(claim(10, "email", "sms").granted())
                .filteredOn(job -> job.facts().type().equals("sms"))
                .hasSize(3);
    }

    @Test
    void bestPriorityFirstThenOldestAlsoUnderLimits() {
        UUID low = fixture.job().type("email").priority(-5).submitted();
        UUID old = fixture.job().type("sms").submitted();
        UUID young = fixture.job().type("email").submitted();
        UUID high = fixture.job().type("email").priority(5).submitted();
        switches.limit(EMAIL, LimitChange.none().maxRunning(3), ADA);

        assertThat(JobFixture.ids(claim(3, "email", "sms").granted())).containsExactly(high, old, young);
        assertThat(JobFixture.ids(claim(3, "email", "sms").granted())).containsExactly(low);
    }

    @Test
    void aRateGivesOneStartAToken() {
        submit(9, "email", "default", 0);
        switches.limit(EMAIL, LimitChange.none().rate(8.0 / 3600), ADA);

        LimitedGrant first = claim(9, "email");
        assertThat(first.granted()).hasSize(1);
        assertThat(Objects.requireNonNull(first.rooms().get(EMAIL)).left()).isZero();
        assertThat(Objects.requireNonNull(first.rooms().get(EMAIL)).again())
                .isBetween(Duration.ofMinutes(7), Duration.ofSeconds(451));
        assertThat(claim(9, "email").granted()).isEmpty();

        advance(Duration.ofMinutes(8));
        assertThat(claim(9, "email").granted()).hasSize(1);
        advance(Duration.ofHours(10));
        assertThat(claim(9, "email").granted())
                .as("an idle line saves no more than its burst")
                .hasSize(1);
    }

    @Test
    void aRateIsNotRefilledByEndsNorByTheSameRateAgain() {
        submit(9, "email", "default", 0);
        switches.limit(EMAIL, LimitChange.none().rate(8.0 / 3600), ADA);
        List<Assignment> first = claim(9, "email").granted();
        fixture.end(first.getFirst(), new Outcome.Release());
        switches.limit(EMAIL, LimitChange.none().rate(8.0 / 3600), ADA);
        switches.pause(EMAIL, null, ADA);
        switches.resume(EMAIL, ADA);

        assertThat(claim(9, "email").granted()).isEmpty();
    }

    @Test
    void aClaimUnderALimitThatIsGoneIsGrantedNothing() {
        submit(2, "email", "default", 0);
        Map<Integer, Set<Scope>> limits = limits(Set.of(EMAIL), "email");

        Claim claim = new Claim(fixture.lanes("email"), List.of(fixture.session()));
        assertThat(jobs.claimLimited(new LimitedClaim(claim, limits)).granted()).isEmpty();
    }

    @Test
    void limitsHoldForClaimersThatComeAtOnce() {
        submit(60, "email", "mail", 0);
        switches.limit(EMAIL, LimitChange.none().maxRunning(7), ADA);
        UUID session = fixture.session();
        AtomicInteger running = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();

        Together.run(Collections.nCopies(6, () -> {
            for (int i = 0; i < 8; i++) {
                List<Assignment> granted = claim(session, 5, "email").granted();
                most.accumulateAndGet(running.addAndGet(granted.size()), Math::max);
                for (Assignment job : granted) {
                    running.decrementAndGet(); // before it ends, so that what is counted does run
                    fixture.end(job, new Outcome.Release());
                }
            }
            return most;
        }));

        assertThat(most.get()).isBetween(1, 7);
    }

    // ---- what operators see

    @Test
    void aQueueShowsWhatWaitsRunsAndIsDead() {
        submit(2, "email", "mail", 0);
        fixture.job().queue("mail").scheduled();
        fixture.job().queue("mail").retrying();
        fixture.job().queue("mail").deadLettered();
        fixture.job().queue("mail").completed();
        fixture.job().queue("other").running();

        assertThat(line(Scope.queue("mail")).counts())
                .isEqualTo(Map.of(
                        JobStatus.PENDING, 2L,
                        JobStatus.SCHEDULED, 1L,
                        JobStatus.RETRYING, 1L,
                        JobStatus.DEAD_LETTERED, 1L));
        assertThat(line(Scope.queue("other")).counts()).isEqualTo(Map.of(JobStatus.RUNNING, 1L));
        assertThat(line(Scope.type("email")).counts()).isEqualTo(Map.of(JobStatus.PENDING, 2L));
    }

    @Test
    void aLineShowsHowLongItsOldestReadyJobHasWaited() {
        submit(1, "email", "mail", 0);
        advance(Duration.ofHours(1));
        submit(1, "email", "mail", 3);

        assertThat(line(MAIL).oldestPending()).isBetween(Duration.ofMinutes(59), Duration.ofMinutes(61));
        fixture.job().queue("empty").completed();
        assertThat(line(Scope.queue("empty")).oldestPending()).isNull();
    }

    @Test
    void linesAreNamedInOrderWithWhatIsSetAlsoWithoutJobs() {
        submit(1, "email", "b", 0);
        Setting paused = switches.pause(Scope.queue("a"), "deploy", ADA);
        Setting limited = switches.limit(Scope.queue("c"), LimitChange.none().maxRunning(3), ADA);
        switches.pause(Scope.DISPATCH, null, ADA);
        switches.pause(Scope.type("z"), null, ADA);

        assertThat(switches.lines(Scope.Kind.QUEUE))
                .extracting(LineInfo::setting)
                .containsExactly(paused, Setting.open(Scope.queue("b")), limited);
        assertThat(switches.lines(Scope.Kind.TYPE))
                .extracting(line -> line.setting().scope().name())
                .containsExactly("email", "z");
    }

    private LineInfo line(Scope scope) {
        return switches.lines(scope.kind()).stream()
                .filter(line -> line.setting().scope().equals(scope))
                .findFirst()
                .orElseThrow();
    }

    private void submit(int count, String type, String queue, int priority) {
        for (int i = 0; i < count; i++) {
            fixture.job().type(type).queue(queue).priority(priority).submitted();
        }
    }

    /** A claim on all lanes of the types, under what limits there are. */
    private LimitedGrant claim(int slots, String... types) {
        return claim(fixture.session(), slots, types);
    }

    private LimitedGrant claim(UUID session, int slots, String... types) {
        Set<Scope> limited = new HashSet<>();
        switches.read().settings().stream()
                .filter(setting -> !setting.limits().isNone())
                .forEach(setting -> limited.add(setting.scope()));
        return jobs.claimLimited(new LimitedClaim(
                new Claim(fixture.lanes(types), Collections.nCopies(slots, session)), limits(limited, types)));
    }

    private Map<Integer, Set<Scope>> limits(Set<Scope> limited, String... types) {
        Set<String> wanted = Set.of(types);
        Map<Integer, Set<Scope>> limits = new HashMap<>();
        for (Lane lane : jobs.lanes()) {
            for (Scope scope : limited) {
                if (wanted.contains(lane.type()) && scope.governs(lane.queue(), lane.type())) {
                    limits.computeIfAbsent(lane.number(), number -> new HashSet<>())
                            .add(scope);
                }
            }
        }
        return limits;
    }
}
