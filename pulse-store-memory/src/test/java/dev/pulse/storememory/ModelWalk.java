package dev.pulse.storememory;

import dev.pulse.model.AttemptError;
import dev.pulse.model.Backoff;
import dev.pulse.model.IdSource;
import dev.pulse.model.JobFilter;
import dev.pulse.model.JobStatus;
import dev.pulse.model.Limits;
import dev.pulse.model.Outcome;
import dev.pulse.model.Payload;
import dev.pulse.model.SessionSpec;
import dev.pulse.model.Submission;
import dev.pulse.model.SubmissionBuilder;
import dev.pulse.store.StoreFixture;
import dev.pulse.storememory.ModelSide.Grant;
import dev.pulse.storememory.ModelSide.Granted;
import dev.pulse.storememory.ModelSide.Say;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * One random walk, repeated by its seed. Time moves in steps of ten minutes, and every wait and lease is an odd number of
 * five minutes: so no moment that matters comes near another, although the tested store's own clock runs on meanwhile. The
 * model's clock ticks once a step, so that what comes first is first on both sides.
 */
final class ModelWalk {
    private static final Duration TICK = Duration.ofMillis(1);
    private static final Duration STEP = Duration.ofMinutes(10);
    private static final int SHOWN_STEPS = 40;
    private static final List<String> TYPES = List.of("a", "b", "c");
    private static final List<String> QUEUES = List.of("q", "r");
    private static final List<String> KEYS = List.of("k1", "k2", "k3", "k4");
    private static final AttemptError BROKEN = AttemptError.of("Broken", "it broke");

    private final Random random;
    private final ModelSide model;
    private final ModelSide tested;
    private final IdSource ids;
    private final List<String> transcript = new ArrayList<>();
    private final List<UUID> jobs = new ArrayList<>();
    private final List<UUID> sessions = new ArrayList<>();
    private final List<Grant> grants = new ArrayList<>();

    ModelWalk(long seed, StoreFixture model, StoreFixture tested) {
        this.random = new Random(seed);
        this.model = new ModelSide(model);
        this.tested = new ModelSide(tested);
        this.ids = new IdSource(tested.stores().servers()::now, random);
    }

    void walk(int steps) {
        openSession();
        for (int i = 0; i < steps; i++) {
            step();
            if (i % 20 == 19) {
                lookAround();
            }
        }
        lookAround();
    }

    private void step() {
        switch (random.nextInt(30)) {
            case 0, 1, 2, 3 -> submit();
            case 4, 5, 6, 7, 8 -> claim();
            case 9, 10, 11, 12, 13 -> report();
            case 14, 15 -> same("cancel", anyJob(), ModelSide::cancel);
            case 16, 17, 18 -> same("requeue", anyJob(), ModelSide::requeue);
            case 19 -> same("run now", anyJob(), ModelSide::runNow);
            case 20, 21 -> same("promote", 1 + random.nextInt(9), ModelSide::promote);
            case 22, 23 -> openSession();
            case 24, 25 -> heartbeats();
            case 26 -> sweep();
            case 27 -> rareActs();
            case 28, 29 -> crash();
            default -> throw new AssertionError();
        }
    }

    private void rareActs() {
        switch (random.nextInt(5)) {
            case 0 -> same("close", anySession(), ModelSide::close);
            case 1 -> silently("raise the lease floor", ModelSide::raiseLeaseFloor);
            case 2 -> same("delete", anyJob(), ModelSide::delete);
            case 3, 4 -> passTime();
            default -> throw new AssertionError();
        }
    }

    // ---- the acts

    private void submit() {
        List<Submission> batch = new ArrayList<>();
        for (int i = random.nextInt(3); i >= 0; i--) {
            batch.add(submission());
        }
        boolean atomic = random.nextBoolean();
        String what = "submit " + (atomic ? "atomically " : "")
                + batch.stream().map(ModelWalk::shown).toList();
        same(what, batch, (side, all) -> side.insert(all, atomic), true);
        batch.forEach(one -> jobs.add(one.id()));
    }

    private static String shown(Submission one) {
        return one.id() + " " + one.type() + " " + one.payload().text() + " " + one.when() + " " + one.key();
    }

    private Submission submission() {
        SubmissionBuilder builder = new SubmissionBuilder(Limits.DEFAULT)
                .maxAttempts(1 + random.nextInt(4))
                .backoff(Backoff.parse(random.nextBoolean() ? "fixed 5m" : "fixed 15m"));
        if (random.nextInt(3) == 0) {
            key(builder);
        } else {
            builder.type(any(TYPES)).queue(any(QUEUES)).priority(random.nextInt(2) * 5);
        }
        if (random.nextInt(6) == 0) {
            builder.delay(odd());
        }
        if (random.nextInt(8) == 0) {
            builder.id(anyJob());
        }
        return builder.build(ids);
    }

    /** Few types and payloads, so that the same key often comes with the same content. */
    private void key(SubmissionBuilder builder) {
        builder.type("a").key(any(KEYS)).payload(Payload.json("" + random.nextInt(4) / 3));
        if (random.nextInt(3) == 0) {
            builder.keyTtl(odd().plusHours(1));
        }
    }

    private void claim() {
        Set<String> types = new HashSet<>(List.of(any(TYPES), any(TYPES)));
        List<UUID> slots = new ArrayList<>();
        for (int i = random.nextInt(5); i >= 0; i--) {
            slots.add(anySession());
        }
        List<Granted> granted = same("claim " + types + " for", slots, (side, all) -> side.claim(types, all));
        granted.forEach(one -> grants.add(new Grant(one.job(), one.attempt())));
    }

