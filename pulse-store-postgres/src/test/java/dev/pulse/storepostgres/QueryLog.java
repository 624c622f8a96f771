package dev.pulse.storepostgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pulse.localpostgres.LocalPostgres;
import dev.pulse.localpostgres.LocalPostgresConfig;
import dev.pulse.model.Assignment;
import dev.pulse.model.AttemptError;
import dev.pulse.model.Backoff;
import dev.pulse.model.IdSource;
import dev.pulse.model.Limits;
import dev.pulse.model.Outcome;
import dev.pulse.model.OutcomePolicy;
import dev.pulse.model.Payload;
import dev.pulse.model.SessionSpec;
import dev.pulse.model.Submission;
import dev.pulse.model.SubmissionBuilder;
import dev.pulse.store.Claim;
import dev.pulse.store.JobStore;
import dev.pulse.store.Report;
import dev.pulse.store.Stores;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code ./dev bench queries}: the statements that the database itself logs for what a job goes through, and the rows that
 * they write, for one job at a time and for a hundred.
 */
class QueryLog {
    private static final int WARM_UP = 200;
    private static final int ROUNDS = 50;
    /** Changes of turns by one job of the warm-up: it is stored, claimed, ended, promoted, claimed and ended. */
    private static final int TURNS_A_JOB = 6;

    private static final String TYPE = "logged";
    private static final Pattern LOGGED = Pattern.compile(
            "duration: ([0-9.]+) ms  execute [^:]+: (.*?)(?=\\n\\d{4}-\\d\\d-\\d\\d |\\z)", Pattern.DOTALL);

    private final Random random = new Random(1);
    private final IdSource ids = new IdSource(InstantSource.system(), random);
    private final UUID session = ids.next();
    /** How many changes of turns there have been: each step changes each job's once. */
    private long turns = (long) WARM_UP * TURNS_A_JOB;

    /** What one step costs: how often each statement was sent, how long it ran, and the rows written to each table. */
    private record Cost(Map<String, Integer> statements, double millis, Map<String, Long> rows) {}

    @Test
    void whatAJobCosts(@TempDir Path folder) throws IOException, SQLException {
        try (LocalPostgres server = LocalPostgres.start(LocalPostgresConfig.in(folder.resolve("data")))) {
            String url = server.jdbcUrl();
            PgStores.migrate(PgConfig.defaults(url));
            try (PgStores opened = PgStores.open(PgConfig.defaults(url));
                    Connection observer = DriverManager.getConnection(url)) {
                Stores stores = opened.stores();
                stores.sessions()
                        .open(new SessionSpec(session, "w", Set.of(TYPE), Set.of(), 1_000, Duration.ofHours(1)));
                for (int i = 0; i < WARM_UP; i++) {
                    steps(stores, 1).values().forEach(Runnable::run);
                }
                PgFixture.run(observer, "alter system set log_min_duration_statement = 0");
                PgFixture.run(observer, "select pg_reload_conf()");
                Path log = folder.resolve("data").resolve("postgres.log");
                for (int jobs : new int[] {1, 100}) {
                    measure(stores, observer, log, jobs);
                }
            }
        }
    }

    /** Step by step for all rounds. */
    private void measure(Stores stores, Connection observer, Path log, int jobs) throws IOException, SQLException {
        List<Map<String, Runnable>> rounds =
                IntStream.range(0, ROUNDS).mapToObj(i -> steps(stores, jobs)).toList();
        Map<String, Long> before = told(observer, turns);
        for (String step : rounds.getFirst().keySet()) {
            long from = Files.size(log);
            rounds.forEach(round -> Objects.requireNonNull(round.get(step)).run());
            turns += (long) jobs * ROUNDS;
            Map<String, Long> written = new TreeMap<>();
            Map<String, Long> after = told(observer, turns);
            Map<String, Long> known = before;
            after.forEach((table, n) -> {
                long more = n - known.getOrDefault(table, 0L);
                if (more > 0) {
                    written.put(table, more);
                }
            });
            before = after;
            Cost cost = cost(log, from, written);
            assertThat(cost.statements()).as(step).isNotEmpty();
            print(step.substring(2), jobs, cost);
        }
    }

    private static void print(String step, int jobs, Cost cost) {
        StringBuilder line = new StringBuilder(String.format(Locale.ROOT, "%-28s %3d jobs: ", step, jobs));
        cost.statements()
                .forEach((name, n) -> line.append(String.format(Locale.ROOT, "%s %.2f, ", name, (double) n / ROUNDS)));
        line.append(
                String.format(Locale.ROOT, "%.2f ms at the database; rows written per job:", cost.millis() / ROUNDS));
        cost.rows()
                .forEach((table, n) ->
                        line.append(String.format(Locale.ROOT, " %s %.2f", table, (double) n / ROUNDS / jobs)));
        System.out.println(line);
    }

