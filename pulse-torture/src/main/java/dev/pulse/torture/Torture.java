package dev.pulse.torture;

import dev.pulse.model.Attempt;
import dev.pulse.model.Job;
import dev.pulse.model.JobStatus;
import dev.pulse.model.OutcomeKind;
import dev.pulse.model.Submission;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The scenarios of {@code ./dev torture}. Each prints what it did and what it found; the exit code is 1 when a single job is
 * lost, unexplained, or late.
 */
public final class Torture {
    private static final Duration SHORT_LEASE = Duration.ofSeconds(3);
    private static final Duration KILL_EVERY = Duration.ofSeconds(5);
    private static final Duration GRACE = Duration.ofSeconds(10);

    private Torture() {}

    public static void main(String[] arguments)
            throws IOException, InterruptedException, ExecutionException, SQLException {
        String scenario = arguments.length == 0 ? "all" : arguments[0];
        boolean all = scenario.equals("all");
        boolean good = true;
        if (all || scenario.equals("chaos")) {
            int jobs = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 10_000;
            long seed = arguments.length > 2 ? Long.parseLong(arguments[2]) : new Random().nextLong();
            good &= chaos(jobs, seed, KILL_EVERY);
        }
        if (all || scenario.equals("stop")) {
            good &= stop() & late();
        }
        if (all || scenario.equals("recover")) {
            good &= recover(SHORT_LEASE) & recover(Duration.ofSeconds(30));
        }
        if (all || scenario.equals("killer")) {
            good &= killer(1_000);
        }
        if (all || scenario.equals("subscription")) {
            int events = !all && arguments.length > 1 ? Integer.parseInt(arguments[1]) : 50_000;
            long seed = !all && arguments.length > 2 ? Long.parseLong(arguments[2]) : new Random().nextLong();
            good &= new SubscriptionTorture(events, seed, Duration.ofSeconds(20)).run();
        }
        if (scenario.equals("fuzz")) {
            int requests = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 100_000;
            long seed = arguments.length > 2 ? Long.parseLong(arguments[2]) : new Random().nextLong();
            good &= FuzzTorture.run(requests, seed, requests >= 100_000);
        }
        if (all || scenario.equals("pause")) {
            good &= PauseTorture.run(arguments.length > 1 && !all ? Integer.parseInt(arguments[1]) : 1_000);
        }
        if (all || scenario.equals("python")) {
            int jobs = !all && arguments.length > 1 ? Integer.parseInt(arguments[1]) : 1_000;
            long seed = !all && arguments.length > 2 ? Long.parseLong(arguments[2]) : new Random().nextLong();
            good &= new PythonTorture(jobs, 5, Duration.ofSeconds(3), seed).run();
        }
        if (all || scenario.equals("bundles")) {
            int bundles = !all && arguments.length > 1 ? Integer.parseInt(arguments[1]) : 200;
            long seed = !all && arguments.length > 2 ? Long.parseLong(arguments[2]) : new Random().nextLong();
            good &= new BundleTorture(bundles, 50, seed).run();
        }
        if (all || scenario.equals("schedules")) {
            int seconds = !all && arguments.length > 1 ? Integer.parseInt(arguments[1]) : 600;
            long seed = !all && arguments.length > 2 ? Long.parseLong(arguments[2]) : new Random().nextLong();
            good &= new ScheduleTorture(200, Duration.ofSeconds(seconds), seed).run();
        }
        if (all || scenario.equals("transactions")) {
            int transactions = !all && arguments.length > 1 ? Integer.parseInt(arguments[1]) : 20_000;
            long seed = !all && arguments.length > 2 ? Long.parseLong(arguments[2]) : new Random().nextLong();
            good &= BusinessTransactions.run(transactions, seed);
        }
        say(good ? "torture: all held" : "torture: FAILED");
        System.exit(good ? 0 : 1);
    }

