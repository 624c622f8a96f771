package dev.pulse.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.pulse.model.Assignment;
import dev.pulse.model.AuditEntry;
import dev.pulse.model.AuditFilter;
import dev.pulse.model.BulkAction;
import dev.pulse.model.BulkOperation;
import dev.pulse.model.BulkResult;
import dev.pulse.model.BulkState;
import dev.pulse.model.BundleSubmission;
import dev.pulse.model.BundleTree;
import dev.pulse.model.Caller;
import dev.pulse.model.ErrorCode;
import dev.pulse.model.JobFilter;
import dev.pulse.model.JobStatus;
import dev.pulse.model.OutcomeKind;
import dev.pulse.model.PulseException;
import dev.pulse.model.Submission;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Acts on many jobs, chunk by chunk (B111). */
public abstract class BulkContract extends StoreContract {
    private static final Caller ANN = new Caller("ann", "10.0.0.7");
    private static final int CHUNK = 3;
    private static final int WINDOW = 5;

    /** Else one that waits would be granted in place of one that is to be brought further. */
    private static final List<JobStatus> PENDING_LAST = Stream.of(JobStatus.values())
            .sorted(Comparator.comparing((JobStatus status) -> status == JobStatus.PENDING))
            .toList();

    private BulkStore bulk() {
        return store.stores().bulk();
    }

    private static JobFilter status(JobStatus status) {
        return JobFilter.ALL.withStatus(status);
    }

    private static JobFilter ofType(@Nullable JobStatus status, String type) {
        return new JobFilter(status, type, null, Map.of(), null, null, null, null);
    }

    private UUID start(BulkAction action, JobFilter filter) {
        advance(Duration.ofMinutes(1));
        return bulk().start(new BulkOrder(fixture.newId(), action, filter, null, ANN))
                .id();
    }

    private BulkResult run(BulkAction action, JobFilter filter) {
        UUID id = start(action, filter);
        finish();
        return bulk().find(id).orElseThrow().result();
    }

    private List<BulkStep> finish() {
        List<BulkStep> steps = new ArrayList<>();
        for (var step = bulk().step(CHUNK, WINDOW); step.isPresent(); step = bulk().step(CHUNK, WINDOW)) {
            steps.add(step.get());
        }
        return steps;
    }

    private List<UUID> brought(JobStatus status, String type, int n) {
        return Stream.generate(() -> bring(status, type)).limit(n).toList();
    }

