package dev.pulse.sdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.pulse.model.Backoff;
import dev.pulse.model.BulkAction;
import dev.pulse.model.BulkResult;
import dev.pulse.model.ErrorCode;
import dev.pulse.model.IdSource;
import dev.pulse.model.Job;
import dev.pulse.model.JobCounts;
import dev.pulse.model.JobFacts;
import dev.pulse.model.JobFilter;
import dev.pulse.model.JobPage;
import dev.pulse.model.JobStatus;
import dev.pulse.model.Labels;
import dev.pulse.model.Limits;
import dev.pulse.model.Payload;
import dev.pulse.model.Policy;
import dev.pulse.model.PulseException;
import dev.pulse.model.Submission;
import dev.pulse.model.SubmissionBuilder;
import dev.pulse.model.When;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PulseTest {
    private static final JobType<Json> EMAIL = JobType.of("send-email", Json.class);

    private final Submissions jobs = new Submissions();
    private final FakeBroker broker = new FakeBroker();

    private Pulse pulse() {
        return pulse(options -> {});
    }

    private Pulse pulse(Consumer<PulseOptions> more) {
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
                options -> more.accept(options.concurrency(3).queues("mail").leaseTtl(Duration.ofSeconds(6))));
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
    void whatTheTypeSaysHoldsWhereTheCallerSaysNothing() {
        JobType<Json> type = EMAIL.queue("mail")
                .priority(7)
                .maxAttempts(5)
                .backoff(Backoff.parse("fixed 3s"))
                .timeout(Duration.ofMinutes(2))
                .version(4);
        try (Pulse pulse = pulse()) {
            pulse.enqueue(type, new Json("1"));
            pulse.enqueue(
                    type,
                    new Json("1"),
                    options -> options.queue("bulk")
                            .priority(-1)
                            .maxAttempts(2)
                            .backoff(Backoff.parse("fixed 9s"))
                            .timeout(Duration.ofSeconds(1))
                            .header(JobType.VERSION_HEADER, "no"));

            Submission plain = jobs.sent.get(0);
            assertThat(plain.queue()).isEqualTo("mail");
            assertThat(plain.priority()).isEqualTo(7);
            assertThat(plain.policy()).isEqualTo(new Policy(5, Backoff.parse("fixed 3s"), Duration.ofMinutes(2)));
            assertThat(plain.labels().headers()).containsExactly(Map.entry(JobType.VERSION_HEADER, "4"));
            Submission told = jobs.sent.get(1);
            assertThat(told.queue()).isEqualTo("bulk");
            assertThat(told.priority()).isEqualTo(-1);
            assertThat(told.policy()).isEqualTo(new Policy(2, Backoff.parse("fixed 9s"), Duration.ofSeconds(1)));
            assertThat(told.labels().headers()).containsEntry(JobType.VERSION_HEADER, "4");
        }
    }

    @Test
    void theSameEncryptedContentUnderOneKeyIsTheSameJob() {
        AesGcm aes = AesGcm.create().key("k", new byte[16]);
        try (Pulse pulse = pulse(options -> options.transform(aes))) {
            pulse.enqueue(EMAIL, new Json("1"), options -> options.key("a"));
            pulse.enqueue(EMAIL, new Json("1"), options -> options.key("a"));
            pulse.enqueue(EMAIL, new Json("1"));
            pulse.enqueue(EMAIL, new Json("1"));
        }
        assertThat(jobs.sent.get(0).contentHash()).isEqualTo(jobs.sent.get(1).contentHash());
        assertThat(jobs.sent.get(2).payload()).isNotEqualTo(jobs.sent.get(3).payload());
        assertThat(jobs.sent.get(0).payload().contentType()).contains("aes-gcm");
    }

    @Test
    void aResultIsReadAsItWasWritten() {
        AesGcm aes = AesGcm.create().key("k", new byte[16]);
        PayloadUse use = new PayloadUse("send-email", PayloadUse.Part.RESULT, false);
        Payload sealed = new Codecs(List.of(), List.of(aes)).coded(Payload.json("[1]"), use);
        try (Pulse pulse = pulse(options -> options.transform(aes))) {
            assertThat(pulse.resultOf(completed(sealed), Json.class)).contains(new Json("[1]"));
            assertThat(pulse.resultOf(completed(null), Json.class)).isEmpty();
        }
    }

    private static Job completed(@Nullable Payload result) {
        JobFacts facts = new JobFacts(
                new UUID(0, 1),
                "send-email",
                "default",
                0,
                Payload.EMPTY,
                Labels.NONE,
                Policy.DEFAULT,
                null,
                Instant.EPOCH);
        return new Job(facts, JobStatus.COMPLETED, 1, null, null, null, null, result, List.of());
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
