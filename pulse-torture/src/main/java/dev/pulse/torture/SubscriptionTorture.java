package dev.pulse.torture;

import dev.pulse.model.Assignment;
import dev.pulse.model.EventFilter;
import dev.pulse.model.EventKind;
import dev.pulse.model.IdSource;
import dev.pulse.model.Limits;
import dev.pulse.model.Outcome;
import dev.pulse.model.OutcomePolicy;
import dev.pulse.model.SessionSpec;
import dev.pulse.model.Submission;
import dev.pulse.model.SubmissionBuilder;
import dev.pulse.model.SubscriptionInfo;
import dev.pulse.model.SubscriptionSpec;
import dev.pulse.store.Claim;
import dev.pulse.store.Report;
import dev.pulse.storepostgres.PgConfig;
import dev.pulse.storepostgres.PgStores;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A durable subscription read by three processes that are killed, while transactions that stored and ended jobs are held open
 * for up to twenty seconds and others commit past them. Every event of a committed transaction must be handled at least once,
 * none of a rolled-back one ever, and one that is handled twice must have been in the hands of a process that was killed.
 */
final class SubscriptionTorture {
    private static final String GROUP = "torture-group";
    private static final String TYPE = "fed";
    private static final Duration LEASE = Duration.ofSeconds(3);
    private static final int HOLDERS = 10;
    private static final int BATCH = 50;
    private static final int CONSUMERS = 3;

    private final int events;
    private final long seed;
    private final Duration hold;
    private final Set<String> expected = ConcurrentHashMap.newKeySet();
    private final AtomicInteger rolledBack = new AtomicInteger();
    private final AtomicInteger committed = new AtomicInteger();
    private final AtomicInteger heldLong = new AtomicInteger();
    private final AtomicLong longestMs = new AtomicLong();
    private final Set<Long> killed = new HashSet<>();

    SubscriptionTorture(int events, long seed, Duration hold) {
        this.events = events;
        this.seed = seed;
        this.hold = hold;
    }

    boolean run() throws IOException, InterruptedException, ExecutionException {
        say("subscription: " + events + " events, transactions held up to " + hold.toSeconds() + " s, seed " + seed);
        try (Stage stage = new Stage(2);
                PgStores store = PgStores.open(PgConfig.defaults(stage.jdbcUrl()));
                ExecutorService threads = Executors.newCachedThreadPool()) {
            stage.client(0)
                    .events()
                    .subscribe(new SubscriptionSpec(GROUP, EventFilter.ALL, SubscriptionSpec.Start.EARLIEST));
            submit(stage, 0);
            Path journal = stage.folder().resolve("events");
            List<Proc> consumers = new ArrayList<>();
            for (int i = 0; i < CONSUMERS; i++) {
                consumers.add(stage.eventVictim("consumer-" + i, GROUP, journal, LEASE));
            }
            List<Future<?>> running = new ArrayList<>();
            for (int i = 0; i < HOLDERS; i++) {
                Random random = new Random(seed + i);
                running.add(threads.submit(() -> {
                    hold(stage, store, random);
                    return null;
                }));
            }
            running.add(threads.submit(() -> {
                for (int round = 1; expected.size() < events; round++) {
                    submit(stage, round);
                    Thread.sleep(100);
                }
                return null;
            }));
            int kills = killUntil(consumers, () -> running.stream().allMatch(Future::isDone));
            for (Future<?> one : running) {
                one.get();
            }
            awaitRead(stage, consumers);
            Verdict verdict = judge(journal);
            say("subscription: transactions committed " + committed + ", rolled back " + rolledBack
                    + ", held for more than 1 s " + heldLong + ", longest " + longestMs + " ms; consumers killed "
                    + kills
                    + "; " + verdict);
            return verdict.isGood() && kills > 0;
        }
    }

    // ---- those who write

    /** A quick transaction over the door. */
    private void submit(Stage stage, int round) {
        IdSource ids = new IdSource(InstantSource.system(), new Random());
        List<Submission> batch = new ArrayList<>();
        for (int i = 0; i < BATCH * 2; i++) {
            batch.add(job(ids));
        }
        stage.client(round).submitAll(batch);
        batch.forEach(job -> expected.add(line(job.id(), EventKind.SUBMITTED)));
    }

