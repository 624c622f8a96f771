package dev.pulse.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pulse.localpostgres.SharedPostgres;
import dev.pulse.model.Backoff;
import dev.pulse.model.ErrorCode;
import dev.pulse.model.Fire;
import dev.pulse.model.JobFilter;
import dev.pulse.model.Misfire;
import dev.pulse.model.Overlap;
import dev.pulse.model.PulseException;
import dev.pulse.model.ScheduleFilter;
import dev.pulse.model.ScheduleInfo;
import dev.pulse.model.ScheduleRule;
import dev.pulse.model.ScheduleStatus;
import dev.pulse.sdk.JobContext;
import dev.pulse.sdk.JobType;
import dev.pulse.sdk.Json;
import dev.pulse.sdk.Pulse;
import dev.pulse.sdk.Schedule;
import dev.pulse.sdk.WorkerListener;
import dev.pulse.storepostgres.PgConfig;
import dev.pulse.storepostgres.PgStores;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.postgresql.ds.PGSimpleDataSource;

/** Schedules that applications have in their code, over restarts and replicas, on PostgreSQL. */
@Timeout(120)
final class DeclaredSchedulesTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final JobType<Json> DIGEST = JobType.of("digest", Json.class);
    private static final JobType<Json> SWEEP = JobType.of("sweep", Json.class);
    private static final Json ALL = new Json("\"all\"");
    private static final Schedule NIGHTLY = Schedule.cron("0 3 * * *", ZoneId.of("Europe/Vienna"));
    private static final Schedule EACH_SECOND = Schedule.every(Duration.ofSeconds(1));

    /** Made by the first test that needs it; each test works on a copy, the clock of which can be moved. */
    private static final class Template {
        static final String NAME = make();

        private static String make() {
            String url = SharedPostgres.freshDatabase();
            PgStores.open(PgConfig.defaults(url)).close();
            run(url, "create table pulse.test_shift (by interval not null)");
            run(url, "insert into pulse.test_shift values (interval '0')");
            run(
                    url,
                    "create or replace function pulse.now() returns timestamptz language sql stable parallel safe"
                            + " as 'select statement_timestamp() + by from pulse.test_shift'");
            String path = url.substring(url.lastIndexOf('/') + 1);
            return path.contains("?") ? path.substring(0, path.indexOf('?')) : path;
        }
    }

    private record Run(UUID schedule, Instant occurrence, UUID job) {}

    private final String url = SharedPostgres.freshDatabase(Template.NAME);
    private final List<Pulse> open = new ArrayList<>();
    private final BlockingQueue<Run> runs = new LinkedBlockingQueue<>();
    private final BlockingQueue<String> missing = new LinkedBlockingQueue<>();

    @AfterEach
    void close() {
        open.reversed().forEach(Pulse::close);
    }

    private static void run(String url, String sql) {
        try (Connection connection = DriverManager.getConnection(url)) {
            connection.createStatement().execute(sql);
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    /** One process of the application. */
    private Pulse replica() {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setUrl(url);
        Pulse pulse = Pulse.embedded(
                source,
                options ->
                        options.worker(worker -> worker.application("billing").listener(new WorkerListener() {
                            @Override
                            public void schedulesMissing(List<ScheduleInfo> gone) {
                                gone.forEach(one ->
                                        missing.add(String.valueOf(one.spec().name())));
                            }
                        })));
        open.add(pulse);
        pulse.handle(DIGEST, (job, payload) -> note(job));
        return pulse;
    }

    private void note(JobContext job) {
        runs.add(new Run(job.scheduleId().orElseThrow(), job.occurrence().orElseThrow(), job.id()));
    }

    private void stop(Pulse pulse) {
        pulse.close();
        open.remove(pulse);
    }

    private static <T> T next(BlockingQueue<T> queue) throws InterruptedException {
        T got = queue.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        assertThat(got).isNotNull();
        return got;
    }

    private static List<ScheduleInfo> all(Pulse pulse) {
        return pulse.schedules().listSchedules(ScheduleFilter.ALL, 100, null).items();
    }

    private static ScheduleInfo only(Pulse pulse) {
        List<ScheduleInfo> all = all(pulse);
        assertThat(all).hasSize(1);
        return all.getFirst();
    }

    private static List<Fire> fires(Pulse pulse, UUID schedule) {
        return pulse.schedules().listFires(schedule, 1_000, null).items();
    }

    @Test
    void replicasThatStartAtOnceMakeEachScheduleOnceAndEachOccurrenceOneJob() throws Exception {
        List<Pulse> replicas = List.of(replica(), replica());
        CyclicBarrier together = new CyclicBarrier(replicas.size());
        List<FutureTask<Boolean>> starts = replicas.stream()
                .map(pulse -> new FutureTask<>(() -> {
                    for (String name : List.of("a", "b", "c")) {
                        pulse.schedule(DIGEST, ALL, EACH_SECOND.named(name));
                    }
                    together.await();
                    pulse.start();
                    return true;
                }))
                .toList();
        starts.forEach(start -> Thread.ofVirtual().start(start));
        for (FutureTask<Boolean> start : starts) {
            start.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        }

        Pulse one = replicas.getFirst();
        assertThat(all(one)).hasSize(3).allSatisfy(schedule -> {
            assertThat(schedule.version()).isEqualTo(1);
            assertThat(schedule.declared()).isEqualTo(new ScheduleInfo.Declared("billing", null));
        });
        Map<UUID, Integer> seen = new HashMap<>();
        List<Run> ran = new ArrayList<>();
        while (seen.size() < 3 || seen.values().stream().anyMatch(count -> count < 3)) {
            Run run = next(runs);
            ran.add(run);
            seen.merge(run.schedule(), 1, Integer::sum);
        }
        all(one).forEach(schedule -> one.schedules().pauseSchedule(schedule.id(), null));
        int fired = 0;
        for (ScheduleInfo schedule : all(one)) {
            List<Fire> fires = fires(one, schedule.id());
            fired += fires.size();
            assertThat(fires).extracting(Fire::occurrence).doesNotHaveDuplicates();
            assertThat(one.jobs()
                            .list(JobFilter.ALL.ofSchedule(schedule.id()), 1_000, null)
                            .items())
                    .hasSameSizeAs(fires);
        }
        while (ran.size() < fired) {
            ran.add(next(runs));
        }

        assertThat(new HashSet<>(ran)).hasSize(fired);
        assertThat(ran).extracting(Run::job).doesNotHaveDuplicates();
    }

    @Test
    void aRestartChangesNothingOfWhatTheCodeStillSays() throws InterruptedException {
        Schedule everything = NIGHTLY.start(Instant.now().plus(1, ChronoUnit.DAYS))
                .end(Instant.parse("2099-01-01T00:00:00Z"))
                .jitter(Duration.ofSeconds(90))
                .excluding(LocalDate.of(2030, 12, 24), LocalDate.of(2030, 12, 25))
                .misfire(Misfire.fireAll(7, 0.5))
                .overlap(Overlap.QUEUE_ONE)
                .named("everything");
        List<List<ScheduleInfo>> stored = new ArrayList<>();
        for (int start = 0; start < 2; start++) {
            Pulse pulse = replica();
            pulse.schedule(
                    DIGEST,
                    ALL,
                    everything,
                    options -> options.queue("slow")
                            .priority(-3)
                            .maxAttempts(4)
                            .backoff(Backoff.parse("fixed 3s cap 3s jitter 0.2"))
                            .timeout(Duration.ofMillis(1_500))
                            .header("h", "1")
                            .tag("t", "2")
                            .origin("o"));
            pulse.schedule(DIGEST, ALL, Schedule.after(Duration.ofSeconds(1)).named("once"));
            pulse.start();
            if (start == 0) {
                next(runs);
            }
            stored.add(all(pulse));
            stop(pulse);
        }

        assertThat(stored.get(0)).extracting(ScheduleInfo::version).containsOnly(1L);
        assertThat(stored.get(1)).isEqualTo(stored.get(0));
        assertThat(stored.get(1)).extracting(ScheduleInfo::status).contains(ScheduleStatus.ENDED);
        assertThat(runs).as("once is once").isEmpty();
    }

    @Test
    void aRestartWithAnotherRuleEditsTheSchedule() {
        Pulse before = replica();
        before.schedule(DIGEST, ALL, NIGHTLY);
        before.start();
        ScheduleInfo old = only(before);
        stop(before);

        Pulse after = replica();
        after.schedule(DIGEST, ALL, Schedule.cron("0 4 * * *", ZoneId.of("Europe/Vienna")));
        after.start();

        ScheduleInfo edited = only(after);
        assertThat(edited.id()).isEqualTo(old.id());
        assertThat(edited.version()).isEqualTo(2);
        assertThat(edited.spec().timing().rule()).isEqualTo(new ScheduleRule.Cron("0 4 * * *"));
        assertThat(edited.nextAt()).isNotNull();
        assertThat(edited.nextAt().atZone(ZoneId.of("Europe/Vienna")).getHour()).isEqualTo(4);
    }

    @Test
    void aRestartWithoutAScheduleTellsOfItAndItGoesOn() throws InterruptedException {
        Pulse before = replica();
        before.schedule(DIGEST, ALL, EACH_SECOND.named("kept")).schedule(DIGEST, ALL, NIGHTLY);
        before.start();
        next(runs);
        stop(before);
        runs.clear();

        Pulse without = replica();
        without.schedule(DIGEST, ALL, NIGHTLY);
        without.start();

        assertThat(next(missing)).isEqualTo("kept");
        ScheduleInfo kept = all(without).stream()
                .filter(schedule -> "kept".equals(schedule.spec().name()))
                .findFirst()
                .orElseThrow();
        assertThat(kept.status()).isEqualTo(ScheduleStatus.ACTIVE);
        assertThat(kept.version()).isEqualTo(1);
        assertThat(kept.declared()).isNotNull();
        assertThat(kept.declared().missingSince()).isNotNull();
        assertThat(next(runs).schedule()).isEqualTo(kept.id());
        without.schedule(DIGEST, ALL, EACH_SECOND.named("kept"));
        assertThat(without.schedules().findSchedule(kept.id()).orElseThrow().declared())
                .isEqualTo(new ScheduleInfo.Declared("billing", null));
        assertThat(missing).isEmpty();
    }

    @Test
    void aWrongRuleFailsTheStartAndNamesTheField() {
        Pulse pulse = replica();
        pulse.schedule(DIGEST, ALL, Schedule.cron("0 25 * * *").named("nightly"));

        assertThatThrownBy(pulse::start).isInstanceOfSatisfying(PulseException.class, e -> {
            assertThat(e.code()).isEqualTo(ErrorCode.INVALID_FIELD);
            assertThat(e.field()).isEqualTo("schedules[nightly].cron");
            assertThat(e).hasMessageContaining("25");
        });
        assertThat(all(pulse)).isEmpty();
        assertThatThrownBy(() -> {
                    Pulse other = replica();
                    other.schedule(DIGEST, ALL, Schedule.at(Instant.EPOCH));
                    other.start();
                })
                .hasMessageContaining("schedules[digest].at: never occurs");
    }

    @Test
    void aFixedDelayWaitsForTheEndOfTheJobBefore() throws InterruptedException {
        AtomicInteger running = new AtomicInteger();
        BlockingQueue<Integer> atOnce = new LinkedBlockingQueue<>();
        CountDownLatch periodsPassed = new CountDownLatch(2);
        Pulse pulse = replica();
        pulse.handle(SWEEP, (job, payload) -> {
            atOnce.add(running.incrementAndGet());
            note(job);
            assertThat(periodsPassed.await(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                    .isTrue();
            running.decrementAndGet();
        });
        JobType<Json> tick = JobType.of("tick", Json.class);
        pulse.handle(tick, (job, payload) -> {
            if (running.get() > 0) {
                periodsPassed.countDown();
            }
        });
        pulse.schedule(SWEEP, ALL, EACH_SECOND.afterEnd()).schedule(tick, ALL, EACH_SECOND);
        pulse.start();

        Run first = next(runs);
        Run second = next(runs);

        Instant ended = pulse.jobs().await(first.job(), PATIENCE).finishedAt();
        assertThat(ended).isNotNull();
        assertThat(second.occurrence()).isAfterOrEqualTo(ended.plusSeconds(1));
        assertThat(atOnce).containsOnly(1);
    }

    @Test
    void aWeekWithoutAProcessIsOneJobThatCountsTheOthers() throws InterruptedException {
        Pulse before = replica();
        before.schedule(DIGEST, ALL, Schedule.cron("* * * * *"));
        before.start();
        ScheduleInfo made = only(before);
        stop(before);
        runs.clear();

        run(url, "update pulse.test_shift set by = interval '7 days'");
        Pulse after = replica();
        after.schedule(DIGEST, ALL, Schedule.cron("* * * * *"));
        after.start();
        Run run = next(runs);

        Fire fire = fires(after, made.id()).stream()
                .filter(one -> one.jobId().equals(run.job()))
                .findFirst()
                .orElseThrow();
        long minutes = Duration.between(made.createdAt().truncatedTo(ChronoUnit.MINUTES), fire.occurrence())
                .toMinutes();
        assertThat(minutes).isGreaterThanOrEqualTo(7 * 24 * 60);
        long earlier = fires(after, made.id()).stream()
                .filter(one -> one.occurrence().isBefore(fire.occurrence()))
                .count();
        assertThat(fire.coalesced() + 1 + earlier).isEqualTo(minutes);
        assertThat(run.occurrence()).isEqualTo(fire.occurrence());
        assertThat(after.schedules().findSchedule(made.id()).orElseThrow().version())
                .isEqualTo(1);
    }

    @Test
    void aProducerThatIsNeverStartedOwnsSchedulesToo() {
        Pulse pulse = replica();
        ScheduleInfo made = pulse.schedules().createSchedule(pulse.scheduleSpec(DIGEST, ALL, NIGHTLY));
        assertThat(made.spec().name()).isNull();
        assertThat(made.declared()).isNull();

        ScheduleInfo edited = pulse.schedules()
                .editSchedule(made.id(), made.version(), pulse.scheduleSpec(DIGEST, ALL, EACH_SECOND.named("second")));

        assertThat(edited.spec().name()).isEqualTo("second");
        assertThatThrownBy(() -> pulse.schedules().editSchedule(made.id(), made.version(), edited.spec()))
                .isInstanceOfSatisfying(
                        PulseException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.VERSION_CONFLICT));
        assertThat(count("pulse.audit where action = 'schedule.edit' and target = '" + made.id() + "'"))
                .isOne();
        pulse.schedules().deleteSchedule(made.id());
        assertThat(pulse.schedules().findSchedule(made.id())).isEmpty();
    }

    private int count(String rows) {
        try (Connection connection = DriverManager.getConnection(url);
                var result = connection.createStatement().executeQuery("select count(*) from " + rows)) {
            result.next();
            return result.getInt(1);
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }
}
