package dev.pulse.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pulse.model.Assignment;
import dev.pulse.model.AuditEntry;
import dev.pulse.model.AuditFilter;
import dev.pulse.model.Backoff;
import dev.pulse.model.Caller;
import dev.pulse.model.ErrorCode;
import dev.pulse.model.Fire;
import dev.pulse.model.FirePage;
import dev.pulse.model.JobFacts;
import dev.pulse.model.JobFilter;
import dev.pulse.model.JobStatus;
import dev.pulse.model.Labels;
import dev.pulse.model.Misfire;
import dev.pulse.model.Outcome;
import dev.pulse.model.Overlap;
import dev.pulse.model.Pause;
import dev.pulse.model.Payload;
import dev.pulse.model.Policy;
import dev.pulse.model.PulseException;
import dev.pulse.model.QueueSet;
import dev.pulse.model.ScheduleCounts;
import dev.pulse.model.ScheduleFilter;
import dev.pulse.model.ScheduleInfo;
import dev.pulse.model.SchedulePage;
import dev.pulse.model.ScheduleRule;
import dev.pulse.model.ScheduleRule.Pace;
import dev.pulse.model.ScheduleSpec;
import dev.pulse.model.ScheduleStatus;
import dev.pulse.model.Submission;
import dev.pulse.model.Timing;
import dev.pulse.model.When;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

/** Schedules: what is kept of them, and that an occurrence makes one job (I6), whatever the law decides. */
public abstract class ScheduleContract extends StoreContract {
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Caller ADA = new Caller("ada", "10.0.0.1");
    private static final Caller SELF = Caller.internal("test");

    private ScheduleStore schedules() {
        return store.stores().schedules();
    }

    // ---- what is kept

    @Test
    void everythingThatCanBeSaidOfAScheduleIsKept() {
        Submission job = new Submission(
                fixture.newId(),
                "report",
                "nightly",
                7,
                Payload.of(new byte[] {1, 2, 3}, "application/octet-stream"),
                When.NOW,
                new Policy(3, Backoff.parse("fixed 10s"), Duration.ofSeconds(90)),
                null,
                new Labels(Map.of("trace", "x"), Map.of("team", "a"), "billing"));
        TreeSet<LocalDate> excluded =
                new TreeSet<>(Set.of(LocalDate.parse("2030-12-25"), LocalDate.parse("2031-01-01")));
        Timing timing = new Timing(
                new ScheduleRule.Cron("0 7 * * MON-FRI"),
                "Europe/Vienna",
                Instant.parse("2030-01-01T00:00:00Z"),
                Instant.parse("2040-01-01T00:00:00Z"),
                Duration.ofMillis(1_500),
                excluded);
        ScheduleSpec spec = new ScheduleSpec(
                "report.nightly", job, timing, new Misfire(Misfire.Policy.FIRE_ALL, 12, 2.5), Overlap.QUEUE_ONE);

        ScheduleInfo created = created(spec);
        ScheduleInfo found = find(created.id());

        assertThat(found.spec().name()).isEqualTo("report.nightly");
        assertThat(found.spec().timing()).isEqualTo(timing);
        assertThat(found.spec().misfire()).isEqualTo(spec.misfire());
        assertThat(found.spec().overlap()).isEqualTo(Overlap.QUEUE_ONE);
        assertThat(found.spec().job().contentHash()).isEqualTo(job.contentHash());
        assertThat(found.spec().job().policy()).isEqualTo(job.policy());
        assertThat(found.spec().job().labels()).isEqualTo(job.labels());
        assertThat(found.version()).isEqualTo(1);
        assertThat(found.status()).isEqualTo(ScheduleStatus.ACTIVE);
        assertThat(found.counts()).isEqualTo(ScheduleCounts.NONE);
        assertThat(schedules().named("report.nightly")).map(ScheduleInfo::id).contains(created.id());
    }

