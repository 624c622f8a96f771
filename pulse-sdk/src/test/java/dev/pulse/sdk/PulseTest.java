package dev.pulse.sdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.pulse.model.BulkAction;
import dev.pulse.model.BulkResult;
import dev.pulse.model.ErrorCode;
import dev.pulse.model.IdSource;
import dev.pulse.model.Job;
import dev.pulse.model.JobCounts;
import dev.pulse.model.JobFilter;
import dev.pulse.model.JobPage;
import dev.pulse.model.JobStatus;
import dev.pulse.model.Limits;
import dev.pulse.model.Payload;
import dev.pulse.model.PulseException;
import dev.pulse.model.Submission;
import dev.pulse.model.SubmissionBuilder;
import dev.pulse.model.When;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PulseTest {
    private static final JobType<Json> EMAIL = JobType.of("send-email", Json.class);

    private final Submissions jobs = new Submissions();
    private final FakeBroker broker = new FakeBroker();

    private Pulse pulse() {
        return Pulse.over(
                new Connection() {
                    @Override
                    public JobClient jobs() {
                        return jobs;
                    }

                    @Override
                    public Broker broker() {
                        return broker;
                    }

                    @Override
                    public void close() {}
                },
                options -> options.concurrency(3).queues("mail").leaseTtl(Duration.ofSeconds(6)));
    }

    @Test
    void enqueueSubmitsWhatTheOptionsSay() {
        try (Pulse pulse = pulse()) {
            JobRef ref = pulse.enqueue(
                    EMAIL,
                    new Json("{\"to\":\"a@b.com\"}"),
                    options -> options.priority(10)
                            .delay(Duration.ofMinutes(5))
                            .key("welcome-42")
                            .tag("customer", "42"));

            Submission sent = jobs.sent.getFirst();
            assertThat(ref.id()).isEqualTo(sent.id());
            assertThat(sent.type()).isEqualTo("send-email");
            assertThat(sent.payload()).isEqualTo(Payload.json("{\"to\":\"a@b.com\"}"));
            assertThat(sent.priority()).isEqualTo(10);
            assertThat(sent.when()).isEqualTo(new When.After(Duration.ofMinutes(5)));
            assertThat(sent.labels().tags()).containsEntry("customer", "42");
        }
    }

    @Test
    void enqueueAllSubmitsOneBatchInItsOrder() {
        try (Pulse pulse = pulse()) {
            List<JobRef> refs = pulse.enqueueAll(EMAIL, List.of(new Json("1"), new Json("2")));

            assertThat(jobs.sent).extracting(job -> job.payload().text()).containsExactly("1", "2");
            assertThat(refs)
                    .extracting(JobRef::id)
                    .containsExactly(jobs.sent.get(0).id(), jobs.sent.get(1).id());
        }
    }

    @Test
    void badOptionIsRefusedBeforeAnythingIsSent() {
        try (Pulse pulse = pulse()) {
            PulseException refusal = catchThrowableOfType(
                    PulseException.class,
                    () -> pulse.enqueue(
                            EMAIL,
                            new Json("1"),
                            options -> options.maxAttempts(0).queue("a b")));

            assertThat(refusal.violations()).hasSize(2);
            assertThat(jobs.sent).isEmpty();
        }
    }

    @Test
    void sessionIsOpenedAsTheOptionsSay() {
        Pulse pulse = pulse();
        pulse.handle(EMAIL, (job, email) -> {});
        pulse.start();

        FakeBroker.Session session = FakeBroker.next(broker.opened);
        assertThat(session.spec.types()).containsExactly("send-email");
        assertThat(session.spec.queues()).containsExactly("mail");
        assertThat(session.spec.slots()).isEqualTo(3);
        assertThat(session.spec.leaseTtl()).isEqualTo(Duration.ofSeconds(6));
        session.closed.complete(null);
        pulse.close();
    }

    @Test
    void payloadWithoutACodecIsRefusedWithWhatToDo() {
        record Email(String to) {}
        try (Pulse pulse = pulse()) {
            PulseException refusal = catchThrowableOfType(
                    PulseException.class, () -> pulse.handle(JobType.of("x", Email.class), (job, email) -> {}));

            assertThat(refusal.code()).isEqualTo(ErrorCode.CONFIGURATION);
            assertThat(refusal).hasMessageContaining("pulse-jackson");
        }
    }

    @Test
    void secondHandlerOfATypeAndLateHandlerAreRefused() {
        Pulse pulse = pulse();
        pulse.handle(EMAIL, (job, email) -> {});
        assertThatThrownBy(() -> pulse.handle(EMAIL, (job, email) -> {})).isInstanceOf(IllegalStateException.class);
        pulse.start();
        assertThatThrownBy(() -> pulse.handle(JobType.of("late"), (job, raw) -> {}))
                .isInstanceOf(IllegalStateException.class);
        FakeBroker.next(broker.opened).closed.complete(null);
        pulse.close();
    }

    @Test
    void startWithoutAHandlerIsRefused() {
        try (Pulse pulse = pulse()) {
            assertThatThrownBy(pulse::start).isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void oneRefusedJobOfABatchLeavesTheOthersAlone() {
        JobClient refusesOne = new Submissions() {
            @Override
            public Submitted submit(Submission job) {
                if (job.type().equals("bad")) {
                    throw new PulseException(ErrorCode.KEY_CONFLICT, "taken");
                }
                if (job.type().equals("later")) {
                    throw new PulseException(ErrorCode.UNREACHABLE, "away");
                }
                return super.submit(job);
            }
        };

        List<SubmitResult> results = refusesOne.submitEach(List.of(job("bad"), job("good")));

        assertThat(results.getFirst()).isInstanceOf(SubmitResult.Refused.class);
        assertThat(results.get(1)).isInstanceOf(SubmitResult.Stored.class);
        assertThatThrownBy(() -> refusesOne.submitEach(List.of(job("later")))).isInstanceOf(PulseException.class);
    }

    private static Submission job(String type) {
        return new SubmissionBuilder(Limits.DEFAULT).type(type).build(new IdSource(Instant::now, new Random(1)));
    }

    @Test
    void addressThatNobodyConnectsToIsRefused() {
        assertThat(catchThrowableOfType(PulseException.class, () -> Pulse.connect("nowhere"))
                        .code())
                .isEqualTo(ErrorCode.CONFIGURATION);
    }

    /** Takes every submission; this test needs nothing else of a client. */
    private static class Submissions implements JobClient {
        final List<Submission> sent = new ArrayList<>();

        @Override
        public Submitted submit(Submission job) {
            sent.add(job);
            return new Submitted(job.id(), false, JobStatus.PENDING);
        }

        @Override
        public List<Submitted> submitAll(List<Submission> batch) {
            return batch.stream().map(this::submit).toList();
        }

        @Override
        public Optional<Job> find(UUID id) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Job await(UUID id, Duration timeout) {
            throw new UnsupportedOperationException();
        }

        @Override
        public JobPage list(JobFilter filter, int limit, @Nullable String cursor) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Job cancel(UUID id) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Job requeue(UUID id) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Job runNow(UUID id) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void delete(UUID id) {
            throw new UnsupportedOperationException();
        }

        @Override
        public BulkResult bulk(BulkAction action, JobFilter filter, boolean dryRun) {
            throw new UnsupportedOperationException();
        }

        @Override
        public JobCounts counts() {
            throw new UnsupportedOperationException();
        }
    }
}