    private UUID bring(JobStatus status, String type) {
        JobFixture.Draft draft = fixture.job().type(type);
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

    /** What an act does to jobs of each status, told once for all doors: null where it is not legal. */
    private static @Nullable JobStatus after(BulkAction action, JobStatus status) {
        return switch (action) {
            case CANCEL -> status == JobStatus.RUNNING ? status : status.isFinal() ? null : JobStatus.CANCELED;
            case REQUEUE -> status.isFinal() ? JobStatus.PENDING : null;
            case RUN_NOW -> status.isDue() ? JobStatus.PENDING : null;
            case DELETE -> status == JobStatus.RUNNING ? null : status;
        };
    }

    @ParameterizedTest
    @EnumSource
    void anActDoesToManyJobsOfEachStatusWhatItDoesToOne(BulkAction action) {
        Map<JobStatus, List<UUID>> jobsBy = new TreeMap<>();
        for (JobStatus status : JobStatus.values()) {
            jobsBy.put(status, brought(status, "t-" + status, 4));
        }

        for (JobStatus status : JobStatus.values()) {
            JobStatus expected = after(action, status);
            BulkResult result = run(action, ofType(status, "t-" + status));

            assertThat(result.matched()).as("%s %s", action, status).isEqualTo(4);
            assertThat(result.changed()).isEqualTo(expected == null ? 0 : 4);
            assertThat(result.skipped())
                    .isEqualTo(expected == null ? Map.of("status_" + status.wireName(), 4L) : Map.of());
            assertThat(result.finished()).isTrue();
            for (UUID id : jobsBy.getOrDefault(status, List.of())) {
                if (action == BulkAction.DELETE && expected != null) {
                    assertThat(jobs.find(id)).isEmpty();
                } else {
                    assertThat(fixture.status(id)).isEqualTo(expected == null ? status : expected);
                }
            }
        }
    }

    @Test
    void jobsOfEveryStatusAreGoneThroughWhenNoneIsNamed() {
        for (JobStatus status : PENDING_LAST) {
            brought(status, "t", status == JobStatus.RUNNING ? 0 : 2);
        }
        brought(JobStatus.PENDING, "other", 2);

        BulkResult result = run(BulkAction.REQUEUE, ofType(null, "t"));

        assertThat(result.matched()).isEqualTo(12);
        assertThat(result.changed()).isEqualTo(6);
        assertThat(result.skipped())
                .containsExactlyInAnyOrderEntriesOf(
                        Map.of("status_scheduled", 2L, "status_pending", 2L, "status_retrying", 2L));
    }

    @Test
    void everyPartOfTheFilterHolds() {
        UUID wanted = fixture.job().type("t").queue("q").tags(Map.of("a", "b")).submitted();
        fixture.job().type("t").queue("other").tags(Map.of("a", "b")).submitted();
        fixture.job().type("t").queue("q").tags(Map.of("a", "c")).submitted();
        JobFilter filter = new JobFilter(JobStatus.PENDING, "t", "q", Map.of("a", "b"), null, null, null, null);

        assertThat(count(filter)).isOne();
        assertThat(run(BulkAction.CANCEL, filter).changed()).isOne();

        assertThat(fixture.status(wanted)).isEqualTo(JobStatus.CANCELED);
    }

    @ParameterizedTest
    @EnumSource(
            value = JobStatus.class,
            names = {"SCHEDULED", "PENDING", "DEAD_LETTERED", "CANCELED"})
    void anActOnTheMembersOfABundleTouchesNoOthers(JobStatus status) {
        JobFixture.Draft draft = fixture.job().type("t");
        Submission member = (status == JobStatus.SCHEDULED ? draft.after(Duration.ofDays(9)) : draft).submission();
        BundleSubmission bundle =
                new BundleSubmission(fixture.newId(), "b", null, List.of(member), List.of(), Map.of());
        store.stores().bundles().insert(BundleTree.of(bundle, BundleTree.MAX_JOBS));
        if (status == JobStatus.DEAD_LETTERED) {
            fixture.end(fixture.claimOne("t"), JobFixture.outcome(OutcomeKind.DEAD_LETTER));
        } else if (status == JobStatus.CANCELED) {
            jobs.cancel(member.id(), "ann");
        }
        UUID other = bring(status, "u");
        JobFilter members = status(status).inBundle(bundle.id());

        assertThat(count(members)).isOne();
        BulkResult result = run(BulkAction.DELETE, members);

        assertThat(result.matched()).isOne();
        assertThat(fixture.status(other)).isEqualTo(status);
    }

    @Test
    void jobsSubmittedAfterTheStartAreLeftAlone() {
        brought(JobStatus.PENDING, "t", 4);
        UUID id = start(BulkAction.CANCEL, ofType(null, "t"));
        UUID other = start(BulkAction.CANCEL, status(JobStatus.PENDING));
        advance(Duration.ofMinutes(1));
        UUID late = fixture.job().type("t").submitted();

        finish();

        assertThat(bulk().find(id).orElseThrow().result().matched()
                        + bulk().find(other).orElseThrow().result().changed())
                .isPositive();
        assertThat(fixture.status(late)).isEqualTo(JobStatus.PENDING);
        assertThat(jobs.counts().total()).containsEntry(JobStatus.CANCELED, 4L);
    }

    @Test
    void aJobThatComesBackIsNotTakenTwice() {
        List<UUID> ids = brought(JobStatus.PENDING, "t", 5);
        UUID id = start(BulkAction.CANCEL, ofType(JobStatus.PENDING, "t"));
        BulkStep first = bulk().step(CHUNK, WINDOW).orElseThrow();
        assertThat(first.ended()).hasSize(CHUNK).isSubsetOf(ids);
        first.ended().forEach(jobs::requeue);

        finish();

        BulkResult result = bulk().find(id).orElseThrow().result();
        assertThat(result.matched()).isEqualTo(5);
        assertThat(result.changed()).isEqualTo(5);
        assertThat(first.ended())
                .allSatisfy(job -> assertThat(fixture.status(job)).isEqualTo(JobStatus.PENDING));
    }

    @Test
    void aChunkIsBoundedByWhatItActsOnAndByWhatItLooksAt() {
        brought(JobStatus.DEAD_LETTERED, "rare", 1);
        brought(JobStatus.DEAD_LETTERED, "t", 4 * WINDOW);
        brought(JobStatus.DEAD_LETTERED, "rare", 1);
        UUID id = start(BulkAction.REQUEUE, ofType(JobStatus.DEAD_LETTERED, "rare"));

        List<BulkStep> steps = finish();

        assertThat(steps).hasSizeGreaterThan(4);
        assertThat(bulk().find(id).orElseThrow().result().changed()).isEqualTo(2);
    }

    @Test
    void manyRequeuedJobsQueueOldestFirst() {
        List<UUID> ids = brought(JobStatus.DEAD_LETTERED, "t", 7);
        List<UUID> byId = ids.stream()
                .sorted((a, b) -> Long.compareUnsigned(a.getMostSignificantBits(), b.getMostSignificantBits()))
                .toList();

        List<BulkStep> steps = new ArrayList<>();
        start(BulkAction.REQUEUE, status(JobStatus.DEAD_LETTERED));
        steps.addAll(finish());

        assertThat(steps.getFirst().lanes()).hasSize(1);
        assertThat(JobFixture.ids(fixture.claim(fixture.session(), 10, "t"))).isEqualTo(byId);
    }

    @Test
    void ofSeveralFinalJobsWithOneKeyTheFirstTakesIt() {
        List<UUID> ids = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            advance(Duration.ofSeconds(1));
            ids.add(fixture.job().type("t").key("k").completed().facts().id());
        }

        BulkResult result = run(BulkAction.REQUEUE, ofType(JobStatus.COMPLETED, "t"));

        assertThat(result.changed()).isOne();
        assertThat(result.skipped()).isEqualTo(Map.of("key_taken", 2L));
        assertThat(ids.stream().map(fixture::status)).containsOnlyOnce(JobStatus.PENDING);
    }

