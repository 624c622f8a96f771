package dev.pulse.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.pulse.model.Caller;
import dev.pulse.model.ErrorCode;
import dev.pulse.model.Fire;
import dev.pulse.model.JobFilter;
import dev.pulse.model.JobStatus;
import dev.pulse.model.Misfire;
import dev.pulse.model.Outcome;
import dev.pulse.model.Overlap;
import dev.pulse.model.PulseException;
import dev.pulse.model.ScheduleCounts;
import dev.pulse.model.ScheduleInfo;
import dev.pulse.model.ScheduleRule;
import dev.pulse.model.ScheduleRule.Pace;
import dev.pulse.model.ScheduleSpec;
import dev.pulse.model.ScheduleStatus;
import dev.pulse.model.Timing;
import dev.pulse.store.Report;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.UUID;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Schedules on servers that are stepped by hand: one occurrence, one job (I6). */
final class ScheduleStepTest {
    private static final Caller ADA = new Caller("ada", "10.0.0.1");
    private static final ScheduleRule SECONDLY = new ScheduleRule.Every(Duration.ofSeconds(1), Pace.FIXED_RATE);
    private static final ScheduleRule MINUTELY = new ScheduleRule.Cron("* * * * *");

    private final Replicas replicas = new Replicas();

    // ---- who fires

    @Test
    void anOccurrenceBecomesAJobThatAWorkerGets() {
        var server = replicas.server();
        server.settle();
        ScheduleInfo schedule = server.schedules().create(spec(SECONDLY), ADA);
        WorkerDouble worker = new WorkerDouble();
        server.attach(worker, 5);

        replicas.time.advance(Duration.ofSeconds(1));
        server.settle();

        assertThat(worker.jobs).hasSize(1);
        assertThat(worker.jobs.getFirst().facts().scheduleId()).isEqualTo(schedule.id());
        assertThat(worker.jobs.getFirst().facts().occurrence())
                .isEqualTo(schedule.createdAt().plusSeconds(1).toString());
    }

    @Test
    void theLeaderFindsASchedulesThatNobodyHereKnowsOf() {
        var server = replicas.server();
        server.settle();
        ScheduleInfo schedule = stored(spec(SECONDLY));

        server.live(Duration.ofSeconds(3), () -> {});

        assertThat(fires(schedule)).hasSizeBetween(2, 3);
    }

    @Test
    void aFollowerComesAMomentLaterWhenTheLeaderDoesNot() {
        var leader = replicas.server();
        leader.settle();
        var follower = replicas.server();
        follower.settle();
        ScheduleInfo schedule = follower.schedules().create(spec(SECONDLY), ADA);
        replicas.time.advance(Duration.ofSeconds(1));
        follower.settle(); // it has to know of it: whoever made it fires it once
        assertThat(fires(schedule)).hasSize(1);

        replicas.time.advance(Duration.ofSeconds(1));
        follower.settle();
        assertThat(fires(schedule)).as("the leader's time").hasSize(1);
        replicas.time.advance(ScheduleConfig.DEFAULT.backup());
        follower.settle();
        assertThat(fires(schedule)).hasSize(2);
    }

    @Test
    void serversThatFireTogetherMakeEachOccurrenceOnce() {
        var one = replicas.server();
        var two = replicas.server();
        one.settle();
        two.settle();
        List<ScheduleInfo> all = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            all.add((i % 2 == 0 ? one : two).schedules().create(spec(SECONDLY), ADA));
        }

        for (int second = 0; second < 10; second++) {
            replicas.time.advance(Duration.ofSeconds(1));
            (second % 2 == 0 ? one : two).settle();
            (second % 2 == 0 ? two : one).settle();
            replicas.time.advance(ScheduleConfig.DEFAULT.backup());
            two.settle();
            one.settle();
        }