    private void report() {
        List<Say> batch = new ArrayList<>();
        for (int i = random.nextInt(4); i >= 0; i--) {
            batch.add(new Say(anyGrant(), outcome(), random.nextInt(12) == 0));
        }
        same("report", batch, ModelSide::end);
    }

    /** A worker is lost, as the sweep would say it. */
    private void crash() {
        same("crash", List.of(new Say(anyGrant(), new Outcome.Lapse(), false)), ModelSide::end);
        passTime();
    }

    private Outcome outcome() {
        return switch (random.nextInt(12)) {
            case 0, 1, 2 -> new Outcome.Ack(random.nextBoolean() ? null : Payload.json("{}"));
            case 3 -> new Outcome.Drop();
            case 4, 5 -> new Outcome.Fail(BROKEN);
            case 6 -> new Outcome.Retry(odd(), null);
            case 7 -> new Outcome.Timeout(BROKEN);
            case 8 -> new Outcome.DeadLetter(BROKEN);
            case 9 -> new Outcome.Snooze(odd());
            case 10 -> new Outcome.Release();
            case 11 -> new Outcome.Canceled();
            default -> throw new AssertionError();
        };
    }

    private void openSession() {
        UUID id = sessions.isEmpty() || random.nextInt(3) > 0 ? ids.next() : anySession();
        Duration lease = random.nextInt(3) == 0 ? Duration.ofMinutes(15) : Duration.ofMinutes(45);
        SessionSpec spec = new SessionSpec(id, "worker of " + id, Set.of("any"), Set.of(), 5, lease);
        same("open", spec, ModelSide::open);
        sessions.add(id);
    }

    /** Of the last sessions, each by itself: so that no two are equally long silent. */
    private void heartbeats() {
        for (int i = 0; i < 3; i++) {
            same("heartbeat", anySession(), ModelSide::heartbeat);
        }
    }

    /** A lapse waits seconds only: time passes, so that both clocks see them over. */
    private void sweep() {
        same("sweep", "", (side, nothing) -> side.sweep());
        passTime();
    }

    private void passTime() {
        Duration time = STEP.multipliedBy(1L + random.nextInt(2));
        silently("pass " + time, side -> side.advance(time));
    }

    private void lookAround() {
        sameSight("counts", "", (side, nothing) -> side.counts());
        sameSight("sessions", "", (side, nothing) -> side.sessions());
        Set<UUID> allSessions = new HashSet<>(sessions);
        sameSight("cancel requests", allSessions, ModelSide::cancelRequests);
        allSessions.forEach(session -> sameSight("held by", session, ModelSide::heldBy));
        Set<UUID> all = new HashSet<>(jobs);
        sameSight("finished", all, ModelSide::finished);
        all.forEach(job -> sameSight("find", job, ModelSide::find));
        sameSight("list", JobFilter.ALL, ModelSide::list);
        for (JobStatus status : JobStatus.values()) {
            sameSight("list", JobFilter.ALL.withStatus(status), ModelSide::list);
        }
    }

    // ---- comparing

    private interface Act<A, R> {
        R on(ModelSide side, A argument);
    }

    private <A, R> R same(String what, A argument, Act<A, R> act) {
        return same(what + " " + argument, argument, act, true);
    }

    /** Looking changes nothing: it stands in the transcript only where it is what went wrong. */
    private <A, R> void sameSight(String what, A argument, Act<A, R> act) {
        same(what + " " + argument, argument, act, false);
    }

    private <A, R> R same(String what, A argument, Act<A, R> act, boolean kept) {
        R expected = act.on(model, argument);
        R answered = act.on(tested, argument);
        model.advance(TICK);
        if (!Objects.equals(expected, answered)) {
            throw new AssertionError(
                    what + "\n    the model answered\n" + expected + "\n    the tested store answered\n" + answered
                            + "\n    after\n" + String.join("\n", lastSteps()));
        }
        if (kept) {
            transcript.add(what + "\n        " + expected);
        }
        return expected;
    }

    private void silently(String what, Consumer<ModelSide> act) {
        transcript.add(what);
        act.accept(model);
        act.accept(tested);
    }

    private List<String> lastSteps() {
        return transcript.subList(Math.max(0, transcript.size() - SHOWN_STEPS), transcript.size());
    }

    // ---- dice

    private Duration odd() {
        return Duration.ofMinutes(5 + 10L * random.nextInt(5));
    }

    private <T> T any(List<T> some) {
        return some.get(random.nextInt(some.size()));
    }

    /** Mostly one of the last: the older ones are final. */
    private <T> T recent(List<T> some, int last) {
        return some.get(some.size() - 1 - random.nextInt(Math.min(some.size(), last)));
    }

    private UUID anyJob() {
        return jobs.isEmpty() ? new UUID(0, 9) : recent(jobs, random.nextInt(4) == 0 ? 1_000 : 12);
    }

    private UUID anySession() {
        return recent(sessions, random.nextInt(6) == 0 ? 100 : 3);
    }

    private Grant anyGrant() {
        return grants.isEmpty() ? new Grant(new UUID(0, 9), 1) : recent(grants, random.nextInt(6) == 0 ? 1_000 : 10);
    }
}
