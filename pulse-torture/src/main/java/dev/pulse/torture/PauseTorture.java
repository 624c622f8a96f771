package dev.pulse.torture;

import dev.pulse.client.PulseClient;
import dev.pulse.model.IdSource;
import dev.pulse.model.Job;
import dev.pulse.model.JobFilter;
import dev.pulse.model.JobPage;
import dev.pulse.model.JobStatus;
import dev.pulse.model.Limits;
import dev.pulse.model.Pause;
import dev.pulse.model.Payload;
import dev.pulse.model.PulseException;
import dev.pulse.model.Scope;
import dev.pulse.model.Submission;
import dev.pulse.model.SubmissionBuilder;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.UUID;

/**
 * {@code ./dev torture pause}: everything is paused while jobs run and start on two servers. After the answer, plus one tick,
 * no job may be granted; what runs finishes; submits land; a kill -9 of both servers changes nothing; a resume on the other
 * server drains in the order of the priorities.
 */
final class PauseTorture {
    /** How long a server may take to hear of a pause: the second of the contract. */
    private static final Duration TICK = Duration.ofSeconds(1);

    private static final Duration LEASE = Duration.ofSeconds(30);
    private static final Duration STILL = Duration.ofSeconds(5);
    private static final int BATCH = 1_000;
    private static final int PRIORITIES = 3;

    private final Stage stage;
    private final int slots;
    private final Random random = new Random(7);
    private final IdSource ids = new IdSource(InstantSource.system(), random);
    private final List<UUID> all = new ArrayList<>();
    private final List<String> faults = new ArrayList<>();

    private PauseTorture(Stage stage, int slots) {
        this.stage = stage;
        this.slots = slots;
    }

    /** With so many jobs running. */
    static boolean run(int slots) throws IOException, InterruptedException {
        System.out.println("pause: " + slots + " jobs run on two servers");
        try (Stage stage = new Stage(2)) {
            for (int i = 0; i < 2; i++) {
                stage.worker("worker-" + i, LEASE, slots / 2);
            }
            PauseTorture torture = new PauseTorture(stage, slots);
            torture.run();
            torture.faults.forEach(fault -> System.out.println("  FAULT " + fault));
            return torture.faults.isEmpty();
        }
    }

    private void run() throws IOException, InterruptedException {
        // Three times as many as there are slots, of uneven length: while all slots are taken, jobs start all the time.
        submit(3 * slots, 0, 2_000, 8_000);
        Proc.Await.until(
                "all slots are taken and jobs follow each other",
                () -> count(JobStatus.RUNNING) >= slots * 9L / 10 && count(JobStatus.COMPLETED) >= slots / 20);

        Pause pause = Objects.requireNonNull(
                stage.client(0).pause(Scope.DISPATCH, "torture").pause());
        int atAnswer = starts();
        Thread.sleep(TICK);
        int afterTick = starts();
        long ran = count(JobStatus.RUNNING);
        List<UUID> landed = submit(slots, 1, 50, 200);
        Proc.Await.until("what runs has finished", () -> count(JobStatus.RUNNING) == 0);
        int started = starts();
        long late = grantedAfter(pause.since().plus(TICK));
        check(late == 0, late + " jobs were granted later than a tick after the pause");
        say("granted after the pause " + grantedAfter(pause.since()) + ", later than a tick " + late
                + "; handlers that began within the tick " + (afterTick - atAnswer)
                + ", later, granted before, by workers that were slow to begin them " + (started - afterTick)
                + "; ran at the tick " + ran + ", all finished");

        restart();
        Thread.sleep(STILL);
        check(starts() == started, (starts() - started) + " jobs started after the restart");
        for (int i = 0; i < 2; i++) {
            Pause kept = stage.client(i).dispatch().pause();
            check(pause.equals(kept), "server " + i + " says " + kept + " after the restart, not " + pause);
        }
        check(count(JobStatus.COMPLETED) == started, "completed " + count(JobStatus.COMPLETED) + " of " + started);
        say("both servers killed and started again: still paused, nothing started");
        drain(landed);
    }

