package dev.pulse.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pulse.model.JobStatus;
import dev.pulse.model.LeaseToken;
import dev.pulse.model.PulseException;
import dev.pulse.model.ReportAnswer;
import dev.pulse.store.Ended;
import dev.pulse.store.Fate;
import dev.pulse.store.Inserted;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class CommitStepTest {
    private static final long TRANSACTION = 7;
    private static final Duration ASK_MIN = CommitConfig.DEFAULT.askMin();

    private final Replicas replicas = new Replicas();
    private final Map<Long, Fate> fates = new HashMap<>();
    private @Nullable RuntimeException trouble;
    private int asked;
    private int largest;
    private Replicas.Server server = server(CommitConfig.DEFAULT);

    private Replicas.Server server(CommitConfig config) {
        return replicas.server(new CallerTransactions(this::ask, config));
    }

    private Map<Long, Fate> ask(Set<Long> transactions) {
        asked++;
        largest = Math.max(largest, transactions.size());
        if (trouble != null) {
            throw trouble;
        }
        Map<Long, Fate> answers = new HashMap<>();
        transactions.forEach(id -> answers.put(id, fates.getOrDefault(id, Fate.OPEN)));
        return answers;
    }

    private CommitWatch watch() {
        return Objects.requireNonNull(server.roles.commits);
    }

    private static Inserted stored(int lane, long seq) {
        return new Inserted.Stored(new UUID(0, seq), JobStatus.PENDING, lane, seq, Instant.EPOCH, null, null);
    }

    private void pass(Duration time) {
        replicas.time.advance(time);
        watch().step();
    }

    @Test
    void aCommitWakesTheClaimerWithoutAPoll() {
        WorkerDouble worker = new WorkerDouble();
        server.attach(worker, 1);
        server.settle();
        List<Inserted> answers = replicas.memory.jobs().insert(List.of(replicas.job()), true);
        watch().stored(TRANSACTION, answers);

        pass(ASK_MIN);
        server.claim();
        assertThat(worker.ids()).isEmpty();

        fates.put(TRANSACTION, Fate.COMMITTED);
        pass(ASK_MIN);
        server.claim();
        assertThat(worker.ids()).hasSize(1);
        assertThat(watch().transactions()).isEmpty();
    }

    @Test
    void everyServerLearnsTheLowestPlaceOfEachLane() {
        var other = replicas.server();
        watch().stored(TRANSACTION, List.of(stored(1, 30), stored(1, 20), stored(2, 40)));
        watch().stored(TRANSACTION, List.of(stored(2, 35)));
        fates.put(TRANSACTION, Fate.COMMITTED);

        pass(ASK_MIN);

        assertThat(server.roles.signals.take()).isEqualTo(Map.of(1, 20L, 2, 35L));
        assertThat(other.roles.signals.take()).isEqualTo(Map.of(1, 20L, 2, 35L));
    }

    @Test
    void aRollbackSignalsNothing() {
        watch().stored(TRANSACTION, List.of(stored(1, 30)));
        fates.put(TRANSACTION, Fate.ROLLED_BACK);

        pass(ASK_MIN);

        assertThat(server.roles.signals.take()).isEmpty();
        assertThat(watch().transactions()).isEmpty();
        assertThat(watch().stats().rolledBack()).isOne();
    }

    @Test
    void aTransactionThatNobodyCanTellOfIsSignalledInVain() {
        watch().stored(TRANSACTION, List.of(stored(1, 30)));
        fates.put(TRANSACTION, Fate.UNKNOWN);

        pass(ASK_MIN);

        assertThat(server.roles.signals.take()).containsOnlyKeys(1);
    }

    @Test
    void aScheduledJobIsDueAtItsTimeAndNotAtItsCommit() {
        Inserted scheduled = new Inserted.Stored(
                new UUID(0, 1), JobStatus.SCHEDULED, 1, 0, Instant.EPOCH, Instant.EPOCH, Duration.ofSeconds(3));
        watch().stored(TRANSACTION, List.of(scheduled));
        fates.put(TRANSACTION, Fate.COMMITTED);

        pass(Duration.ofSeconds(1));

        assertThat(server.roles.timer.untilDue())
                .isEqualTo(Duration.ofSeconds(2).toNanos());
    }

    @Test
    void nothingIsAskedBeforeItsTimeNorWhenNothingIsOpen() {
        watch().step();
        watch().stored(TRANSACTION, List.of(stored(1, 30)));
        watch().step();

        assertThat(asked).isZero();
        assertThat(watch().patience(0)).isEqualTo(ASK_MIN.toNanos());
    }

    @Test
    void aTransactionIsAskedAboutLessOftenTheOlderItIs() {
        watch().stored(TRANSACTION, List.of(stored(1, 30)));
        for (int i = 0; i < 10_000; i++) {
            pass(Duration.ofMillis(1));
        }

        assertThat(asked).isBetween(10_000 / 50, 10_000 / 50 + 60);
        assertThat(watch().patience(0))
                .isLessThanOrEqualTo(CommitConfig.DEFAULT.askMax().toNanos());
    }

    @Test
    void manyTransactionsShareAStatementUpToItsBound() {
        for (long id = 1; id <= 2_500; id++) {
            watch().stored(id, List.of(stored(1, id)));
            fates.put(id, Fate.COMMITTED);
        }
        replicas.time.advance(ASK_MIN);
        while (watch().step() > 0) {}

        assertThat(asked).isEqualTo(3);
        assertThat(largest).isEqualTo(CommitConfig.DEFAULT.batchMax());
        assertThat(server.roles.signals.take()).isEqualTo(Map.of(1, 1L));
    }

    @Test
    void whatFindsNoRoomIsLeftToThePoll() {
        server = server(new CommitConfig(1, 10, ASK_MIN, ASK_MIN, Duration.ofSeconds(1)));
        watch().stored(1, List.of(stored(1, 1)));
        watch().stored(2, List.of(stored(1, 2)));
        watch().stored(1, List.of(stored(1, 3)));

        assertThat(watch().transactions()).containsExactly(1L);
        assertThat(watch().stats().overflowed()).isOne();
    }

    @Test
    void whatStaysOpenForTooLongIsLeftToThePoll() {
        watch().stored(TRANSACTION, List.of(stored(1, 30)));

        pass(CommitConfig.DEFAULT.giveUpAfter());

        assertThat(watch().transactions()).isEmpty();
        assertThat(watch().stats().gaveUp()).isOne();
    }

    @Test
    void troubleOfTheStoreLosesNoTransaction() {
        watch().stored(TRANSACTION, List.of(stored(1, 30)));
        fates.put(TRANSACTION, Fate.COMMITTED);
        trouble = Replicas.unavailable();
        replicas.time.advance(ASK_MIN);
        assertThatThrownBy(() -> watch().step()).isInstanceOf(PulseException.class);

        trouble = null;
        pass(CommitConfig.DEFAULT.askMax());

        assertThat(server.roles.signals.take()).containsOnlyKeys(1);
    }

    @Test
    void whoEndedAnAttemptHearsWhatBecameOfIt() {
        CompletableFuture<Fate> committed = watch().ended(1, List.of(ended()));
        CompletableFuture<Fate> rolledBack = watch().ended(2, List.of(ended()));
        CompletableFuture<Fate> open = watch().ended(3, List.of(ended()));
        fates.put(1L, Fate.COMMITTED);
        fates.put(2L, Fate.ROLLED_BACK);

        pass(ASK_MIN);

        assertThat(committed).isCompletedWithValue(Fate.COMMITTED);
        assertThat(rolledBack).isCompletedWithValue(Fate.ROLLED_BACK);
        assertThat(open).isNotDone();
    }

    @Test
    void whoEndedAnAttemptIsNeitherTurnedAwayNorGivenUp() {
        server = server(new CommitConfig(1, 10, ASK_MIN, ASK_MIN, Duration.ofSeconds(1)));
        watch().stored(1, List.of(stored(1, 1)));
        CompletableFuture<Fate> fate = watch().ended(2, List.of(ended()));
        pass(Duration.ofSeconds(1));
        assertThat(fate).isNotDone();

        fates.put(2L, Fate.COMMITTED);
        pass(ASK_MIN);

        assertThat(fate).isCompletedWithValue(Fate.COMMITTED);
    }

    @Test
    void whoeverWaitsWhenTheEngineClosesIsToldThatNobodyKnows() {
        CompletableFuture<Fate> before = watch().ended(1, List.of(ended()));
        watch().close();
        CompletableFuture<Fate> after = watch().ended(2, List.of(ended()));

        assertThat(before).isCompletedWithValue(Fate.UNKNOWN);
        assertThat(after).isCompletedWithValue(Fate.UNKNOWN);
    }

    @Test
    void aServerWithoutSuchTransactionsHasNoWatch() {
        assertThat(replicas.server().roles.commits).isNull();
    }

    private static Ended ended() {
        return new Ended(
                new UUID(0, 9), new LeaseToken(1, 9, new UUID(0, 9)), ReportAnswer.APPLIED, JobStatus.COMPLETED, null);
    }
}
