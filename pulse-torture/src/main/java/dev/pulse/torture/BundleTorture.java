package dev.pulse.torture;

import dev.pulse.model.Backoff;
import dev.pulse.model.Bundle;
import dev.pulse.model.BundleCounts;
import dev.pulse.model.BundleEvent;
import dev.pulse.model.BundleStatus;
import dev.pulse.model.BundleSubmission;
import dev.pulse.model.Event;
import dev.pulse.model.EventDelivery;
import dev.pulse.model.EventFilter;
import dev.pulse.model.EventKind;
import dev.pulse.model.IdSource;
import dev.pulse.model.Job;
import dev.pulse.model.JobFilter;
import dev.pulse.model.JobPage;
import dev.pulse.model.JobStatus;
import dev.pulse.model.Limits;
import dev.pulse.model.Payload;
import dev.pulse.model.PulseException;
import dev.pulse.model.Submission;
import dev.pulse.model.SubmissionBuilder;
import dev.pulse.model.SubscriptionSpec;
import dev.pulse.sdk.EventClient;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Bundles whose members fail, are requeued and lose their workers and servers to kill -9: in the end the counts equal a
 * recount of the members, and each bundle has one completion and one callback.
 */
final class BundleTorture {
    /** Two members of this many are dead-lettered at first, two fail once. */
    private static final int EVERY = 25;

    private static final Duration LEASE = Duration.ofSeconds(3);
    /** Slow enough that a loaded machine can start what was killed before the next one. */
    private static final Duration KILL_EVERY = Duration.ofSeconds(12);

    private static final String EVENTS = "torture-bundles";
    private static final String CALLBACK = "torture";

    private final int bundles;
    private final int members;
    private final Random random;
    private final IdSource ids;
    private final List<String> faults = new ArrayList<>();

    BundleTorture(int bundles, int members, long seed) {
        this.bundles = bundles;
        this.members = members;
        this.random = new Random(seed);
        this.ids = new IdSource(InstantSource.system(), new Random(seed));
        say("bundles: " + bundles + " of " + members + " jobs, seed " + seed);
    }

    boolean run() throws IOException, InterruptedException {
        try (Stage stage = new Stage(2)) {
            for (int i = 0; i < 3; i++) {
                stage.worker("worker-" + i, LEASE, 16);
            }
            EventClient events = stage.client(0).events();
            events.subscribe(new SubscriptionSpec(
                    EVENTS,
                    new EventFilter(Set.of(EventKind.BUNDLE_COMPLETED), Set.of(), Set.of()),
                    SubscriptionSpec.Start.NOW));
            AtomicBoolean done = new AtomicBoolean();
            Thread killer = Thread.ofPlatform().start(() -> kill(stage, done));
            List<UUID> submitted = new ArrayList<>();
            for (int i = 0; i < bundles; i++) {
                BundleSubmission bundle = bundle();
                any(stage, () -> stage.client(random.nextInt(2)).submitBundle(bundle));
                submitted.add(bundle.id());
            }
            say("  submitted " + submitted.size());
            awaitFinished(stage, submitted);
            int requeued = requeueDead(stage, submitted);
            say("  all finished, then requeued " + requeued + " dead letters");
            awaitFinished(stage, submitted);
            done.set(true);
            killer.join();
            judge(stage, submitted, events, requeued);
        }
        faults.stream().limit(20).forEach(fault -> say("  FAULT " + fault));
        return faults.isEmpty();
    }

    private BundleSubmission bundle() {
        List<Submission> jobs = IntStream.range(0, members)
                .mapToObj(i -> job(Victim.MOODY, Integer.toString(i % EVERY)))
                .toList();
        return new BundleSubmission(
                ids.next(), "torture-bundle", null, jobs, List.of(), Map.of(BundleEvent.COMPLETE, job(CALLBACK, "1")));
    }

    private Submission job(String type, String payload) {
        return new SubmissionBuilder(Limits.DEFAULT)
                .type(type)
                .backoff(Backoff.parse("fixed 200ms"))
                .payload(Payload.json(payload))
                .build(ids);
    }