    private void drain(List<UUID> landed) throws IOException, InterruptedException {
        for (int priority = 2; priority <= PRIORITIES; priority++) {
            landed.addAll(submit(slots, priority, 50, 200));
        }
        long started = System.nanoTime();
        stage.client(1).resume(Scope.DISPATCH);
        Proc.Await.until("all is done", () -> count(JobStatus.COMPLETED) == all.size());
        Duration took = Duration.ofNanos(System.nanoTime() - started);
        List<Job> jobs = new ArrayList<>();
        for (UUID id : landed) {
            jobs.add(stage.find(id));
        }
        Duration worst = worstInversion(jobs);
        check(worst.compareTo(TICK) <= 0, "a job of a lower priority started " + worst + " before one of a higher");
        check(starts() == all.size(), starts() + " starts of " + all.size() + " jobs");
        say("resumed on the other server: " + landed.size() + " jobs of " + PRIORITIES + " priorities drained in "
                + took.toMillis() + " ms, priorities overlapped by " + worst.toMillis() + " ms at most");
    }

    /** How much earlier than one of a higher priority, at most, a job started. Two servers claim side by side. */
    private static Duration worstInversion(List<Job> jobs) {
        List<Job> bestFirst = jobs.stream()
                .sorted(Comparator.comparingInt((Job job) -> job.facts().priority())
                        .reversed())
                .toList();
        Duration worst = Duration.ZERO;
        Instant latestOfHigher = Instant.MIN;
        Instant latest = Instant.MIN;
        int priority = Integer.MAX_VALUE;
        for (Job job : bestFirst) {
            if (job.facts().priority() != priority) {
                priority = job.facts().priority();
                latestOfHigher = latest;
            }
            Instant start = Objects.requireNonNull(job.startedAt());
            latest = start.isAfter(latest) ? start : latest;
            if (start.isBefore(latestOfHigher)) {
                Duration early = Duration.between(start, latestOfHigher);
                worst = early.compareTo(worst) > 0 ? early : worst;
            }
        }
        return worst;
    }

    private void restart() throws IOException, InterruptedException {
        for (Proc server : stage.servers()) {
            server.kill();
        }
        for (Proc server : stage.servers()) {
            server.start();
        }
        for (Proc server : stage.servers()) {
            server.awaitSaid("pulse ready", 2);
        }
        Proc.Await.until("both workers are back", () -> {
            try {
                return stage.client(0).workers().size() == 2
                        && stage.client(1).workers().size() == 2;
            } catch (PulseException e) {
                return false; // the connection is not made again yet
            }
        });
    }

    private List<UUID> submit(int jobs, int priority, int shortest, int longest) {
        List<UUID> submitted = new ArrayList<>();
        List<Submission> batch = new ArrayList<>();
        for (int i = 1; i <= jobs; i++) {
            batch.add(new SubmissionBuilder(Limits.DEFAULT)
                    .type(Victim.PLAIN)
                    .priority(priority)
                    .payload(Payload.json(Integer.toString(random.nextInt(shortest, longest))))
                    .build(ids));
            if (batch.size() == BATCH || i == jobs) {
                stage.client(i).submitAll(batch);
                batch.forEach(job -> submitted.add(job.id()));
                batch.clear();
            }
        }
        all.addAll(submitted);
        return submitted;
    }

    private long count(JobStatus status) {
        try {
            PulseClient client = stage.client(0);
            return client.counts().total().getOrDefault(status, 0L);
        } catch (PulseException e) {
            return -1; // nobody answers just now
        }
    }

    /** How many jobs were granted after that moment, by the database's clock. */
    private long grantedAfter(Instant moment) {
        JobFilter done = JobFilter.ALL.withStatus(JobStatus.COMPLETED);
        long granted = 0;
        String cursor = null;
        do {
            JobPage page = stage.client(0).list(done, BATCH, cursor);
            granted += page.items().stream()
                    .filter(job -> Objects.requireNonNull(job.startedAt()).isAfter(moment))
                    .count();
            cursor = page.nextCursor();
        } while (cursor != null);
        return granted;
    }

    /** Handlers that were started, by what they wrote down themselves. */
    private int starts() throws IOException {
        return stage.journal().read().size();
    }

    private void check(boolean holds, String fault) {
        if (!holds) {
            faults.add(fault);
        }
    }

    private static void say(String line) {
        System.out.println("  " + line);
    }
}