        all.forEach(schedule -> assertThat(fires(schedule)).hasSizeBetween(10, 11));
        assertThat(jobs())
                .hasSize(all.stream().mapToInt(one1 -> fires(one1).size()).sum());
    }

    @Test
    void aServerWithoutSchedulesAsksOnceALookAtMost() {
        var leader = replicas.server();
        var follower = replicas.server();
        leader.settle();
        follower.settle();
        int asked = replicas.watched.count("untilNext");
        int fired = replicas.watched.count("fire");

        for (int i = 0; i < 10; i++) {
            replicas.time.advance(Duration.ofSeconds(1));
            leader.settle();
            follower.settle();
        }

        assertThat(replicas.watched.count("untilNext") - asked).isEqualTo(10);
        assertThat(replicas.watched.count("fire")).isEqualTo(fired);
    }

    @Test
    void schedulesThatSleepCostNoStatementOfTheirOwn() {
        var server = replicas.server();
        server.settle();
        for (int i = 0; i < 50; i++) {
            server.schedules().create(spec(new ScheduleRule.Every(Duration.ofDays(1), Pace.FIXED_RATE)), ADA);
        }
        server.settle();
        int fired = replicas.watched.count("fire");

        server.live(Duration.ofSeconds(10), () -> {});

        assertThat(replicas.watched.count("fire")).isEqualTo(fired);
    }

    @Test
    void troubleIsTriedAgain() {
        var server = replicas.server();
        server.settle();
        ScheduleInfo schedule = server.schedules().create(spec(SECONDLY), ADA);
        replicas.time.advance(Duration.ofSeconds(1));
        replicas.watched.failBefore("fire", arguments -> Replicas.unavailable());
        assertThatThrownBy(server.roles.firer::step).hasMessageContaining("away");
        replicas.watched.heal();

        server.live(Duration.ofSeconds(2), () -> {});

        assertThat(fires(schedule)).hasSize(3);
    }

    @Test
    void aCommitWithoutAnAnswerFiresNothingTwice() {
        var server = replicas.server();
        server.settle();
        ScheduleInfo schedule = server.schedules().create(spec(SECONDLY), ADA);
        replicas.time.advance(Duration.ofSeconds(1));
        replicas.watched.failAfter("fire", arguments -> Replicas.unknown());
        assertThatThrownBy(server.roles.firer::step).isInstanceOf(PulseException.class);
        replicas.watched.heal();

        server.live(Duration.ofSeconds(2), () -> {});

        assertThat(fires(schedule)).hasSize(3).extracting(Fire::occurrence).doesNotHaveDuplicates();
        assertThat(jobs()).hasSize(3);
    }

    // ---- the clock

    @Test
    void aClockThatStepsBackAndForthFiresNoOccurrenceTwiceAndMissesNone() {
        var server = replicas.server();
        server.settle();
        ScheduleInfo schedule = server.schedules().create(spec(SECONDLY), ADA);
        server.live(Duration.ofSeconds(20), () -> {});
        replicas.time.jump(Duration.ofMinutes(-10));
        server.live(Duration.ofSeconds(20), () -> {});
        replicas.time.jump(Duration.ofMinutes(20));
        server.live(Duration.ofSeconds(20), () -> {});

        ScheduleInfo after = find(schedule);
        assertThat(fires(schedule)).extracting(Fire::occurrence).doesNotHaveDuplicates();
        ScheduleCounts counts = after.counts();
        long planned = Duration.between(schedule.createdAt(), after.cursor()).toSeconds();
        assertThat(counts.fired() + counts.coalesced()).isEqualTo(planned);
        assertThat(counts.coalesced()).isPositive();
    }

    // ---- a minute schedule that was down for a week

    @ParameterizedTest
    @CsvSource({"FIRE_ONCE, 1, 10079, 0", "SKIP, 0, 0, 10080", "FIRE_ALL, 100, 0, 9980"})
    void aMinuteScheduleThatWasDownForAWeekFollowsItsPolicy(
            Misfire.Policy policy, int fired, long coalesced, long skipped) {
        var server = replicas.server();
        server.settle();
        ScheduleInfo schedule =
                server.schedules().create(spec(MINUTELY, new Misfire(policy, 100, null), Overlap.ALLOW), ADA);

        replicas.time.advance(Duration.ofDays(7));
        server.settle();

        assertThat(find(schedule).counts()).isEqualTo(new ScheduleCounts(fired, coalesced, skipped, 0));
        assertThat(fires(schedule)).hasSize(fired);
        assertThat(jobs()).hasSize(fired);
        server.live(Duration.ofMinutes(1), () -> {});
        assertThat(find(schedule).counts().fired()).isEqualTo(fired + 1);
    }

    @Test
    void startInThePastIsMadeUpForWhereAllIsAskedForAndRefusedAboveTheLimit() {
        var server = replicas.server();
        server.settle();
        Instant start = replicas.time.instant().minus(Duration.ofMinutes(30));
        Misfire forty = new Misfire(Misfire.Policy.FIRE_ALL, 40, null);

        ScheduleInfo schedule = server.schedules().create(from(start, forty), ADA);
        server.settle();
        assertThat(fires(schedule)).hasSize(31);

        PulseException refused = refusal(() ->
                server.schedules().create(from(start, new Misfire(Misfire.Policy.FIRE_ALL, 10, null)), ADA));
        assertThat(refused.code()).isEqualTo(ErrorCode.INVALID_FIELD);
        assertThat(refused.violations().getFirst().field()).isEqualTo("start");
        assertThat(refused).hasMessageContaining("31 occurrences");
        assertThat(server.schedules()
                        .create(from(start, Misfire.FIRE_ONCE), ADA)
                        .cursor())
                .as("without that it only sets the grid")
                .isEqualTo(replicas.time.instant());
    }

    // ---- overlap

    @Test
    void aQueuedOccurrenceFiresWhenTheJobBeforeHasEnded() {
        var server = replicas.server();
        server.settle();
        ScheduleInfo schedule = server.schedules().create(spec(SECONDLY, Misfire.FIRE_ONCE, Overlap.QUEUE_ONE), ADA);
        WorkerDouble worker = new WorkerDouble();
        WorkerSession session = server.attach(worker, 5);
        server.live(Duration.ofSeconds(1), () -> {});
        assertThat(worker.jobs).hasSize(1);

        server.live(Duration.ofSeconds(20), () -> server.heartbeat(session, worker.jobs));
        assertThat(worker.jobs).hasSize(1);
        assertThat(find(schedule).waiting()).isTrue();

        var first = worker.jobs.getFirst();
        var unused = session.report(List.of(new Report(first.facts().id(), first.token(), new Outcome.Ack(null))));
        server.live(Duration.ofSeconds(2), () -> {});

        assertThat(worker.jobs).hasSize(2);
        assertThat(find(schedule).counts().overlapped()).isGreaterThanOrEqualTo(19);
    }

    // ---- what people do

    @Test
    void aPausedScheduleSkipsAndCountsUntilItIsResumed() {
        var server = replicas.server();
        server.settle();
        Schedules schedules = server.schedules();
        ScheduleInfo schedule = schedules.create(spec(SECONDLY), ADA);

        ScheduleInfo paused = schedules.pause(schedule.id(), "deploy", ADA);
        server.live(Duration.ofSeconds(10), () -> {});
        assertThat(fires(schedule)).isEmpty();
        assertThat(paused.pause()).isNotNull();
        assertThat(schedules.pause(schedule.id(), null, ADA).version())
                .as("again without a reason changes nothing")
                .isEqualTo(paused.version());

        ScheduleInfo resumed = schedules.resume(schedule.id(), ADA);
        assertThat(resumed.status()).isEqualTo(ScheduleStatus.ACTIVE);
        assertThat(resumed.counts()).isEqualTo(new ScheduleCounts(0, 0, 10, 0));
        server.live(Duration.ofSeconds(2), () -> {});
        assertThat(fires(schedule)).hasSize(2);
    }

    @Test
    void anEditCountsAnewAndNeedsTheVersionThatWasSeen() {
        var server = replicas.server();
        server.settle();
        Schedules schedules = server.schedules();
        ScheduleInfo schedule = schedules.create(spec(MINUTELY), ADA);

        ScheduleInfo edited = schedules.edit(schedule.id(), 1L, old -> spec(SECONDLY), ADA);

        assertThat(edited.version()).isEqualTo(2);
        server.live(Duration.ofSeconds(3), () -> {});
        assertThat(fires(schedule)).hasSize(3);
        PulseException stale = refusal(() -> schedules.edit(schedule.id(), 1L, old -> spec(MINUTELY), ADA));
        assertThat(stale.code()).isEqualTo(ErrorCode.VERSION_CONFLICT);
        assertThat(schedules.edit(schedule.id(), 2L, old -> old, ADA).version())
                .as("nothing changed")
                .isEqualTo(2);
        assertThat(refusal(() -> schedules.edit(new UUID(1, 1), 1L, old -> old, ADA))
                        .code())
                .isEqualTo(ErrorCode.SCHEDULE_NOT_FOUND);
    }

    @Test
    void anEditOfThePayloadAloneLeavesTheRuleWhereItIs() {
        var server = replicas.server();
        server.settle();
        Schedules schedules = server.schedules();
        ScheduleInfo schedule =
                schedules.create(spec(new ScheduleRule.Every(Duration.ofMinutes(1), Pace.FIXED_RATE)), ADA);
        server.live(Duration.ofSeconds(40), () -> {});

        ScheduleInfo edited = schedules.edit(
                schedule.id(),
                null,
                old -> new ScheduleSpec(
                        old.name(),
                        replicas.job(builder -> builder.priority(9)),
                        old.timing(),
                        old.misfire(),
                        old.overlap()),
                ADA);

        assertThat(edited.nextAt()).isEqualTo(schedule.nextAt());
        assertThat(edited.spec().job().priority()).isEqualTo(9);
    }

    @Test
    void aScheduleThatHasEndedIsNeitherPausedNorResumedAndAnEditStartsItAgain() {
        var server = replicas.server();
        server.settle();
        Schedules schedules = server.schedules();
        ScheduleInfo once = schedules.create(spec(new ScheduleRule.After(Duration.ofSeconds(1))), ADA);
        server.live(Duration.ofSeconds(2), () -> {});
        assertThat(find(once).status()).isEqualTo(ScheduleStatus.ENDED);

        assertThat(refusal(() -> schedules.pause(once.id(), null, ADA)).code()).isEqualTo(ErrorCode.ILLEGAL_STATUS);
        assertThat(refusal(() -> schedules.resume(once.id(), ADA)).code()).isEqualTo(ErrorCode.ILLEGAL_STATUS);
        assertThat(schedules.edit(once.id(), null, old -> spec(SECONDLY), ADA).status())
                .isEqualTo(ScheduleStatus.ACTIVE);
    }

    @Test
    void aFireByHandMakesAJobAtOnceAlsoOfAPausedSchedule() {
        var server = replicas.server();
        server.settle();
        Schedules schedules = server.schedules();
        ScheduleInfo schedule = schedules.create(spec(MINUTELY), ADA);
        schedules.pause(schedule.id(), null, ADA);

        UUID job = schedules.runNow(schedule.id(), ADA);

        assertThat(replicas.status(job)).isEqualTo(JobStatus.PENDING);
        assertThat(replicas.find(job).facts().scheduleId()).isEqualTo(schedule.id());
        assertThat(refusal(() -> schedules.runNow(new UUID(1, 1), ADA)).code()).isEqualTo(ErrorCode.SCHEDULE_NOT_FOUND);
    }

    @Test
    void aRuleThatNeverOccursIsRefused() {
        Schedules schedules = replicas.server().schedules();

        assertThat(refusal(() -> schedules.create(spec(new ScheduleRule.Cron("0 0 30 2 *")), ADA)))
                .hasMessageContaining("never occurs");
        assertThat(refusal(() -> schedules.create(
                                spec(new ScheduleRule.At(replicas.time.instant().minusSeconds(1))), ADA))
                        .violations()
                        .getFirst()
                        .field())
                .isEqualTo("at");
    }

    @Test
    void aRowThatSomebodyBrokeParksItselfAndTheOthersGoOn() {
        var server = replicas.server();
        server.settle();
        Schedules schedules = server.schedules();
        ScheduleInfo sound = schedules.create(spec(SECONDLY), ADA);
        ScheduleInfo broken = stored(spec(new ScheduleRule.Cron("99 * * * *")));

        server.live(Duration.ofSeconds(3), () -> {});

        assertThat(find(broken).status()).isEqualTo(ScheduleStatus.PARKED);
        assertThat(find(broken).fault()).contains("minute: 99");
        assertThat(fires(sound)).hasSize(3);
        assertThat(refusal(() -> schedules.resume(broken.id(), ADA)).code()).isEqualTo(ErrorCode.INVALID_FIELD);
        assertThat(schedules.edit(broken.id(), null, old -> spec(SECONDLY), ADA).status())
                .isEqualTo(ScheduleStatus.ACTIVE);
    }

    // ---- declared in code

    @Test
    void whatCodeDeclaresIsMadeOnceEditedWhenItChangesAndReportedWhenItGoes() {
        var one = replicas.server();
        var two = replicas.server();
        ScheduleSpec daily = named("daily", new ScheduleRule.Cron("0 7 * * *"));
        ScheduleSpec hourly = named("hourly", new ScheduleRule.Cron("0 * * * *"));

        assertThat(one.schedules().declare("shop", List.of(daily, hourly), ADA)).isEmpty();
        assertThat(two.schedules().declare("shop", List.of(daily, hourly), ADA)).isEmpty();
        ScheduleInfo stored = one.schedules().named("daily").orElseThrow();
        assertThat(stored.version()).isEqualTo(1);

        ScheduleSpec later = named("daily", new ScheduleRule.Cron("0 8 * * *"));
        List<ScheduleInfo> missing = two.schedules().declare("shop", List.of(later), ADA);

        assertThat(missing).extracting(schedule -> schedule.spec().name()).containsExactly("hourly");
        ScheduleInfo edited = one.schedules().named("daily").orElseThrow();
        assertThat(edited.id()).isEqualTo(stored.id());
        assertThat(edited.spec().timing()).isEqualTo(later.timing());
        assertThat(one.schedules().named("hourly").orElseThrow().status()).isEqualTo(ScheduleStatus.ACTIVE);
    }

    @Test
    void aScheduleThatWasMadeByHandIsTakenOverByTheCodeThatDeclaresIt() {
        var server = replicas.server();
        ScheduleInfo byHand = server.schedules().create(named("daily", MINUTELY), ADA);

        server.schedules().declare("shop", List.of(named("daily", MINUTELY)), ADA);

        ScheduleInfo taken = find(byHand);
        assertThat(taken.declared()).isEqualTo(new ScheduleInfo.Declared("shop", null));
        assertThat(taken.nextAt()).isEqualTo(byHand.nextAt());
    }

    // ---- help

    private ScheduleSpec spec(ScheduleRule rule) {
        return spec(rule, Misfire.FIRE_ONCE, Overlap.ALLOW);
    }

    private ScheduleSpec spec(ScheduleRule rule, Misfire misfire, Overlap overlap) {
        return new ScheduleSpec(null, replicas.job(), Timing.of(rule), misfire, overlap);
    }

    private ScheduleSpec named(String name, ScheduleRule rule) {
        return new ScheduleSpec(name, replicas.job(), Timing.of(rule), Misfire.FIRE_ONCE, Overlap.ALLOW);
    }

    private ScheduleSpec from(Instant start, Misfire misfire) {
        Timing timing = new Timing(
                new ScheduleRule.Every(Duration.ofMinutes(1), Pace.FIXED_RATE),
                "UTC",
                start,
                null,
                Duration.ZERO,
                new TreeSet<>());
        return new ScheduleSpec(null, replicas.job(), timing, misfire, Overlap.ALLOW);
    }

    /** Straight into the store, unchecked and unknown to every server. */
    private ScheduleInfo stored(ScheduleSpec spec) {
        UUID id = replicas.ids.next();
        return replicas.memory
                .schedules()
                .create(
                        now -> new ScheduleInfo(
                                id,
                                1,
                                spec,
                                ScheduleStatus.ACTIVE,
                                null,
                                null,
                                now,
                                now,
                                now.plusSeconds(1).truncatedTo(ChronoUnit.SECONDS),
                                false,
                                ScheduleCounts.NONE,
                                null,
                                now,
                                now),
                        Caller.internal("test"));
    }

    private ScheduleInfo find(ScheduleInfo schedule) {
        return replicas.memory.schedules().find(schedule.id()).orElseThrow();
    }

    private List<Fire> fires(ScheduleInfo schedule) {
        return replicas.memory.schedules().fires(schedule.id(), 1_000, null).items();
    }

    private List<UUID> jobs() {
        return replicas.memory.jobs().list(JobFilter.ALL, 1_000, null).items().stream()
                .map(job -> job.facts().id())
                .toList();
    }

    private static PulseException refusal(ThrowingCallable call) {
        @Nullable PulseException refused = catchThrowableOfType(PulseException.class, call);
        assertThat(refused).isNotNull();
        return refused;
    }
}
