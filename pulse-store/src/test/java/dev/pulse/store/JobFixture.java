package dev.pulse.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pulse.model.Assignment;
import dev.pulse.model.AttemptError;
import dev.pulse.model.Backoff;
import dev.pulse.model.IdSource;
import dev.pulse.model.Job;
import dev.pulse.model.JobStatus;
import dev.pulse.model.Labels;
import dev.pulse.model.LeaseToken;
import dev.pulse.model.Limits;
import dev.pulse.model.Outcome;
import dev.pulse.model.OutcomeKind;
import dev.pulse.model.Payload;
import dev.pulse.model.SessionSpec;
import dev.pulse.model.Submission;
import dev.pulse.model.SubmissionBuilder;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Brings jobs to where a test wants them, through the port alone: {@code jobs.job().priority(3).running()}. What a test
 * does not say is a default that no other job shares: each job has a type of its own.
 */
public final class JobFixture {
    /** The longest there is, so that no test outlives it by accident. */
    public static final Duration LEASE = SessionSpec.MAX_LEASE;

    /** Longer than every wait that the fixture sets. */
    public static final Duration PAST_EVERY_WAIT = Duration.ofDays(2);

    private static final Duration WAIT = Duration.ofHours(5);
    private static final AttemptError BROKEN = AttemptError.of("Broken", "it broke");

    private final StoreFixture store;
    private final IdSource ids;
    private final AtomicInteger types = new AtomicInteger();
    private final UUID server = new UUID(0, 1);

    public JobFixture(StoreFixture store) {
        this.store = store;
        this.ids = new IdSource(store.stores().servers()::now, new Random(7));
    }

    public Draft job() {
        return new Draft("type-" + types.incrementAndGet());
    }

    public UUID newId() {
        return ids.next();
    }

    /** A job as a test describes it. Every ending submits it; some go on from there. */
    public final class Draft {
        private final SubmissionBuilder builder = new SubmissionBuilder(Limits.DEFAULT);
        private String type;
        private Backoff backoff = new Backoff(Backoff.Shape.FIXED, WAIT, 1, WAIT, 0);

        private Draft(String type) {
            this.type = type;
        }

        public Draft id(UUID id) {
            builder.id(id);
            return this;
        }

        public Draft type(String name) {
            type = name;
            return this;
        }

        public Draft queue(String name) {
            builder.queue(name);
            return this;
        }

        public Draft priority(int priority) {
            builder.priority(priority);
            return this;
        }

        public Draft payload(String json) {
            builder.payload(Payload.json(json));
            return this;
        }

        public Draft payload(Payload payload) {
            builder.payload(payload);
            return this;
        }

        public Draft after(Duration delay) {
            builder.delay(delay);
            return this;
        }

        public Draft at(Instant runAt) {
            builder.runAt(runAt);
            return this;
        }

        public Draft maxAttempts(int attempts) {
            builder.maxAttempts(attempts);
            return this;
        }

        /** The same wait after each failure. */
        public Draft backoff(Duration wait) {
            backoff = new Backoff(Backoff.Shape.FIXED, wait, 1, wait, 0);
            return this;
        }

        public Draft timeout(Duration timeout) {
            builder.timeout(timeout);
            return this;
        }

        public Draft key(String key) {
            builder.key(key);
            return this;
        }

        public Draft key(String key, Duration ttl) {
            builder.key(key).keyTtl(ttl);
            return this;
        }

        public Draft labels(Labels labels) {
            builder.headers(labels.headers()).tags(labels.tags());
            if (labels.origin() != null) {
                builder.origin(labels.origin());
            }
            return this;
        }

        public Draft tags(Map<String, String> tags) {
            builder.tags(tags);
            return this;
        }

        public Submission submission() {
            return builder.type(type).backoff(backoff).build(ids);
        }

        /** The same with headers that only Pulse may give. */
        public Submission reserved(Map<String, String> headers) {
            Submission plain = submission();
            return new Submission(
                    plain.id(),
                    plain.type(),
                    plain.queue(),
                    plain.priority(),
                    plain.payload(),
                    plain.when(),
                    plain.policy(),
                    plain.key(),
                    new Labels(headers, plain.labels().tags(), plain.labels().origin()));
        }

        /** Submits the job and returns its id. */
        public UUID submitted() {
            return storedId(submit(submission()));
        }

        public UUID scheduled() {
            return after(WAIT).submitted();
        }

        public Assignment running() {
            return running(session());
        }

        public Assignment running(UUID session) {
            UUID id = submitted();
            Assignment granted = claimOne(session, type);
            assertThat(granted.facts().id())
                    .as("the job that its type's lane grants")
                    .isEqualTo(id);
            return granted;
        }

        public Assignment retrying() {
            return ended(new Outcome.Fail(BROKEN), JobStatus.RETRYING);
        }

        public Assignment completed() {
            return ended(new Outcome.Ack(null), JobStatus.COMPLETED);
        }

        public Assignment deadLettered() {
            return ended(new Outcome.DeadLetter(BROKEN), JobStatus.DEAD_LETTERED);
        }

