package dev.pulse.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pulse.model.Assignment;
import dev.pulse.model.JobFilter;
import dev.pulse.model.JobPage;
import dev.pulse.model.JobStatus;
import dev.pulse.model.Outcome;
import dev.pulse.model.OutcomeKind;
import dev.pulse.model.ReportAnswer;
import dev.pulse.model.Throughput;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What goes when its time has passed, and above all what stays. */
public abstract class RetentionContract extends StoreContract {
    private static final Duration DAY = Duration.ofDays(1);
    /** A job goes with its day: at most two days late. */
    private static final Duration SLACK = DAY.multipliedBy(2);

    protected static final Retention WEEK =
            new Retention(DAY.multipliedBy(7), DAY.multipliedBy(7), null, DAY.multipliedBy(30), 100);

    /** Turns the pruner until it finds nothing more. */
    protected final void prune(Retention keep) {
        Term term = fixture.lead();
        for (int step = 0; history.prune(term, keep).more(); step++) {
            assertThat(step).as("steps of one round").isLessThan(1_000);
        }
    }

    protected final void later(Duration time) {
        advance(time);
        servers.tidy(fixture.lead());
    }

    @Test
    void finishedJobsGoWhenTheirTimeHasPassedAndNotBefore() {
        UUID completed = fixture.job().completed().facts().id();
        UUID canceled = fixture.job().canceled().facts().id();
        later(DAY.multipliedBy(6));
        prune(WEEK);
        assertThat(jobs.find(completed)).isPresent();
        assertThat(jobs.find(canceled)).isPresent();

        later(DAY.plus(SLACK));
        prune(WEEK);

        assertThat(jobs.find(completed)).isEmpty();
        assertThat(jobs.find(canceled)).isEmpty();
        assertCountsAreARecount();
    }

    @Test
    void whatIsNotFinishedStaysWhateverItsAge() {
        UUID waiting = fixture.job().type("w").submitted();
        UUID scheduled = fixture.job().after(DAY.multipliedBy(300)).submitted();
        UUID dead = fixture.job().deadLettered().facts().id();
        Assignment failed = fixture.job().type("r").retrying();
        Assignment held = fixture.job().type("h").running();
        fixture.job().completed();
        later(DAY.multipliedBy(60));

        prune(WEEK);

        assertThat(fixture.status(waiting)).isEqualTo(JobStatus.PENDING);
        assertThat(fixture.status(scheduled)).isEqualTo(JobStatus.SCHEDULED);
        assertThat(fixture.status(dead)).isEqualTo(JobStatus.DEAD_LETTERED);
        assertThat(fixture.status(failed.facts().id())).isEqualTo(JobStatus.RETRYING);
        assertThat(fixture.status(held.facts().id())).isEqualTo(JobStatus.RUNNING);
        assertThat(jobs.list(JobFilter.ALL, 10, null).items()).hasSize(5);
        assertCountsAreARecount();
        assertThat(fixture.end(held, new Outcome.Ack(null)).answer()).isEqualTo(ReportAnswer.APPLIED);
        assertThat(fixture.end(held, new Outcome.Ack(null)).answer())
                .as("a repeat finds its attempt")
                .isEqualTo(ReportAnswer.APPLIED);
        assertThat(fixture.claimOne("w").facts().id()).isEqualTo(waiting);
        assertThat(jobs.requeue(dead)).isInstanceOf(Acted.Done.class);
        jobs.runNow(failed.facts().id());
        Assignment again = fixture.claimOne("r");
        assertThat(again.attempt()).isEqualTo(2);
        fixture.end(again, new Outcome.Ack(null));
        assertThat(fixture.outcomes(failed.facts().id())).containsExactly(OutcomeKind.FAIL, OutcomeKind.ACK);
        assertCountsAreARecount();
    }

    @Test
    void eachStatusHasItsOwnTime() {
        Retention mixed = new Retention(DAY.multipliedBy(20), DAY.multipliedBy(2), DAY.multipliedBy(40), DAY, 2);
        UUID[] completed = new UUID[5];
        for (int i = 0; i < completed.length; i++) {
            completed[i] = fixture.job().completed().facts().id();
        }
        UUID canceled = fixture.job().canceled().facts().id();
        UUID dead = fixture.job().deadLettered().facts().id();

        later(DAY.multipliedBy(4));
        prune(mixed);
        assertThat(jobs.find(canceled)).isEmpty();
        for (UUID id : completed) {
            assertThat(fixture.outcomes(id)).containsExactly(OutcomeKind.ACK);
        }
        assertCountsAreARecount();
        assertThat(jobs.list(JobFilter.ALL.withStatus(JobStatus.COMPLETED), 3, null)
                        .items())
                .hasSize(3);

        later(DAY.multipliedBy(20));
        prune(mixed);
        for (UUID id : completed) {
            assertThat(jobs.find(id)).isEmpty();
        }
        assertThat(fixture.status(dead)).isEqualTo(JobStatus.DEAD_LETTERED);

        later(DAY.multipliedBy(20));
        prune(mixed);
        assertThat(jobs.find(dead)).isEmpty();
        assertThat(jobs.list(JobFilter.ALL, 10, null).items()).isEmpty();
        assertCountsAreARecount();
    }