    /** Transactions of callers that store some jobs, end others, and take their time. */
    private void hold(Stage stage, PgStores store, Random random) throws SQLException, InterruptedException {
        IdSource ids = new IdSource(InstantSource.system(), new Random(random.nextLong()));
        OutcomePolicy policy = new OutcomePolicy(random);
        UUID session = ids.next();
        store.stores()
                .sessions()
                .open(new SessionSpec(session, "holder", Set.of(TYPE), Set.of(), BATCH, SessionSpec.MAX_LEASE));
        List<Assignment> held = new ArrayList<>();
        try (Connection connection = DriverManager.getConnection(stage.jdbcUrl())) {
            connection.setAutoCommit(false);
            while (expected.size() < events) {
                held.addAll(claim(store, session, BATCH - held.size()));
                List<Submission> fresh = new ArrayList<>();
                for (int i = 0; i < BATCH; i++) {
                    fresh.add(job(ids));
                }
                store.transactions().insert(connection, fresh);
                store.transactions()
                        .end(
                                connection,
                                held.stream().map(SubscriptionTorture::ack).toList(),
                                policy::decide);
                long ms = holdMs(random);
                Thread.sleep(ms);
                longestMs.accumulateAndGet(ms, Math::max);
                heldLong.addAndGet(ms > 1_000 ? 1 : 0);
                if (random.nextInt(10) == 0) {
                    connection.rollback(); // what was to end is still ours: the next transaction ends it
                    rolledBack.incrementAndGet();
                } else {
                    connection.commit();
                    committed.incrementAndGet();
                    fresh.forEach(job -> expected.add(line(job.id(), EventKind.SUBMITTED)));
                    held.forEach(one -> expected.add(line(one.facts().id(), EventKind.COMPLETED)));
                    held.clear();
                }
            }
        }
    }

    private static List<Assignment> claim(PgStores store, UUID session, int slots) {
        List<Claim.LaneStart> lanes = store.stores().jobs().lanes().stream()
                .filter(lane -> lane.type().equals(TYPE) && !lane.suspect())
                .map(lane -> new Claim.LaneStart(lane.number(), lane.priority(), 0))
                .toList();
        return store.stores().jobs().claim(new Claim(lanes, Collections.nCopies(slots, session)));
    }

    private static Report ack(Assignment granted) {
        return new Report(granted.facts().id(), granted.token(), new Outcome.Ack(null));
    }

    private static Submission job(IdSource ids) {
        return new SubmissionBuilder(Limits.DEFAULT).type(TYPE).build(ids);
    }

    /** Mostly short, now and then as long as may be. */
    private long holdMs(Random random) {
        long most = hold.toMillis();
        return switch (random.nextInt(10)) {
            case 0 -> most - random.nextLong(Math.max(1, most / 4));
            case 1, 2 -> random.nextLong(Math.max(1, most / 4));
            default -> random.nextLong(200);
        };
    }

    // ---- those who read

    private int killUntil(List<Proc> consumers, java.util.function.BooleanSupplier done)
            throws IOException, InterruptedException {
        Random random = new Random(seed);
        int kills = 0;
        while (!done.getAsBoolean()) {
            Thread.sleep(1_000 + random.nextInt(2_000));
            kill(consumers.get(random.nextInt(consumers.size())));
            kills++;
        }
        return kills;
    }

    private void kill(Proc consumer) throws IOException, InterruptedException {
        killed.add(consumer.pid());
        consumer.kill();
        consumer.start();
    }

    private static void awaitRead(Stage stage, List<Proc> consumers) throws InterruptedException {
        Proc.Await.until("the subscription is read to its end", () -> {
            SubscriptionInfo info = stage.client(0).events().subscriptions().getFirst();
            return info.unread() == 0
                    && info.inFlight() == 0
                    && consumers.stream().allMatch(Proc::isAlive);
        });
    }

    // ---- what came of it

    private record Verdict(int events, int handled, int twice, int explained, List<String> faults) {
        boolean isGood() {
            return faults.isEmpty() && twice == explained;
        }

        @Override
        public String toString() {
            StringBuilder text = new StringBuilder("events expected " + events + ", handled " + handled
                    + ", handled more than once " + twice + ", of these in the hands of a killed process before "
                    + explained + ", skipped or invented: " + faults.size());
            faults.stream().limit(20).forEach(fault -> text.append("\n  FAULT ").append(fault));
            return text.toString();
        }
    }

    private Verdict judge(Path journal) throws IOException {
        Map<String, List<Long>> handled = new HashMap<>();
        Map<String, String> events = new HashMap<>();
        for (String written : Files.readAllLines(journal, StandardCharsets.US_ASCII)) {
            String[] words = written.split(" ", -1);
            handled.computeIfAbsent(words[0], id -> new ArrayList<>()).add(Long.parseLong(words[3]));
            events.put(words[0], words[1] + " " + words[2]);
        }
        List<String> faults = new ArrayList<>();
        Set<String> told = new HashSet<>();
        events.forEach((id, what) -> {
            if (!told.add(what)) {
                faults.add(what + " has two events");
            }
            if (!expected.contains(what)) {
                faults.add(what + " was told and never committed");
            }
        });
        expected.stream().filter(what -> !told.contains(what)).forEach(what -> faults.add(what + " was skipped"));
        int twice = 0;
        int explained = 0;
        for (List<Long> processes : handled.values()) {
            if (processes.size() > 1) {
                twice++;
                explained += killed.containsAll(processes.subList(0, processes.size() - 1)) ? 1 : 0;
            }
        }
        return new Verdict(expected.size(), handled.size(), twice, explained, faults);
    }

    private static String line(UUID id, EventKind kind) {
        return id + " " + kind.wireName();
    }

    private static void say(String line) {
        System.out.println(line);
    }
}
