package dev.pulse.micrometer;

import dev.pulse.engine.Census;
import dev.pulse.engine.Engine;
import dev.pulse.engine.EngineStats;
import dev.pulse.store.PoolState;
import io.micrometer.core.instrument.Clock;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/**
 * Publishes what an engine counts as meters; their names are in docs/metrics.md. Bind it once to each registry. Thread-safe.
 *
 * <p>Reading is cheap however many jobs there are: what this server did is counted as it happens, and what all servers share
 * is counted by the one that leads, at its own pace, while somebody asks. Only that server has the shared meters, so that
 * their sum over all servers is right. Names of types and queues are taken up to {@value #MOST_NAMES} each; all further ones
 * are {@code other}.
 */
public final class PulseMetrics implements MeterBinder {
    /** Types, and queues, that have a series of their own. */
    public static final int MOST_NAMES = 100;

    /** What is read within so short a time is one look. */
    private static final long ONE_LOOK = TimeUnit.MILLISECONDS.toNanos(500);

    private final Engine engine;
    private final Clock clock;
    private final Labels types = new Labels(MOST_NAMES);
    private final Labels queues = new Labels(MOST_NAMES);
    private final Labels subscriptions = new Labels(MOST_NAMES);
    private final ReentrantLock lock = new ReentrantLock();
    private final List<SharedMeters> shared = new CopyOnWriteArrayList<>();
    private volatile EngineStats stats;
    private volatile long readAt;

    /** The meters of an engine, which is to outlive the registries that these are bound to. */
    public PulseMetrics(Engine engine) {
        this(engine, Clock.SYSTEM);
    }

    PulseMetrics(Engine engine, Clock clock) {
        this.engine = engine;
        this.clock = clock;
        this.stats = engine.stats();
        this.readAt = clock.monotonicTime();
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        jobs(registry);
        attempts(registry);
        chores(registry);
        server(registry);
        pools(registry);
        Histograms.bind(registry, this::stats);
        shared.add(new SharedMeters(registry, types, queues, subscriptions));
        refresh();
    }

    /**
     * Reads the engine anew, and takes up meters for what has appeared since. Reading a meter does so by itself, but a meter
     * that is new then is told the next time only: whoever tells all of them at once calls this first.
     */
    public void refresh() {
        lock.lock();
        try {
            stats = engine.stats();
            readAt = clock.monotonicTime();
            Census census = stats.now().leader() ? engine.census().orElse(null) : null;
            shared.forEach(meters -> meters.show(census));
        } finally {
            lock.unlock();
        }
    }

    private EngineStats stats() {
        if (clock.monotonicTime() - readAt > ONE_LOOK && !lock.isLocked()) {
            refresh();
        }
        return stats;
    }

    private void jobs(MeterRegistry to) {
        count(
                to,
                "pulse.jobs.submitted",
                "Jobs taken in",
                stats -> stats.submits().submitted());
        count(
                to,
                "pulse.submits.refused",
                "Calls turned away because too much waited",
                stats -> stats.submits().refused());
        count(
                to,
                "pulse.jobs.claimed",
                "Jobs granted to workers",
                stats -> stats.claims().granted());
        count(
                to,
                "pulse.jobs.handed.back",
                "Grants released because they were not delivered",
                stats -> stats.claims().handedBack());
        count(to, "pulse.claims", "Claim statements", stats -> stats.claims().claims());
        count(
                to,
                "pulse.claims.empty",
                "Claim statements that found nothing",
                stats -> stats.claims().empty());
        count(
                to,
                "pulse.lane.scans",
                "Lanes looked through from the beginning",
                stats -> stats.claims().fullScans());
    }

    private void attempts(MeterRegistry to) {
        stats.attempts()
                .outcomes()
                .keySet()
                .forEach(kind -> count(
                        to,
                        "pulse.attempts",
                        "Attempts that ended",
                        Map.of("outcome", kind.wireName()),
                        stats -> stats.attempts().outcomes().getOrDefault(kind, 0L)));
        stats.attempts()
                .movedTo()
                .keySet()
                .forEach(status -> count(
                        to,
                        "pulse.jobs.moved",
                        "Jobs that an ended attempt moved to a status",
                        Map.of("to", status.wireName()),
                        stats -> stats.attempts().movedTo().getOrDefault(status, 0L)));
        answers(to, "applied", reports -> reports.applied());
        answers(to, "stale", reports -> reports.stale());
        answers(to, "unknown", reports -> reports.unknown());
        count(
                to,
                "pulse.payloads.unreadable",
                "Attempts whose payload no worker could read",
                stats -> stats.reports().unreadable());
        count(
                to,
                "pulse.heartbeats",
                "Heartbeats taken in",
                stats -> stats.leases().heartbeats());
        count(
                to,
                "pulse.leases.lapsed",
                "Sessions that fell silent",
                stats -> stats.leases().lapsedSessions());
        count(
                to,
                "pulse.jobs.lapsed",
                "Jobs taken back from them",
                stats -> stats.leases().lapsedJobs());
        count(
                to,
                "pulse.sweep.brakes",
                "Sweeps that held back",
                stats -> stats.leases().brakes());
        count(
                to,
                "pulse.lease.floors",
                "Times that all leases were pushed forward",
                stats -> stats.leases().floorsRaised());
    }

