package dev.pulse.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.pulse.model.Assignment;
import dev.pulse.model.ErrorCode;
import dev.pulse.model.JobFilter;
import dev.pulse.model.JobPage;
import dev.pulse.model.JobStatus;
import dev.pulse.model.OutcomeKind;
import dev.pulse.model.PulseException;
import dev.pulse.model.Throughput;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Counts and sums of the past. */
public abstract class HistoryContract extends StoreContract {
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration MINUTE = Duration.ofMinutes(1);

    /** What every test ends with: the counts are what a look at each job finds. */
    protected final void assertCountsAreARecount() {
        Map<String, Map<JobStatus, Long>> recount = new TreeMap<>();
        @Nullable String cursor = null;
        do {
            JobPage page = jobs.list(JobFilter.ALL, 100, cursor);
            page.items()
                    .forEach(job -> recount.computeIfAbsent(job.facts().type(), type -> new EnumMap<>(JobStatus.class))
                            .merge(job.status(), 1L, Long::sum));
            cursor = page.nextCursor();
        } while (cursor != null);
        assertThat(jobs.counts().byType()).isEqualTo(recount);
    }

    protected final void foldAll() {
        Term term = fixture.lead();
        for (int i = 0; i < 1_000 && history.fold(term); i++) {
            assertThat(i).as("folds without an end").isLessThan(999);
        }
    }

    @Test
    void countsAreTheSameBeforeAndAfterAFold() {
        for (JobStatus status : JobStatus.values()) {
            inStatus(status);
        }
        assertCountsAreARecount();

        foldAll();
        assertCountsAreARecount();

        inStatus(JobStatus.COMPLETED);
        assertCountsAreARecount();
    }

    @Test
    void requeuedAndDeletedJobsCountNoMore() {
        for (boolean folded : new boolean[] {false, true}) {
            UUID completed = inStatus(JobStatus.COMPLETED);
            UUID canceled = inStatus(JobStatus.CANCELED);
            UUID dead = inStatus(JobStatus.DEAD_LETTERED);
            UUID gone = inStatus(JobStatus.COMPLETED);
            UUID twice = inStatus(JobStatus.CANCELED);
            if (folded) {
                foldAll();
            }
            for (UUID id : List.of(completed, canceled, dead, twice)) {
                assertThat(jobs.requeue(id)).isInstanceOf(Acted.Done.class);
            }
            jobs.delete(gone);
            jobs.delete(twice);
            assertCountsAreARecount();
            foldAll();
            assertCountsAreARecount();
        }
    }

    @Test
    void countsEqualARecountWhateverHappens() {
        Random dice = new Random(4711);
        for (int i = 0; i < 300; i++) {
            List<UUID> all = jobs.list(JobFilter.ALL, 1_000, null).items().stream()
                    .map(job -> job.facts().id())
                    .toList();
            UUID any = all.isEmpty() ? fixture.newId() : all.get(dice.nextInt(all.size()));
            switch (dice.nextInt(10)) {
                case 0, 1, 2 -> inStatus(JobStatus.values()[dice.nextInt(7)]);
                case 3 -> jobs.requeue(any);
                case 4 -> jobs.cancel(any, "dice");
                case 5 -> jobs.delete(any);
                case 6 -> jobs.runNow(any);
                case 7 -> {
                    UUID session = fixture.session();
                    fixture.claim(session, 3).forEach(job -> fixture.end(job, JobFixture.outcome(fixtureKind(dice))));
                }
                default -> history.fold(fixture.lead());
            }
            if (i % 20 == 0) {
                assertCountsAreARecount();
            }
        }
        foldAll();
        assertCountsAreARecount();
    }

    private static OutcomeKind fixtureKind(Random dice) {
        return OutcomeKind.values()[dice.nextInt(OutcomeKind.LAPSE.ordinal())];
    }

    @Test
    void throughputShowsEachMinuteFoldedOrNot() {
        fixture.job().completed();
        fixture.job().completed();
        fixture.job().deadLettered();
        fixture.job().retrying();
        assertThat(sum(history.throughput(HOUR, MINUTE))).containsExactly(2L, 1L, 1L);
        foldAll();
        assertThat(sum(history.throughput(HOUR, MINUTE))).containsExactly(2L, 1L, 1L);
        fixture.job().completed();
        advance(HOUR.multipliedBy(3));
        fixture.job().completed();

        Throughput day = history.throughput(Duration.ofDays(1), HOUR);

        assertThat(day.buckets()).hasSize(24);
        assertThat(sum(day)).containsExactly(4L, 1L, 1L);
        assertThat(day.buckets().getLast().completed()).isEqualTo(1);
        assertThat(sum(history.throughput(HOUR, MINUTE))).containsExactly(1L, 0L, 0L);
    }

    @Test
    void throughputOutlivesItsJobs() {
        Assignment done = fixture.job().completed();
        foldAll();
        jobs.delete(done.facts().id());
        foldAll();

        assertThat(sum(history.throughput(HOUR, MINUTE))).containsExactly(1L, 0L, 0L);
        assertCountsAreARecount();
    }

    private static List<Long> sum(Throughput throughput) {
        long completed = 0;
        long dead = 0;
        long retried = 0;
        for (Throughput.Bucket bucket : throughput.buckets()) {
            completed += bucket.completed();
            dead += bucket.deadLettered();
            retried += bucket.retried();
        }
        return List.of(completed, dead, retried);
    }

    @ParameterizedTest
    @CsvSource({
        "PT1H, PT30S, bucket",
        "PT1H, PT90S, bucket",
        "PT1H, PT0S, bucket",
        "PT1M, PT1H, window",
        "P367D, PT24H, window",
        "P300D, PT1M, bucket",
        "PT-1H, PT1M, window"
    })
    void aWindowOrBucketThatCannotBeAnsweredIsRefused(Duration window, Duration bucket, String field) {
        assertThatExceptionOfType(PulseException.class)
                .isThrownBy(() -> history.throughput(window, bucket))
                .satisfies(refusal -> {
                    assertThat(refusal.code()).isEqualTo(ErrorCode.INVALID_QUERY);
                    assertThat(refusal.violations().getFirst().field()).isEqualTo(field);
                });
    }

    /** A job brought to that status. */
    protected final UUID inStatus(JobStatus status) {
        JobFixture.Draft draft = fixture.job();
        return switch (status) {
            case SCHEDULED -> draft.scheduled();
            case PENDING -> draft.submitted();
            case RUNNING -> draft.running().facts().id();
            case RETRYING -> draft.retrying().facts().id();
            case COMPLETED -> draft.completed().facts().id();
            case DEAD_LETTERED -> draft.deadLettered().facts().id();
            case CANCELED -> draft.canceled().facts().id();
        };
    }
}