        /** Ran, failed, and was canceled while it waited. */
        public Assignment canceled() {
            Assignment failed = retrying();
            assertThat(store.stores().jobs().cancel(failed.facts().id(), "the fixture"))
                    .isEqualTo(new Acted.Done(JobStatus.CANCELED, 0, null));
            return failed;
        }

        private Assignment ended(Outcome outcome, JobStatus reached) {
            Assignment granted = running();
            assertThat(end(granted, outcome).status()).isEqualTo(reached);
            return granted;
        }
    }

    // ---- submitting

    public Inserted submit(Submission submission) {
        return submitAll(submission).getFirst();
    }

    public List<Inserted> submitAll(Submission... batch) {
        return store.stores().jobs().insert(List.of(batch), false);
    }

    public static UUID storedId(Inserted answer) {
        return stored(answer).id();
    }

    public static Inserted.Stored stored(Inserted answer) {
        assertThat(answer).isInstanceOf(Inserted.Stored.class);
        return (Inserted.Stored) answer;
    }

    // ---- sessions

    /** Opens a session that lives for {@link #LEASE}. */
    public UUID session() {
        return session(LEASE);
    }

    public UUID session(Duration lease) {
        UUID id = newId();
        store.stores().sessions().open(spec(id, lease));
        return id;
    }

    public static SessionSpec spec(UUID id, Duration lease) {
        return new SessionSpec(id, "worker-" + id, Set.of("any"), Set.of(), 10, lease);
    }

    // ---- claiming

    /** The lanes of these types, suspects' lanes too, from their beginning. No type at all means every lane. */
    public List<Claim.LaneStart> lanes(String... types) {
        Set<String> wanted = Set.of(types);
        return store.stores().jobs().lanes().stream()
                .filter(lane -> wanted.isEmpty() || wanted.contains(lane.type()))
                .map(lane -> new Claim.LaneStart(lane.number(), lane.priority(), 0))
                .toList();
    }

    public List<Assignment> claim(UUID session, int slots, String... types) {
        return store.stores().jobs().claim(new Claim(lanes(types), Collections.nCopies(slots, session)));
    }

    public Assignment claimOne(UUID session, String... types) {
        List<Assignment> granted = claim(session, 1, types);
        assertThat(granted).as("a grant of one of %s", List.of(types)).hasSize(1);
        return granted.getFirst();
    }

    public Assignment claimOne(String... types) {
        return claimOne(session(), types);
    }

    // ---- ending

    public Ended end(Assignment granted, Outcome outcome) {
        return end(granted.facts().id(), granted.token(), outcome);
    }

    public Ended end(UUID id, LeaseToken token, Outcome outcome) {
        return store.stores()
                .jobs()
                .end(List.of(new Report(id, token, outcome)), store.decider())
                .getFirst();
    }

    /** An outcome of that kind as a worker would send it. */
    public static Outcome outcome(OutcomeKind kind) {
        return switch (kind) {
            case ACK -> new Outcome.Ack(null);
            case DROP -> new Outcome.Drop();
            case RETRY -> new Outcome.Retry(WAIT, BROKEN);
            case FAIL -> new Outcome.Fail(BROKEN);
            case TIMEOUT -> new Outcome.Timeout(AttemptError.of("timeout", "ran too long"));
            case DEAD_LETTER -> new Outcome.DeadLetter(BROKEN);
            case SNOOZE -> new Outcome.Snooze(WAIT);
            case RELEASE -> new Outcome.Release();
            case CANCELED -> new Outcome.Canceled();
            case LAPSE -> new Outcome.Lapse();
        };
    }

    /** A token for the same place that nobody was ever given. */
    public static LeaseToken forged(LeaseToken token) {
        return new LeaseToken(
                token.lane(), token.seq(), new UUID(0xbad, token.secret().getLeastSignificantBits()));
    }

    // ---- waiting and sweeping

    /** Waits until every waiting job is due, and makes them ready. */
    public Promoted promoteAll() {
        store.advance(PAST_EVERY_WAIT);
        return store.stores().jobs().promote(1_000);
    }

    /** The term of the one server that the fixture plays. */
    public Term lead() {
        return store.stores().servers().lead(server, Duration.ofHours(1)).orElseThrow();
    }

    public Swept sweep() {
        return store.stores().sessions().sweep(lead(), 1_000, store.decider());
    }

    /** Runs the job once more in a session that dies, and sweeps it. */
    public Ended crash(String type) {
        UUID session = session();
        claimOne(session, type);
        return lapse(session);
    }

    /** Lets the session die, holding what it holds; returns what became of the first job that it held. */
    public Ended lapse(UUID session) {
        store.advance(LEASE.plusMinutes(5));
        Swept swept = sweep();
        assertThat(swept.sessions()).contains(session);
        return swept.jobs().getFirst();
    }

    // ---- looking

    public Job find(UUID id) {
        return store.stores().jobs().find(id).orElseThrow();
    }

    public JobStatus status(UUID id) {
        return find(id).status();
    }

    /** How each attempt ended, oldest first. */
    public List<OutcomeKind> outcomes(UUID id) {
        return find(id).attempts().stream().map(attempt -> attempt.outcome()).toList();
    }

    public static List<UUID> ids(List<Assignment> granted) {
        return granted.stream().map(assignment -> assignment.facts().id()).toList();
    }
}
