package dev.pulse.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pulse.model.WaitReason.Code;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ExplanationTest {
    private static final Instant NOW = Instant.parse("2026-11-22T10:00:00Z");
    private static final Scope MAIL = Scope.queue("mail");
    private static final Scope EMAIL = Scope.type("email");

    /** A standing as a test describes it: ready, next in line, one worker with a free slot, nothing set. */
    private static final class Draft {
        private JobStatus status = JobStatus.PENDING;
        private int attempt;
        private @Nullable Instant runAt;
        private long before;
        private boolean suspect;
        private final List<Setting> settings = new ArrayList<>();
        private Map<Scope, Standing.Use> uses = Map.of();
        private Standing.Workers workers = new Standing.Workers(1, 1, 4, 3);

        List<WaitReason> explained() {
            return Explanation.of(new Standing(
                    status,
                    attempt,
                    runAt,
                    NOW,
                    new Standing.Line("mail", "email", 0, before, suspect),
                    settings,
                    uses,
                    workers));
        }

        List<Code> codes() {
            return explained().stream().map(WaitReason::code).toList();
        }

        WaitReason first() {
            return explained().getFirst();
        }

        Draft paused(Scope scope, @Nullable String reason) {
            settings.add(new Setting(scope, new Pause(reason, "ada", NOW.minusSeconds(60)), RunLimits.NONE));
            return this;
        }

        Draft limited(Scope scope, @Nullable Integer maxRunning, @Nullable Double rate, long running, double tokens) {
            settings.add(new Setting(scope, null, new RunLimits(maxRunning, rate)));
            uses = Map.of(scope, new Standing.Use(running, tokens));
            return this;
        }
    }

    @Test
    void aReadyJobThatNothingHoldsIsNextInItsLine() {
        assertThat(new Draft().explained())
                .containsExactly(new WaitReason(
                        Code.POSITION, "it is the next of its queue, type and priority", null, null, null, 0L));
    }

    @Test
    void aScheduledJobWaitsForItsMoment() {
        Draft job = new Draft();
        job.status = JobStatus.SCHEDULED;
        job.runAt = NOW.plusSeconds(90);

        assertThat(job.explained())
                .containsExactly(new WaitReason(
                        Code.RUN_AT, "it is scheduled for 2026-11-22T10:01:30Z", null, null, job.runAt, null));
    }

    @Test
    void aRetryingJobWaitsForItsBackoff() {
        Draft job = new Draft();
        job.status = JobStatus.RETRYING;
        job.attempt = 3;
        job.runAt = NOW.plusSeconds(9);

        assertThat(job.explained())
                .containsExactly(new WaitReason(
                        Code.BACKOFF,
                        "attempt 3 failed; it is tried again at 2026-11-22T10:00:09Z",
                        null,
                        null,
                        job.runAt,
                        3L));
    }

    @ParameterizedTest
    @EnumSource(names = {"SCHEDULED", "RETRYING"})
    void aJobWhoseMomentHasComeBecomesReadyAtOnce(JobStatus status) {
        Draft job = new Draft();
        job.status = status;
        job.runAt = NOW;

        assertThat(job.codes()).containsExactly(Code.DUE);
    }

    @Test
    void whoPausedItSinceWhenAndWhyIsTold() {
        WaitReason reason = new Draft().paused(Scope.DISPATCH, "deploy").first();

        assertThat(reason.code()).isEqualTo(Code.DISPATCH_PAUSED);
        assertThat(reason.message()).isEqualTo("dispatch has been paused since 2026-11-22T09:59:00Z by ada: deploy");
        assertThat(reason.pause()).isEqualTo(new Pause("deploy", "ada", NOW.minusSeconds(60)));
        assertThat(new Draft().paused(MAIL, null).first().message())
                .isEqualTo("queue mail has been paused since 2026-11-22T09:59:00Z by ada");
    }

    @Test
    void allPausesThatHoldItAreTold() {
        Draft job = new Draft().paused(Scope.DISPATCH, null).paused(MAIL, null).paused(EMAIL, null);

        assertThat(job.codes())
                .containsExactly(Code.DISPATCH_PAUSED, Code.QUEUE_PAUSED, Code.TYPE_PAUSED, Code.POSITION);
    }

    @Test
    void aPauseHoldsAScheduledJobToo() {
        Draft job = new Draft().paused(EMAIL, null);
        job.status = JobStatus.SCHEDULED;
        job.runAt = NOW.plusSeconds(5);

        assertThat(job.codes()).containsExactly(Code.RUN_AT, Code.TYPE_PAUSED);
    }

    @Test
    void aLimitIsToldWhenItIsReachedAndNotBefore() {
        assertThat(new Draft().limited(MAIL, 5, null, 4, 1).codes()).containsExactly(Code.POSITION);
        WaitReason reached = new Draft().limited(MAIL, 5, null, 5, 1).first();
        assertThat(reached.code()).isEqualTo(Code.QUEUE_LIMIT);
        assertThat(reached.message()).isEqualTo("queue mail runs 5 jobs and may run 5 at once");
        assertThat(reached.count()).isEqualTo(5);
        assertThat(new Draft().limited(EMAIL, 5, null, 7, 1).codes()).startsWith(Code.TYPE_LIMIT);
    }

    @Test
    void aRateIsToldWhileItHasNoToken() {
        assertThat(new Draft().limited(EMAIL, null, 2.0, 0, 1).codes()).containsExactly(Code.POSITION);
        WaitReason spent = new Draft().limited(EMAIL, null, 2.0, 0, 0.5).first();
        assertThat(spent.code()).isEqualTo(Code.TYPE_RATE);
        assertThat(spent.until()).isEqualTo(NOW.plusMillis(250));
        assertThat(spent.message()).startsWith("type email may start 2.0 jobs a second");
        assertThat(new Draft().limited(MAIL, null, 2.0, 0, 0).codes()).startsWith(Code.QUEUE_RATE);
    }

    @Test
    void limitsSayNothingOfAJobThatIsNotReady() {
        Draft job = new Draft().limited(MAIL, 5, 1.0, 5, 0);
        job.status = JobStatus.RETRYING;
        job.runAt = NOW.plusSeconds(1);
        job.workers = new Standing.Workers(0, 0, 0, 0);

        assertThat(job.codes()).containsExactly(Code.BACKOFF);
    }

    @Test
    void aTypeThatNobodyServesIsTold() {
        Draft job = new Draft();
        job.workers = new Standing.Workers(0, 0, 0, 0);

        assertThat(job.first().message()).isEqualTo("no live worker serves type email");
        assertThat(job.codes()).containsExactly(Code.NO_WORKER, Code.POSITION);
    }

    @Test
    void aQueueThatNoWorkerOfItsTypeServesIsTold() {
        Draft job = new Draft();
        job.workers = new Standing.Workers(2, 0, 0, 0);

        assertThat(job.first().message()).isEqualTo("the workers that serve type email do not take from queue mail");
        assertThat(job.codes()).containsExactly(Code.NO_WORKER_FOR_QUEUE, Code.POSITION);
    }

    @Test
    void busyWorkersAreTold() {
        Draft job = new Draft();
        job.workers = new Standing.Workers(3, 2, 8, 8);

        assertThat(job.first().message()).isEqualTo("all 8 slots of the workers that serve it (2) are taken");
        assertThat(job.codes()).containsExactly(Code.NO_FREE_SLOT, Code.POSITION);
    }

    @Test
    void aSuspectIsTold() {
        Draft job = new Draft();
        job.suspect = true;

        assertThat(job.codes()).containsExactly(Code.SUSPECT, Code.POSITION);
    }

    @Test
    void itsPlaceIsExactUpToABound() {
        Draft job = new Draft();
        job.before = 1;
        assertThat(job.first().message()).isEqualTo("1 job of the same queue, type and priority goes first");
        job.before = Standing.MOST_BEFORE;
        assertThat(job.first().message()).isEqualTo("10000 jobs of the same queue, type and priority go first");
        job.before = Standing.MOST_BEFORE + 1;
        assertThat(job.first().message())
                .isEqualTo("more than 10000 jobs of the same queue, type and priority go first");
        assertThat(job.first().count()).isEqualTo(10_000);
    }

    /** Every combination: told in the order of the codes, at least one, none twice. */
    @Test
    void reasonsAreToldInTheOrderOfTheirCodesAndNeverNone() {
        List<Standing.Workers> workers = List.of(
                new Standing.Workers(0, 0, 0, 0),
                new Standing.Workers(1, 0, 0, 0),
                new Standing.Workers(1, 1, 1, 1),
                new Standing.Workers(1, 1, 1, 0));
        for (JobStatus status : List.of(JobStatus.SCHEDULED, JobStatus.RETRYING, JobStatus.PENDING)) {
            for (Standing.Workers some : workers) {
                for (int bits = 0; bits < 1 << 7; bits++) {
                    Draft job = new Draft();
                    job.status = status;
                    job.runAt = status == JobStatus.PENDING ? null : NOW.plusSeconds((bits & 1) * 5L);
                    job.workers = some;
                    job.suspect = (bits & 2) != 0;
                    for (Scope scope : List.of(Scope.DISPATCH, MAIL, EMAIL)) {
                        boolean paused = (bits & 4 << scope.kind().ordinal()) != 0;
                        boolean limited = (bits & 32) != 0 && scope.kind() != Scope.Kind.DISPATCH;
                        job.settings.add(new Setting(
                                scope,
                                paused ? new Pause(null, "ada", NOW) : null,
                                limited ? new RunLimits(2, 3.0) : RunLimits.NONE));
                    }
                    job.uses = (bits & 64) != 0
                            ? Map.of(MAIL, new Standing.Use(2, 0), EMAIL, new Standing.Use(2, 0))
                            : Map.of();

                    List<Code> codes = job.codes();

                    assertThat(codes).isNotEmpty().isSorted().doesNotHaveDuplicates();
                    assertThat(codes.contains(Code.POSITION)).isEqualTo(status == JobStatus.PENDING);
                    assertThat(job.explained())
                            .allSatisfy(reason -> assertThat(reason.pause() != null)
                                    .isEqualTo(Objects.requireNonNull(reason.code())
                                            .wireName()
                                            .endsWith("_paused")));
                }
            }
        }
    }
}