    @Test
    void workersOfRunningJobsAreAsked() {
        Assignment one = fixture.job().type("t").running();
        Assignment two = fixture.job().type("t").running();
        start(BulkAction.CANCEL, status(JobStatus.RUNNING));

        BulkStep step = bulk().step(CHUNK, WINDOW).orElseThrow();

        assertThat(step.sessions()).containsExactlyInAnyOrder(one.session(), two.session());
        assertThat(step.ended()).isEmpty();
        assertThat(sessions.cancelRequests(step.sessions())).hasSize(2);
    }

    @Test
    void aRateHoldsTheChunksBack() {
        brought(JobStatus.DEAD_LETTERED, "t", 5);
        advance(Duration.ofMinutes(1));
        UUID id = fixture.newId();
        bulk().start(new BulkOrder(id, BulkAction.REQUEUE, status(JobStatus.DEAD_LETTERED), 2, ANN));

        assertThat(finish()).hasSize(1);
        assertThat(bulk().find(id).orElseThrow().result().changed()).isEqualTo(2);
        advance(Duration.ofMinutes(1));
        assertThat(finish()).hasSize(1);
        advance(Duration.ofMinutes(1));
        finish();
        advance(Duration.ofMinutes(1));
        finish();

        assertThat(bulk().find(id).orElseThrow().state()).isEqualTo(BulkState.DONE);
        assertThat(bulk().find(id).orElseThrow().result().changed()).isEqualTo(5);
    }

    @Test
    void aStoppedOperationGoesNoFurther() {
        brought(JobStatus.PENDING, "t", 9);
        UUID id = start(BulkAction.CANCEL, ofType(JobStatus.PENDING, "t"));
        bulk().step(CHUNK, WINDOW);

        BulkOperation stopped = bulk().stop(id, ANN).orElseThrow();

        assertThat(stopped.state()).isEqualTo(BulkState.STOPPED);
        assertThat(stopped.finishedAt()).isNotNull();
        assertThat(finish()).isEmpty();
        assertThat(jobs.counts().total())
                .isEqualTo(Map.of(JobStatus.CANCELED, (long) CHUNK, JobStatus.PENDING, 9L - CHUNK));
        assertThat(bulk().stop(id, ANN)).contains(stopped);
        assertThat(bulk().stop(fixture.newId(), ANN)).isEmpty();
    }

