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
import java.time.Instant;
import java.time.InstantSource;
import java.util.Locale;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.IntFunction;
import java.util.stream.LongStream;

/**
 * How late schedules fire on two servers: many of each minute, first spread over it and with some of each second beside
 * them, then all due in the same instant. The lag is the database's own: from the planned instant to the moment at which the statement that stores the
 * occurrence began; the jobs of a batch follow it in the same transaction. Then what it costs when all of them sleep.
 */
final class ScheduleBench {
    private static final int MINUTELY = 10_000;
    private static final int SECONDLY = 200;
    private static final int SLEEPING = 10_000;
    private static final int CALLERS = 16;
    /** Long enough to store all schedules before the first of them is due. */
    private static final Duration CREATED_WITHIN = Duration.ofSeconds(60);

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
            create(client, SLEEPING, i -> Timing.of(new ScheduleRule.Cron("0 0 1 1 *")));
            print("idle, " + SLEEPING + " schedules that sleep", idle(postgres.jdbcUrl()));
            create(client, SECONDLY, i -> Timing.of(every(Duration.ofSeconds(1))));
            Instant first = Instant.now().plus(CREATED_WITHIN);
            create(client, MINUTELY, i -> spread(first, i));
            Thread.sleep(CREATED_WITHIN.plusMinutes(WARM_UP_MINUTES + minutes).toMillis());
            String measured = "o.fired_at > pulse.now() - interval '" + minutes + " minutes'";
            print(SECONDLY + " of each second", lag(database, "s.every_ms = 1000 and " + measured));
            print(MINUTELY + " of each minute, spread over it", lag(database, "s.every_ms = 60000 and " + measured));
            clear(database);
            create(client, MINUTELY, i -> Timing.of(new ScheduleRule.Cron("* * * * *")));
            Thread.sleep(Duration.ofMinutes(minutes + 1L).toMillis());
            print(MINUTELY + " in one instant of each minute", lag(database, "s.cron = '* * * * *' and " + measured));
            print("the last of them", lasts(database, "s.cron = '* * * * *' and " + measured));
        }
    }

    private static ScheduleRule every(Duration period) {
        return new ScheduleRule.Every(period, ScheduleRule.Pace.FIXED_RATE);
    }

    private static Timing spread(Instant first, int i) {
        Instant start = first.plusMillis(Duration.ofMinutes(1).toMillis() * i / MINUTELY);
        return new Timing(every(Duration.ofMinutes(1)), "UTC", start, null, Duration.ZERO, new TreeSet<>());
    }

    private static void clear(Connection database) throws SQLException {
        try (Statement statement = database.createStatement()) {
            statement.execute("delete from pulse.schedule where every_ms is not null");
        }
    }

    private static void create(PulseClient client, int count, IntFunction<Timing> timing) {
        IdSource ids = new IdSource(InstantSource.system(), ThreadLocalRandom.current());
        Submission job = new SubmissionBuilder(Limits.DEFAULT).type("bench").build(ids);
        try (ExecutorService callers = Executors.newFixedThreadPool(CALLERS)) {
            for (int i = 0; i < count; i++) {
                ScheduleSpec spec = new ScheduleSpec(null, job, timing.apply(i), Misfire.FIRE_ONCE, Overlap.ALLOW);
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

    private static String lasts(Connection database, String which) throws SQLException {
        return read(
                        database,
                        "select (extract(epoch from max(o.fired_at) - o.at) * 1e9)::bigint",
                        which + " group by o.at")
                .toString();
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
