package dev.pulse.torture;

import dev.pulse.model.Misfire;
import dev.pulse.model.Overlap;
import dev.pulse.model.ScheduleInfo;
import dev.pulse.model.ScheduleRule;
import dev.pulse.model.ScheduleSpec;
import dev.pulse.model.Timing;
import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Schedules of one second on three servers that are killed, stopped and cut off from their database, while the database's
 * clock steps ten minutes to and fro, twice. In the end each schedule's occurrences are held against the model: the grid of
 * its seconds. None fired twice; none is missing but what its misfire policy says, and that is counted to the last one.
 */
final class ScheduleTorture {
    private static final int SERVERS = 3;
    private static final String TYPE = "torture-schedule";
    private static final Duration PAUSE = Duration.ofSeconds(2);
    private static final Duration STEP = Duration.ofMinutes(10);

    /** Nothing that a step makes due is above it, so that this policy misses nothing at all. */
    private static final Misfire ALL = new Misfire(Misfire.Policy.FIRE_ALL, Misfire.MOST_JOBS, null);

    /** When the clock steps, in parts of the whole time, and where it stands after it. */
    private static final double[] STEPS_AT = {0.25, 0.35, 0.6, 0.7};

    private static final int[] STEPS_TO = {-1, 0, 1, 0};

    private final int schedules;
    private final Duration time;
    private final Random random;
    private final List<String> faults = new ArrayList<>();

    ScheduleTorture(int schedules, Duration time, long seed) {
        this.schedules = schedules;
        this.time = time;
        this.random = new Random(seed);
        say("schedules: " + schedules + " of a second on " + SERVERS + " servers for " + time.toSeconds() + " s, seed "
                + seed);
    }

    boolean run() throws IOException, InterruptedException, SQLException {
        try (Stage stage = Stage.wired(SERVERS);
                Connection database = DriverManager.getConnection(stage.jdbcUrl())) {
            execute(database, """
                    create table public.torture_clock (shift interval not null);
                    insert into public.torture_clock values ('0');
                    create or replace function pulse.now() returns timestamptz language sql stable
                        as 'select statement_timestamp() + (select shift from public.torture_clock)';
                    """);
            List<UUID> made = create(stage);
            int acts = torment(stage, database);
            awaitCaughtUp(database);
            for (Proc server : stage.servers()) {
                server.kill(); // so that nothing moves while it is judged
            }
            judge(database, made, acts);
        }
        faults.stream().limit(20).forEach(fault -> say("  FAULT " + fault));
        return faults.isEmpty();
    }

    private List<UUID> create(Stage stage) {
        List<UUID> made = new ArrayList<>();
        Misfire[] policies = {Misfire.FIRE_ONCE, Misfire.SKIP, ALL};
        for (int i = 0; i < schedules; i++) {
            ScheduleSpec spec = new ScheduleSpec(
                    "torture-" + i,
                    Stage.job(TYPE, 0),
                    Timing.of(new ScheduleRule.Every(Duration.ofSeconds(1), ScheduleRule.Pace.FIXED_RATE)),
                    policies[i % policies.length],
                    Overlap.ALLOW);
            ScheduleInfo created = stage.client(i).createSchedule(spec);
            made.add(created.id());
        }
        return made;
    }

    /** Returns how often something was done to a server. */
    private int torment(Stage stage, Connection database) throws IOException, InterruptedException, SQLException {
        long start = System.nanoTime();
        int acts = 0;
        int step = 0;
        while (System.nanoTime() - start < time.toNanos()) {
            double part = (System.nanoTime() - start) / (double) time.toNanos();
            if (step < STEPS_AT.length && part >= STEPS_AT[step]) {
                step(database, STEPS_TO[step++]);
            }
            Thread.sleep(500 + random.nextInt(2_000));
            int victim = random.nextInt(SERVERS);
            Proc server = stage.servers().get(victim);
            switch (random.nextInt(3)) {
                case 0 -> {
                    server.kill();
                    server.start();
                }
                case 1 -> {
                    server.stop();
                    Thread.sleep(random.nextInt((int) PAUSE.toMillis() * 3));
                    server.resume();
                }
                default -> {
                    stage.wire(victim).cut();
                    Thread.sleep(random.nextInt((int) PAUSE.toMillis() * 3));
                    stage.wire(victim).mend();
                }
            }
            acts++;
        }
        while (step < STEPS_AT.length) {
            step(database, STEPS_TO[step++]);
        }
        return acts;
    }

    private static void step(Connection database, int place) throws SQLException {
        say("  the database's clock is " + place * STEP.toMinutes() + " min off");
        execute(database, "update public.torture_clock set shift = interval '1 second' * " + place * STEP.toSeconds());
    }