    @Test
    void operationsTakeTurns() {
        brought(JobStatus.PENDING, "a", 9);
        brought(JobStatus.PENDING, "b", 9);
        UUID a = start(BulkAction.CANCEL, ofType(JobStatus.PENDING, "a"));
        UUID b = start(BulkAction.CANCEL, ofType(JobStatus.PENDING, "b"));
        Set<UUID> served = new HashSet<>();

        for (int i = 0; i < 2; i++) {
            served.add(bulk().step(CHUNK, WINDOW).orElseThrow().operation().id());
            advance(Duration.ofSeconds(1));
        }

        assertThat(served).containsExactlyInAnyOrder(a, b);
        assertThat(bulk().list(10)).extracting(BulkOperation::id).containsExactly(b, a);
    }

    @Test
    void anOperationRemembersWhatItWasAskedFor() {
        JobFilter filter = new JobFilter(
                JobStatus.DEAD_LETTERED, "t", "q", Map.of("a", "ü\"\n:"), "me", "50 %", servers.now(), null);

        UUID id = start(BulkAction.REQUEUE, filter);

        BulkOperation operation = bulk().find(id).orElseThrow();
        assertThat(operation.filter()).isEqualTo(filter);
        assertThat(operation.action()).isEqualTo(BulkAction.REQUEUE);
        assertThat(operation.actor()).isEqualTo("ann");
        assertThat(operation.state()).isEqualTo(BulkState.RUNNING);
        assertThat(operation.result().finished()).isFalse();
    }

    @Test
    void noMoreThanAHundredOperationsWait() {
        for (int i = 0; i < BulkStore.MAX_UNFINISHED; i++) {
            start(BulkAction.CANCEL, status(JobStatus.PENDING));
        }

        PulseException refused =
                catchThrowableOfType(PulseException.class, () -> start(BulkAction.CANCEL, status(JobStatus.PENDING)));

        assertThat(refused.code()).isEqualTo(ErrorCode.LIMIT_REACHED);
    }

    @Test
    void chunksByManyReplicasAtOnceTouchEachJobOnce() {
        brought(JobStatus.DEAD_LETTERED, "t", 40);
        UUID id = start(BulkAction.REQUEUE, status(JobStatus.DEAD_LETTERED));

        Together.run(Stream.generate(() -> (Callable<Object>) () -> {
                    while (bulk().find(id).orElseThrow().state() == BulkState.RUNNING) {
                        bulk().step(CHUNK, WINDOW);
                    }
                    return id;
                })
                .limit(3)
                .toList());

        BulkResult result = bulk().find(id).orElseThrow().result();
        assertThat(result.matched()).isEqualTo(40);
        assertThat(result.changed()).isEqualTo(40);
        assertThat(jobs.counts().total()).isEqualTo(Map.of(JobStatus.PENDING, 40L));
    }

    @Test
    void jobsThatChangeMeanwhileAreCountedForWhatTheyAre() {
        List<UUID> ids = brought(JobStatus.PENDING, "t", 30);
        UUID id = start(BulkAction.DELETE, ofType(null, "t"));

        Together.run(List.<Callable<Object>>of(
                () -> {
                    finish();
                    return id;
                },
                () -> {
                    ids.forEach(job -> jobs.cancel(job, "bob"));
                    return id;
                },
                () -> fixture.claim(fixture.session(), 10, "t")));

        BulkResult result = bulk().find(id).orElseThrow().result();
        assertThat(result.matched()).isEqualTo(30);
        long running = jobs.counts().total().getOrDefault(JobStatus.RUNNING, 0L);
        assertThat(result.changed() + running).isEqualTo(30);
        assertThat(result.skipped()).isEqualTo(running == 0 ? Map.of() : Map.of("status_running", running));
    }

    @ParameterizedTest
    @EnumSource
    void aCountFindsWhatAnActWould(JobStatus status) {
        for (JobStatus each : PENDING_LAST) {
            brought(each, "t", 7);
            brought(each, "u", 2);
        }

        assertThat(count(status(status))).isEqualTo(9);
        assertThat(count(ofType(status, "t"))).isEqualTo(7);
        assertThat(count(ofType(null, "t"))).isEqualTo(49);
        JobFilter tagged = new JobFilter(status, "t", null, Map.of("no", "such"), null, null, null, null);
        assertThat(count(tagged)).isZero();
    }

