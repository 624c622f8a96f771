package dev.pulse.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pulse.model.IdSource;
import dev.pulse.model.Limits;
import dev.pulse.model.Misfire;
import dev.pulse.model.Overlap;
import dev.pulse.model.ScheduleCounts;
import dev.pulse.model.ScheduleInfo;
import dev.pulse.model.ScheduleRule;
import dev.pulse.model.ScheduleRule.Pace;
import dev.pulse.model.ScheduleSpec;
import dev.pulse.model.ScheduleStatus;
import dev.pulse.model.Submission;
import dev.pulse.model.SubmissionBuilder;
import dev.pulse.model.Timing;
import dev.pulse.model.When;
import dev.pulse.schedules.Timetable;
import dev.pulse.store.Due;
import dev.pulse.store.Firing;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The law of misfire and overlap. */
class OccurrencePlannerTest {
    private static final Instant START = Instant.parse("2026-03-02T00:00:00Z");
    private static final Duration WEEK = Duration.ofDays(7);
    private static final ScheduleRule MINUTELY = new ScheduleRule.Cron("* * * * *");
    private static final ScheduleRule SECONDLY = new ScheduleRule.Every(Duration.ofSeconds(1), Pace.FIXED_RATE);
    private static final Misfire ALL = new Misfire(Misfire.Policy.FIRE_ALL, 100, null);

    private final OccurrencePlanner planner = new OccurrencePlanner(ScheduleConfig.DEFAULT, new Random(1));

    // ---- on time

    @Test
    void anOccurrenceThatIsDueMakesItsJob() {
        Firing firing = decide(schedule(MINUTELY, Misfire.FIRE_ONCE, Overlap.ALLOW), START.plusSeconds(61));

        assertThat(instants(firing)).containsExactly(START.plusSeconds(60));
        assertThat(firing.cursor()).isEqualTo(START.plusSeconds(60));
        assertThat(firing.nextAt()).isEqualTo(START.plusSeconds(120));
        assertThat(firing.more()).isEqualTo(ScheduleCounts.NONE);
        Submission job = firing.made().getFirst().job();
        assertThat(job.when()).isEqualTo(When.NOW);
        assertThat(job.type()).isEqualTo("t");
        assertThat(job.labels().headers())
                .containsEntry(ScheduleInfo.HEADER_OCCURRENCE, "2026-03-02T00:01:00Z")
                .containsKey(ScheduleInfo.HEADER_ID)
                .containsEntry("trace", "x");
    }

    @ParameterizedTest
    @EnumSource
    void whatIsLateByNoMoreThanTheGraceIsNoMisfire(Misfire.Policy policy) {
        Misfire misfire = new Misfire(policy, 100, null);

        Firing firing = decide(schedule(SECONDLY, misfire, Overlap.ALLOW), START.plusSeconds(5));

        assertThat(instants(firing)).containsExactly(seconds(1, 2, 3, 4, 5));
        assertThat(firing.more()).isEqualTo(ScheduleCounts.NONE);
    }

    @Test
    void aClockThatWentBackFiresNothing() {
        ScheduleInfo schedule = schedule(MINUTELY, Misfire.FIRE_ONCE, Overlap.ALLOW);

        Firing firing = decide(schedule, START.minusSeconds(600));

        assertThat(firing.made()).isEmpty();
        assertThat(firing.cursor()).isEqualTo(START);
        assertThat(firing.nextAt()).isEqualTo(START.plusSeconds(60));
    }

    @Test
    void theLastOccurrenceEndsTheSchedule() {
        Firing firing = decide(
                schedule(new ScheduleRule.At(START.plusSeconds(60)), Misfire.FIRE_ONCE, Overlap.ALLOW),
                START.plusSeconds(60));

        assertThat(firing.made()).hasSize(1);
        assertThat(firing.status()).isEqualTo(ScheduleStatus.ENDED);
        assertThat(firing.nextAt()).isNull();
    }

    // ---- a minute schedule that was down for a week

