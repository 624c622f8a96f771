package dev.pulse.micrometer;

import dev.pulse.engine.Census;
import dev.pulse.model.JobStatus;
import dev.pulse.model.LineInfo;
import dev.pulse.model.Scope;
import dev.pulse.model.SubscriptionInfo;
import dev.pulse.store.Vitals;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The meters of what all servers share, in one registry: there while this server leads and has counted, else gone. */
final class SharedMeters {
    private static final double MILLIS = 1_000;

    private final MeterRegistry registry;
    private final Labels types;
    private final Labels queues;
    private final Labels subscriptions;
    private final Map<String, MultiGauge> gauges = new LinkedHashMap<>();
    private @Nullable Census shown;

    SharedMeters(MeterRegistry registry, Labels types, Labels queues, Labels subscriptions) {
        this.registry = registry;
        this.types = types;
        this.queues = queues;
        this.subscriptions = subscriptions;
    }

    /** Values by labels, summed up where labels are the same. */
    private static final class Rows {
        private final Map<Tags, Double> values = new LinkedHashMap<>();

        void add(Tags tags, double value) {
            values.merge(tags, value, Double::sum);
        }

        void most(Tags tags, double value) {
            values.merge(tags, value, Math::max);
        }

        List<MultiGauge.Row<?>> all() {
            List<MultiGauge.Row<?>> rows = new ArrayList<>();
            values.forEach((tags, value) -> rows.add(MultiGauge.Row.of(tags, value)));
            return rows;
        }
    }

    void show(@Nullable Census census) {
        if (census == shown) {
            return;
        }
        shown = census;
        if (census == null) {
            gauges.values().forEach(gauge -> gauge.register(List.of(), true));
            return;
        }
        jobs(census);
        lines(census);
        workers(census);
        subscriptions(census.subscriptions());
        database(census.vitals());
        one("pulse.clock.skew.seconds", "This machine's clock ahead of the database's", millis(census.clockSkew()));
        one("pulse.census.seconds", "What counting all this cost", census.took().toNanos() / 1e9);
    }

    private void jobs(Census census) {
        Rows rows = new Rows();
        census.counts().byType().forEach((type, counts) -> {
            for (JobStatus status : JobStatus.values()) {
                rows.add(Tags.of("type", types.of(type), "status", status.wireName()), counts.getOrDefault(status, 0L));
            }
        });
        show("pulse.jobs", "Jobs stored now", rows);
        Duration oldest = census.counts().oldestPending();
        one("pulse.oldest.seconds", "How long the oldest ready job has waited", oldest == null ? 0 : millis(oldest));
    }

    private void lines(Census census) {
        Rows depth = new Rows();
        Rows queueAge = new Rows();
        Rows typeAge = new Rows();
        for (LineInfo queue : census.queues()) {
            String name = queues.of(queue.setting().scope().name());
            queue.counts().forEach((status, n) -> depth.add(Tags.of("queue", name, "status", status.wireName()), n));
            queueAge.most(Tags.of("queue", name), age(queue));
        }
        for (LineInfo type : census.types()) {
            typeAge.most(Tags.of("type", types.of(type.setting().scope().name())), age(type));
        }
        show("pulse.queue.jobs", "Unfinished jobs and dead letters of a queue", depth);
        show("pulse.queue.oldest.seconds", "How long the oldest ready job of a queue has waited", queueAge);
        show("pulse.type.oldest.seconds", "How long the oldest ready job of a type has waited", typeAge);
        Rows paused = new Rows();
        for (Scope.Kind kind : Scope.Kind.values()) {
            long count = census.switches().settings().stream()
                    .filter(setting -> setting.scope().kind() == kind && setting.pause() != null)
                    .count();
            paused.add(Tags.of("kind", kind.wireName()), count);
        }
        show("pulse.paused", "What is paused: dispatch (0 or 1), and how many queues and types", paused);
    }

    private void workers(Census census) {
        one("pulse.workers", "Living sessions of all servers", census.sessions().size());
        one(
                "pulse.worker.slots",
                "Jobs that they may run at once",
                census.sessions().stream().mapToLong(s -> s.spec().slots()).sum());
    }

    private void subscriptions(List<SubscriptionInfo> all) {
        Rows unread = new Rows();
        Rows lag = new Rows();
        Rows parked = new Rows();
        for (SubscriptionInfo one : all) {
            Tags tags = Tags.of("subscription", subscriptions.of(one.name()));
            unread.add(tags, one.unread());
            lag.most(tags, millis(one.lag()));
            parked.add(tags, one.parked());
        }
        show("pulse.subscription.unread", "Events that a subscription has before it", unread);
        show("pulse.subscription.lag.seconds", "How old the oldest of them is", lag);
        show("pulse.subscription.parked", "Events that a subscription gave up", parked);
    }

    private void database(Vitals vitals) {
        Vitals.Holder holder = vitals.holder();
        Duration held = holder == null ? null : holder.since();
        one(
                "pulse.database.held.seconds",
                "How long something has kept vacuum from removing dead rows",
                held == null ? 0 : millis(held));
        one(
                "pulse.database.held.transactions",
                "Transactions that have begun meanwhile",
                holder == null ? 0 : holder.transactions());
        one(
                "pulse.database.transaction.age",
                "Age of the oldest row that is not frozen, in transactions",
                vitals.transactionAge());
        one("pulse.database.idle.slots", "Replication slots that nobody reads", vitals.idleSlots());
        one("pulse.dead.letters.unreadable", "Unreadable ones among the newest dead letters", vitals.unreadable());
        Rows bytes = new Rows();
        Rows live = new Rows();
        Rows dead = new Rows();
        for (Vitals.Table table : vitals.tables()) {
            Tags tags = Tags.of("table", table.name());
            bytes.add(tags, table.bytes());
            live.add(tags, table.live());
            dead.add(tags, table.dead());
        }
        show("pulse.table.bytes", "Size of a table with its indexes", bytes);
        show("pulse.table.rows", "Rows of a table, roughly", live);
        show("pulse.table.dead.rows", "Rows that vacuum has not removed yet, roughly", dead);
    }

    private void one(String name, String help, double value) {
        Rows rows = new Rows();
        rows.add(Tags.empty(), value);
        show(name, help, rows);
    }

    private void show(String name, String help, Rows rows) {
        gauges.computeIfAbsent(
                        name, made -> MultiGauge.builder(made).description(help).register(registry))
                .register(rows.all(), true);
    }

    private static double age(LineInfo line) {
        Duration oldest = line.oldestPending();
        return oldest == null ? 0 : millis(oldest);
    }

    private static double millis(Duration duration) {
        return duration.toMillis() / MILLIS;
    }
}