    @Test
    void everyKindOfRuleIsKept() {
        List<ScheduleRule> rules = List.of(
                new ScheduleRule.At(Instant.parse("2035-05-05T05:05:05.123456Z")),
                new ScheduleRule.After(Duration.ofMillis(90_500)),
                new ScheduleRule.Every(Duration.ofSeconds(90), Pace.FIXED_RATE),
                new ScheduleRule.Every(Duration.ofHours(2), Pace.FIXED_DELAY),
                new ScheduleRule.Cron("*/5 * * * *"));

        for (ScheduleRule rule : rules) {
            assertThat(find(created(spec(rule)).id()).spec().timing().rule()).isEqualTo(rule);
        }
    }

    @Test
    void anUnknownScheduleIsNotThere() {
        assertThat(schedules().find(fixture.newId())).isEmpty();
        assertThat(schedules().named("nobody")).isEmpty();
        assertThat(schedules().delete(fixture.newId(), SELF)).isEmpty();
        assertThat(schedules().change(fixture.newId(), "schedule.edit", (one, now) -> one, SELF))
                .isEmpty();
        assertThat(schedules().runNow(fixture.newId(), (one, at) -> one.spec().job(), SELF))
                .isEmpty();
    }

    @Test
    void aNameIsGivenOnce() {
        ScheduleInfo first = created(named("daily"));

        assertThatThrownBy(() -> created(named("daily"))).isInstanceOfSatisfying(PulseException.class, e -> {
            assertThat(e.code()).isEqualTo(ErrorCode.NAME_CONFLICT);
            assertThat(e)
                    .hasMessageContaining("daily")
                    .hasMessageContaining(first.id().toString());
        });
        ScheduleInfo other = created(named("weekly"));
        assertThatThrownBy(() -> schedules()
                        .change(other.id(), "schedule.edit", (one, now) -> one.edited(named("daily"), now), SELF))
                .isInstanceOfSatisfying(
                        PulseException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NAME_CONFLICT));
    }

    @RepeatedTest(3)
    void ofManyReplicasThatMakeTheSameNameOneDoes() {
        List<Callable<Boolean>> calls = IntStream.range(0, 4)
                .<Callable<Boolean>>mapToObj(i -> () -> {
                    try {
                        created(named("raced"));
                        return true;
                    } catch (PulseException e) {
                        assertThat(e.code()).isEqualTo(ErrorCode.NAME_CONFLICT);
                        return false;
                    }
                })
                .toList();

        assertThat(Together.run(calls)).containsOnlyOnce(true);
    }

    @Test
    void listsAreNewestFirstPageByPageAndFiltered() {
        List<UUID> made = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            made.addFirst(created(named("n" + i)).id());
            advance(Duration.ofSeconds(1));
        }

        SchedulePage first = schedules().list(ScheduleFilter.ALL, 3, null);
        SchedulePage second = schedules().list(ScheduleFilter.ALL, 3, first.nextCursor());

        assertThat(first.items()).extracting(ScheduleInfo::id).containsExactlyElementsOf(made.subList(0, 3));
        assertThat(second.items()).extracting(ScheduleInfo::id).containsExactlyElementsOf(made.subList(3, 5));
        assertThat(second.nextCursor()).isNull();
        schedules().change(made.get(1), "schedule.pause", (one, now) -> one.paused(new Pause(null, "ada", now)), SELF);
        assertThat(schedules()
                        .list(new ScheduleFilter(ScheduleStatus.PAUSED, null, null, null), 10, null)
                        .items())
                .extracting(ScheduleInfo::id)
                .containsExactly(made.get(1));
        assertThat(schedules()
                        .list(new ScheduleFilter(null, null, null, "n0"), 10, null)
                        .items())
                .extracting(ScheduleInfo::id)
                .containsExactly(made.get(4));
        assertThatThrownBy(() -> schedules().list(ScheduleFilter.ALL, 3, "nonsense"))
                .isInstanceOfSatisfying(
                        PulseException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_QUERY));
    }

    @Test
    void aCursorOfAnotherListIsRefusedAlsoWhereThereIsNothingToList() {
        UUID nobody = fixture.newId();
        List<ThrowingCallable> calls = List.of(
                () -> schedules().list(ScheduleFilter.ALL, 3, "nonsense"),
                () -> schedules().list(ScheduleFilter.ALL, 3, "2026-01-01T00:00:00Z/nonsense"),
                () -> schedules().fires(nobody, 3, "nonsense"));
        assertThat(calls)
                .allSatisfy(call -> assertThatThrownBy(call)
                        .isInstanceOfSatisfying(
                                PulseException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_QUERY)));
    }

    @Test
    void aChangeRaisesTheVersionAndNothingElseDoes() {
        ScheduleInfo schedule = dueNow("t");
        fireEach(List.of());
        assertThat(find(schedule.id()).version()).isEqualTo(1);

        schedules().change(schedule.id(), "schedule.edit", (one, now) -> one, SELF);
        assertThat(find(schedule.id()).version()).isEqualTo(1);

        schedules()
                .change(schedule.id(), "schedule.pause", (one, now) -> one.paused(new Pause("why", "ada", now)), SELF);
        ScheduleInfo paused = find(schedule.id());
        assertThat(paused.version()).isEqualTo(2);
        assertThat(paused.status()).isEqualTo(ScheduleStatus.PAUSED);
        assertThat(paused.pause()).isNotNull();
        assertThat(paused.pause().reason()).isEqualTo("why");
        assertThat(paused.nextAt()).isNull();
    }

    @Test
    void whatAChangeThrowsChangesNothing() {
        ScheduleInfo schedule = created(named("kept"));

        assertThatThrownBy(() -> schedules()
                        .change(
                                schedule.id(),
                                "schedule.edit",
                                (one, now) -> {
                                    throw PulseException.invalid("cron", "no");
                                },
                                SELF))
                .isInstanceOf(PulseException.class);

        assertThat(find(schedule.id())).isEqualTo(schedule);
    }

    @Test
    void actsOfPeopleAreAudited() {
        ScheduleInfo schedule = schedules().create(now -> opened(named("audited"), now), ADA);
        schedules()
                .change(schedule.id(), "schedule.pause", (one, now) -> one.paused(new Pause("why", "ada", now)), ADA);
        schedules().runNow(schedule.id(), (one, at) -> job("t"), ADA);
        schedules().delete(schedule.id(), ADA);

        List<AuditEntry> entries =
                store.stores().audit().list(AuditFilter.ALL, 10, null).items();
        assertThat(entries)
                .extracting(AuditEntry::action)
                .containsExactly("schedule.delete", "schedule.run_now", "schedule.pause", "schedule.create");
        assertThat(entries)
                .extracting(AuditEntry::target)
                .containsOnly(schedule.id().toString());
        AuditEntry pause = entries.get(2);
        assertThat(pause.before()).containsEntry("status", "active").containsEntry("name", "audited");
        assertThat(pause.after()).containsEntry("status", "paused").containsEntry("reason", "why");
    }

    @Test
    void aDeletedScheduleFiresNoMoreAndItsJobsStay() {
        ScheduleInfo schedule = dueNow("t");
        fireEach(List.of(schedule.nextAt()));
        UUID job = fires(schedule).getFirst().jobId();

        assertThat(schedules().delete(schedule.id(), SELF))
                .map(ScheduleInfo::id)
                .contains(schedule.id());

        assertThat(schedules().find(schedule.id())).isEmpty();
        assertThat(fires(schedule)).isEmpty();
        assertThat(schedules().untilNext()).isNull();
        assertThat(fixture.find(job).status()).isEqualTo(JobStatus.PENDING);
    }

    // ---- firing

    @Test
    void aFireStoresTheOccurrenceItsJobAndThePlaceOfTheSchedule() {
        ScheduleInfo schedule = dueNow("t");
        Instant at = Objects.requireNonNull(schedule.nextAt());

        Fired fired = fireEach(List.of(at));

        assertThat(fired.schedules()).isEqualTo(1);
        assertThat(fired.jobs()).hasSize(1);
        assertThat(fired.untilNext()).isBetween(Duration.ofMinutes(59), HOUR);
        Fire fire = fires(schedule).getFirst();
        assertThat(fire.occurrence()).isEqualTo(at);
        assertThat(fire.jobId()).isEqualTo(fired.jobs().getFirst().id());
        assertThat(fire.manual()).isFalse();
        ScheduleInfo after = find(schedule.id());
        assertThat(after.counts().fired()).isEqualTo(1);
        assertThat(after.cursor()).isEqualTo(at);
        assertThat(after.nextAt()).isEqualTo(at.plus(HOUR));
        JobFacts job = fixture.claimOne("t").facts();
        assertThat(job.scheduleId()).isEqualTo(schedule.id());
        assertThat(job.occurrence()).isEqualTo(at.toString());
    }

    @Test
    void whatIsNotDueIsNotTaken() {
        created(spec(new ScheduleRule.After(HOUR)));

        Fired fired = schedules().fire(10, due -> {
            throw new AssertionError("nothing is due");
        });

        assertThat(fired.schedules()).isZero();
        assertThat(fired.untilNext()).isPositive();
        assertThat(schedules().untilNext()).isPositive();
    }

    @Test
    void withoutSchedulesThereIsNothingToWaitFor() {
        assertThat(schedules().untilNext()).isNull();
        assertThat(fireEach(List.of()).untilNext()).isNull();
    }

    @Test
    void anOccurrenceThatIsThereMakesNoSecondJobWhateverTheLawSays() {
        ScheduleInfo schedule = dueNow("t");
        Instant at = Objects.requireNonNull(schedule.nextAt());
        fireEach(List.of(at));

        schedules().change(schedule.id(), "schedule.edit", (one, now) -> back(one, at), SELF);
        Fired again = fireEach(List.of(at));

        assertThat(again.schedules()).isEqualTo(1);
        assertThat(again.jobs()).isEmpty();
        assertThat(fires(schedule)).hasSize(1);
        assertThat(find(schedule.id()).counts().fired()).isEqualTo(1);
        assertThat(jobsOf("t")).hasSize(1);
    }

    @RepeatedTest(5)
    void replicasThatFireTogetherMakeEachOccurrenceOnce() {
        List<ScheduleInfo> all =
                IntStream.range(0, 12).mapToObj(i -> dueNow("t")).toList();

        List<Fired> fired = Together.run(IntStream.range(0, 4)
                .<Callable<Fired>>mapToObj(i -> () -> schedules().fire(4, this::fireNext))
                .toList());
        fireEachNext();

        assertThat(fired.stream().mapToInt(one -> one.jobs().size()).sum()).isPositive();
        all.forEach(schedule -> assertThat(fires(schedule)).hasSize(1));
        assertThat(jobsOf("t")).hasSize(12);
    }

    @Test
    void theLongestWaitingAreTakenFirst() {
        ScheduleInfo late = dueNow("late");
        advance(Duration.ofMinutes(1));
        dueNow("later");

        schedules().fire(1, this::fireNext);

        assertThat(find(late.id()).counts().fired()).isEqualTo(1);
        assertThat(jobsOf("later")).isEmpty();
    }

    @Test
    void whatIsCountedIsAdded() {
        ScheduleInfo schedule = dueNow("t");

        schedules().fire(10, due -> {
            Firing once = fireNext(due);
            return new Firing(
                    once.made(),
                    new ScheduleCounts(99, 4, 3, 2),
                    once.status(),
                    null,
                    once.anchor(),
                    once.cursor(),
                    once.nextAt(),
                    false,
                    null);
        });

        assertThat(find(schedule.id()).counts()).isEqualTo(new ScheduleCounts(1, 4, 3, 2));
    }

    @Test
    void aScheduleThatWaitsIsLookedAtAfterItsHold() {
        ScheduleInfo schedule = dueNow("t");
        schedules()
                .fire(
                        10,
                        due -> new Firing(
                                List.of(),
                                ScheduleCounts.NONE,
                                ScheduleStatus.ACTIVE,
                                null,
                                due.schedule().anchor(),
                                due.schedule().cursor(),
                                due.schedule().nextAt(),
                                true,
                                Duration.ofMinutes(30)));

        assertThat(find(schedule.id()).waiting()).isTrue();
        assertThat(fireEach(List.of()).schedules()).isZero();
        advance(Duration.ofMinutes(31));
        assertThat(fireEach(List.of(schedule.nextAt())).jobs()).hasSize(1);
    }

    @Test
    void aParkedScheduleSaysWhyAndIsNotLookedAt() {
        ScheduleInfo broken = dueNow("broken");
        ScheduleInfo sound = dueNow("sound");

        schedules().fire(10, due -> due.schedule().id().equals(broken.id()) ? parked(due) : fireNext(due));

        ScheduleInfo after = find(broken.id());
        assertThat(after.status()).isEqualTo(ScheduleStatus.PARKED);
        assertThat(after.fault()).isEqualTo("the rule is broken");
        assertThat(after.nextAt()).isNull();
        assertThat(find(sound.id()).counts().fired()).isEqualTo(1);
        assertThat(fireEach(List.of()).schedules()).isZero();
    }

    @Test
    void anEndedScheduleIsNotLookedAt() {
        ScheduleInfo schedule = dueNow("t");

        schedules().fire(10, due -> {
            Firing last = fireNext(due);
            return new Firing(
                    last.made(),
                    ScheduleCounts.NONE,
                    ScheduleStatus.ENDED,
                    null,
                    last.anchor(),
                    last.cursor(),
                    null,
                    false,
                    null);
        });

        assertThat(find(schedule.id()).status()).isEqualTo(ScheduleStatus.ENDED);
        assertThat(fires(schedule)).hasSize(1);
        assertThat(schedules().untilNext()).isNull();
    }

    @Test
    void moreJobsThanFitIntoOneTransactionAreLeftForTheNext() {
        dueNow("a");
        dueNow("b");

        Fired first = schedules().fire(10, due -> many(due, Firing.MOST));
        Fired second = schedules().fire(10, due -> many(due, Firing.MOST));

        assertThat(first.jobs()).hasSize(Firing.MOST);
        assertThat(second.jobs()).hasSize(Firing.MOST);
        assertThat(fireEach(List.of()).schedules()).isZero();
    }

    // ---- the job before

    @Test
    void theLawIsToldWhetherTheJobBeforeMayStillRun() {
        ScheduleInfo schedule = created(overlapping(Overlap.SKIP));
        advance(HOUR);
        assertThat(beforeOf(schedule)).isNull();

        assertThat(beforeOf(schedule)).isEqualTo(new Due.Before(true, null));
        UUID session = fixture.session();
        Assignment running = fixture.claimOne(session, "t");
        assertThat(beforeOf(schedule)).isEqualTo(new Due.Before(true, null));
        fixture.end(running, new Outcome.Ack(null));
        Due.Before done = beforeOf(schedule);
        assertThat(done).isNotNull();
        assertThat(done.live()).isFalse();
        assertThat(done.finishedAt()).isNotNull();
    }

    @Test
    void aJobWhoseWorkerIsDeadBlocksNothing() {
        ScheduleInfo schedule = created(overlapping(Overlap.SKIP));
        advance(HOUR);
        beforeOf(schedule);
        fixture.claimOne(fixture.session(Duration.ofMinutes(5)), "t");
        advance(Duration.ofMinutes(10));

        assertThat(beforeOf(schedule)).isEqualTo(new Due.Before(false, null));
    }

    @Test
    void whereNobodyNeedsToKnowTheJobBeforeIsNotLookedUp() {
        ScheduleInfo schedule = created(overlapping(Overlap.ALLOW));
        advance(HOUR);
        beforeOf(schedule);

        Due.Before before = beforeOf(schedule);

        assertThat(before == null || before.live()).isTrue();
    }

    // ---- by hand

    @Test
    void aFireByHandLeavesTheRuleWhereItIs() {
        ScheduleInfo schedule = created(named("by-hand"));

        UUID id = schedules()
                .runNow(schedule.id(), (one, at) -> job("t"), SELF)
                .orElseThrow()
                .jobs()
                .getFirst()
                .id();

        Fire fire = fires(schedule).getFirst();
        assertThat(fire.jobId()).isEqualTo(id);
        assertThat(fire.manual()).isTrue();
        ScheduleInfo after = find(schedule.id());
        assertThat(after.counts().fired()).isEqualTo(1);
        assertThat(after.nextAt()).isEqualTo(schedule.nextAt());
        assertThat(after.cursor()).isEqualTo(schedule.cursor());
    }

    @Test
    void firesByHandAtOnceAreEachOne() {
        ScheduleInfo schedule = created(named("often"));

        Together.run(IntStream.range(0, 4)
                .<Callable<Boolean>>mapToObj(i -> () -> schedules()
                        .runNow(schedule.id(), (one, at) -> job("t"), SELF)
                        .isPresent())
                .toList());

        assertThat(fires(schedule)).hasSize(4);
        assertThat(jobsOf("t")).hasSize(4);
    }

    // ---- what it fired

    @Test
    void firesAreListedLatestFirstPageByPage() {
        ScheduleInfo schedule = dueNow("t");
        schedules().fire(10, due -> many(due, 5));

        FirePage first = schedules().fires(schedule.id(), 3, null);
        FirePage second = schedules().fires(schedule.id(), 3, first.nextCursor());

        assertThat(first.items()).hasSize(3);
        assertThat(second.items()).hasSize(2);
        assertThat(second.nextCursor()).isNull();
        List<Instant> all = new ArrayList<>();
        first.items().forEach(fire -> all.add(fire.occurrence()));
        second.items().forEach(fire -> all.add(fire.occurrence()));
        assertThat(all).isSortedAccordingTo((a, b) -> b.compareTo(a)).doesNotHaveDuplicates();
        assertThatThrownBy(() -> schedules().fires(schedule.id(), 3, "nonsense"))
                .isInstanceOfSatisfying(
                        PulseException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_QUERY));
    }

    @Test
    void theJobsOfAScheduleCanBeListedByStatus() {
        ScheduleInfo schedule = dueNow("t");
        schedules().fire(10, due -> many(due, 3));
        fixture.job().type("t").submitted();
        UUID done = fixture.claimOne("t").facts().id();

        JobFilter ours = JobFilter.ALL.ofSchedule(schedule.id());
        assertThat(jobs.list(ours, 10, null).items())
                .hasSize(3)
                .allSatisfy(job -> assertThat(job.facts().scheduleId()).isEqualTo(schedule.id()));
        assertThat(jobs.list(ours.withStatus(JobStatus.RUNNING), 10, null).items())
                .extracting(job -> job.facts().id())
                .containsExactly(done);
        assertThat(jobs.list(JobFilter.ALL.ofSchedule(fixture.newId()), 10, null)
                        .items())
                .isEmpty();
        assertThat(jobs.list(ours, 2, null).nextCursor()).isNotNull();
    }

    @Test
    void oldFiresAndUnnamedSchedulesThatEndedAreForgottenByTheLeader() {
        ScheduleInfo ended = dueNow("t");
        ScheduleInfo kept = created(named("kept"));
        fireEach(List.of(ended.nextAt()));
        advance(HOUR.plusMinutes(1));
        schedules()
                .fire(
                        10,
                        due -> due.schedule().id().equals(ended.id())
                                ? new Firing(
                                        List.of(),
                                        ScheduleCounts.NONE,
                                        ScheduleStatus.ENDED,
                                        null,
                                        due.schedule().anchor(),
                                        due.schedule().cursor(),
                                        null,
                                        false,
                                        null)
                                : fireNext(due));
        advance(HOUR);
        Term term = fixture.lead();

        assertThat(schedules().forget(new Term(term.server(), term.number() + 1), Duration.ofMinutes(30), 100))
                .isZero();
        assertThat(schedules().forget(term, Duration.ofDays(1), 100)).isZero();
        assertThat(fires(ended)).isNotEmpty();
        assertThat(schedules().forget(term, Duration.ofMinutes(30), 100)).isPositive();
        assertThat(fires(ended)).isEmpty();
        assertThat(schedules().find(ended.id())).isEmpty();
        assertThat(schedules().find(kept.id())).isPresent();
    }

    // ---- declared in code

    @Test
    void whatIsNotDeclaredAnyMoreIsMarkedAndGoesOn() {
        ScheduleInfo one = declared("one", "shop");
        declared("two", "shop");
        declared("theirs", "other");

        assertThat(schedules().declared("shop", Set.of("one", "two"), QueueSet.ALL))
                .isEmpty();
        List<ScheduleInfo> missing = schedules().declared("shop", Set.of("two"), QueueSet.ALL);
        List<ScheduleInfo> again = schedules().declared("shop", Set.of("two"), QueueSet.ALL);

        assertThat(missing).extracting(ScheduleInfo::id).containsExactly(one.id());
        assertThat(again).extracting(ScheduleInfo::id).containsExactly(one.id());
        ScheduleInfo marked = find(one.id());
        assertThat(marked.declared()).isNotNull();
        assertThat(marked.declared().missingSince()).isNotNull();
        assertThat(marked.status()).isEqualTo(ScheduleStatus.ACTIVE);
        assertThat(schedules().declared("shop", Set.of("one", "two"), QueueSet.ALL))
                .isEmpty();
        assertThat(find(one.id()).declared()).isEqualTo(new ScheduleInfo.Declared("shop", null));
    }

    @Test
    void newTimeZoneDataHasCronRulesLookedAtOnce() {
        schedules().zonesAre("2026a");
        ScheduleInfo cron = created(spec(new ScheduleRule.Cron("0 7 * * *")));
        created(spec(new ScheduleRule.Every(HOUR, Pace.FIXED_RATE)));

        assertThat(schedules().zonesAre("2026a")).isZero();
        assertThat(schedules().zonesAre("2026b")).isEqualTo(1);
        assertThat(schedules().zonesAre("2026b")).isZero();

        List<UUID> looked = new ArrayList<>();
        schedules().fire(10, due -> {
            looked.add(due.schedule().id());
            return fireNothing(due);
        });
        assertThat(looked).containsExactly(cron.id());
    }

    // ---- help

    private ScheduleSpec spec(ScheduleRule rule) {
        return new ScheduleSpec(null, job("t"), Timing.of(rule), Misfire.FIRE_ONCE, Overlap.ALLOW);
    }

    private ScheduleSpec named(String name) {
        return new ScheduleSpec(
                name,
                job("t"),
                Timing.of(new ScheduleRule.Every(HOUR, Pace.FIXED_RATE)),
                Misfire.FIRE_ONCE,
                Overlap.ALLOW);
    }

    private ScheduleSpec overlapping(Overlap overlap) {
        return new ScheduleSpec(
                null, job("t"), Timing.of(new ScheduleRule.Every(HOUR, Pace.FIXED_RATE)), Misfire.FIRE_ONCE, overlap);
    }

    private Submission job(String type) {
        return fixture.job().type(type).submission();
    }

    private ScheduleInfo opened(ScheduleSpec spec, Instant now) {
        return opened(spec, now, now.plus(HOUR).truncatedTo(ChronoUnit.SECONDS));
    }

    private ScheduleInfo opened(ScheduleSpec spec, Instant now, Instant next) {
        return new ScheduleInfo(
                fixture.newId(),
                1,
                spec,
                ScheduleStatus.ACTIVE,
                null,
                null,
                now,
                now,
                next,
                false,
                ScheduleCounts.NONE,
                null,
                now,
                now);
    }

    private ScheduleInfo created(ScheduleSpec spec) {
        return schedules().create(now -> opened(spec, now), SELF);
    }

    private ScheduleInfo declared(String name, String by) {
        return schedules()
                .create(now -> opened(named(name), now).declaredBy(new ScheduleInfo.Declared(by, null)), SELF);
    }

    /** A schedule of an hour that is due at this moment. */
    private ScheduleInfo dueNow(String type) {
        ScheduleSpec spec = new ScheduleSpec(
                null,
                job(type),
                Timing.of(new ScheduleRule.Every(HOUR, Pace.FIXED_RATE)),
                Misfire.FIRE_ONCE,
                Overlap.ALLOW);
        return schedules().create(now -> opened(spec, now, now), SELF);
    }

    private ScheduleInfo find(UUID id) {
        return schedules().find(id).orElseThrow();
    }

    private List<Fire> fires(ScheduleInfo schedule) {
        return schedules().fires(schedule.id(), 100, null).items();
    }

    private List<UUID> jobsOf(String type) {
        return jobs
                .list(new JobFilter(null, type, null, Map.of(), null, null, null, null), 1_000, null)
                .items()
                .stream()
                .map(job -> job.facts().id())
                .toList();
    }

    /** Fires these instants of the one schedule that is due; fails where none is and some are named. */
    private Fired fireEach(List<Instant> instants) {
        return schedules().fire(10, due -> instants.isEmpty() ? fireNothing(due) : fire(due, instants));
    }

    private void fireEachNext() {
        schedules().fire(100, this::fireNext);
    }

    private Firing fireNext(Due due) {
        return fire(due, List.of(Objects.requireNonNull(due.schedule().nextAt())));
    }

    private Firing fireNothing(Due due) {
        return fire(due, List.of());
    }

    private Firing many(Due due, int count) {
        Instant from = Objects.requireNonNull(due.schedule().nextAt());
        return fire(due, IntStream.range(0, count).mapToObj(from::plusSeconds).toList());
    }

    private Firing fire(Due due, List<Instant> instants) {
        ScheduleInfo schedule = due.schedule();
        Instant cursor = instants.isEmpty() ? schedule.cursor() : instants.getLast();
        Instant next = (instants.isEmpty() ? due.now() : cursor).plus(HOUR);
        return new Firing(
                instants.stream()
                        .map(at -> new Firing.Occurrence(at, 0, made(schedule, at)))
                        .toList(),
                ScheduleCounts.NONE,
                ScheduleStatus.ACTIVE,
                null,
                schedule.anchor(),
                cursor,
                next,
                false,
                null);
    }

    private Submission made(ScheduleInfo schedule, Instant at) {
        Submission template = schedule.spec().job();
        return fixture.job()
                .type(template.type())
                .reserved(Map.of(
                        ScheduleInfo.HEADER_ID,
                        schedule.id().toString(),
                        ScheduleInfo.HEADER_OCCURRENCE,
                        at.toString()));
    }

    private Firing parked(Due due) {
        return new Firing(
                List.of(),
                ScheduleCounts.NONE,
                ScheduleStatus.PARKED,
                "the rule is broken",
                due.schedule().anchor(),
                due.schedule().cursor(),
                null,
                false,
                null);
    }

    /** The schedule, due again at that instant. */
    private static ScheduleInfo back(ScheduleInfo one, Instant at) {
        return one.moved(ScheduleStatus.ACTIVE, at.minusSeconds(1), at);
    }

    /** Has the schedule fire once more, due now, and returns what the law was told of the job before. */
    private Due.@Nullable Before beforeOf(ScheduleInfo schedule) {
        List<Due.Before> told = new ArrayList<>();
        schedules()
                .change(schedule.id(), "schedule.edit", (one, now) -> one.moved(ScheduleStatus.ACTIVE, now, now), SELF);
        schedules().fire(10, due -> {
            Due.Before before = due.before();
            if (before != null) {
                told.add(before);
            }
            return before == null ? fireNext(due) : fireNothing(due);
        });
        return told.isEmpty() ? null : told.getFirst();
    }
}