    @Test
    void aWeekDownIsOneJobAndTheRestCoalesced() {
        Firing firing = decide(schedule(MINUTELY, Misfire.FIRE_ONCE, Overlap.ALLOW), START.plus(WEEK));

        assertThat(instants(firing)).containsExactly(START.plus(WEEK));
        assertThat(firing.made().getFirst().coalesced()).isEqualTo(10_079);
        assertThat(firing.more()).isEqualTo(new ScheduleCounts(0, 10_079, 0, 0));
        assertThat(firing.nextAt()).isEqualTo(START.plus(WEEK).plusSeconds(60));
    }

    @Test
    void aWeekDownIsSkippedWhereThePolicySaysSo() {
        Firing firing = decide(schedule(MINUTELY, Misfire.SKIP, Overlap.ALLOW), START.plus(WEEK));

        assertThat(firing.made()).isEmpty();
        assertThat(firing.more()).isEqualTo(new ScheduleCounts(0, 0, 10_080, 0));
        assertThat(firing.nextAt()).isEqualTo(START.plus(WEEK).plusSeconds(60));
    }

    @Test
    void aWeekDownIsMadeUpForUpToTheLimit() {
        Firing firing = decide(schedule(MINUTELY, ALL, Overlap.ALLOW), START.plus(WEEK));

        assertThat(firing.made()).hasSize(100);
        assertThat(instants(firing)).isSorted().endsWith(START.plus(WEEK));
        assertThat(instants(firing).getFirst()).isEqualTo(START.plus(WEEK).minusSeconds(99 * 60));
        assertThat(firing.more()).isEqualTo(new ScheduleCounts(0, 0, 9_980, 0));
    }

    @Test
    void jobsThatMakeUpForOthersStartAtTheRate() {
        Misfire two = new Misfire(Misfire.Policy.FIRE_ALL, 4, 2.0);
        Instant now = START.plus(WEEK);

        Firing firing = decide(schedule(MINUTELY, two, Overlap.ALLOW), now);

        assertThat(firing.made().stream().map(made -> made.job().when()))
                .containsExactly(
                        When.NOW,
                        new When.At(now.plusMillis(500)),
                        new When.At(now.plusMillis(1_000)),
                        new When.At(now.plusMillis(1_500)));
    }

    // ---- the job before is not done

    @Test
    void anOverlapIsSkippedAndCounted() {
        ScheduleInfo schedule = schedule(SECONDLY, Misfire.FIRE_ONCE, Overlap.SKIP);

        Firing firing = planner.decide(new Due(schedule, START.plusSeconds(3), new Due.Before(true, null)));

        assertThat(firing.made()).isEmpty();
        assertThat(firing.more()).isEqualTo(new ScheduleCounts(0, 0, 0, 3));
        assertThat(firing.nextAt()).isEqualTo(START.plusSeconds(4));
    }

    @Test
    void anOverlapThatQueuesKeepsTheLatest() {
        ScheduleInfo schedule = schedule(SECONDLY, Misfire.SKIP, Overlap.QUEUE_ONE);

        Firing held = planner.decide(new Due(schedule, START.plusSeconds(3), new Due.Before(true, null)));

        assertThat(held.made()).isEmpty();
        assertThat(held.waiting()).isTrue();
        assertThat(held.nextAt()).isEqualTo(START.plusSeconds(3));
        assertThat(held.more()).isEqualTo(new ScheduleCounts(0, 0, 0, 2));
        assertThat(held.lookIn()).isEqualTo(ScheduleConfig.DEFAULT.hold());

        // An hour later it is no misfire: it was kept on purpose.
        Firing fired = planner.decide(new Due(after(schedule, held), START.plusSeconds(3_600), before(START)));

        assertThat(instants(fired)).containsExactly(START.plusSeconds(3_600));
        assertThat(fired.more()).isEqualTo(new ScheduleCounts(0, 0, 0, 3_597));
        assertThat(fired.waiting()).isFalse();
    }

    @ParameterizedTest
    @EnumSource(names = {"SKIP", "QUEUE_ONE"})
    void occurrencesThatAreDueTogetherDoNotOverlapEachOther(Overlap overlap) {
        Firing firing = decide(schedule(SECONDLY, Misfire.FIRE_ONCE, overlap), START.plusSeconds(3));

        assertThat(instants(firing)).containsExactly(START.plusSeconds(3));
        assertThat(firing.more()).isEqualTo(new ScheduleCounts(0, 0, 0, 2));
    }