    /** Eight submitters, two servers, three workers; now and then one process is killed, PostgreSQL once. */
    static boolean chaos(int jobs, long seed, Duration killEvery)
            throws IOException, InterruptedException, ExecutionException {
        say("chaos: " + jobs + " jobs, seed " + seed);
        Random random = new Random(seed);
        try (Stage stage = new Stage(2);
                ExecutorService submitters = Executors.newFixedThreadPool(8)) {
            for (int i = 0; i < 3; i++) {
                stage.worker("worker-" + i, SHORT_LEASE, 8);
            }
            Collection<Submission> acknowledged = new ConcurrentLinkedQueue<>();
            AtomicInteger left = new AtomicInteger(jobs);
            AtomicInteger resent = new AtomicInteger();
            List<Future<?>> running = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                int first = i;
                running.add(submitters.submit(() -> {
                    while (left.getAndDecrement() > 0) {
                        Submission job =
                                Stage.job(Victim.PLAIN, 20 + (int) (Math.abs(new Random(left.get()).nextInt()) % 200));
                        resent.addAndGet(stage.submit(first, job) - 1);
                        acknowledged.add(job);
                        Thread.sleep(40);
                    }
                    return null;
                }));
            }
            int kills = killUntilDone(
                    stage, random, killEvery, () -> running.stream().allMatch(Future::isDone));
            for (Future<?> one : running) {
                one.get();
            }
            List<Job> ended = new ArrayList<>();
            for (Submission job : acknowledged) {
                ended.add(stage.awaitFinal(job.id()));
            }
            Verdict verdict = new Verdict(ended, stage.journal().read());
            say("chaos: acknowledged " + acknowledged.size() + ", sent again " + resent + ", processes killed " + kills
                    + " (PostgreSQL once); " + verdict);
            return verdict.isGood() && acknowledged.size() == jobs;
        }
    }

    private static int killUntilDone(
            Stage stage, Random random, Duration killEvery, java.util.function.BooleanSupplier done)
            throws IOException, InterruptedException {
        List<Proc> victims = new ArrayList<>(stage.servers());
        victims.addAll(stage.workers());
        int kills = 0;
        while (!done.getAsBoolean()) {
            Thread.sleep(killEvery.toMillis());
            if (kills == 1) {
                say("  kill -9 PostgreSQL");
                stage.killPostgres();
            } else {
                Proc victim = victims.get(random.nextInt(victims.size()));
                say("  kill -9 " + victim.name());
                victim.kill();
                victim.start();
            }
            kills++;
        }
        return kills;
    }

    /** A worker is stopped for more than three leases: its late report must not count. */
    private static boolean stop() throws IOException, InterruptedException {
        say("stop: a worker is stopped for three leases of " + SHORT_LEASE.toSeconds() + " s");
        try (Stage stage = new Stage(1)) {
            Proc sleeper = stage.worker("sleeper", SHORT_LEASE, 1);
            Submission job = Stage.job(Victim.PLAIN, 2_000);
            stage.submit(0, job);
            awaitRuns(stage, 1);
            sleeper.stop();
            stage.worker("other", SHORT_LEASE, 1);
            Job ended = stage.awaitFinal(job.id());
            Thread.sleep(SHORT_LEASE.toMillis() * 2); // the rest of three leases
            sleeper.resume();
            Proc.Await.until("the stopped worker is told", () -> told(sleeper, job.id()));
            List<OutcomeKind> outcomes =
                    ended.attempts().stream().map(Attempt::outcome).toList();
            say("stop: history " + outcomes + ", runs " + stage.journal().read().size() + ", the late worker heard: "
                    + sleeper.said()
                            .lines()
                            .filter(line -> line.contains(job.id().toString()))
                            .toList());
            return ended.status() == JobStatus.COMPLETED
                    && outcomes.equals(List.of(OutcomeKind.LAPSE, OutcomeKind.ACK))
                    && stage.find(job.id()).attempts().size() == 2;
        }
    }

    /** The same with a worker that has no clock of its own and reports all the same: the server refuses. */
    static boolean late() throws IOException, InterruptedException {
        try (Stage stage = new Stage(1)) {
            Submission job = Stage.job(Victim.PLAIN, 100);
            stage.submit(0, job);
            HttpWorker sleeper = stage.httpWorker(SHORT_LEASE);
            sleeper.claim();
            stage.worker("other", SHORT_LEASE, 1);
            Job ended = stage.awaitFinal(job.id());
            String answer = sleeper.ack();
            List<OutcomeKind> outcomes = stage.find(job.id()).attempts().stream()
                    .map(Attempt::outcome)
                    .toList();
            say("late: an HTTP worker reports after its lease: " + answer + "; history " + outcomes);
            return answer.equals("stale")
                    && ended.status() == JobStatus.COMPLETED
                    && outcomes.equals(List.of(OutcomeKind.LAPSE, OutcomeKind.ACK));
        }
    }

    private static boolean told(Proc worker, UUID id) {
        try {
            return worker.said().contains(id.toString());
        } catch (IOException e) {
            return false;
        }
    }

    /** A worker is killed in the middle: the job starts again within lease + 10 s. */
    private static boolean recover(Duration lease) throws IOException, InterruptedException {
        try (Stage stage = new Stage(1)) {
            Proc doomed = stage.worker("doomed", lease, 1);
            Submission job = Stage.job(Victim.PLAIN, 1_000);
            stage.submit(0, job);
            awaitRuns(stage, 1);
            doomed.kill();
            long killed = System.nanoTime();
            stage.worker("heir", lease, 1);
            awaitRuns(stage, 2);
            Duration took = Duration.ofNanos(System.nanoTime() - killed);
            boolean good = took.compareTo(lease.plus(GRACE)) <= 0
                    && stage.awaitFinal(job.id()).status() == JobStatus.COMPLETED;
            say("recover: lease " + lease.toSeconds() + " s, started again " + took.toMillis() + " ms after kill -9: "
                    + (good ? "in time" : "LATE"));
            return good;
        }
    }

    private static void awaitRuns(Stage stage, int runs) throws InterruptedException {
        Proc.Await.until(runs + " runs in the journal", () -> {
            try {
                return stage.journal().read().size() >= runs;
            } catch (IOException e) {
                return false;
            }
        });
    }

    /** A job that kills its worker each time, among innocents: it is dead-lettered after three, they all complete. */
    private static boolean killer(int innocents) throws IOException, InterruptedException {
        say("killer: one job that kills its worker among " + innocents + " innocents");
        try (Stage stage = new Stage(1)) {
            List<UUID> good = new ArrayList<>();
            for (int i = 0; i < innocents / 2; i++) {
                good.add(submitInnocent(stage));
            }
            Submission bad = Stage.job(Victim.KILLER, 0);
            stage.submit(0, bad);
            for (int i = innocents / 2; i < innocents; i++) {
                good.add(submitInnocent(stage));
            }
            Proc worker = stage.worker("worker", SHORT_LEASE, 10);
            int deaths = 0;
            while (!stage.find(bad.id()).status().isFinal()) {
                if (!worker.isAlive()) {
                    deaths++;
                    worker.start();
                }
                Thread.sleep(100);
            }
            List<Job> ended = new ArrayList<>();
            for (UUID id : good) {
                ended.add(stage.awaitFinal(id));
            }
            Job killer = stage.find(bad.id());
            ended.add(killer);
            Verdict verdict = new Verdict(ended, stage.journal().read());
            say("killer: workers lost " + deaths + ", the job is "
                    + killer.status().wireName() + " (" + killer.error() + "); " + verdict);
            return verdict.isGood()
                    && killer.status() == JobStatus.DEAD_LETTERED
                    && killer.attempts().size() == 3
                    && verdict.statuses().getOrDefault(JobStatus.COMPLETED, 0) == innocents;
        }
    }

    private static UUID submitInnocent(Stage stage) throws InterruptedException {
        Submission job = Stage.job(Victim.PLAIN, 5);
        stage.submit(0, job);
        return job.id();
    }

    static void say(String line) {
        System.out.println(line);
    }
}
