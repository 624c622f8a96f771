package dev.pulse.server;

import dev.pulse.access.ApiKeys;
import dev.pulse.access.SignIn;
import dev.pulse.engine.Engine;
import dev.pulse.json.BundleReader;
import dev.pulse.json.ScheduleReader;
import dev.pulse.json.SubmissionReader;
import dev.pulse.model.ErrorCode;
import dev.pulse.model.IdSource;
import dev.pulse.model.PulseException;
import dev.pulse.model.Violation;
import dev.pulse.store.Hints;
import dev.pulse.store.Stores;
import dev.pulse.storepostgres.PgStores;
import dev.pulse.tls.TlsMaterial;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One running server: store, engine and the two doors, started in this order and stopped in the other. Both run in the
 * caller's process; {@link #stop} may be called by any thread and does its work once.
 */
public final class PulseServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PulseServer.class);
    /** What closing the doors and the engine may take of the drain limit. */
    private static final Duration CLOSING = Duration.ofSeconds(8);

    private static final Duration READY_WITHIN = Duration.ofSeconds(15);
    private static final Duration READY_LOOK = Duration.ofMillis(5);

    private final Parts parts;
    private final Duration drainLimit;
    private final AtomicBoolean stopping = new AtomicBoolean();

    /** What has been started, in this order. */
    private record Parts(
            AutoCloseable store,
            Engine engine,
            ExecutorService blocking,
            WorkerStreams streams,
            SignIn signIn,
            Meters meters,
            GrpcDoor grpc,
            HttpDoor http,
            @Nullable TlsWatch tls,
            ScheduledExecutorService watcher) {}

    private PulseServer(Parts parts, Duration drainLimit) {
        this.parts = parts;
        this.drainLimit = drainLimit;
    }

    /**
     * Starts a server; it accepts work when this returns.
     *
     * @throws PulseException CONFIGURATION, DATABASE_UNAVAILABLE or DATABASE_UNSUITABLE; then nothing is left running
     */
    public static PulseServer start(ServerConfig config) {
        if (!config.hasDatabase()) {
            throw PulseException.of(
                    ErrorCode.CONFIGURATION,
                    List.of(new Violation(
                            "--" + Setting.DATABASE_URL.key(), "is required: " + Setting.DATABASE_URL.description())));
        }
        PgStores store = PgStores.open(config.database());
        try {
            return start(config, store.stores(), store.hints(), store);
        } catch (RuntimeException e) {
            store.close();
            throw e;
        }
    }

    /** Starts a server on an opened store, which it closes when it stops. */
    static PulseServer start(ServerConfig config, Stores stores, Hints hints, AutoCloseable store) {
        LOG.debug("{} library logs are quiet", LibraryLogs.quieten());
        SystemTime time = SystemTime.INSTANCE;
        UUID serverId = new IdSource(time, time.random()).next();
        String name = name();
        Engine engine = Engine.start(
                config.engine(),
                stores,
                hints,
                new Engine.EngineRuntime(serverId, name, version(), time, time::nanos, time.random()));
        try {
            awaitReady(engine, time);
            return new PulseServer(openDoors(config, engine, stores, store, name, time), config.drainLimit());
        } catch (RuntimeException e) {
            engine.close();
            throw e;
        }
    }

    /** The first write to the store makes it ready, within milliseconds; nobody is to meet a server that is not. */
    private static void awaitReady(Engine engine, SystemTime time) {
        long deadline = time.nanos() + READY_WITHIN.toNanos();
        while (!engine.health().ready()) {
            if (time.nanos() > deadline || Thread.currentThread().isInterrupted()) {
                throw new PulseException(
                        ErrorCode.DATABASE_UNAVAILABLE,
                        "not ready within " + READY_WITHIN.toSeconds() + "s: "
                                + String.join("; ", engine.health().problems()));
            }
            time.pause(READY_LOOK);
        }
    }

    private static Parts openDoors(
            ServerConfig config, Engine engine, Stores stores, AutoCloseable store, String name, SystemTime time) {
        IdSource ids = new IdSource(time, time.random());
        DoorConfig doors = config.doors();
        ApiKeys keys = new ApiKeys(stores.keys(), time.secrets());
        SignIn signIn = new SignIn(
                config.access(), keys, stores.signIns(), Runtime.getRuntime().availableProcessors(), time::nanos);
        TlsWatch tls = doors.tls() == null ? null : TlsWatch.open(doors.tls(), time);
        TlsMaterial material = tls == null ? null : tls.material();
        GrpcHints.install(time::nanos);
        Quotas quotas = new Quotas(doors.quotas(), config.access().isOpen(), time::nanos);
        ExecutorService blocking = Executors.newVirtualThreadPerTaskExecutor();
        Desks desks = new Desks(engine);
        Denials denials = new Denials(engine);
        WorkerStreams streams =
                new WorkerStreams(desks, config.limits(), ids, blocking, time::nanos, StreamConfig.DEFAULT);
        CallCounts counts = new CallCounts();
        Meters meters = meters(engine, counts, blocking, material);
        GrpcDoor grpc = GrpcDoor.open(
                doors.grpc(),
                doors.bodyBytes(),
                new GrpcService(desks, config.limits(), ids, blocking, streams, name, keys),
                signIn,
                denials,
                new GrpcCounting(counts, time::nanos),
                blocking,
                quotas,
                material);
        try {
            Router router = new Router();
            SubmissionReader submissions = new SubmissionReader(config.limits(), ids);
            new JobRoutes(desks, submissions).addTo(router, doors.bodyBytes());
            new BundleRoutes(desks, new BundleReader(submissions, ids)).addTo(router, doors.bodyBytes());
            new ScheduleRoutes(desks, new ScheduleReader(config.limits(), ids)).addTo(router, doors.bodyBytes());
            new LogRoutes(desks).addTo(router);
            new SessionRoutes(desks, ids, config.limits()).addTo(router, doors.bodyBytes());
            new OperatorRoutes(desks).addTo(router);
            new SystemRoutes(engine, desks).addTo(router);
            new MetricsRoutes(meters).addTo(router);
            new HistoryRoutes(desks).addTo(router);
            new EventRoutes(desks).addTo(router);
            new SwitchRoutes(desks).addTo(router);
            new KeyRoutes(keys).addTo(router);
            new DescriptionRoutes(router).addTo(router);
            HttpDoor http = HttpDoor.open(
                    doors.http(),
                    doors.bodyBytes(),
                    router,
                    signIn,
                    denials,
                    counts,
                    quotas,
                    time::nanos,
                    PaceConfig.DEFAULT,
                    material);
            return new Parts(store, engine, blocking, streams, signIn, meters, grpc, http, tls, watching(http, tls));
        } catch (RuntimeException e) {
            grpc.close();
            throw e;
        }
    }

    private static Meters meters(Engine engine, CallCounts counts, Executor blocking, @Nullable TlsMaterial tls) {
        Meters meters = new Meters(engine, counts, blocking);
        meters.count("pulse.sign.in.failures", "Calls whose caller could not be told", counts::unauthenticated);
        if (tls != null) {
            meters.gauge(
                    "pulse.tls.expiry.seconds",
                    "How long the certificate is good for",
                    () -> tls.validFor().map(left -> (double) left.toSeconds()).orElse(Double.NaN));
        }
        return meters;
    }

    /** One thread that looks after slow callers and after the certificate, for as long as the doors are open. */
    private static ScheduledExecutorService watching(HttpDoor http, @Nullable TlsWatch tls) {
        ScheduledExecutorService watcher = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().name("pulse-doors").daemon().factory());
        repeat(watcher, HttpLines.EVERY, http.lines()::step);
        if (tls != null) {
            repeat(watcher, TlsWatch.EVERY, tls::step);
        }
        return watcher;
    }

    /** A step that fails is told and done again: one failure must not end all that follow. */
    private static void repeat(ScheduledExecutorService watcher, Duration every, Runnable step) {
        var unused = watcher.scheduleWithFixedDelay(
                () -> {
                    try {
                        step.run();
                    } catch (RuntimeException e) {
                        LOG.error("looking after the doors failed; it is tried again", e);
                    }
                },
                every.toMillis(),
                every.toMillis(),
                TimeUnit.MILLISECONDS);
    }

    /** When the certificate of the doors stops being valid; empty without TLS. */
    public Optional<Instant> certificateExpiresAt() {
        return Optional.ofNullable(parts.tls).flatMap(watch -> watch.material().expiresAt());
    }

    /** Whether the certificate files were replaced by some that are of no use, so that older ones are in use. */
    public boolean isCertificateStale() {
        return parts.tls != null && parts.tls.material().isStale();
    }

    /** Looks at the certificate files now instead of within {@link TlsWatch#EVERY}. */
    void reloadCertificate() {
        if (parts.tls != null) {
            parts.tls.step();
        }
    }

    /** Where REST listens, with the port that it got. */
    public Address httpAddress() {
        return parts.http.address();
    }

    /** Where gRPC listens, with the port that it got. */
    public Address grpcAddress() {
        return parts.grpc.address();
    }

    /** The names of all REST routes, like {@code GET /jobs/{id}}. */
    List<String> routes() {
        return parts.http.routes();
    }

    /** The one line that tells whoever started the process that work is accepted. */
    public String readyLine() {
        return "pulse ready http=" + httpAddress() + " grpc=" + grpcAddress();
    }

    /** The version of this build. */
    public static String version() {
        try (InputStream in = PulseServer.class.getResourceAsStream("version.txt")) {
            return in == null ? "unknown" : new String(in.readAllBytes(), StandardCharsets.UTF_8).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Drains and stops: claims nothing more, asks the workers to leave and waits for them, lets calls finish, then closes
     * doors, engine and store. Within the drain limit; a second call returns at once.
     */
    public void stop() {
        if (!stopping.compareAndSet(false, true)) {
            return;
        }
        LOG.info("stopping within {} s", drainLimit.toSeconds());
        parts.grpc.leave();
        parts.engine.drain();
        try {
            Duration patience = drainLimit.minus(CLOSING);
            if (!patience.isNegative() && !parts.streams.awaitNone(patience)) {
                LOG.info("workers are still busy; their leases go on without this server");
            }
            parts.engine.events().dismiss();
            parts.grpc.close(Duration.ofSeconds(1));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            parts.grpc.close();
        }
        parts.http.close();
        parts.watcher.shutdownNow();
        parts.meters.close();
        parts.engine.close();
        parts.signIn.close();
        parts.blocking.shutdownNow();
        closeStore();
        LOG.info("stopped");
    }

    private void closeStore() {
        try {
            parts.store.close();
        } catch (Exception e) {
            LOG.warn("the store did not close in good order", e);
        }
    }

    @Override
    public void close() {
        stop();
    }

    /** For people: host and process. */
    private static String name() {
        String host;
        try {
            host = InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            host = "localhost";
        }
        return host + "/" + ProcessHandle.current().pid();
    }
}