    private long count(JobFilter filter) {
        long matched = 0;
        String cursor = null;
        do {
            BulkCount part = bulk().count(filter, cursor, WINDOW);
            matched += part.matched();
            cursor = part.cursor();
        } while (cursor != null);
        return matched;
    }

    // ---- the audit log

    private List<AuditEntry> audited() {
        return store.stores().audit().list(AuditFilter.ALL, 100, null).items();
    }

    @Test
    void anActOnOneJobIsWrittenDown() {
        UUID id = fixture.job().submitted();

        jobs.cancel(id, ANN);
        jobs.requeue(id, ANN);
        jobs.runNow(id, ANN);
        jobs.delete(id, ANN);

        assertThat(audited())
                .extracting(AuditEntry::action)
                .containsExactly("job.delete", "job.run-now", "job.requeue", "job.cancel");
        AuditEntry cancel = audited().getLast();
        assertThat(cancel.actor()).isEqualTo("ann");
        assertThat(cancel.from()).isEqualTo("10.0.0.7");
        assertThat(cancel.target()).isEqualTo(id.toString());
        assertThat(cancel.before()).isEqualTo(Map.of("status", "pending"));
        assertThat(cancel.after()).isEqualTo(Map.of("status", "canceled"));
        assertThat(cancel.outcome()).isEqualTo("done");
        assertThat(audited().getFirst().after()).isEmpty();
    }

    @Test
    void aRefusedActIsWrittenDownAndOneOnNothingIsNot() {
        UUID done = fixture.job().completed().facts().id();
        UUID running = fixture.job().running().facts().id();

        jobs.cancel(done, ANN);
        jobs.cancel(running, ANN);
        jobs.cancel(fixture.newId(), ANN);

        assertThat(audited()).hasSize(2);
        assertThat(audited().getLast().outcome()).isEqualTo("refused");
        assertThat(audited().getLast().before()).isEqualTo(Map.of("status", "completed"));
        assertThat(audited().getFirst().after()).isEqualTo(Map.of("status", "running", "cancel", "requested"));
    }

    @Test
    void whatPulseDoesByItselfIsNotWrittenDown() {
        jobs.cancel(fixture.job().submitted(), "the fixture");
        jobs.delete(fixture.job().submitted());

        assertThat(audited()).isEmpty();
    }

    @Test
    void anActOnManyIsWrittenDownAtItsStartAndAtItsEnd() {
        brought(JobStatus.PENDING, "t", 4);

        run(BulkAction.CANCEL, ofType(JobStatus.PENDING, "t"));

        assertThat(audited()).extracting(AuditEntry::outcome).containsExactly("done", "started");
        assertThat(audited()).extracting(AuditEntry::action).containsOnly("bulk.cancel");
        assertThat(audited().getFirst().before()).isEqualTo(Map.of("status", "pending", "type", "t"));
        assertThat(audited().getFirst().after()).isEqualTo(Map.of("matched", "4", "changed", "4"));
    }

    @Test
    void theLogIsReadByTimeActorActionAndPage() {
        Caller bob = new Caller("bob", "::1");
        for (int i = 0; i < 5; i++) {
            jobs.cancel(fixture.job().submitted(), i % 2 == 0 ? ANN : bob);
            advance(Duration.ofMinutes(10));
        }
        AuditStore audit = store.stores().audit();

        assertThat(audit.list(new AuditFilter(null, "bob", null), 10, null).items())
                .hasSize(2);
        assertThat(audit.list(new AuditFilter(null, null, "job.delete"), 10, null)
                        .items())
                .isEmpty();
        AuditFilter recent = new AuditFilter(audited().get(1).at(), null, "job.cancel");
        assertThat(audit.list(recent, 10, null).items()).hasSize(2);
        var page = audit.list(AuditFilter.ALL, 2, null);
        var next = audit.list(AuditFilter.ALL, 3, page.nextCursor());
        assertThat(Stream.concat(page.items().stream(), next.items().stream())).containsExactlyElementsOf(audited());
        assertThat(next.nextCursor()).isNull();
        assertThat(catchThrowableOfType(PulseException.class, () -> audit.list(AuditFilter.ALL, 2, "x"))
                        .code())
                .isEqualTo(ErrorCode.INVALID_QUERY);
    }
}