    @Test
    void theHolderOfALivingKeyStaysAndIsTheAnswer() {
        JobFixture.Draft draft = fixture.job().type("k").key("once", DAY.multipliedBy(40));
        UUID holder = draft.completed().facts().id();
        later(DAY.multipliedBy(20));
        prune(WEEK);

        assertThat(fixture.submit(fixture.job().type("k").key("once", DAY).submission()))
                .isEqualTo(new Inserted.Duplicate(holder));
        assertThat(fixture.status(holder)).isEqualTo(JobStatus.COMPLETED);

        later(DAY.multipliedBy(21));
        prune(WEEK);
        assertThat(jobs.find(holder)).isEmpty();
        assertThat(fixture.submit(fixture.job().type("k").key("once").submission()))
                .isInstanceOf(Inserted.Stored.class);
        assertCountsAreARecount();
    }

    @Test
    void aFinishedJobsKeyWithoutATimeToLiveKeepsNobody() {
        UUID done = fixture.job().type("k").key("once").completed().facts().id();
        later(DAY.multipliedBy(10));
        prune(WEEK);

        assertThat(jobs.find(done)).isEmpty();
        assertThat(fixture.submit(fixture.job().type("k").key("once").submission()))
                .isInstanceOf(Inserted.Stored.class);
    }

    @Test
    void aJobThatEndsLateIsKeptFromItsEnd() {
        UUID id = fixture.job().type("late").after(DAY.multipliedBy(10)).submitted();
        later(DAY.multipliedBy(11));
        prune(WEEK);
        jobs.promote(10);
        fixture.end(fixture.claimOne("late"), new Outcome.Ack(null));

        later(DAY.multipliedBy(6));
        prune(WEEK);
        assertThat(fixture.status(id)).isEqualTo(JobStatus.COMPLETED);

        later(DAY.plus(SLACK));
        prune(WEEK);
        assertThat(jobs.find(id)).isEmpty();
        assertCountsAreARecount();
    }

    @Test
    void throughputOutlivesTheDayUntilItsOwnTime() {
        fixture.job().completed();
        history.fold(fixture.lead());
        later(DAY.multipliedBy(10));
        prune(WEEK);
        assertThat(completed(DAY.multipliedBy(20))).isEqualTo(1);

        later(DAY.multipliedBy(25));
        prune(WEEK);
        assertThat(completed(DAY.multipliedBy(60))).isZero();
    }

    private long completed(Duration window) {
        return history.throughput(window, DAY).buckets().stream()
                .mapToLong(Throughput.Bucket::completed)
                .sum();
    }

    @Test
    void aTermThatIsOverRemovesNothing() {
        UUID done = fixture.job().completed().facts().id();
        Term old = fixture.lead();
        later(DAY.multipliedBy(20));

        assertThat(history.prune(old, WEEK).removed()).isZero();
        assertThat(history.fold(old)).isFalse();

        assertThat(jobs.find(done)).isPresent();
    }

    /** The counts are what a look at each job finds. */
    protected final void assertCountsAreARecount() {
        for (boolean folded : new boolean[] {false, true}) {
            for (int i = 0; folded && history.fold(fixture.lead()); i++) {
                assertThat(i).isLessThan(1_000);
            }
            Map<String, Map<JobStatus, Long>> recount = new TreeMap<>();
            @Nullable String cursor = null;
            do {
                JobPage page = jobs.list(JobFilter.ALL, 100, cursor);
                page.items()
                        .forEach(job -> recount.computeIfAbsent(
                                        job.facts().type(), type -> new EnumMap<>(JobStatus.class))
                                .merge(job.status(), 1L, Long::sum));
                cursor = page.nextCursor();
            } while (cursor != null);
            assertThat(jobs.counts().byType()).as("folded: %s", folded).isEqualTo(recount);
        }
    }

    @Test
    void countsAreRightWhateverHappensBetweenTwoPrunings() {
        for (int round = 0; round < 4; round++) {
            for (JobStatus status :
                    List.of(JobStatus.COMPLETED, JobStatus.CANCELED, JobStatus.DEAD_LETTERED, JobStatus.COMPLETED)) {
                UUID id = switch (status) {
                    case COMPLETED -> fixture.job().completed().facts().id();
                    case CANCELED -> fixture.job().canceled().facts().id();
                    default -> fixture.job().deadLettered().facts().id();
                };
                if (round % 2 == 0) {
                    jobs.requeue(id);
                }
            }
            if (round == 1) {
                history.fold(fixture.lead());
            }
            UUID deleted = fixture.job().completed().facts().id();
            later(DAY.multipliedBy(3));
            fixture.claim(fixture.session(), 2).forEach(job -> fixture.end(job, new Outcome.Ack(null)));
            jobs.delete(deleted);
            prune(new Retention(DAY.multipliedBy(4), DAY.multipliedBy(2), DAY.multipliedBy(5), DAY.multipliedBy(9), 3));
            assertCountsAreARecount();
        }
    }
}
