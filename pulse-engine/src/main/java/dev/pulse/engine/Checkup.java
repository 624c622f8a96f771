package dev.pulse.engine;

import dev.pulse.model.Durations;
import dev.pulse.model.HealthCheck;
import dev.pulse.model.JobStatus;
import dev.pulse.model.Pause;
import dev.pulse.model.Scope;
import dev.pulse.model.ServerInfo;
import dev.pulse.model.SubscriptionInfo;
import dev.pulse.store.Hints;
import dev.pulse.store.PoolState;
import dev.pulse.store.Vitals;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/** Judges what was found: which of it somebody should look at, and what to do then. Pure. */
final class Checkup {
    private static final Duration HELD_LONG = Duration.ofMinutes(10);
    private static final Duration HELD_TOO_LONG = Duration.ofHours(1);
    private static final long HELD_TRANSACTIONS = 10_000_000;
    private static final long DEAD_TURNS = 1_000_000;
    private static final long OLD_TRANSACTIONS = 1_000_000_000;
    private static final long TOO_OLD_TRANSACTIONS = 1_800_000_000;
    private static final Duration SKEW = Duration.ofSeconds(5);
    private static final int NAMED = 5;

    private final List<HealthCheck> checks = new ArrayList<>();

    private Checkup() {}

    /** Of a store that answered. */
    static List<HealthCheck> of(
            HealthReport report,
            Census census,
            List<ServerInfo> servers,
            List<PoolState> pools,
            Hints.Hearing hearing) {
        Checkup checkup = new Checkup();
        checkup.server(report);
        checkup.leader(servers);
        checkup.dispatch(census);
        checkup.workers(census);
        checkup.payloads(census.vitals());
        checkup.subscriptions(census.subscriptions());
        checkup.durability(census.vitals());
        checkup.vacuum(census.vitals());
        checkup.deadRows(census.vitals());
        checkup.transactionAge(census.vitals());
        checkup.slots(census.vitals());
        checkup.clock(census.clockSkew());
        checkup.pools(pools);
        checkup.hints(hearing);
        return checkup.checks;
    }

    /** Of a store that does not answer: then nothing else can be known. */
    static List<HealthCheck> without(HealthReport report, List<PoolState> pools, RuntimeException trouble) {
        Checkup checkup = new Checkup();
        checkup.server(report);
        checkup.fail(
                "database",
                "the database does not answer: " + trouble.getMessage(),
                "see that it runs and can be reached from here; the server goes on by itself when it can");
        checkup.pools(pools);
        return checkup.checks;
    }

    private void ok(String name, String message) {
        checks.add(HealthCheck.ok(name, message));
    }

    private void warn(String name, String message, String advice) {
        checks.add(HealthCheck.warn(name, message, advice));
    }

    private void fail(String name, String message, String advice) {
        checks.add(HealthCheck.fail(name, message, advice));
    }

    private void server(HealthReport report) {
        if (report.problems().isEmpty()) {
            ok("server", "takes work; the database was written to just now");
        } else {
            fail(
                    "server",
                    String.join("; ", report.problems()),
                    report.live() ? "look at the database and the server's log" : "restart the server");
        }
    }

    private void leader(List<ServerInfo> servers) {
        servers.stream()
                .filter(ServerInfo::leader)
                .findFirst()
                .ifPresentOrElse(
                        leader -> ok("leader", leader.name() + " leads " + servers.size() + " servers"),
                        () -> warn(
                                "leader",
                                "no server leads: due jobs, schedules and lapsed leases wait",
                                "within seconds another one takes over; if not, no server can write to the database"));
    }

    private void dispatch(Census census) {
        Pause pause = census.switches().of(Scope.DISPATCH).pause();
        if (pause == null) {
            ok("dispatch", "runs");
        } else {
            warn(
                    "dispatch",
                    "paused since " + pause.since() + " by " + pause.by()
                            + (pause.reason() == null ? "" : ": " + pause.reason()),
                    "pulse dispatch resume");
        }
    }

    /** Ready jobs of a type that no living session takes; sessions that take certain queues only count for theirs. */
    private void workers(Census census) {
        List<String> unserved = census.types().stream()
                .filter(type -> type.counts().getOrDefault(JobStatus.PENDING, 0L) > 0)
                .map(type -> type.setting().scope().name())
                .filter(type -> census.sessions().stream()
                        .noneMatch(session -> session.spec().types().contains(type)))
                .toList();
        if (unserved.isEmpty()) {
            ok("workers", census.sessions().size() + " workers; every type with ready jobs has one");
        } else {
            warn(
                    "workers",
                    "no worker serves " + named(unserved),
                    "start a worker for it: pulse work TYPE, or the SDK");
        }
    }

    private static String named(List<String> names) {
        String some = names.stream().limit(NAMED).collect(Collectors.joining(", "));
        return names.size() > NAMED ? some + " and " + (names.size() - NAMED) + " more types" : some;
    }

    private void payloads(Vitals vitals) {
        long bad = vitals.unreadable() + vitals.unhandled();
        if (bad == 0) {
            ok("payloads", "no unreadable job among the newest " + vitals.deadLettersLookedAt() + " dead letters");
        } else {
            warn(
                    "payloads",
                    "of the newest " + vitals.deadLettersLookedAt() + " dead letters, " + vitals.unreadable()
                            + " could not be read and " + vitals.unhandled() + " met a worker without a handler",
                    "producers and workers disagree: bring them to one version, then requeue these dead letters");
        }
    }

