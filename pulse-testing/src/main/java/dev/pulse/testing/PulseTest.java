package dev.pulse.testing;

import dev.pulse.embedded.EngineConnection;
import dev.pulse.engine.Engine;
import dev.pulse.engine.EngineConfig;
import dev.pulse.engine.SteppedEngine;
import dev.pulse.model.ErrorCode;
import dev.pulse.model.Fire;
import dev.pulse.model.FirePage;
import dev.pulse.model.Job;
import dev.pulse.model.JobFilter;
import dev.pulse.model.JobPage;
import dev.pulse.model.JobStatus;
import dev.pulse.model.Limits;
import dev.pulse.model.Payload;
import dev.pulse.model.PulseException;
import dev.pulse.model.ScheduleFilter;
import dev.pulse.model.ScheduleInfo;
import dev.pulse.model.SchedulePage;
import dev.pulse.model.SessionSpec;
import dev.pulse.model.Submission;
import dev.pulse.sdk.Broker;
import dev.pulse.sdk.BundleClient;
import dev.pulse.sdk.Connection;
import dev.pulse.sdk.EventClient;
import dev.pulse.sdk.JobClient;
import dev.pulse.sdk.JobRef;
import dev.pulse.sdk.JobType;
import dev.pulse.sdk.Pulse;
import dev.pulse.sdk.PulseOptions;
import dev.pulse.sdk.PulseRuntime;
import dev.pulse.sdk.ScheduleClient;
import dev.pulse.storememory.MemoryStores;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Pulse for one test: a real engine, turned by hand on the caller's thread, under a clock that the test moves. The code
 * under test gets {@link #pulse}; the test registers handlers there, lets things happen by {@link #drain}, {@link #step}
 * or {@link #elapse}, and looks at what was {@link #enqueued} and what became of it.
 *
 * <p>The same test runs in every {@link TestMode}. Backoffs are exact: their jitter is left out.
 *
 * <p>One test's own; the code under test may enqueue from several threads.
 */
public final class PulseTest implements AutoCloseable {
    private static final int PAGE = 1_000;
    private static final int SHOWN = 20;
    private static final long SEED = 42;
    /** A store tells milliseconds: less than one is none. */
    private static final Duration SHORTEST_LOOK = Duration.ofMillis(1);

    private final TestMode mode;
    private final int maxRuns;
    private final boolean throwing;
    private final TestStore store;
    private final TestClock clock;
    private final Driver driver;
    private final SteppedEngine engine;
    private final EngineConnection connection;
    private final Recorder recorder = new Recorder();
    private final Failures failures = new Failures();
    private final Pulse pulse;
    private @Nullable SessionSpec worker;
    private boolean closed;
    /** Attempts since the outermost drain began. */
    private int runs;
    /** Ends the drains within which it happened, too: each would go on with what the inner ones left. */
    private @Nullable StillMovingException stuck;

    private PulseTest(Setup setup) {
        this.mode = setup.mode;
        this.maxRuns = setup.maxRuns;
        this.throwing = setup.onFailure.isThrownIn(mode);
        this.clock = new TestClock(setup.start, this::moveTo);
        this.driver = new Driver(clock::nanos);
        this.store = mode == TestMode.POSTGRES ? TestSchema.take(clock.instant()) : TestStore.inMemory(clock, SEED);
        this.engine = new SteppedEngine(
                EngineConfig.DEFAULT,
                store.stores(),
                new NoHints(),
                new Engine.EngineRuntime(new UUID(0, 1), "test", "test", clock, clock::nanos, new NoJitter()));
        driver.drives(engine);
        this.connection = new EngineConnection(engine.engine(), "test", Limits.DEFAULT, driver);
        this.pulse = Pulse.over(
                new TestConnection(),
                options -> {
                    options.name("test")
                            .concurrency(mode == TestMode.SYNCHRONOUS ? Setup.MAX_DEPTH : 1)
                            .leaseTtl(SessionSpec.MAX_LEASE)
                            .drainTimeout(Duration.ZERO);
                    setup.options.accept(options);
                    options.listener(failures);
                },
                new PulseRuntime(clock, clock::nanos, new Random(SEED), driver));
    }

    /**
     * A Pulse over memory, with real threads and the real clock: for trying things out, and for tests that want to see
     * concurrency. It ends with what it holds when it is closed.
     */
    public static Pulse inMemory() {
        return inMemory(options -> {});
    }

    public static Pulse inMemory(Consumer<PulseOptions> options) {
        Engine engine = Engine.start(
                EngineConfig.DEFAULT,
                new MemoryStores(InstantSource.system(), new Random()).stores(),
                new NoHints(),
                new Engine.EngineRuntime(
                        UUID.randomUUID(), "memory", "test", InstantSource.system(), System::nanoTime, new Random()));
        EngineConnection connection = new EngineConnection(engine, "memory");
        return Pulse.over(
                new Connection() {
                    @Override
                    public JobClient jobs() {
                        return connection.jobs();
                    }

                    @Override
                    public Broker broker() {
                        return connection.broker();
                    }

                    @Override
                    public EventClient events() {
                        return connection.events();
                    }

                    @Override
                    public BundleClient bundles() {
                        return connection.bundles();
                    }

                    @Override
                    public ScheduleClient schedules() {
                        return connection.schedules();
                    }

                    @Override
                    public void close() {
                        connection.close();
                        engine.close();
                    }
                },
                options);
    }

    /** A test's Pulse in that mode, with every default. */
    public static PulseTest open(TestMode mode) {
        return with(mode).open();
    }

    /** A test's Pulse to be set up. */
    public static Setup with(TestMode mode) {
        return new Setup(mode, InstantSource.system().instant());
    }

    /** How a test's Pulse is set up; what is left out gets the default. Not thread-safe. */
    public static final class Setup {
        private static final int MAX_DEPTH = 50;
        private static final int DEFAULT_MAX_RUNS = 1_000;

        private final TestMode mode;
        private OnFailure onFailure = OnFailure.BY_MODE;
        private Instant start;
        private int maxRuns = DEFAULT_MAX_RUNS;
        private Consumer<PulseOptions> options = chosen -> {};

        private Setup(TestMode mode, Instant start) {
            this.mode = mode;
            this.start = start;
        }

        /** What becomes of a handler's exception. */
        public Setup onFailure(OnFailure chosen) {
            onFailure = chosen;
            return this;
        }

        /** Where the clock stands at first; by default at the real now. */
        public Setup startingAt(Instant instant) {
            start = instant;
            return this;
        }

        /** So many attempts at most in one drain, 1 to 1,000,000; by default 1,000. */
        public Setup maxRuns(int attempts) {
            if (attempts < 1 || attempts > 1_000_000) {
                throw new IllegalArgumentException("maxRuns: 1 to 1000000 are allowed, got " + attempts);
            }
            maxRuns = attempts;
            return this;
        }

        /** How the Pulse works: its queues, its codecs. Its listener stays the test's own. */
        public Setup options(Consumer<PulseOptions> chosen) {
            options = chosen;
            return this;
        }

        public PulseTest open() {
            return new PulseTest(this);
        }
    }

    // ---- what the code under test gets ----

    /** For the code under test: handlers are registered here, jobs are enqueued here. */
    public Pulse pulse() {
        return pulse;
    }

    public TestClock clock() {
        return clock;
    }

    public TestMode mode() {
        return mode;
    }

    // ---- letting things happen ----

    /**
     * Runs handlers, one after another on this thread, until nothing is ready any more. Delayed jobs and retries wait for
     * the clock: see {@link #elapse}.
     *
     * @return how many attempts ran
     * @throws StillMovingException when the work does not come to rest
     * @throws IllegalStateException when a job is ready that no handler is registered for
     */
    public int drain() {
        start();
        if (!driver.isRunning()) {
            runs = 0;
            stuck = null;
        }
        int before = runs;
        List<Throwable> thrown = new ArrayList<>();
        driver.settle(true);
        while (stuck == null && runOne(thrown)) {
            runs++;
            driver.settle(true);
            if (runs == maxRuns && driver.isWaiting()) {
                stuck = stillMoving(runs);
            }
        }
        if (stuck != null) {
            throw stuck;
        }
        Failures.rethrow(thrown);
        requireHandlers();
        return runs - before;
    }

    /**
     * Runs the next handler.
     *
     * @return whether there was one
     */
    public boolean step() {
        List<Throwable> thrown = new ArrayList<>();
        start();
        driver.settle(true);
        boolean ran = runOne(thrown);
        driver.settle(false);
        Failures.rethrow(thrown);
        if (!ran) {
            requireHandlers();
        }
        return ran;
    }

    private boolean runOne(List<Throwable> thrown) {
        boolean ran = driver.runOne();
        List<Throwable> taken = failures.take();
        if (throwing) {
            thrown.addAll(taken);
        }
        return ran;
    }

    /**
     * Lets time pass: the clock moves to each moment at which a job or a schedule becomes due, what is ready then runs, and so
     * on to the end of the span.
     *
     * @return how many attempts ran
     * @throws StillMovingException as {@link #drain}; also where more than its bound of attempts run in all
     */
    public int elapse(Duration time) {
        if (time.isNegative()) {
            throw new IllegalArgumentException("time only passes forward, got " + time);
        }
        Instant end = clock.instant().plus(time);
        int ran = drain();
        for (Instant next = nextDue(); next != null && !next.isAfter(end); next = nextDue()) {
            if (ran > maxRuns || !next.isAfter(clock.instant())) {
                throw stillMoving(ran); // what is due and was not drained never moves
            }
            clock.advanceTo(next);
            ran += drain();
        }
        if (clock.instant().isBefore(end)) { // a handler may have taken longer than all of it
            clock.advanceTo(end);
        }
        return ran;
    }

    /** When the next job or schedule becomes due, or null. */
    private @Nullable Instant nextDue() {
        Stream<@Nullable Instant> jobs = Stream.of(JobStatus.SCHEDULED, JobStatus.RETRYING)
                .flatMap(status -> all(status).stream())
                .map(Job::runAt);
        return Stream.concat(jobs, schedules().map(this::nextLook))
                .filter(at -> at != null)
                .min(Comparator.naturalOrder())
                .orElse(null);
    }

    /** When time alone makes a schedule fire, or null: one that waits for a job to end is looked at when that has ended. */
    private @Nullable Instant nextLook(ScheduleInfo schedule) {
        if (!schedule.waiting()) {
            return schedule.nextAt();
        }
        JobFilter own = JobFilter.ALL.ofSchedule(schedule.id());
        boolean unfinished = Stream.of(JobStatus.SCHEDULED, JobStatus.RETRYING, JobStatus.PENDING, JobStatus.RUNNING)
                .anyMatch(status -> !connection
                        .jobs()
                        .list(own.withStatus(status), 1, null)
                        .items()
                        .isEmpty());
        Duration look = unfinished ? null : store.stores().schedules().untilNext();
        return look == null ? null : clock.instant().plus(look.isPositive() ? look : SHORTEST_LOOK);
    }

    /** In synchronous mode, what came in runs before the enqueue returns. */
    private void submitted() {
        if (mode != TestMode.SYNCHRONOUS) {
            return;
        }
        if (driver.depth() >= Setup.MAX_DEPTH) {
            stuck = new StillMovingException("handlers enqueue within one another " + Setup.MAX_DEPTH
                    + " deep, each waiting for the next: does a job enqueue itself? Now ready: " + shown(ready()));
            throw stuck;
        }
        drain();
    }

    /** As {@link #drain}, for code under test that waits for a job; a handler that waits sees the job as it stands. */
    private void awaited() {
        if (pulse.hasHandlers() && !driver.isRunning()) {
            drain();
        }
    }

    /** The worker starts when something is to run, so that a test may register its handlers late. */
    private void start() {
        requireOpen();
        if (worker == null && pulse.hasHandlers()) {
            pulse.start();
            driver.settle(false);
        }
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("this test's Pulse is closed");
        }
    }

    private List<Job> ready() {
        return all(JobStatus.PENDING);
    }

    private void requireHandlers() {
        SessionSpec serving = worker;
        List<Job> left = ready().stream()
                .filter(job -> serving == null
                        || !serving.serves(job.facts().type(), job.facts().queue()))
                .toList();
        if (!left.isEmpty()) {
            throw new IllegalStateException("ready, but no handler is registered for: " + shown(left)
                    + ". Register one with pulse.handle(…) before the first job runs, or ignore the type");
        }
    }

    private StillMovingException stillMoving(int ran) {
        List<Job> moving = Stream.of(JobStatus.RUNNING, JobStatus.PENDING, JobStatus.RETRYING, JobStatus.SCHEDULED)
                .flatMap(status -> all(status).stream())
                .toList();
        return new StillMovingException("after " + ran + " attempts these still move: " + shown(moving)
                + ". If so many are meant, allow them with maxRuns");
    }

    private static String shown(List<Job> jobs) {
        String list = jobs.stream()
                .limit(SHOWN)
                .map(job -> job.facts().type() + " " + job.facts().id() + " ("
                        + job.status().wireName() + ", queue " + job.facts().queue() + ", attempt " + job.attempt()
                        + (job.error() == null
                                ? ""
                                : ", last error: " + job.error().message()) + ")")
                .collect(Collectors.joining("; "));
        return jobs.size() > SHOWN ? list + "; and " + (jobs.size() - SHOWN) + " more" : list;
    }

    private List<Job> all(JobStatus status) {
        List<Job> jobs = new ArrayList<>();
        String cursor = null;
        do {
            JobPage page = connection.jobs().list(JobFilter.ALL.withStatus(status), PAGE, cursor);
            jobs.addAll(page.items());
            cursor = page.nextCursor();
        } while (cursor != null);
        return jobs;
    }

    // ---- time ----

    /** In one hop while nothing runs; else in hops that a lease survives, with its heartbeats and timeouts. */
    private void moveTo(Instant target) {
        requireOpen();
        pulse.declareSchedules(); // they count from before the move, though the worker may start after it
        Duration most =
                driver.isRunning() ? SessionSpec.MAX_LEASE.dividedBy(3) : Duration.between(clock.instant(), target);
        do {
            Instant hop = clock.instant().plus(most);
            Instant next = hop.isBefore(target) ? hop : target;
            store.clockIs(next);
            clock.set(next);
            engine.clockMoved();
            driver.settle(false);
        } while (clock.instant().isBefore(target));
    }

    // ---- what was enqueued ----

    /** All that was enqueued so far, ignored or not, in its order; duplicates of a known job are left out. */
    public List<EnqueuedJob<Payload>> enqueued() {
        return recorder.entries().stream()
                .map(entry -> new EnqueuedJob<>(
                        JobType.of(entry.job().type()), entry.job().payload(), entry.job(), entry.ignored()))
                .toList();
    }

    /** What was enqueued of that type, in its order. */
    public <T> List<EnqueuedJob<T>> enqueued(JobType<T> type) {
        return recorder.entries().stream()
                .filter(entry -> entry.job().type().equals(type.name()))
                .map(entry -> new EnqueuedJob<>(type, pulse.read(type, entry.job()), entry.job(), entry.ignored()))
                .toList();
    }

    /**
     * The one job of that type.
     *
     * @throws AssertionError when none or several were enqueued
     */
    public <T> EnqueuedJob<T> enqueuedOnce(JobType<T> type) {
        return enqueuedOnce(type, payload -> true);
    }

    /**
     * The one job of that type with such a payload.
     *
     * @throws AssertionError when none or several were enqueued
     */
    public <T> EnqueuedJob<T> enqueuedOnce(JobType<T> type, Predicate<? super T> payload) {
        List<EnqueuedJob<T>> all = enqueued(type);
        List<EnqueuedJob<T>> found =
                all.stream().filter(job -> payload.test(job.payload())).toList();
        if (found.size() != 1) {
            throw new AssertionError("expected exactly one such " + type.name() + ", found " + found.size() + " among "
                    + (all.isEmpty() ? "none of that type; enqueued were " + enqueued() : all));
        }
        return found.getFirst();
    }

    /**
     * Checks that nothing of that type was enqueued.
     *
     * @throws AssertionError listing what was
     */
    public void enqueuedNone(JobType<?> type) {
        List<? extends EnqueuedJob<?>> found = enqueued(type);
        if (!found.isEmpty()) {
            throw new AssertionError("expected no " + type.name() + ", found " + found);
        }
    }

    /**
     * Checks that nothing at all was enqueued.
     *
     * @throws AssertionError listing what was
     */
    public void enqueuedNothing() {
        if (!recorder.entries().isEmpty()) {
            throw new AssertionError("expected nothing, found " + enqueued());
        }
    }

    /** Forgets what was enqueued so far; the jobs themselves stay. */
    public void forgetEnqueued() {
        recorder.clear();
    }

    // ---- what became of it ----

    /** The job with its attempts. */
    public Job job(JobRef ref) {
        return job(ref.id());
    }

    /**
     * The job with its attempts.
     *
     * @throws PulseException JOB_NOT_FOUND, also for one that was ignored
     */
    public Job job(UUID id) {
        return pulse.jobs()
                .find(id)
                .orElseThrow(() -> new PulseException(
                        ErrorCode.JOB_NOT_FOUND, "no job has the id " + id + " in " + store.place()));
    }

    public JobStatus status(JobRef ref) {
        return job(ref).status();
    }

    // ---- schedules ----

    /**
     * The schedule of that name, as it stands: what its code declared, when it is next due, what it has counted. Schedules of the
     * code are declared when the Pulse starts, or the clock is moved, or they are asked for here.
     *
     * @throws AssertionError naming those that there are
     */
    public ScheduleInfo schedule(String name) {
        requireOpen();
        pulse.declareSchedules();
        return schedules()
                .filter(schedule -> name.equals(schedule.spec().name()))
                .findFirst()
                .orElseThrow(() -> new AssertionError("expected a schedule " + name + ", found "
                        + schedules().map(schedule -> schedule.spec().name()).toList()));
    }

    /**
     * What the schedule of that name fired so far, in its order; {@link #job(UUID)} tells what became of each job.
     *
     * @throws AssertionError as {@link #schedule}
     */
    public List<Fire> fires(String name) {
        UUID id = schedule(name).id();
        List<Fire> fires = new ArrayList<>();
        String cursor = null;
        do {
            FirePage page = connection.schedules().listFires(id, PAGE, cursor);
            fires.addAll(page.items());
            cursor = page.nextCursor();
        } while (cursor != null);
        return fires.reversed();
    }

    private Stream<ScheduleInfo> schedules() {
        List<ScheduleInfo> schedules = new ArrayList<>();
        String cursor = null;
        do {
            SchedulePage page = connection.schedules().listSchedules(ScheduleFilter.ALL, PAGE, cursor);
            schedules.addAll(page.items());
            cursor = page.nextCursor();
        } while (cursor != null);
        return schedules.stream();
    }

    // ---- leaving out ----

    /** Nothing that is enqueued from now on becomes a job. */
    public Ignoring ignoreAll() {
        return ignore(job -> true);
    }

    /** Nothing of these types becomes a job. */
    public Ignoring ignore(JobType<?> first, JobType<?>... more) {
        Set<String> names = Stream.concat(Stream.of(first), Stream.of(more))
                .map(JobType::name)
                .collect(Collectors.toSet());
        return ignore(job -> names.contains(job.type()));
    }

    /** Nothing of that type with such a payload becomes a job. */
    public <T> Ignoring ignore(JobType<T> type, Predicate<? super T> payload) {
        return ignore(job -> job.type().equals(type.name()) && payload.test(pulse.read(type, job)));
    }

    /** Nothing that the rule finds becomes a job. */
    public Ignoring ignore(Predicate<Submission> rule) {
        return recorder.ignore(rule);
    }

    // ---- the end ----

    /** Ends the worker and the engine; a schema is given back. */
    @Override
    public void close() {
        if (!closed) {
            try {
                pulse.close();
            } finally {
                closed = true;
            }
        }
    }

    /** The engine's, noting what the worker serves, and what is enqueued. */
    private final class TestConnection implements Connection {
        private boolean ended;
        private final TestJobs jobs = new TestJobs(
                connection.jobs(),
                recorder,
                engine.engine().bulk(),
                driver,
                PulseTest.this::submitted,
                PulseTest.this::awaited);
        private final TestBundles bundles = new TestBundles(
                connection.bundles(), recorder, clock, PulseTest.this::submitted, PulseTest.this::awaited);

        @Override
        public JobClient jobs() {
            return jobs;
        }

        @Override
        public Broker broker() {
            return (spec, listener) -> {
                worker = spec;
                return connection.broker().open(spec, listener);
            };
        }

        @Override
        public EventClient events() {
            return connection.events();
        }

        @Override
        public BundleClient bundles() {
            return bundles;
        }

        @Override
        public ScheduleClient schedules() {
            return connection.schedules();
        }

        /** The code under test may have closed its Pulse before the test does. */
        @Override
        public void close() {
            if (ended) {
                return;
            }
            ended = true;
            try {
                connection.close();
                driver.settle(false);
                engine.close();
            } finally {
                store.close();
            }
        }
    }

    /** The middle of every range: a backoff waits exactly what it says. */
    private static final class NoJitter implements RandomGenerator {
        private final Random ids = new Random(SEED);

        @Override
        public double nextDouble() {
            return 0.5;
        }

        @Override
        public long nextLong() {
            return ids.nextLong();
        }
    }
}