    @Test
    void aMisfireOfASkippingScheduleIsThePolicys() {
        assertThat(decide(schedule(MINUTELY, Misfire.FIRE_ONCE, Overlap.SKIP), START.plus(WEEK))
                        .more())
                .isEqualTo(new ScheduleCounts(0, 10_079, 0, 0));
        assertThat(decide(schedule(MINUTELY, Misfire.SKIP, Overlap.SKIP), START.plus(WEEK))
                        .more())
                .isEqualTo(new ScheduleCounts(0, 0, 10_080, 0));
        assertThat(decide(schedule(MINUTELY, ALL, Overlap.SKIP), START.plus(WEEK))
                        .more())
                .isEqualTo(new ScheduleCounts(0, 0, 0, 10_079));
    }

    // ---- counted from the end of the job before

    @Test
    void aFixedDelayCountsFromTheEndOfTheJobBefore() {
        ScheduleInfo schedule = schedule(
                new ScheduleRule.Every(Duration.ofMinutes(1), Pace.FIXED_DELAY), Misfire.FIRE_ONCE, Overlap.ALLOW);

        Firing first = decide(schedule, START.plusSeconds(60));
        assertThat(instants(first)).containsExactly(START.plusSeconds(60));

        ScheduleInfo fired = after(schedule, first);
        Firing running = planner.decide(new Due(fired, START.plusSeconds(120), new Due.Before(true, null)));
        assertThat(running.made()).isEmpty();
        assertThat(running.waiting()).isTrue();

        Instant ended = START.plusSeconds(150);
        Firing early = planner.decide(new Due(fired, START.plusSeconds(151), before(ended)));
        assertThat(early.made()).isEmpty();
        assertThat(early.nextAt()).isEqualTo(ended.plusSeconds(60));

        Firing second = planner.decide(new Due(after(fired, early), ended.plusSeconds(60), before(ended)));
        assertThat(instants(second)).containsExactly(ended.plusSeconds(60));
    }

    @Test
    void aFixedDelayEndsAtItsEnd() {
        ScheduleRule rule = new ScheduleRule.Every(Duration.ofMinutes(1), Pace.FIXED_DELAY);
        Timing timing = new Timing(rule, "UTC", null, START.plusSeconds(120), Duration.ZERO, new TreeSet<>());
        ScheduleInfo schedule = schedule(timing, Misfire.FIRE_ONCE, Overlap.ALLOW);

        Firing firing = planner.decide(new Due(schedule, START.plusSeconds(100), before(START.plusSeconds(90))));

        assertThat(firing.status()).isEqualTo(ScheduleStatus.ENDED);
    }

    // ---- what is broken

    @Test
    void aRuleThatCannotBeReadParksItsScheduleWithTheReason() {
        ScheduleInfo schedule = schedule(MINUTELY, Misfire.FIRE_ONCE, Overlap.ALLOW);
        ScheduleInfo corrupt = with(schedule, Timing.of(new ScheduleRule.Cron("61 * * * *")));

        Firing firing = decide(corrupt, START.plusSeconds(60));

        assertThat(firing.status()).isEqualTo(ScheduleStatus.PARKED);
        assertThat(firing.fault()).contains("minute").contains("61");
        assertThat(firing.made()).isEmpty();
    }

    @Test
    void aZoneThatIsNoneParksItsSchedule() {
        ScheduleInfo corrupt =
                with(schedule(MINUTELY, Misfire.FIRE_ONCE, Overlap.ALLOW), Timing.of(MINUTELY, "Mars/Base"));

        Firing firing = decide(corrupt, START.plusSeconds(60));

        assertThat(firing.status()).isEqualTo(ScheduleStatus.PARKED);
        assertThat(firing.fault()).contains("Mars/Base");
    }

