package dev.pulse.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pulse.model.Assignment;
import dev.pulse.model.AttemptError;
import dev.pulse.model.ErrorCode;
import dev.pulse.model.JobStatus;
import dev.pulse.model.Outcome;
import dev.pulse.model.PulseException;
import dev.pulse.model.ReportAnswer;
import dev.pulse.store.Report;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

final class ReportStepTest {
    private final Replicas replicas = new Replicas();
    private final Replicas.Server server = replicas.server();
    private final WorkerDouble worker = new WorkerDouble();
    private final WorkerSession session = server.attach(worker, 10);

    @Test
    void concurrentReportsShareOneStatement() {
        running(3);

        var answers = worker.jobs.stream()
                .map(job -> session.report(List.of(WorkerDouble.ack(job))))
                .toList();
        server.report();

        assertThat(answers).allSatisfy(answer -> assertThat(answer).isCompleted());
        assertThat(replicas.watched.count("end")).isEqualTo(1);
    }

    @Test
    void aReportToldTwiceInOneBatchIsAnsweredTheSame() {
        running(1);
        Report ack = WorkerDouble.ack(worker.jobs.getFirst());
        replicas.watched.failBefore("end", arguments -> {
            assertThat((List<?>) arguments[0])
                    .as("one statement never meets a turn twice")
                    .doesNotHaveDuplicates();
            return null;
        });

        var first = session.report(List.of(ack, ack));
        var second = session.report(List.of(ack));
        server.report();

        assertThat(first.join()).extracting(ended -> ended.answer()).containsOnly(ReportAnswer.APPLIED);
        assertThat(second.join().getFirst().answer()).isEqualTo(ReportAnswer.APPLIED);
        assertThat(replicas.find(ack.jobId()).attempts()).hasSize(1);
    }

    @Test
    void aReportOfAJobThatIsNotThereIsUnknown() {
        running(1);
        Assignment job = worker.jobs.getFirst();

        var answer = session.report(List.of(new Report(new UUID(1, 2), job.token(), new Outcome.Ack(null))));
        server.report();

        assertThat(answer.join().getFirst().answer()).isEqualTo(ReportAnswer.UNKNOWN);
    }

    @Test
    void aLostAnswerIsAskedForAgainAndAppliedOnce() {
        running(1);
        int[] losses = {2};
        replicas.watched.failAfter("end", arguments -> losses[0]-- > 0 ? Replicas.unknown() : null);

        var answer = session.report(List.of(WorkerDouble.ack(worker.jobs.getFirst())));
        server.report();

        assertThat(answer.join().getFirst().answer()).isEqualTo(ReportAnswer.APPLIED);
        assertThat(replicas.find(worker.ids().getFirst()).attempts()).hasSize(1);
    }

    @Test
    void lastingTroubleIsToldAndTheReportCanBeRepeated() {
        running(1);
        replicas.watched.failBefore("end", arguments -> Replicas.unavailable());
        Report ack = WorkerDouble.ack(worker.jobs.getFirst());

        var answer = session.report(List.of(ack));
        assertThatThrownBy(server::report).isInstanceOf(PulseException.class);

        assertThat(SubmitStepTest.refusal(answer).code()).isEqualTo(ErrorCode.DATABASE_UNAVAILABLE);
        assertThat(replicas.watched.count("end")).isEqualTo(ReportConfig.DEFAULT.triesMax());
        replicas.watched.heal();
        var again = session.report(List.of(ack));
        server.settle();
        assertThat(again.join().getFirst().answer()).isEqualTo(ReportAnswer.APPLIED);
    }

    @Test
    void oneReportThatTheStoreCannotTakeDoesNotHarmItsNeighbours() {
        running(5);
        UUID bad = worker.ids().get(2);
        replicas.watched.failBefore(
                "end",
                arguments -> ((List<?>) arguments[0])
                                .stream()
                                        .anyMatch(report ->
                                                ((Report) report).jobId().equals(bad))
                        ? PulseException.invalid("error", "the store cannot take it")
                        : null);

        var answers = worker.jobs.stream()
                .map(job -> session.report(List.of(WorkerDouble.ack(job))))
                .toList();
        server.report();

        for (int i = 0; i < 5; i++) {
            if (i == 2) {
                assertThat(answers.get(i)).isCompletedExceptionally();
            } else {
                assertThat(answers.get(i)).isCompleted();
                assertThat(replicas.status(worker.ids().get(i))).isEqualTo(JobStatus.COMPLETED);
            }
        }
    }

    @Test
    void aReleasedJobGoesToTheNextFreeSessionAtOnce() {
        running(1);
        Assignment released = worker.jobs.getFirst();
        WorkerDouble other = new WorkerDouble();
        session.detach();
        server.attach(other, 1);
        server.settle();

        var answer = session.report(List.of(WorkerDouble.report(released, new Outcome.Release())));
        server.report();
        server.claim();

        assertThat(answer).isCompleted();
        assertThat(other.ids()).containsExactly(released.facts().id());
    }

    @Test
    void aFailedJobRunsAgainAfterItsBackoffWithoutAPoll() {
        running(1);
        Assignment failed = worker.jobs.getFirst();
        var answer = session.report(List.of(WorkerDouble.report(
                failed, new Outcome.Retry(Duration.ofMillis(300), AttemptError.of("Broken", "it broke")))));
        server.report();
        assertThat(answer.join().getFirst().status()).isEqualTo(JobStatus.RETRYING);

        replicas.time.advance(Duration.ofMillis(300));
        server.roles.promoter.step();
        server.claim();

        assertThat(worker.jobs).hasSize(2);
        assertThat(worker.jobs.getLast().attempt()).isEqualTo(2);
    }

    @Test
    void tooManyReportsWaitForNobody() {
        ReportQueue queue = new ReportQueue(new ReportConfig(1, 10, 10, 1 << 20, 20, 1 << 20, 3, 8), List.of());
        running(1);
        Report ack = WorkerDouble.ack(worker.jobs.getFirst());
        List<Report> ten = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            ten.add(ack);
        }
        assertThat(queue.offer(ten)).isNotDone();
        assertThat(queue.offer(ten)).isNotDone();

        assertThat(SubmitStepTest.refusal(queue.offer(ten)).code()).isEqualTo(ErrorCode.LIMIT_REACHED);
    }

    private void running(int count) {
        for (int i = 0; i < count; i++) {
            replicas.stored();
        }
        server.settle();
        assertThat(worker.jobs).hasSize(count);
    }
}
