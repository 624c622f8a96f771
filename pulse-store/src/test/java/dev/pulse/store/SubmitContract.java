package dev.pulse.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.pulse.model.Assignment;
import dev.pulse.model.Backoff;
import dev.pulse.model.ErrorCode;
import dev.pulse.model.Job;
import dev.pulse.model.JobFacts;
import dev.pulse.model.JobStatus;
import dev.pulse.model.Labels;
import dev.pulse.model.OutcomeKind;
import dev.pulse.model.Payload;
import dev.pulse.model.Policy;
import dev.pulse.model.PulseException;
import dev.pulse.model.Submission;
import dev.pulse.model.Violation;
import dev.pulse.model.When;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a submission stores, and when it is one that was stored before: by id, by key, inside one batch. Shows I1, I11. */
public abstract class SubmitContract extends StoreContract {
    private static final Duration HOUR = Duration.ofHours(1);

    // ---- what is stored

    @Test
    void everythingSubmittedIsFoundAgain() {
        Labels labels = new Labels(Map.of("traceparent", "00-ab"), Map.of("tenant", "acme", "kind", "ü"), "nightly");
        Submission sent = fixture.job()
                .type("email")
                .queue("bulk")
                .priority(-7)
                .payload("{\"to\" : \"a@b.com\"}")
                .labels(labels)
                .key("welcome-42")
                .maxAttempts(3)
                .timeout(Duration.ofSeconds(90))
                .submission();

        Inserted.Stored stored = JobFixture.stored(fixture.submit(sent));

        Job found = fixture.find(sent.id());
        assertThat(found.facts())
                .isEqualTo(new JobFacts(
                        sent.id(),
                        "email",
                        "bulk",
                        -7,
                        Payload.json("{\"to\" : \"a@b.com\"}"),
                        labels,
                        new Policy(3, sent.policy().backoff(), Duration.ofSeconds(90)),
                        "welcome-42",
                        stored.createdAt()));
        assertThat(found)
                .isEqualTo(new Job(found.facts(), JobStatus.PENDING, 0, null, null, null, null, null, List.of()));
    }