    private void subscriptions(List<SubscriptionInfo> subscriptions) {
        List<String> parked = subscriptions.stream()
                .filter(subscription -> subscription.parked() > 0)
                .map(SubscriptionInfo::name)
                .toList();
        if (parked.isEmpty()) {
            ok("subscriptions", subscriptions.size() + " consumers of events, none has given one up");
        } else {
            warn("subscriptions", "events were given up by " + named(parked), "pulse events parked, then release them");
        }
    }

    private void durability(Vitals vitals) {
        if (vitals.unsafe().isEmpty()) {
            ok("durability", "commits are flushed to disk");
        } else {
            fail(
                    "durability",
                    String.join(", ", vitals.unsafe()) + " off: an acknowledged job could be lost",
                    "switch on in postgresql.conf");
        }
    }

    private void vacuum(Vitals vitals) {
        Vitals.Holder holder = vitals.holder();
        if (holder == null) {
            ok("vacuum", "nothing keeps dead rows from being removed");
            return;
        }
        String found = told(holder) + ", " + holder.transactions() + " transactions ago";
        Duration since = Objects.requireNonNullElse(holder.since(), Duration.ZERO);
        boolean far = holder.transactions() > HELD_TRANSACTIONS;
        if (!far && since.compareTo(HELD_LONG) < 0) {
            ok("vacuum", "held back for a moment only: " + found);
        } else if (far || since.compareTo(HELD_TOO_LONG) >= 0) {
            fail("vacuum", "held back: " + found, release(holder));
        } else {
            warn("vacuum", "held back: " + found, release(holder));
        }
    }

    private static String told(Vitals.Holder holder) {
        Integer pid = holder.pid();
        Duration since = holder.since();
        return holder.kind() + " \"" + holder.name() + "\" (" + holder.state() + (pid == null ? "" : ", pid " + pid)
                + ")" + (since == null ? "" : " for " + Durations.format(Duration.ofSeconds(since.toSeconds())));
    }

    private static String release(Vitals.Holder holder) {
        return switch (holder.kind()) {
            case "replication slot" -> "if its reader is gone for good: select pg_drop_replication_slot(…)";
            case "prepared transaction" -> "commit prepared or rollback prepared it";
            default -> "end it where it was begun, or select pg_terminate_backend(" + holder.pid() + ")";
        };
    }

    private void deadRows(Vitals vitals) {
        vitals.tables().stream().filter(table -> table.name().equals("turn")).forEach(turn -> {
            if (turn.dead() < DEAD_TURNS) {
                ok("dead_rows", "the table turn has about " + turn.dead() + " dead rows");
            } else {
                warn(
                        "dead_rows",
                        "the table turn has about " + turn.dead() + " dead rows, " + turn.bytes() + " bytes",
                        "see what holds vacuum back; if nothing does, autovacuum is too slow or off");
            }
        });
    }

    private void transactionAge(Vitals vitals) {
        String found = "the oldest row was frozen " + vitals.transactionAge() + " transactions ago";
        String advice =
                "vacuum the database, and see what holds autovacuum back: at 2.1 billion it stops taking writes";
        if (vitals.transactionAge() >= TOO_OLD_TRANSACTIONS) {
            fail("transaction_age", found, advice);
        } else if (vitals.transactionAge() >= OLD_TRANSACTIONS) {
            warn("transaction_age", found, advice);
        } else {
            ok("transaction_age", found);
        }
    }

    private void slots(Vitals vitals) {
        if (vitals.idleSlots() == 0) {
            ok("replication_slots", "every replication slot is read");
        } else {
            warn(
                    "replication_slots",
                    vitals.idleSlots() + " replication slots are not read: the log of changes piles up on the disk",
                    "start their readers, or drop them");
        }
    }

    private void clock(Duration skew) {
        String found = "this machine's clock is " + skew.abs().toMillis() + " ms "
                + (skew.isNegative() ? "behind" : "ahead of") + " the database's";
        if (skew.abs().compareTo(SKEW) < 0) {
            ok("clock", found);
        } else {
            warn("clock", found, "synchronise both with NTP; leases follow the database's clock and are safe");
        }
    }

    private void pools(List<PoolState> pools) {
        List<String> full = pools.stream()
                .filter(pool -> pool.waiting() > 0)
                .map(pool -> pool.name() + " (" + pool.active() + " of " + pool.most() + " at work, " + pool.waiting()
                        + " callers wait)")
                .toList();
        if (full.isEmpty()) {
            ok("pools", "nobody waits for a connection to the database");
        } else {
            warn(
                    "pools",
                    "short of connections: " + String.join(", ", full),
                    "raise data-connections, or find what makes the database slow");
        }
    }

    private void hints(Hints.Hearing hearing) {
        switch (hearing) {
            case WORKING -> ok("hints", "other servers' hints are heard");
            case OFF ->
                ok("hints", "a pooler stands before the database: new work is found by asking, within a second");
            case LOST ->
                warn(
                        "hints",
                        "the connection that listens is lost: new work of other servers is found by asking, a little later",
                        "it comes back by itself; if not, see whether the database takes more connections");
        }
    }
}
