package dev.pulse.engine;

import dev.pulse.model.AuditFilter;
import dev.pulse.model.AuditPage;
import dev.pulse.model.BulkAction;
import dev.pulse.model.BulkOperation;
import dev.pulse.model.BulkResult;
import dev.pulse.model.Caller;
import dev.pulse.model.Explanation;
import dev.pulse.model.HealthCheck;
import dev.pulse.model.HealthDetails;
import dev.pulse.model.IdSource;
import dev.pulse.model.Job;
import dev.pulse.model.JobCounts;
import dev.pulse.model.JobFilter;
import dev.pulse.model.JobLog;
import dev.pulse.model.JobPage;
import dev.pulse.model.JobStatus;
import dev.pulse.model.LeaseToken;
import dev.pulse.model.LimitChange;
import dev.pulse.model.LineInfo;
import dev.pulse.model.Note;
import dev.pulse.model.Pause;
import dev.pulse.model.PulseException;
import dev.pulse.model.Scope;
import dev.pulse.model.ServerInfo;
import dev.pulse.model.SessionInfo;
import dev.pulse.model.SessionSpec;
import dev.pulse.model.Setting;
import dev.pulse.model.Submission;
import dev.pulse.model.Switches;
import dev.pulse.model.Throughput;
import dev.pulse.model.WaitReason;
import dev.pulse.store.Acted;
import dev.pulse.store.Ended;
import dev.pulse.store.Fate;
import dev.pulse.store.Hints;
import dev.pulse.store.Inserted;
import dev.pulse.store.PoolState;
import dev.pulse.store.Report;
import dev.pulse.store.Stores;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one door to the roles that move jobs, for the wire and for embedders. Any thread. What answers at once asks the store
 * on the caller's thread and may block; what answers by a future is gathered with its neighbours first, and completes on a
 * thread of the engine, where nothing must block. The store and the hints belong to whoever made them: closing the engine
 * does not close them.
 */
