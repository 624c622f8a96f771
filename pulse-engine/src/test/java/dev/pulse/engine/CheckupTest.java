package dev.pulse.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pulse.model.HealthCheck;
import dev.pulse.model.HealthCheck.Level;
import dev.pulse.model.JobCounts;
import dev.pulse.model.JobStatus;
import dev.pulse.model.LineInfo;
import dev.pulse.model.Pause;
import dev.pulse.model.RunLimits;
import dev.pulse.model.Scope;
import dev.pulse.model.ServerInfo;
import dev.pulse.model.SessionInfo;
import dev.pulse.model.SessionSpec;
import dev.pulse.model.Setting;
import dev.pulse.model.Switches;
import dev.pulse.store.Hints;
import dev.pulse.store.PoolState;
import dev.pulse.store.Vitals;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What is found worth a look, and what is not. */
final class CheckupTest {
    private static final Instant NOW = Instant.parse("2026-11-23T05:00:00Z");
    private static final HealthReport WELL = new HealthReport(true, true, true, List.of());
    private static final ServerInfo LEADER = new ServerInfo(new UUID(0, 1), "one", "0.1", NOW, NOW, true);
    private static final ServerInfo FOLLOWER = new ServerInfo(new UUID(0, 2), "two", "0.1", NOW, NOW, false);

    private Vitals vitals = vitals(List.of(), 1_000, 0, null, 0, 0);
    private Switches switches = new Switches(1, List.of());
    private List<LineInfo> types = List.of();
    private List<SessionInfo> sessions = List.of();
    private Duration skew = Duration.ofMillis(3);
    private List<ServerInfo> servers = List.of(LEADER, FOLLOWER);
    private List<PoolState> pools = List.of(new PoolState("data", 1, 1, 0, 8));
    private Hints.Hearing hearing = Hints.Hearing.WORKING;
    private HealthReport report = WELL;

    private static Vitals vitals(
            List<String> unsafe,
            long age,
            long slots,
            Vitals.@Nullable Holder holder,
            long deadTurns,
            long unreadable) {
        return new Vitals(
                NOW,
                unsafe,
                age,
                slots,
                holder,
                List.of(new Vitals.Table("turn", 8192, 10, deadTurns)),
                20,
                unreadable,
                0);
    }

    private static Vitals held(Vitals.Holder holder) {
        return vitals(List.of(), 1_000, 0, holder, 0, 0);
    }