    /** In their order; each goes on from where the one before left the jobs. */
    private Map<String, Runnable> steps(Stores stores, int jobs) {
        JobStore store = stores.jobs();
        OutcomePolicy policy = new OutcomePolicy(random);
        List<Submission> batch = IntStream.range(0, jobs).mapToObj(i -> job()).toList();
        Map<String, List<Assignment>> granted = new HashMap<>();
        Map<String, Runnable> steps = new TreeMap<>();
        steps.put("1 enqueue", () -> store.insert(batch, false));
        steps.put("2 claim", () -> granted.put("first", claim(store, jobs)));
        steps.put(
                "3 end: a failure to retry",
                () -> end(store, policy, granted, "first", new Outcome.Fail(AttemptError.of("Broken", "it broke"))));
        steps.put("4 promote the retry", () -> {
            int promoted = 0;
            while (promoted < jobs) { // the backoff is a millisecond
                promoted += store.promote(jobs - promoted).count();
            }
        });
        steps.put("5 claim the retry", () -> granted.put("second", claim(store, jobs)));
        steps.put("6 end: completed", () -> end(store, policy, granted, "second", new Outcome.Ack(null)));
        return steps;
    }

    private Submission job() {
        Duration blink = Duration.ofMillis(1);
        return new SubmissionBuilder(Limits.DEFAULT)
                .type(TYPE)
                .payload(Payload.json("{\"to\":\"a@b.com\"}"))
                .backoff(new Backoff(Backoff.Shape.FIXED, blink, 1, blink, 0))
                .build(ids);
    }

    private List<Assignment> claim(JobStore store, int jobs) {
        List<Claim.LaneStart> lanes = store.lanes().stream()
                .map(lane -> new Claim.LaneStart(lane.number(), lane.priority(), 0))
                .toList();
        List<Assignment> granted = store.claim(new Claim(lanes, Collections.nCopies(jobs, session)));
        assertThat(granted).hasSize(jobs);
        return granted;
    }

    private static void end(
            JobStore store,
            OutcomePolicy policy,
            Map<String, List<Assignment>> granted,
            String which,
            Outcome outcome) {
        List<Report> reports = granted.getOrDefault(which, List.of()).stream()
                .map(one -> new Report(one.facts().id(), one.token(), outcome))
                .toList();
        store.end(reports, policy::decide);
    }

    private static Cost cost(Path log, long from, Map<String, Long> written) throws IOException {
        byte[] all = Files.readAllBytes(log);
        String said = new String(all, (int) from, all.length - (int) from, StandardCharsets.UTF_8);
        Map<String, Integer> statements = new TreeMap<>();
        double millis = 0;
        Matcher matcher = LOGGED.matcher(said);
        while (matcher.find()) {
            String name = name(matcher.group(2));
            if (!name.isEmpty()) {
                statements.merge(name, 1, Integer::sum);
                millis += Double.parseDouble(matcher.group(1));
            }
        }
        return new Cost(statements, millis, written);
    }

    /** The file of a logged statement; empty for one that is not Pulse's. */
    private static String name(String logged) {
        String text = squeezed(logged.replaceAll("\\$\\d+", "?"));
        for (Statement statement : Statement.values()) {
            if (text.startsWith(squeezed(statement.text("pulse")))) {
                return statement.fileName();
            }
        }
        return "";
    }

    private static String squeezed(String sql) {
        return sql.replaceAll("\\s+", " ").strip();
    }

    /** The rows written, once the backends have told of all turns: an idle one does so after some seconds. */
    private static Map<String, Long> told(Connection observer, long turns) throws SQLException {
        Map<String, Long> rows = rows(observer);
        while (rows.getOrDefault("turn", 0L) < turns) {
            PgFixture.run(observer, "select pg_sleep(0.2)");
            rows = rows(observer);
        }
        return rows;
    }

    private static Map<String, Long> rows(Connection observer) throws SQLException {
        Map<String, Long> rows = new TreeMap<>();
        try (java.sql.Statement statement = observer.createStatement();
                ResultSet row = statement.executeQuery("""
                        select regexp_replace(relname, '_2[0-9]*$', ''), sum(n_tup_ins + n_tup_upd + n_tup_del)
                          from pg_stat_user_tables where schemaname = 'pulse' group by 1""")) {
            while (row.next()) {
                rows.put(row.getString(1), row.getLong(2));
            }
        }
        return rows;
    }
}