    @Test
    void aDefectWhileOneScheduleIsEvaluatedParksItAndStopsNobodyElse() {
        RandomGenerator noDice = () -> {
            throw new IllegalStateException("no dice");
        };
        ScheduleInfo schedule = schedule(MINUTELY, Misfire.FIRE_ONCE, Overlap.ALLOW);

        Firing firing = new OccurrencePlanner(ScheduleConfig.DEFAULT, noDice)
                .decide(new Due(schedule, START.plusSeconds(60), null));

        assertThat(firing.status()).isEqualTo(ScheduleStatus.PARKED);
        assertThat(firing.fault()).contains("no dice");
        assertThat(firing.made()).isEmpty();
    }

    // ---- jitter

    @Test
    void jitterIsTheSameForAnOccurrenceWhoeverAsksAndSpreadsOverTheSpan() {
        Timing timing = new Timing(MINUTELY, "UTC", null, null, Duration.ofSeconds(30), new TreeSet<>());
        ScheduleInfo schedule = schedule(timing, Misfire.FIRE_ONCE, Overlap.ALLOW);
        Map<Instant, When> first = new TreeMap<>();
        ScheduleInfo at = schedule;
        for (int minute = 1; minute <= 200; minute++) {
            Instant now = START.plusSeconds(60L * minute);
            Firing firing = planner.decide(new Due(at, now, null));
            Firing other = new OccurrencePlanner(ScheduleConfig.DEFAULT, new Random(99)).decide(new Due(at, now, null));
            When when = firing.made().getFirst().job().when();
            assertThat(other.made().getFirst().job().when()).isEqualTo(when);
            first.put(now, when);
            at = after(at, firing);
        }
        List<Long> delays = first.entrySet().stream()
                .map(entry -> entry.getValue() instanceof When.At(Instant start)
                        ? Duration.between(entry.getKey(), start).toMillis()
                        : 0L)
                .toList();
        assertThat(delays).allSatisfy(delay -> assertThat(delay).isBetween(0L, 30_000L));
        assertThat(delays.stream().filter(delay -> delay < 10_000).count()).isBetween(30L, 110L);
        assertThat(delays.stream().filter(delay -> delay > 20_000).count()).isBetween(30L, 110L);
    }

    // ---- help

    private Firing decide(ScheduleInfo schedule, Instant now) {
        return planner.decide(new Due(schedule, now, null));
    }

    private static Due.Before before(Instant finishedAt) {
        return new Due.Before(false, finishedAt);
    }

    private static List<Instant> instants(Firing firing) {
        return firing.made().stream().map(Firing.Occurrence::at).toList();
    }

    private static Instant[] seconds(int... after) {
        return Arrays.stream(after).mapToObj(START::plusSeconds).toArray(Instant[]::new);
    }

    private static ScheduleInfo schedule(ScheduleRule rule, Misfire misfire, Overlap overlap) {
        return schedule(Timing.of(rule), misfire, overlap);
    }

    private static ScheduleInfo schedule(Timing timing, Misfire misfire, Overlap overlap) {
        Submission job = new SubmissionBuilder(Limits.DEFAULT)
                .type("t")
                .headers(Map.of("trace", "x"))
                .build(new IdSource(() -> START, new Random(5)));
        return new ScheduleInfo(
                new UUID(7, 7),
                1,
                new ScheduleSpec("s", job, timing, misfire, overlap),
                ScheduleStatus.ACTIVE,
                null,
                null,
                START,
                START,
                Timetable.of(timing, START).next(START),
                false,
                ScheduleCounts.NONE,
                null,
                START,
                START);
    }

    /** With a timing that nobody checked, as a row that somebody changed by hand. */
    private static ScheduleInfo with(ScheduleInfo schedule, Timing timing) {
        ScheduleSpec spec = schedule.spec();
        return schedule.edited(
                new ScheduleSpec(spec.name(), spec.job(), timing, spec.misfire(), spec.overlap()), schedule.anchor());
    }

    private static ScheduleInfo after(ScheduleInfo schedule, Firing firing) {
        return new ScheduleInfo(
                schedule.id(),
                schedule.version(),
                schedule.spec(),
                firing.status(),
                null,
                firing.fault(),
                firing.anchor(),
                firing.cursor(),
                firing.nextAt(),
                firing.waiting(),
                schedule.counts(),
                null,
                schedule.createdAt(),
                schedule.updatedAt());
    }
}
