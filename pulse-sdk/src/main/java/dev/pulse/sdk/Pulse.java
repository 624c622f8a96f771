package dev.pulse.sdk;

import dev.pulse.model.BundleSubmission;
import dev.pulse.model.BundleTree;
import dev.pulse.model.ErrorCode;
import dev.pulse.model.Event;
import dev.pulse.model.EventFilter;
import dev.pulse.model.IdSource;
import dev.pulse.model.Job;
import dev.pulse.model.Limits;
import dev.pulse.model.Payload;
import dev.pulse.model.PulseException;
import dev.pulse.model.ScheduleInfo;
import dev.pulse.model.ScheduleSpec;
import dev.pulse.model.Submission;
import dev.pulse.model.SubmissionBuilder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.function.Consumer;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * The one thing that an application needs: enqueue jobs, and handle them. The same handlers run over every way to get
 * work; {@link #connect} takes them from a server.
 *
 * <p>Thread-safe. Handlers are registered before {@link #start}; a Pulse that only enqueues is never started.
 */
public final class Pulse implements AutoCloseable {
    private static final Limits SENT_TO_SERVER = new Limits(Limits.HARD_PAYLOAD_BYTES);

    private final Connection connection;
    private final WorkerConfig config;
    private final WorkerListener listener;
    private final Codecs codecs;
    private final Tracing tracing;
    private final IdSource ids;
    private final PulseRuntime runtime;
    private final Declarations declarations;
    private final Map<String, Handler<?>> handlers = new LinkedHashMap<>();
    private @Nullable Worker worker;
    private @Nullable Following following;
    private volatile boolean closed;

    private Pulse(Connection connection, PulseOptions options, PulseRuntime runtime) {
        this.connection = connection;
        this.config = options.worker();
        this.listener = options.listener();
        this.tracing = options.tracing();
        List<PayloadCodec> own = new ArrayList<>(options.codecs());
        ServiceLoader.load(PayloadCodec.class).forEach(own::add);
        this.codecs = new Codecs(own, options.transforms());
        this.ids = new IdSource(runtime.clock(), runtime.random());
        this.runtime = runtime;
        this.declarations = new Declarations(options.application(), () -> open().schedules(), listener, runtime);
    }

    /** Connects to a server, for example {@code localhost:50051}. Does not wait for it to be there. */
    public static Pulse connect(String address) {
        return connect(address, options -> {});
    }

    /** As a user, or with an API key: {@link Credentials#password}, {@link Credentials#apiKey}. */
    public static Pulse connect(String address, Credentials credentials) {
        return connect(address, credentials, options -> {});
    }

    public static Pulse connect(String address, Consumer<PulseOptions> options) {
        return connect(address, Credentials.none(), options);
    }

    /**
     * As a user or with an API key, with choices of one's own.
     *
     * @throws PulseException CONFIGURATION where the secret would go to another machine without TLS, see
     *     {@link Credentials#insecure}
     */
    public static Pulse connect(String address, Credentials credentials, Consumer<PulseOptions> options) {
        for (Connector connector : ServiceLoader.load(Connector.class)) {
            var connection = connector.connect(address, credentials);
            if (connection.isPresent()) {
                return over(connection.get(), options);
            }
        }
        throw new PulseException(
                ErrorCode.CONFIGURATION,
                "nothing on the class path connects to \"" + address + "\": add pulse-client, and write host:port");
    }

    /**
     * Runs the whole engine inside the application, on its own PostgreSQL: jobs can be enqueued and completed in the
     * application's transactions ({@link #within}), and servers may work on the same tables beside it. Needs pulse-embedded
     * on the class path. Returns when the database is known to be fit and its schema is at this version.
     *
     * @throws PulseException DATABASE_UNAVAILABLE, DATABASE_UNSUITABLE or CONFIGURATION; the message says what to do
     */
    public static Pulse embedded(DataSource database) {
        return embedded(database, options -> {});
    }

    /** As {@link #embedded(DataSource)}, with choices of one's own. */
    public static Pulse embedded(DataSource database, Consumer<EmbeddedOptions> options) {
        Objects.requireNonNull(database, "database");
        EmbeddedOptions chosen = new EmbeddedOptions();
        options.accept(chosen);
        for (Embedder embedder : ServiceLoader.load(Embedder.class)) {
            return over(embedder.embed(database, chosen.settings(processName())), chosen.worker());
        }
        throw new PulseException(
                ErrorCode.CONFIGURATION, "nothing on the class path embeds the engine: add pulse-embedded");
    }

    /** Works over any connection, and closes it in the end. */
    public static Pulse over(Connection connection, Consumer<PulseOptions> options) {
        return over(connection, options, PulseRuntime.own());
    }

    /** As {@link #over(Connection, Consumer)}, with a clock and threads of the caller's, for tests. */
    public static Pulse over(Connection connection, Consumer<PulseOptions> options, PulseRuntime runtime) {
        PulseOptions chosen = new PulseOptions(
                WorkerConfig.named(processName()), new LoggingListener(System.getLogger("dev.pulse.worker")));
        options.accept(chosen);
        return new Pulse(connection, chosen, runtime);
    }

    private static String processName() {
        String host = System.getenv().getOrDefault("HOSTNAME", "worker");
        String name = host + "-" + ProcessHandle.current().pid();
        return name.substring(Math.max(0, name.length() - 64));
    }

    /** Registers the handler of a type; returning means Ack. */
    public <T> Pulse handle(JobType<T> type, JobHandler<T> handler) {
        Objects.requireNonNull(handler, "handler");
        return handleReturning(type, (job, payload) -> {
            handler.handle(job, payload);
            return null;
        });
    }

    /** Registers a handler that says more than Ack: one of {@link Outcomes}, or the job's result. */
    public synchronized <T> Pulse handleReturning(JobType<T> type, ReturningHandler<T> handler) {
        if (worker != null) {
            throw new IllegalStateException("register " + type.name() + " before start");
        }
        Objects.requireNonNull(handler, "handler");
        Handler<T> entry = new Handler<>(type, codecs.forClass(type.payload()), handler);
        if (handlers.putIfAbsent(type.name(), entry) != null) {
            throw new IllegalStateException(type.name() + " has a handler already");
        }
        return this;
    }

    /** Whether there is anything to start. */
    public synchronized boolean hasHandlers() {
        return !handlers.isEmpty();
    }

    /** Makes a job durable; returns after the commit. */
    public <T> JobRef enqueue(JobType<T> type, T payload) {
        return enqueue(type, payload, options -> {});
    }

    public <T> JobRef enqueue(JobType<T> type, T payload, Consumer<EnqueueOptions> options) {
        return traced(type, 1, () -> new JobRef(jobs(), jobs().submit(submission(type, payload, options))));
    }

    /** Makes all durable in one commit, or none; at most {@link Limits#MAX_BATCH}. */
    public <T> List<JobRef> enqueueAll(JobType<T> type, List<T> payloads) {
        return enqueueAll(type, payloads, options -> {});
    }

    public <T> List<JobRef> enqueueAll(JobType<T> type, List<T> payloads, Consumer<EnqueueOptions> options) {
        return traced(
                type,
                payloads.size(),
                () -> jobs().submitAll(submissions(type, payloads, options)).stream()
                        .map(submitted -> new JobRef(jobs(), submitted))
                        .toList());
    }

    /** Enqueues under a span of its own, which the jobs carry along. */
    <R> R traced(JobType<?> type, int jobs, Supplier<R> enqueue) {
        try (Tracing.Span span = tracing.enqueue(type.name(), jobs)) {
            try {
                return enqueue.get();
            } catch (RuntimeException e) {
                span.failed(e);
                throw e;
            }
        }
    }

    /**
     * Submits jobs that belong together: all are stored, or none. At most {@link BundleTree#MAX_JOBS}, those of bundles in it
     * included.
     *
     * @param type names the kind of bundle for people and filters; the alphabet of job types
     */
    public BundleRef bundle(String type, Consumer<BundleDraft> members) {
        BundleDraft draft = new BundleDraft(this::submission, ids, type);
        members.accept(draft);
        BundleSubmission bundle = draft.build();
        BundleTree.of(bundle, BundleTree.MAX_JOBS); // refuses here what every door would refuse
        return new BundleRef(bundles(), bundles().submitBundle(bundle));
    }

    /** Bundles as their owners see them: find, await, cancel, list. */
    public BundleClient bundles() {
        return open().bundles();
    }

    /**
     * Has a job made at the times that the schedule says. It is declared when this Pulse starts, together with all others: made
     * where its name is new, changed where it is not as the code says, and left alone else, however many replicas start at
     * once. After the start it is declared at once. Schedules that this application declared before, and does not any more,
     * are told of and go on: {@link #schedules} deletes them.
     *
     * <p>The name is the type's where the schedule has none. A Pulse that is never started declares by
     * {@link #declareSchedules}, or uses {@link #schedules}.
     *
     * @return this
     * @throws IllegalStateException where this Pulse has a schedule of that name
     * @throws PulseException INVALID_FIELD for a wrong option; after the start, what {@link #declareSchedules} throws
     */
    public <T> Pulse schedule(JobType<T> type, T payload, Schedule schedule) {
        return schedule(type, payload, schedule, options -> {});
    }

    /** With options for each of the jobs; those of a single job (id, delay, runAt, key) are refused. */
    public <T> Pulse schedule(JobType<T> type, T payload, Schedule schedule, Consumer<EnqueueOptions> options) {
        open();
        Objects.requireNonNull(schedule, "schedule");
        declarations.add(schedule.spec(template(type, payload, options), type.name()), schedule.isNamed());
        return this;
    }

    /**
     * Declares now what {@link #schedule} was given, as a start does: for processes that have no handlers. Does nothing where
     * nothing is new.
     *
     * @return those that are missing in the code
     * @throws PulseException INVALID_FIELD, naming the field, for a schedule that is wrong; UNREACHABLE and others that may
     *     pass where the other side is away. What was declared before the refusal stays
     */
    public List<ScheduleInfo> declareSchedules() {
        return declarations.declare();
    }

    /** Schedules as their owners see them: create, find, pause, run now, edit, delete, fires, preview. */
    public ScheduleClient schedules() {
        return open().schedules();
    }

    /** What {@link #schedules} stores: without a name where the schedule has none. */
    public <T> ScheduleSpec scheduleSpec(JobType<T> type, T payload, Schedule schedule) {
        return scheduleSpec(type, payload, schedule, options -> {});
    }

    /** With options for each of the jobs. */
    public <T> ScheduleSpec scheduleSpec(
            JobType<T> type, T payload, Schedule schedule, Consumer<EnqueueOptions> options) {
        return schedule.spec(template(type, payload, options), null);
    }

    /**
     * Joins the transaction that stands, or begins, on a connection of the application's: it must not be in autocommit mode.
     * Any wrapper of a connection will do, as pools and frameworks hand them out.
     *
     * @throws IllegalStateException where this Pulse is not {@link #embedded}
     */
    public Transaction within(java.sql.Connection transaction) {
        Objects.requireNonNull(transaction, "transaction");
        return new Transaction(this, open().transactions(), transaction);
    }

    <T> List<Submission> submissions(JobType<T> type, List<T> payloads, Consumer<EnqueueOptions> options) {
        return payloads.stream()
                .map(payload -> submission(type, payload, options))
                .toList();
    }

    /** A result as it is stored. */
    Payload result(String type, Object value) {
        Payload plain = codecs.forClass(value.getClass()).encode(value);
        return codecs.coded(plain, new PayloadUse(type, PayloadUse.Part.RESULT, false));
    }

    /** The connection, while there is one. */
    private Connection open() {
        if (closed) {
            throw new IllegalStateException("this Pulse is closed");
        }
        return connection;
    }

    private <T> Submission submission(JobType<T> type, T payload, Consumer<EnqueueOptions> options) {
        return submission(type, payload, options, false);
    }

    /** What each occurrence of a schedule submits. */
    private <T> Submission template(JobType<T> type, T payload, Consumer<EnqueueOptions> options) {
        return submission(type, payload, options, true);
    }

    private <T> Submission submission(JobType<T> type, T payload, Consumer<EnqueueOptions> options, boolean scheduled) {
        Objects.requireNonNull(payload, "payload");
        SubmissionBuilder builder = new SubmissionBuilder(SENT_TO_SERVER);
        type.applyTo(builder);
        EnqueueOptions chosen = new EnqueueOptions(builder, scheduled);
        options.accept(chosen);
        if (!scheduled) {
            chosen.carry(tracing.context());
        }
        return chosen.build(type, payload, codecs, ids);
    }

    /** The payload of a submission of that type as its handler sees it. */
    public <T> T read(JobType<T> type, Submission job) {
        Payload plain = codecs.plain(job.payload(), new PayloadUse(type.name(), PayloadUse.Part.PAYLOAD, false));
        return codecs.forClass(type.payload()).decode(plain, type.payload());
    }

    /** Jobs as their owners see them: find, await, cancel, requeue, list. */
    public JobClient jobs() {
        return open().jobs();
    }

    /**
     * What the handler of a completed job returned, as the codec reads it; empty where it returned nothing.
     *
     * @throws IllegalArgumentException where the result cannot be read, for example for want of a key
     */
    public <R> Optional<R> resultOf(Job job, Class<R> type) {
        Payload result = job.result();
        if (result == null) {
            return Optional.empty();
        }
        Payload plain = codecs.plain(result, new PayloadUse(job.facts().type(), PayloadUse.Part.RESULT, false));
        return Optional.of(codecs.forClass(type).decode(plain, type));
    }

    /** The events of jobs and bundles, call by call; {@link #on} and {@link #subscribe} are made of it. */
    public EventClient events() {
        return open().events();
    }

    /**
     * Has a listener called, in this process, with each event that the filter lets through and that commits from now on. Not
     * durable: a listener that is slow, or away, misses events. Any number of listeners; closing the answer ends it.
     */
    public EventListening on(EventFilter filter, Consumer<Event> listener) {
        return following().listen(filter, listener);
    }

    /** The same for the bundles of one type that have completed. */
    public EventListening onBundleCompleted(String type, Consumer<Event> listener) {
        return following().listenToBundles(type, listener);
    }

    /**
     * Consumes a durable subscription, which is made where it does not exist: each event goes to one consumer of the name, at
     * least once. A new one begins with what commits from now on.
     *
     * @param name 1 to 128 of {@code A-Z a-z 0-9 . _ : -}
     * @throws PulseException SUBSCRIPTION_CONFLICT where the name has another filter
     */
    public EventSubscription subscribe(String name, EventFilter filter, EventHandler handler) {
        return subscribe(name, filter, SubscriptionOptions.DEFAULT, handler);
    }

    public EventSubscription subscribe(
            String name, EventFilter filter, SubscriptionOptions options, EventHandler handler) {
        return following().subscribe(name, filter, options, handler);
    }

    private synchronized Following following() {
        if (following == null) {
            following = new Following(open().events(), config.name(), runtime.ticker());
        }
        return following;
    }

    private synchronized @Nullable Following currentFollowing() {
        return following;
    }

    /**
     * Declares the schedules, starts working, and returns. Where the other side is away, the work starts when it is back, and
     * the schedules are declared then; a refusal that comes so late is told to the listener.
     *
     * @throws PulseException where a schedule is refused, as {@link #declareSchedules}; then nothing was started
     */
    public void start() {
        startedWorker();
    }

    private Worker startedWorker() {
        requireStartable();
        declarations.begin();
        return startWorker();
    }

    private synchronized Connection requireStartable() {
        Connection live = open();
        if (worker != null) {
            throw new IllegalStateException("started already");
        }
        if (handlers.isEmpty()) {
            throw new IllegalStateException(
                    "register a handler before start; schedules alone are declared by declareSchedules()");
        }
        return live;
    }

    private synchronized Worker startWorker() {
        Connection live = requireStartable();
        worker = new Worker(
                config,
                handlers.keySet(),
                new AttemptRunner(handlers, codecs, tracing),
                live.broker(),
                listener,
                ids,
                runtime);
        worker.start();
        return worker;
    }

    /**
     * Works until closed or interrupted; an interrupt drains first.
     *
     * @throws PulseException when the server refuses this worker for good, or a schedule at the start
     */
    public void run() {
        Worker started = startedWorker();
        try {
            started.awaitClosed();
        } catch (InterruptedException e) {
            started.close();
            Thread.currentThread().interrupt();
        }
    }

    /**
     * What lies beneath, of that class, where there is such a thing: {@code dev.pulse.engine.Engine} of an embedded Pulse, for
     * its metrics. Closing it is not the caller's business.
     */
    public <T> Optional<T> unwrap(Class<T> type) {
        return connection.unwrap(type);
    }

    /**
     * Lets running handlers finish within the drain timeout, hands back the rest, and closes the connection. Again and again
     * is the same as once.
     *
     * @throws IllegalStateException in a handler, which it would wait for
     */
    @Override
    public void close() {
        Worker running = runningWorker();
        if (running != null && running.isHandlerThread()) {
            throw new IllegalStateException("a handler cannot close its own Pulse: close() waits for it to end");
        }
        declarations.close();
        Following followed = currentFollowing();
        if (followed != null) {
            followed.close(config.drainTimeout());
        }
        if (running != null) {
            running.close(); // its handlers may enqueue to the end
        }
        closed = true;
        connection.close();
    }

    private synchronized @Nullable Worker runningWorker() {
        return worker;
    }
}