    /** Until nothing that is due is undecided. */
    private static void awaitCaughtUp(Connection database) throws InterruptedException {
        Proc.Await.until("all schedules have caught up", () -> {
            try {
                return count(
                                database,
                                "select count(*) from pulse.schedule where status = 'active'"
                                        + " and look_at < pulse.now() - interval '3 seconds'")
                        == 0;
            } catch (SQLException e) {
                return false;
            }
        });
    }

    /** A schedule as its row stands. */
    private record Row(
            String name,
            String misfire,
            String status,
            Instant anchor,
            Instant cursor,
            long fired,
            long coalesced,
            long skipped) {}

    private void judge(Connection database, List<UUID> made, int acts) throws SQLException {
        long occurrences = 0;
        long planned = 0;
        long missedByPolicy = 0;
        for (UUID id : made) {
            Row row = row(database, id);
            if (row == null || !row.status().equals("active")) {
                faults.add("schedule " + id + " is " + (row == null ? "gone" : row.status()));
                continue;
            }
            long grid = Duration.between(row.anchor(), row.cursor()).toSeconds();
            long found = follow(database, id, row);
            occurrences += found;
            planned += grid;
            missedByPolicy += row.coalesced() + row.skipped();
            if (found != row.fired() || row.fired() + row.coalesced() + row.skipped() != grid) {
                faults.add(row.name() + ": " + grid + " planned, " + found + " fired, counted " + row);
            }
        }
        long jobs = count(database, "select count(*) from pulse.job_fact where type = '" + TYPE + "'");
        long paired = count(database, """
                select count(*) from pulse.occurrence o
                  join pulse.job_fact j on j.id = o.job_id and j.headers ->> 'pulse.schedule-id' = o.schedule::text
                """);
        long twice = count(database, """
                select count(*) from (
                    select 1 from pulse.job_fact where type = '%s'
                     group by headers ->> 'pulse.schedule-id', headers ->> 'pulse.occurrence' having count(*) > 1) more
                """.formatted(TYPE));
        if (twice > 0) {
            faults.add(twice + " occurrences have more than one job");
        }
        if (jobs != occurrences || paired != occurrences) {
            faults.add(occurrences + " occurrences, " + jobs + " jobs, " + paired + " of them belong together");
        }
        say("schedules: " + acts + " times a server was killed, stopped or cut off; planned " + planned + ", fired "
                + occurrences + " with " + jobs + " jobs, coalesced or skipped by policy " + missedByPolicy
                + ", fired twice " + twice + ", unexplained " + faults.size());
    }

    /** Walks through what a schedule fired: each on the grid, each gap as its policy says. Returns how many there are. */
    private long follow(Connection database, UUID id, Row row) throws SQLException {
        try (Statement statement = database.createStatement();
                ResultSet fired = statement.executeQuery("select at, coalesced from pulse.occurrence where schedule = '"
                        + id + "' and not manual order by at")) {
            long count = 0;
            Instant before = row.anchor();
            while (fired.next()) {
                Instant at = fired.getObject(1, OffsetDateTime.class).toInstant();
                long coalesced = fired.getLong(2);
                long gap = Duration.between(before, at).toSeconds() - 1;
                if (!at.equals(before.plusSeconds(gap + 1))) {
                    faults.add(row.name() + ": " + at + " is not on the grid of " + row.anchor());
                }
                if (row.misfire().equals("skip") ? coalesced != 0 : gap != coalesced) {
                    faults.add(row.name() + ": " + gap + " missing before " + at + ", of which " + coalesced
                            + " coalesced, policy " + row.misfire());
                }
                before = at;
                count++;
            }
            return count;
        }
    }

    private static @Nullable Row row(Connection database, UUID id) throws SQLException {
        try (Statement statement = database.createStatement();
                ResultSet row =
                        statement.executeQuery("select name, misfire, status, anchor, cursor_at, fired, coalesced,"
                                + " skipped from pulse.schedule where id = '" + id + "'")) {
            return row.next()
                    ? new Row(
                            row.getString(1),
                            row.getString(2),
                            row.getString(3),
                            row.getObject(4, OffsetDateTime.class).toInstant(),
                            row.getObject(5, OffsetDateTime.class).toInstant(),
                            row.getLong(6),
                            row.getLong(7),
                            row.getLong(8))
                    : null;
        }
    }

    private static long count(Connection database, String query) throws SQLException {
        try (Statement statement = database.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            row.next();
            return row.getLong(1);
        }
    }

    private static void execute(Connection database, String sql) throws SQLException {
        try (Statement statement = database.createStatement()) {
            statement.execute(sql);
        }
    }

    private static void say(String line) {
        System.out.println(line);
    }
}
