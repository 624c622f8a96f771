package dev.pulse.benchmarks;

import dev.pulse.client.PulseClient;
import dev.pulse.localpostgres.LocalPostgres;
import dev.pulse.localpostgres.LocalPostgresConfig;
import dev.pulse.model.IdSource;
import dev.pulse.model.Limits;
import dev.pulse.model.Misfire;
import dev.pulse.model.Overlap;
import dev.pulse.model.ScheduleRule;
import dev.pulse.model.ScheduleSpec;
import dev.pulse.model.Submission;
import dev.pulse.model.SubmissionBuilder;
import dev.pulse.model.Timing;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.LongStream;

/**
 * How late schedules fire on two servers: many that are due in the same instant of each minute, and some of each second
 * beside them. The lag is the database's own: from the planned instant to the moment at which the statement that stores the
 * occurrence began; the jobs of a batch follow it in the same transaction. Then what it costs when all of them sleep.
 */
final class ScheduleBench {
    private static final int MINUTELY = 10_000;
    private static final int SECONDLY = 200;
    private static final int SLEEPING = 10_000;
    private static final int CALLERS = 16;
    private static final Duration IDLE = Duration.ofSeconds(30);
    /** The first minute warms the compilers of two servers up and is left out. */
    private static final int WARM_UP_MINUTES = 1;

    private ScheduleBench() {}

    /** @param arguments how many minutes are measured; default 3 */
    public static void main(String[] arguments) throws IOException, InterruptedException, SQLException {
        int minutes = arguments.length == 0 ? 3 : Integer.parseInt(arguments[0]);
        Path folder = Files.createTempDirectory("pulse-bench");
        try (LocalPostgres postgres = LocalPostgres.start(LocalPostgresConfig.in(folder.resolve("data")));
                Child one = Bench.server(postgres, folder, "server-1");
                Child two = Bench.server(postgres, folder, "server-2");
                Connection database = DriverManager.getConnection(postgres.jdbcUrl());
                PulseClient client =
                        PulseClient.connect(one.await("pulse ready").replaceAll(".*grpc=", ""))) {
            two.await("pulse ready");
            print("idle, no schedule", idle(postgres.jdbcUrl()));
            create(client, SLEEPING, new ScheduleRule.Cron("0 0 1 1 *"));
            print("idle, " + SLEEPING + " schedules that sleep", idle(postgres.jdbcUrl()));
            create(client, SECONDLY, new ScheduleRule.Every(Duration.ofSeconds(1), ScheduleRule.Pace.FIXED_RATE));
            create(client, MINUTELY, new ScheduleRule.Cron("* * * * *"));
            Thread.sleep(Duration.ofMinutes(minutes + WARM_UP_MINUTES + 1L).toMillis());
            String measured = "o.fired_at > pulse.now() - interval '" + minutes + " minutes'";
            print(SECONDLY + " of each second", lag(database, "s.every_ms is not null and " + measured));
            print(MINUTELY + " of each minute", lag(database, "s.cron = '* * * * *' and " + measured));
            print(
                    "of those, the last of each minute",
                    lasts(database, "s.cron = '* * * * *' and " + measured).toString());
        }
    }

    private static void create(PulseClient client, int count, ScheduleRule rule) {
        IdSource ids = new IdSource(InstantSource.system(), ThreadLocalRandom.current());
        Submission job = new SubmissionBuilder(Limits.DEFAULT).type("bench").build(ids);
        ScheduleSpec spec = new ScheduleSpec(null, job, Timing.of(rule), Misfire.FIRE_ONCE, Overlap.ALLOW);
        try (ExecutorService callers = Executors.newFixedThreadPool(CALLERS)) {
            for (int i = 0; i < count; i++) {
                callers.execute(() -> client.createSchedule(spec));
            }
        }
    }

    private static String idle(String url) throws InterruptedException, SQLException {
        Thread.sleep(Duration.ofSeconds(5).toMillis()); // what the counters still owe
        DatabaseCounters before = DatabaseCounters.read(url);
        Thread.sleep(IDLE.toMillis());
        DatabaseCounters spent = DatabaseCounters.read(url).minus(before);
        return String.format(
                Locale.ROOT,
                "%.1f transactions and %.1f rows written a second, by two servers together",
                (double) spent.transactions() / IDLE.toSeconds(),
                (double) spent.rowsWritten() / IDLE.toSeconds());
    }

    private static String lag(Connection database, String which) throws SQLException {
        return read(database, "select (extract(epoch from o.fired_at - o.at) * 1e9)::bigint", which)
                .toString();
    }

    private static Latencies lasts(Connection database, String which) throws SQLException {
        return read(
                database,
                "select (extract(epoch from max(o.fired_at) - o.at) * 1e9)::bigint",
                which + " group by o.at");
    }

    private static Latencies read(Connection database, String select, String which) throws SQLException {
        try (Statement statement = database.createStatement();
                ResultSet row = statement.executeQuery(select
                        + " from pulse.occurrence o join pulse.schedule s on s.id = o.schedule where " + which)) {
            LongStream.Builder nanos = LongStream.builder();
            while (row.next()) {
                nanos.add(row.getLong(1));
            }
            return Latencies.of(nanos.build().toArray());
        }
    }

    private static void print(String what, String figure) {
        System.out.println(what + ": " + figure);
    }
}