    @Test
    void headersKeepTheirOrder() {
        Map<String, String> headers = new LinkedHashMap<>();
        List.of("z", "a", "m", "b").forEach(name -> headers.put(name, name));
        UUID id = fixture.job().labels(new Labels(headers, Map.of(), null)).submitted();

        assertThat(fixture.find(id).facts().labels().headers().keySet()).containsExactly("z", "a", "m", "b");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "null",
                "\"text\"",
                "{\"b\": 1, \"a\": 2, \"b\": 3}",
                "[1.0,  1.00, 1e400, 12345678901234567890]",
                "{\"nul\": \"\\u0000\", \"half\": \"\\ud800\", \"smile\": \"😀\"}",
                "  {}  "
            })
    void jsonIsKeptByteForByte(String json) {
        UUID id = fixture.job().payload(json).submitted();

        assertThat(fixture.find(id).facts().payload()).isEqualTo(Payload.json(json));
    }

    @Test
    void rawBytesAreKeptWithTheirContentType() {
        byte[] bytes = new byte[256];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) i;
        }
        Payload payload = Payload.of(bytes, "image/png; x=\"y\"");

        UUID id = fixture.job().payload(payload).submitted();

        assertThat(fixture.find(id).facts().payload()).isEqualTo(payload);
    }

    @Test
    void aLargePayloadIsKept() {
        Payload large = Payload.json("\"" + "x".repeat(250_000) + "\"");

        UUID id = fixture.job().payload(large).submitted();

        assertThat(fixture.find(id).facts().payload()).isEqualTo(large);
        assertThat(fixture.claimOne().facts().payload()).isEqualTo(large);
    }

    @Test
    void theBackoffComesBackAsItWasSent() {
        Submission plain = fixture.job().submission();
        Backoff backoff = new Backoff(Backoff.Shape.EXPONENTIAL, Duration.ofMillis(250), 1.7, Duration.ofDays(3), 0.25);
        Submission sent = new Submission(
                plain.id(),
                plain.type(),
                plain.queue(),
                0,
                plain.payload(),
                plain.when(),
                new Policy(1_000, backoff, null),
                null,
                Labels.NONE);

        fixture.submit(sent);

        assertThat(fixture.find(sent.id()).facts().policy()).isEqualTo(new Policy(1_000, backoff, null));
    }

    @ParameterizedTest
    @ValueSource(ints = {Integer.MIN_VALUE, -1, 0, Integer.MAX_VALUE})
    void everyPriorityIsKept(int priority) {
        UUID id = fixture.job().priority(priority).submitted();

        assertThat(fixture.find(id).facts().priority()).isEqualTo(priority);
    }

    @Test
    void anIdOfTheCallersOwnMakingIsKept() {
        for (String id : List.of(
                "00000000-0000-0000-0000-000000000001",
                "ffffffff-ffff-ffff-ffff-ffffffffffff",
                "2f3a1b6e-8c4d-4e0f-9a7b-5c6d7e8f9a0b",
                "018bcfe5-6800-7000-8000-000000000000",
                "ffffffff-ffff-7fff-bfff-ffffffffffff")) {
            UUID own = UUID.fromString(id);

            assertThat(fixture.job().id(own).submitted()).isEqualTo(own);

            assertThat(fixture.status(own)).isEqualTo(JobStatus.PENDING);
            assertThat(fixture.submit(fixture.job().id(own).type("other").submission()))
                    .isInstanceOf(Inserted.Refused.class);
        }
        assertThat(JobFixture.ids(fixture.claim(fixture.session(), 10)))
                .hasSize(5)
                .doesNotHaveDuplicates();
    }

    // ---- when it runs

    @Test
    void aJobWithoutATimeIsPending() {
        Inserted.Stored stored = JobFixture.stored(fixture.submit(fixture.job().submission()));

        assertThat(stored.status()).isEqualTo(JobStatus.PENDING);
        assertThat(stored.runAt()).isNull();
        assertThat(stored.dueIn()).isNull();
        assertThat(stored.seq()).isPositive();
        assertThat(jobs.lanes()).anyMatch(lane -> lane.number() == stored.lane());
    }

    @Test
    void aTimeInThePastMeansNow() {
        Submission late = fixture.job().at(servers.now().minus(HOUR)).submission();

        assertThat(JobFixture.stored(fixture.submit(late)).status()).isEqualTo(JobStatus.PENDING);
    }

    @Test
    void aJobWithATimeAheadIsScheduledForIt() {
        Submission later = fixture.job().at(servers.now().plus(HOUR)).submission();

        Inserted.Stored stored = JobFixture.stored(fixture.submit(later));

        Job found = fixture.find(later.id());
        assertThat(stored.status()).isEqualTo(JobStatus.SCHEDULED);
        assertThat(stored.seq()).isZero();
        assertThat(stored.dueIn()).isBetween(HOUR.minusMinutes(5), HOUR);
        assertThat(found.status()).isEqualTo(JobStatus.SCHEDULED);
        assertThat(found.runAt()).isEqualTo(stored.runAt());
        assertThat(found.runAt()).isEqualTo(((When.At) later.when()).instant().truncatedTo(ChronoUnit.MICROS));
    }

    @Test
    void aDelayCountsFromTheStoresClock() {
        Inserted.Stored stored =
                JobFixture.stored(fixture.submit(fixture.job().after(HOUR).submission()));

        assertThat(stored.status()).isEqualTo(JobStatus.SCHEDULED);
        assertThat(stored.runAt()).isEqualTo(stored.createdAt().plus(HOUR));
        assertThat(stored.dueIn()).isEqualTo(HOUR);
    }

    @Test
    void theLastInstantOfAllCanBeScheduled() {
        Instant last = Instant.parse("9999-12-31T23:59:59.999999Z");

        UUID id = fixture.job().at(last).submitted();

        assertThat(fixture.find(id).runAt()).isEqualTo(last);
    }

    // ---- the same id

    @Test
    void theSameIdWithTheSameContentIsTheSameJob() {
        Submission sent = fixture.job().submission();
        fixture.submit(sent);

        assertThat(fixture.submit(sent)).isEqualTo(new Inserted.Duplicate(sent.id()));
        assertThat(fixture.claim(fixture.session(), 10)).hasSize(1);
    }

    @Test
    void theSameIdIsTheSameJobWhateverBecameOfIt() {
        for (JobFixture.Draft draft : List.of(fixture.job(), fixture.job(), fixture.job(), fixture.job())) {
            draft.id(fixture.newId());
            Submission sent = draft.submission();
            Assignment done = draft.completed();

            assertThat(fixture.submit(sent))
                    .isEqualTo(new Inserted.Duplicate(done.facts().id()));
            assertThat(fixture.status(sent.id())).isEqualTo(JobStatus.COMPLETED);
        }
    }

    @Test
    void anIdTakenByOtherContentIsRefused() {
        UUID id = fixture.job().type("t").payload("1").submitted();

        assertRefused(
                fixture.submit(fixture.job().id(id).type("t").payload("2").submission()), ErrorCode.ID_CONFLICT, "id");
        assertRefused(
                fixture.submit(fixture.job().id(id).type("u").payload("1").submission()), ErrorCode.ID_CONFLICT, "id");
        assertThat(fixture.find(id).facts().payload()).isEqualTo(Payload.json("1"));
    }

    @Test
    void onlyTypeQueuePriorityPayloadAndTimeMakeTheContent() {
        UUID id = fixture.newId();
        fixture.submit(fixture.job()
                .id(id)
                .type("t")
                .key("k")
                .tags(Map.of("a", "b"))
                .maxAttempts(3)
                .submission());

        Submission other =
                fixture.job().id(id).type("t").maxAttempts(9).timeout(HOUR).submission();

        assertThat(fixture.submit(other)).isEqualTo(new Inserted.Duplicate(id));
        assertThat(fixture.find(id).facts().policy().maxAttempts()).isEqualTo(3);
    }

    @Test
    void aDelayIsComparedAsADuration() {
        UUID id = fixture.newId();
        fixture.submit(fixture.job().id(id).type("t").after(HOUR).submission());
        advance(Duration.ofMinutes(10));

        assertThat(fixture.submit(fixture.job().id(id).type("t").after(HOUR).submission()))
                .isEqualTo(new Inserted.Duplicate(id));
        assertRefused(
                fixture.submit(fixture.job()
                        .id(id)
                        .type("t")
                        .after(HOUR.plusSeconds(1))
                        .submission()),
                ErrorCode.ID_CONFLICT,
                "id");
    }

    @Test
    void theIdOfADeletedJobIsFree() {
        UUID id = fixture.job().type("t").payload("1").submitted();
        jobs.delete(id);

        Submission other = fixture.job().id(id).type("t").payload("2").submission();

        assertThat(JobFixture.storedId(fixture.submit(other))).isEqualTo(id);
    }

    // ---- the same key

    @Test
    void theSameKeyWithTheSameContentIsTheFirstJob() {
        UUID first = keyed("k").submitted();

        assertThat(fixture.submit(keyed("k").submission())).isEqualTo(new Inserted.Duplicate(first));
        assertThat(jobs.counts().total()).containsOnly(Map.entry(JobStatus.PENDING, 1L));
    }

    @Test
    void aKeyTakenByOtherContentIsRefusedNamingTheHolder() {
        UUID first = keyed("k").submitted();

        Inserted answer = fixture.submit(keyed("k").payload("2").submission());

        assertRefused(answer, ErrorCode.KEY_CONFLICT, "key");
        assertThat(((Inserted.Refused) answer).reason()).hasMessageContaining(first.toString());
    }

    @Test
    void keysOfOtherTypesAreOtherKeys() {
        keyed("k").submitted();

        assertThat(fixture.submit(fixture.job().type("other").key("k").submission()))
                .isInstanceOf(Inserted.Stored.class);
    }

    @Test
    void keysDifferByEveryCharacter() {
        keyed("order-1").submitted();

        for (String other : List.of("Order-1", "order-1é", "order-", "ORDER-1", "o".repeat(255))) {
            assertThat(fixture.submit(keyed(other).submission())).as(other).isInstanceOf(Inserted.Stored.class);
        }
    }

    @Test
    void aKeyIsHeldWhileTheJobIsUnfinished() {
        UUID id = keyed("k").maxAttempts(5).submitted();
        assertHeld(id);

        Assignment granted = fixture.claimOne("t");
        assertHeld(id);

        fixture.end(granted, JobFixture.outcome(OutcomeKind.FAIL));
        assertHeld(id);

        fixture.promoteAll();
        assertHeld(id);
    }

    @Test
    void completionFreesTheKey() {
        keyed("k").completed();

        assertThat(fixture.submit(keyed("k").payload("2").submission())).isInstanceOf(Inserted.Stored.class);
    }

    @Test
    void aDeadLetterFreesTheKey() {
        keyed("k").deadLettered();

        assertThat(fixture.submit(keyed("k").submission())).isInstanceOf(Inserted.Stored.class);
    }

    @Test
    void aCancelFreesTheKey() {
        jobs.cancel(keyed("k").submitted(), "ann");

        assertThat(fixture.submit(keyed("k").submission())).isInstanceOf(Inserted.Stored.class);
    }

    @Test
    void deletionFreesTheKey() {
        jobs.delete(keyed("k").submitted());
        jobs.delete(fixture.job().type("t").key("long", Duration.ofDays(1)).submitted());

        assertThat(fixture.submit(keyed("k").payload("2").submission())).isInstanceOf(Inserted.Stored.class);
        assertThat(fixture.submit(keyed("long").payload("2").submission())).isInstanceOf(Inserted.Stored.class);
    }

    @Test
    void aKeyWithATimeToLiveOutlivesTheJob() {
        UUID id = fixture.job().type("t").key("k", HOUR).completed().facts().id();
        advance(HOUR.minusMinutes(5));

        assertThat(fixture.submit(keyed("k").submission())).isEqualTo(new Inserted.Duplicate(id));
        assertRefused(fixture.submit(keyed("k").payload("2").submission()), ErrorCode.KEY_CONFLICT, "key");
    }

    @Test
    void aKeyWithATimeToLiveIsFreeAfterIt() {
        fixture.job().type("t").key("k", HOUR).completed();
        advance(HOUR.plusMinutes(5));

        assertThat(fixture.submit(keyed("k").payload("2").submission())).isInstanceOf(Inserted.Stored.class);
    }

    @Test
    void aKeyWithATimeToLiveIsFreeAfterItEvenIfTheJobStillWaits() {
        UUID first = fixture.job().type("t").key("k", HOUR).submitted();
        advance(HOUR.plusMinutes(5));

        UUID second = JobFixture.storedId(fixture.submit(keyed("k").submission()));

        assertThat(second).isNotEqualTo(first);
        assertThat(fixture.submit(keyed("k").submission())).isEqualTo(new Inserted.Duplicate(second));
    }

    @Test
    void theNextHolderOfAKeyHoldsItByItsOwnRule() {
        fixture.job().type("t").key("k", HOUR).completed();
        advance(HOUR.plusMinutes(5));
        UUID second = keyed("k").submitted();
        advance(Duration.ofDays(3));

        assertThat(fixture.submit(keyed("k").submission())).isEqualTo(new Inserted.Duplicate(second));
    }

    // ---- batches

    @Test
    void answersStandInTheOrderOfTheBatch() {
        List<Submission> batch = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            batch.add(fixture.job().type("t" + i % 7).priority(i % 3).submission());
        }

        List<Inserted> answers = jobs.insert(batch, true);

        assertThat(answers.stream().map(JobFixture::storedId))
                .containsExactlyElementsOf(batch.stream().map(Submission::id).toList());
    }

    @Test
    void aBatchQueuesInItsOwnOrder() {
        List<Submission> batch = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            batch.add(fixture.job().type(i % 2 == 0 ? "even" : "odd").submission());
        }
        Collections.shuffle(batch, new Random(3));
        jobs.insert(batch, true);

        assertThat(JobFixture.ids(fixture.claim(fixture.session(), 20)))
                .containsExactlyElementsOf(batch.stream().map(Submission::id).toList());
    }

    @Test
    void insideABatchTheFirstOfAnIdWins() {
        Submission first = fixture.job().type("t").payload("1").submission();
        Submission other = fixture.job().id(first.id()).type("t").payload("2").submission();

        List<Inserted> answers = fixture.submitAll(first, first, other);

        assertThat(answers.get(0)).isInstanceOf(Inserted.Stored.class);
        assertThat(answers.get(1)).isEqualTo(new Inserted.Duplicate(first.id()));
        assertRefused(answers.get(2), ErrorCode.ID_CONFLICT, "id");
    }

    @Test
    void insideABatchTheFirstOfAKeyWins() {
        Submission first = keyed("k").submission();

        List<Inserted> answers = fixture.submitAll(
                first,
                keyed("k").submission(),
                keyed("k").payload("2").submission(),
                keyed("other").submission());

        assertThat(answers.get(0)).isInstanceOf(Inserted.Stored.class);
        assertThat(answers.get(1)).isEqualTo(new Inserted.Duplicate(first.id()));
        assertRefused(answers.get(2), ErrorCode.KEY_CONFLICT, "key");
        assertThat(answers.get(3)).isInstanceOf(Inserted.Stored.class);
    }

    @Test
    void aRefusedSubmissionTakesNoKey() {
        UUID taken = fixture.job().payload("1").submitted();
        Submission refused = keyed("k").id(taken).submission();
        Submission next = keyed("k").submission();

        List<Inserted> answers = fixture.submitAll(refused, next);

        assertRefused(answers.get(0), ErrorCode.ID_CONFLICT, "id");
        assertThat(JobFixture.storedId(answers.get(1))).isEqualTo(next.id());
    }

    @Test
    void aRefusalInABatchThatIsNotAtomicLeavesTheOthersStored() {
        UUID taken = fixture.job().payload("1").submitted();

        List<Inserted> answers = fixture.submitAll(
                fixture.job().submission(),
                fixture.job().id(taken).payload("2").submission(),
                fixture.job().submission());

        assertThat(answers.get(0)).isInstanceOf(Inserted.Stored.class);
        assertRefused(answers.get(1), ErrorCode.ID_CONFLICT, "id");
        assertThat(answers.get(2)).isInstanceOf(Inserted.Stored.class);
        assertThat(jobs.counts().total()).containsOnly(Map.entry(JobStatus.PENDING, 3L));
    }

    @Test
    void oneRefusalInAnAtomicBatchStoresNothing() {
        keyed("k").submitted();
        UUID taken = fixture.job().payload("1").submitted();
        Submission good = fixture.job().key("new").submission();
        List<Submission> batch = List.of(
                good,
                keyed("k").payload("2").submission(),
                keyed("k").submission(),
                fixture.job().id(taken).payload("2").submission());

        assertThatExceptionOfType(PulseException.class)
                .isThrownBy(() -> jobs.insert(batch, true))
                .satisfies(refusal -> {
                    assertThat(refusal.code()).isEqualTo(ErrorCode.KEY_CONFLICT);
                    assertThat(refusal.violations())
                            .extracting(Violation::field)
                            .containsExactly("jobs[1].key", "jobs[3].id");
                });

        assertThat(jobs.find(good.id())).isEmpty();
        assertThat(jobs.counts().total()).containsOnly(Map.entry(JobStatus.PENDING, 2L));
        assertThat(fixture.submit(good)).as("its key was not taken either").isInstanceOf(Inserted.Stored.class);
    }

    @Test
    void duplicatesDoNotSpoilAnAtomicBatch() {
        UUID first = keyed("k").submitted();
        Submission fresh = fixture.job().submission();

        List<Inserted> answers = jobs.insert(List.of(keyed("k").submission(), fresh, fresh), true);

        assertThat(answers.get(0)).isEqualTo(new Inserted.Duplicate(first));
        assertThat(answers.get(1)).isInstanceOf(Inserted.Stored.class);
        assertThat(answers.get(2)).isEqualTo(new Inserted.Duplicate(fresh.id()));
    }

    @Test
    void aThousandJobsAreOneBatch() {
        List<Submission> batch = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            batch.add(fixture.job().type("t").payload("" + i).submission());
        }

        assertThat(jobs.insert(batch, true)).allMatch(Inserted.Stored.class::isInstance);
        assertThat(jobs.counts().total()).containsOnly(Map.entry(JobStatus.PENDING, 1_000L));
    }

    @Test
    void anEmptyBatchStoresNothing() {
        assertThat(jobs.insert(List.of(), true)).isEmpty();
        assertThat(jobs.insert(List.of(), false)).isEmpty();
    }

    private JobFixture.Draft keyed(String key) {
        return fixture.job().type("t").key(key);
    }

    private void assertHeld(UUID holder) {
        assertThat(fixture.submit(keyed("k").submission())).isEqualTo(new Inserted.Duplicate(holder));
    }

    private static void assertRefused(Inserted answer, ErrorCode code, String field) {
        assertThat(answer).isInstanceOf(Inserted.Refused.class);
        PulseException reason = ((Inserted.Refused) answer).reason();
        assertThat(reason.code()).isEqualTo(code);
        assertThat(reason.field()).isEqualTo(field);
    }
}