    private void answers(MeterRegistry to, String answer, ToDoubleFunction<EngineStats.Reports> read) {
        count(
                to,
                "pulse.reports",
                "Reports of workers",
                Map.of("answer", answer),
                stats -> read.applyAsDouble(stats.reports()));
    }

    private void chores(MeterRegistry to) {
        count(
                to,
                "pulse.jobs.promoted",
                "Due jobs made ready",
                stats -> stats.chores().promoted());
        count(
                to,
                "pulse.schedules.fired",
                "Jobs made by schedules",
                stats -> stats.chores().schedulesFired());
        count(
                to,
                "pulse.bundles.folded",
                "Bundles brought up to date",
                stats -> stats.chores().bundlesFolded());
        count(
                to,
                "pulse.bundles.finished",
                "Bundles found done",
                stats -> stats.chores().bundlesFinished());
        count(
                to,
                "pulse.days.pruned",
                "Days of history dropped",
                stats -> stats.chores().prunedDays());
        count(
                to,
                "pulse.jobs.pruned",
                "Old jobs removed one by one",
                stats -> stats.chores().prunedJobs());
        count(
                to,
                "pulse.agent.failures",
                "Steps of the engine that failed and were repeated",
                stats -> stats.chores().agentFailures());
        count(
                to,
                "pulse.followers.cut.off",
                "Readers of events that were too slow",
                stats -> stats.now().followersCutOff());
    }

    private void server(MeterRegistry to) {
        gauge(
                to,
                "pulse.leader",
                "Whether this server leads",
                stats -> stats.now().leader() ? 1 : 0);
        gauge(
                to,
                "pulse.draining",
                "Whether this server claims nothing more",
                stats -> stats.now().draining() ? 1 : 0);
        gauge(
                to,
                "pulse.sessions",
                "Sessions that this server serves",
                stats -> stats.now().sessions());
        gauge(
                to,
                "pulse.waiters",
                "Calls that wait for a job to end",
                stats -> stats.now().waiters());
        gauge(
                to,
                "pulse.followers",
                "Calls that follow events",
                stats -> stats.now().followers());
        TimeGauge.builder(
                        "pulse.schedule.lag",
                        this,
                        TimeUnit.MILLISECONDS,
                        self -> stats().now().scheduleLag().toMillis())
                .description("How late the latest job of the last schedules was made")
                .strongReference(true)
                .register(to);
    }

    private void pools(MeterRegistry to) {
        for (PoolState pool : engine.pools()) {
            Supplier<PoolState> now = () -> engine.pools().stream()
                    .filter(state -> state.name().equals(pool.name()))
                    .findFirst()
                    .orElse(pool);
            connections(to, pool, "active", () -> now.get().active());
            connections(to, pool, "idle", () -> now.get().idle());
            connections(to, pool, "most", () -> now.get().most());
            Gauge.builder("pulse.pool.waiting", () -> now.get().waiting())
                    .description("Callers that wait for a connection")
                    .tag("pool", pool.name())
                    .register(to);
        }
    }

    private static void connections(MeterRegistry to, PoolState pool, String state, Supplier<Number> read) {
        Gauge.builder("pulse.pool.connections", read)
                .description("Connections to the database")
                .tag("pool", pool.name())
                .tag("state", state)
                .register(to);
    }

    private void count(MeterRegistry to, String name, String help, ToDoubleFunction<EngineStats> read) {
        count(to, name, help, Map.of(), read);
    }

    /** The function holds this object: the registry itself would let it go. */
    private void count(
            MeterRegistry to,
            String name,
            String help,
            Map<String, String> labels,
            ToDoubleFunction<EngineStats> read) {
        FunctionCounter.Builder<PulseMetrics> counter =
                FunctionCounter.builder(name, this, self -> read.applyAsDouble(stats()));
        labels.forEach(counter::tag);
        counter.description(help).register(to);
    }

    private void gauge(MeterRegistry to, String name, String help, ToDoubleFunction<EngineStats> read) {
        Gauge.builder(name, this, self -> read.applyAsDouble(stats()))
                .description(help)
                .strongReference(true)
                .register(to);
    }
}