public final class Engine implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Engine.class);
    private static final Duration CLOSE_WITHIN = Duration.ofSeconds(5);

    /**
     * What the engine must not make up itself.
     *
     * @param serverId random, one start of one server process
     * @param clock wall time; for what people read, never for leases
     * @param ticker monotonic nanoseconds
     * @param random thread-safe
     */
    public record EngineRuntime(
            UUID serverId,
            String serverName,
            String version,
            InstantSource clock,
            LongSupplier ticker,
            RandomGenerator random) {}

    private final Stores stores;
    private final Hints hints;
    private final EngineRuntime runtime;
    private final Roles roles;
    private final Bulk bulk;
    private final Bundles bundles;
    private final Schedules schedules;

    private Engine(Stores stores, Hints hints, EngineRuntime runtime, Roles roles) {
        this.stores = stores;
        this.hints = hints;
        this.runtime = runtime;
        this.roles = roles;
        this.bulk = new Bulk(
                stores.bulk(),
                BulkConfig.DEFAULT,
                roles.bulkRunner,
                new IdSource(runtime.clock(), runtime.random()),
                runtime.ticker());
        this.bundles = new Bundles(
                stores.bundles(),
                BundleConfig.DEFAULT,
                roles.arrivals,
                roles.bundleFolder,
                roles.bundleRoom,
                roles.waitRoom::ended,
                roles.cancels::tell);
        this.schedules = new Schedules(
                stores.schedules(),
                roles.planner,
                roles.scheduleTimer,
                roles.arrivals,
                new IdSource(runtime.clock(), runtime.random()),
                runtime.clock());
    }

    /** Starts the agents. The store's trouble does not stop the start: the agents try until it works. */
    public static Engine start(EngineConfig config, Stores stores, Hints hints, EngineRuntime runtime) {
        return start(config, stores, hints, runtime, null);
    }

    /** As above, for callers that also work inside transactions of their own. */
    public static Engine start(
            EngineConfig config,
            Stores stores,
            Hints hints,
            EngineRuntime runtime,
            @Nullable CallerTransactions transactions) {
        Roles roles = new Roles(config, stores, hints, runtime, transactions);
        Engine engine = of(roles, stores, hints, runtime);
        roles.start();
        return engine;
    }

    /** An engine that somebody else turns. */
    static Engine of(Roles roles, Stores stores, Hints hints, EngineRuntime runtime) {
        roles.lifecycle.advance(Lifecycle.Phase.RUNNING);
        hints.listen(roles.signals::hinted);
        return new Engine(stores, hints, runtime, roles);
    }

    // ---- jobs ----

    /**
     * Stores jobs; completes after the commit (I1), with answers in the order of the batch. Concurrent calls share an
     * insert.
     *
     * @param atomic whether one refusal refuses all: then the future fails with it, naming {@code jobs[n].field}
     */
    public CompletableFuture<List<Inserted>> submit(List<Submission> batch, boolean atomic) {
        return roles.submits.offer(batch, atomic);
    }

    /** Cancels a waiting job at once; of a running one the worker is told. */
    public Acted cancel(UUID id, Caller by) {
        Acted acted = stores.jobs().cancel(id, by);
        if (acted instanceof Acted.Done done) {
            if (done.session() != null) {
                roles.cancels.tell(Set.of(done.session()));
            } else {
                roles.waitRoom.ended(id);
            }
        }
        return acted;
    }

    public Acted requeue(UUID id, Caller by) {
        return ready(stores.jobs().requeue(id, by));
    }

    public Acted runNow(UUID id, Caller by) {
        return ready(stores.jobs().runNow(id, by));
    }

    public Acted delete(UUID id, Caller by) {
        Acted acted = stores.jobs().delete(id, by);
        roles.waitRoom.ended(id);
        return acted;
    }

    /** What operators did, newest first; {@code limit} is 1 to 1000. */
    public AuditPage audit(AuditFilter filter, int limit, @Nullable String cursor) {
        return stores.audit().list(filter, limit, cursor);
    }

    /**
     * Somebody was refused for lack of rights: for the audit log. Returns at once; many of one kind become one entry.
     *
     * @param target as the caller named it; empty for nothing
     */
    public void denied(Caller by, String action, String target) {
        roles.denials.note(by, action, target);
    }

    public Optional<Job> find(UUID id) {
        return stores.jobs().find(id);
    }

    /** What keeps the job waiting; empty for one that does not wait. A few bounded looks at the store, none for others. */
    public List<WaitReason> waiting(Job job) {
        return job.status().isFinal() || job.status() == JobStatus.RUNNING
                ? List.of()
                : stores.jobs().standing(job.facts().id()).map(Explanation::of).orElse(List.of());
    }

    public JobPage list(JobFilter filter, int limit, @Nullable String cursor) {
        return stores.jobs().list(filter, limit, cursor);
    }

    public JobCounts counts() {
        return stores.jobs().counts();
    }

    /**
     * What happened in the last {@code window}, in buckets; also of jobs that are long gone.
     *
     * @throws PulseException INVALID_QUERY naming {@code window} or {@code bucket}
     */
    public Throughput throughput(Duration window, Duration bucket) {
        return stores.history().throughput(window, bucket);
    }

    /**
     * Takes down what attempts tell of themselves; returns at once, and what there is no room for is dropped and counted.
     * Only what is told under the token of a running or ended attempt is kept.
     */
    public void note(List<Note> notes) {
        roles.notebook.add(notes);
    }

    /**
     * What the job's attempts told of themselves; empty also for a job that is not known.
     *
     * @param after the number of the last line seen; 0 for all
     */
    public JobLog log(UUID id, long after, int limit) {
        return stores.notes().read(id, after, limit);
    }

    /** The job once it is final, or as it stands when the time is over; empty for an unknown id. */
    public CompletableFuture<Optional<Job>> await(UUID id, Duration timeout) {
        return roles.waitRoom.await(id, timeout);
    }

    /** Rules that make jobs. */
    public Schedules schedules() {
        return schedules;
    }

    /** Acts on many jobs. */
    public Bulk bulk() {
        return bulk;
    }

    /**
     * One act on all jobs that the filter finds, awaited for half a minute.
     *
     * @throws PulseException with INVALID_FIELD for a filter that may mean every job
     */
    public BulkResult bulk(BulkAction action, JobFilter filter, boolean dryRun, Caller by) {
        if (dryRun) {
            return bulk.count(filter, false);
        }
        BulkOperation started = bulk.start(action, filter, false, null, by);
        return bulk.await(started.id(), BulkConfig.DEFAULT.waitMax())
                .orElse(started)
                .result();
    }

    private Acted ready(Acted acted) {
        if (acted instanceof Acted.Done done && done.lane() != 0 && done.status() == JobStatus.PENDING) {
            roles.signals.readyAtTheEnd(Set.of(done.lane()));
        }
        return acted;
    }

    // ---- transactions of callers ----

    /**
     * Jobs were stored in a transaction of the caller's that has not ended: once it has committed, workers are woken as for
     * any other submit. Returns at once.
     *
     * @param transaction as the store told it
     * @throws IllegalStateException where the engine was started without such transactions
     */
    public void storedIn(long transaction, List<Inserted> answers) {
        commits().stored(transaction, answers);
    }

    /**
     * Attempts were ended in a transaction of the caller's that has not ended. Completes once it has, with COMMITTED or
     * ROLLED_BACK; with UNKNOWN where nobody can say, and where the engine is closed before.
     *
     * @throws IllegalStateException where the engine was started without such transactions
     */
    public CompletableFuture<Fate> endedIn(long transaction, List<Ended> ended) {
        return commits().ended(transaction, ended);
    }

    /** How transactions of callers were followed. */
    public CommitStats commitStats() {
        return commits().stats();
    }

    private CommitWatch commits() {
        if (roles.commits == null) {
            throw new IllegalStateException("this engine was started without transactions of callers");
        }
        return roles.commits;
    }

    // ---- events ----

    /** What happens to jobs and bundles, followed live or through durable subscriptions. */
    public EventFeed events() {
        return roles.events;
    }

    // ---- switches ----

    /** What is paused and limited now. */
    public Switches switches() {
        return stores.switches().read();
    }

    /**
     * Stops claims; submits land and running jobs finish. Binds every claim of every server that begins after this returned.
     *
     * @param reason for people; null for none
     * @throws PulseException with INVALID_FIELD for a reason that is too long
     */
    public Setting pause(Scope scope, @Nullable String reason, Caller by) {
        Setting setting = stores.switches().pause(scope, Pause.reason(reason), by);
        roles.signals.switched();
        log.info("{} paused by {}", scope, by.name());
        return setting;
    }

    /** Lets claims go on. */
    public Setting resume(Scope scope, Caller by) {
        Setting setting = stores.switches().resume(scope, by);
        roles.signals.switched();
        log.info("{} resumed by {}", scope, by.name());
        return setting;
    }

    /**
     * Changes how much of a queue or type may run.
     *
     * @throws PulseException with INVALID_FIELD for a limit out of range
     */
    public Setting limit(Scope scope, LimitChange change, Caller by) {
        Setting setting = stores.switches().limit(scope, change, by);
        roles.signals.switched();
        log.info("limits of {} set by {}: {}", scope, by.name(), setting.limits());
        return setting;
    }

    /** All queues, or all types, that have been seen or set, by name. */
    public List<LineInfo> lines(Scope.Kind kind) {
        return stores.switches().lines(kind);
    }

    // ---- bundles ----

    public Bundles bundles() {
        return bundles;
    }

    // ---- sessions ----

    public List<SessionInfo> sessions() {
        return stores.sessions().sessions();
    }

    public List<ServerInfo> servers() {
        return stores.servers().servers();
    }

    /**
     * Opens or takes up a session, for workers with a stream.
     *
     * @param held the tokens that a reconnecting worker names; empty at first
     * @throws PulseException with SESSION_ENDED where the session was ended before, SHUTTING_DOWN while draining
     */
    public WorkerSession attach(SessionSpec spec, Set<LeaseToken> held, SessionListener listener) {
        return roles.sessions.attach(spec, held, listener);
    }

    /**
     * Opens a session for a worker without a stream.
     *
     * @throws PulseException as {@link #attach}
     */
    public WorkerSession open(SessionSpec spec) {
        return roles.sessions.open(spec);
    }

    /**
     * A live session, also one that another server opened: for workers without a stream.
     *
     * @param mine whether it is the caller's
     * @throws PulseException with SESSION_ENDED or SESSION_NOT_FOUND
     */
    public WorkerSession session(UUID id, Predicate<SessionSpec> mine) {
        return roles.sessions.takeUp(id, mine);
    }

    /**
     * Reports of a worker without a stream, whatever became of its session: one that lapsed hears {@code STALE}.
     *
     * @param mine whether it is the caller's, asked while the session lives
     * @throws PulseException with SESSION_NOT_FOUND, now or in the future, where neither the session nor a job is known
     */
    public CompletableFuture<List<Ended>> report(UUID session, List<Report> reports, Predicate<SessionSpec> mine) {
        return roles.sessions.report(session, reports, mine);
    }

    // ---- the server itself ----

    /** How this server is, by a write to the store just now. May block as long as the store does, but not for ever. */
    public HealthReport health() {
        return roles.health.report();
    }

    /**
     * How this server and what it stands on are, in detail. Asks the store for what was not asked not long ago, and may take as
     * long as its longest query.
     */
    public HealthDetails checkup() {
        HealthReport report = health();
        List<HealthCheck> checks;
        try {
            checks = Checkup.of(report, takeCensus(), servers(), pools(), hints.hearing());
        } catch (RuntimeException e) {
            checks = Checkup.without(report, pools(), Trouble.told(e));
        }
        return new HealthDetails(report.live(), report.ready(), report.leader(), checks);
    }

    public EngineStats stats() {
        return roles.stats();
    }

    /**
     * What stood in the store not long ago; empty where it has not been counted. Never waits: asking has it counted soon, and
     * again while somebody asks, on the server that leads.
     */
    public Optional<Census> census() {
        return Optional.ofNullable(roles.census.latest());
    }

    /**
     * What stands in the store, counted on this thread unless it was not long ago. May take as long as the store's longest
     * query.
     *
     * @throws PulseException the store's trouble
     */
    public Census takeCensus() {
        return roles.census.count();
    }

    /** The pools of connections to the store as they are at this moment; empty where there are none. */
    public List<PoolState> pools() {
        return stores.vitals().pools();
    }

    /** Claims nothing more and asks every worker to finish and leave. Everything else goes on. */
    public void drain() {
        if (roles.lifecycle.advance(Lifecycle.Phase.DRAINING)) {
            log.info("draining: {} sessions are asked to leave", roles.registry.size());
            roles.drain();
        }
    }

    /** Ends the agents when what they have taken in is done, within seconds. Sessions live on and can be taken up. */
    @Override
    public void close() {
        drain();
        if (!roles.lifecycle.advance(Lifecycle.Phase.CLOSED)) {
            return;
        }
        roles.stop(CLOSE_WITHIN);
        signOff();
    }

    void signOff() {
        try {
            stores.servers().leave(runtime.serverId());
        } catch (RuntimeException e) {
            log.warn("could not sign off from the store; the others will notice: {}", e.getMessage());
        }
    }
}