    private void kill(Stage stage, AtomicBoolean done) {
        List<Proc> victims = new ArrayList<>(stage.workers());
        victims.addAll(stage.servers());
        int kills = 0;
        Random dice = new Random(7);
        try {
            while (!done.get()) {
                Thread.sleep(KILL_EVERY.toMillis());
                Proc victim = victims.get(dice.nextInt(victims.size()));
                victim.kill();
                victim.start();
                kills++;
            }
            say("  killed with -9 and started again: " + kills + " processes");
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Tries until a server answers; every call here is safe to repeat. */
    private static <T> T any(Stage stage, Callable<T> call) throws InterruptedException {
        for (int tries = 0; tries < 600; tries++) {
            try {
                return call.call();
            } catch (PulseException e) {
                Thread.sleep(100);
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }
        throw new AssertionError("no server answers on " + stage.folder());
    }

    private Bundle find(Stage stage, UUID id) throws InterruptedException {
        Optional<Bundle> found =
                any(stage, () -> stage.client(random.nextInt(2)).findBundle(id));
        return found.orElseThrow(() -> new AssertionError("bundle " + id + " is lost"));
    }

    private void awaitFinished(Stage stage, List<UUID> submitted) throws InterruptedException {
        for (UUID id : submitted) {
            Proc.Await.until("bundle " + id + " is finished", () -> {
                try {
                    return find(stage, id).status().isFinal();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    return true;
                }
            });
        }
    }

    /** The dead letters of every other bundle. */
    private int requeueDead(Stage stage, List<UUID> submitted) throws InterruptedException {
        int requeued = 0;
        for (int i = 0; i < submitted.size(); i += 2) {
            for (Job job : members(stage, submitted.get(i))) {
                if (job.status() == JobStatus.DEAD_LETTERED) {
                    UUID id = job.facts().id();
                    // Asked for again after a lost answer it may run, or be final once more: then it was requeued.
                    any(stage, () -> requeue(stage, id));
                    requeued++;
                }
            }
        }
        return requeued;
    }

    private @Nullable Job requeue(Stage stage, UUID id) {
        try {
            return stage.client(random.nextInt(2)).requeue(id);
        } catch (PulseException e) {
            if (e.code() == dev.pulse.model.ErrorCode.ILLEGAL_STATUS) {
                return null;
            }
            throw e;
        }
    }

    private List<Job> members(Stage stage, UUID bundle) throws InterruptedException {
        return list(stage, JobFilter.ALL.inBundle(bundle));
    }

    private List<Job> list(Stage stage, JobFilter filter) throws InterruptedException {
        List<Job> jobs = new ArrayList<>();
        @Nullable String[] cursor = new String[1];
        do {
            JobPage page = any(stage, () -> stage.client(random.nextInt(2)).list(filter, 1_000, cursor[0]));
            jobs.addAll(page.items());
            cursor[0] = page.nextCursor();
        } while (cursor[0] != null);
        return jobs;
    }

    private void judge(Stage stage, List<UUID> submitted, EventClient events, int requeued)
            throws InterruptedException {
        Map<BundleStatus, Integer> statuses = new EnumMap<>(BundleStatus.class);
        int equal = 0;
        for (UUID id : submitted) {
            Bundle bundle = find(stage, id);
            statuses.merge(bundle.status(), 1, Integer::sum);
            BundleCounts recount = recount(members(stage, id));
            if (bundle.counts().equals(recount)) {
                equal++;
            } else {
                faults.add("bundle " + id + " counts " + bundle.counts() + ", its members are " + recount);
            }
        }
        Map<String, Integer> callbacks = new HashMap<>();
        for (Job job : list(stage, new JobFilter(null, CALLBACK, null, Map.of(), null, null, null, null))) {
            callbacks.merge(job.facts().labels().headers().getOrDefault(Bundle.HEADER_ID, "none"), 1, Integer::sum);
        }
        Map<String, Integer> completions = completions(stage, events, submitted.size());
        int once = onceEach("callback", submitted, callbacks);
        int told = onceEach("completion event", submitted, completions);
        say("bundles: " + statuses + ", dead letters requeued " + requeued + ", counts equal a recount in " + equal
                + " of "
                + submitted.size() + ", one callback in " + once + ", one completion event in " + told + "; callbacks "
                + sum(callbacks) + ", events " + sum(completions));
    }

    private static BundleCounts recount(List<Job> jobs) {
        Map<JobStatus, Integer> counts = new EnumMap<>(JobStatus.class);
        jobs.forEach(job -> counts.merge(job.status(), 1, Integer::sum));
        return new BundleCounts(
                jobs.size(),
                counts.getOrDefault(JobStatus.COMPLETED, 0),
                counts.getOrDefault(JobStatus.DEAD_LETTERED, 0),
                counts.getOrDefault(JobStatus.CANCELED, 0));
    }

    /** Distinct events, so that a delivery that came twice counts once. */
    private static Map<String, Integer> completions(Stage stage, EventClient events, int expected)
            throws InterruptedException {
        Map<String, Set<Object>> seen = new HashMap<>();
        int quiet = 0;
        while (quiet < 3) {
            Optional<EventDelivery> delivery = any(
                    stage, () -> events.lease(EVENTS, "judge", 1_000, Duration.ofSeconds(30), Duration.ofSeconds(1)));
            if (delivery.isEmpty()) {
                quiet += seen.size() >= expected ? 3 : 1;
                continue;
            }
            for (Event event : delivery.get().events()) {
                seen.computeIfAbsent(event.subject().toString(), id -> new HashSet<>())
                        .add(event.id());
            }
            any(stage, () -> events.settle(EVENTS, delivery.get().token()));
        }
        Map<String, Integer> counts = new HashMap<>();
        seen.forEach((id, all) -> counts.put(id, all.size()));
        return counts;
    }

    private int onceEach(String what, List<UUID> submitted, Map<String, Integer> counts) {
        int once = 0;
        for (UUID id : submitted) {
            int n = counts.getOrDefault(id.toString(), 0);
            if (n == 1) {
                once++;
            } else {
                faults.add("bundle " + id + " has " + n + " times a " + what);
            }
        }
        return once;
    }

    private static int sum(Map<String, Integer> counts) {
        return counts.values().stream().mapToInt(Integer::intValue).sum();
    }

    private static void say(String line) {
        System.out.println(line);
    }
}