    private HealthCheck check(String name) {
        Census census = new Census(
                new JobCounts(new TreeMap<>(), null),
                List.of(),
                types,
                switches,
                sessions,
                List.of(),
                vitals,
                skew,
                Duration.ZERO);
        return Checkup.of(report, census, servers, pools, hearing).stream()
                .filter(check -> check.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private Level level(String name) {
        return check(name).level();
    }

    @Test
    void aHealthyServerHasNothingToSay() {
        for (String name : List.of(
                "server",
                "leader",
                "dispatch",
                "workers",
                "payloads",
                "subscriptions",
                "durability",
                "vacuum",
                "dead_rows",
                "transaction_age",
                "replication_slots",
                "clock",
                "pools",
                "hints")) {
            assertThat(check(name).level()).as(name).isEqualTo(Level.OK);
            assertThat(check(name).advice()).as(name).isEmpty();
        }
    }

    @Test
    void whatHoldsVacuumBackIsNamed() {
        vitals = held(new Vitals.Holder(
                "transaction", 4711, "report-job", "idle in transaction", Duration.ofMinutes(20), 12));

        assertThat(level("vacuum")).isEqualTo(Level.WARN);
        assertThat(check("vacuum").message())
                .contains("transaction \"report-job\" (idle in transaction, pid 4711) for 20m");
        assertThat(check("vacuum").advice()).contains("pg_terminate_backend(4711)");
    }

    @Test
    void aTransactionOfAMomentIsNoneToWorryAbout() {
        vitals = held(new Vitals.Holder("transaction", 1, "app", "active", Duration.ofSeconds(3), 5));
        assertThat(level("vacuum")).isEqualTo(Level.OK);
        vitals = held(new Vitals.Holder("transaction", 1, "app", "active", Duration.ofHours(2), 5));
        assertThat(level("vacuum")).isEqualTo(Level.FAIL);
        vitals = held(new Vitals.Holder("replication slot", null, "old", "inactive", null, 20_000_000));
        assertThat(level("vacuum")).isEqualTo(Level.FAIL);
        assertThat(check("vacuum").advice()).contains("pg_drop_replication_slot");
    }

    @Test
    void aTypeThatNobodyServesIsNamed() {
        types = List.of(new LineInfo(
                Setting.open(new Scope(Scope.Kind.TYPE, "orphan")),
                Map.of(JobStatus.PENDING, 3L),
                Duration.ofSeconds(9)));
        assertThat(level("workers")).isEqualTo(Level.WARN);
        assertThat(check("workers").message()).contains("orphan");

        sessions = List.of(new SessionInfo(
                new SessionSpec(new UUID(1, 1), "w", Set.of("orphan"), Set.of(), 1, Duration.ofSeconds(30)),
                NOW,
                NOW,
                0));
        assertThat(level("workers")).isEqualTo(Level.OK);
    }

    @Test
    void aPauseIsToldWithItsReason() {
        switches = new Switches(
                2, List.of(new Setting(Scope.DISPATCH, new Pause("migration", "ann", NOW), new RunLimits(null, null))));

        assertThat(level("dispatch")).isEqualTo(Level.WARN);
        assertThat(check("dispatch").message()).contains("ann", "migration", "2026-11-23T05:00:00Z");
    }

    @Test
    void clocksThatDriftAreTold() {
        skew = Duration.ofSeconds(-31);

        assertThat(level("clock")).isEqualTo(Level.WARN);
        assertThat(check("clock").message()).contains("31000 ms behind");
    }

    @Test
    void theDatabasesOwnTroubleIsTold() {
        vitals = vitals(List.of("fsync"), 1_200_000_000, 2, null, 3_000_000, 4);
        assertThat(level("durability")).isEqualTo(Level.FAIL);
        assertThat(level("transaction_age")).isEqualTo(Level.WARN);
        assertThat(level("replication_slots")).isEqualTo(Level.WARN);
        assertThat(level("dead_rows")).isEqualTo(Level.WARN);
        assertThat(level("payloads")).isEqualTo(Level.WARN);
        vitals = vitals(List.of(), 2_000_000_000, 0, null, 0, 0);
        assertThat(level("transaction_age")).isEqualTo(Level.FAIL);
    }

    @Test
    void thisServersTroubleIsTold() {
        servers = List.of(FOLLOWER);
        pools = List.of(new PoolState("query", 4, 0, 9, 4));
        hearing = Hints.Hearing.LOST;
        report = new HealthReport(false, false, false, List.of("the role claimer makes no progress"));

        assertThat(level("leader")).isEqualTo(Level.WARN);
        assertThat(check("pools").message()).contains("query (4 of 4 at work, 9 callers wait)");
        assertThat(level("pools")).isEqualTo(Level.WARN);
        assertThat(level("hints")).isEqualTo(Level.WARN);
        assertThat(level("server")).isEqualTo(Level.FAIL);
        assertThat(check("server").advice()).isEqualTo("restart the server");
        hearing = Hints.Hearing.OFF;
        assertThat(level("hints")).isEqualTo(Level.OK);
    }

    @Test
    void aStoreThatDoesNotAnswerIsTheOnlyThingToSay() {
        List<HealthCheck> checks = Checkup.without(WELL, pools, new IllegalStateException("refused"));

        assertThat(checks).extracting(HealthCheck::name).containsExactly("server", "database", "pools");
        assertThat(checks.get(1).level()).isEqualTo(Level.FAIL);
        assertThat(checks.get(1).message()).contains("refused");
    }
}
