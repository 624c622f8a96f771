package dev.pulse.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pulse.localpostgres.SharedPostgres;
import dev.pulse.model.AttemptError;
import dev.pulse.model.Outcome;
import dev.pulse.sdk.JobType;
import dev.pulse.sdk.Pulse;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What a real server on a real database tells of a real run, against what docs/metrics.md promises. */
final class MetricsTest {
    private static final Pattern ROW = Pattern.compile("^\\| `([a-z0-9_]+)`(†?) \\|", Pattern.MULTILINE);
    private static TestServer server;
    private static Scrape scrape;

    @BeforeAll
    static void run() {
        server = TestServer.start(SharedPostgres.freshDatabase());
        String lost = submit("{\"type\":\"lost\",\"max_attempts\":1}");
        loseIt();
        server.post("/jobs", "{\"type\":\"nobody\",\"queue\":\"quiet\"}");
        server.post("/schedules", "{\"type\":\"good\",\"after\":\"1ms\"}");
        server.get("/nowhere");
        work(lost);
        scrape = new Scrape(server.get("/metrics").body());
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static String submit(String json) {
        TestServer.Answer answer = server.post("/jobs", json);
        assertThat(answer.status()).as(answer.body()).isEqualTo(201);
        return answer.field("id");
    }

    /** A worker takes a job and is never heard again. */
    private static void loseIt() {
        String session = server.post("/sessions", "{\"types\":[\"lost\"],\"lease_ttl\":\"1s\"}")
                .field("session_id");
        assertThat(server.post("/sessions/" + session + "/claim", "{\"max\":1,\"wait\":\"5s\"}")
                        .field("token"))
                .isNotEmpty();
    }

    /** A worker of the SDK over gRPC: jobs that complete, that fail at first, and that die. */
    private static void work(String lost) {
        JobType<String> good = JobType.of("good", String.class);
        JobType<String> flaky = JobType.of("flaky", String.class);
        JobType<String> bad = JobType.of("bad", String.class);
        try (Pulse pulse = Pulse.connect(server.server().grpcAddress().toString())) {
            pulse.handle(good, (job, text) -> {});
            pulse.handle(flaky, (job, text) -> {
                if (job.attempt() == 1) {
                    throw new IllegalStateException("not yet");
                }
            });
            pulse.handleReturning(bad, (job, text) -> new Outcome.DeadLetter(AttemptError.of("hopeless", "no use")));
            pulse.start();
            List<String> ids = List.of(
                    submit("{\"type\":\"good\",\"payload\":\"a\"}"),
                    submit("{\"type\":\"good\",\"payload\":\"b\"}"),
                    submit("{\"type\":\"flaky\",\"payload\":\"c\",\"backoff\":\"fixed 1ms\"}"),
                    submit("{\"type\":\"bad\",\"payload\":\"d\"}"),
                    lost);
            ids.forEach(id -> assertThat(
                            server.get("/jobs/" + id + "/wait?timeout=30s").status())
                    .isEqualTo(200));
        }
    }

    private static Set<String> documented(boolean always) {
        return ROW.matcher(page())
                .results()
                .filter(row -> !always || row.group(2).isEmpty())
                .map((MatchResult row) -> row.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static String page() {
        try {
            return Files.readString(Path.of("../docs/metrics.md"));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void everyMetricIsDocumentedAndEveryDocumentedOneIsThere() {
        assertThat(documented(false)).containsAll(scrape.families());
        assertThat(scrape.families()).containsAll(documented(true));
    }

    @Test
    void alertsAskForMetricsThatThereAre() {
        assertThat(Pattern.compile("\\bpulse_[a-z_]+")
                        .matcher(page())
                        .results()
                        .map(used -> used.group().replaceFirst("_bucket$", "")))
                .isSubsetOf(documented(false));
    }

    @Test
    void whatHappenedIsCounted() {
        assertThat(scrape.value("pulse_jobs_submitted_total")).isEqualTo(6);
        assertThat(scrape.value("pulse_attempts_total", "outcome=\"ack\"")).isGreaterThanOrEqualTo(3);
        assertThat(scrape.value("pulse_attempts_total", "outcome=\"fail\"")).isEqualTo(1);
        assertThat(scrape.value("pulse_attempts_total", "outcome=\"dead_letter\""))
                .isEqualTo(1);
        assertThat(scrape.value("pulse_attempts_total", "outcome=\"lapse\"")).isEqualTo(1);
        assertThat(scrape.value("pulse_jobs_moved_total", "to=\"completed\"")).isGreaterThanOrEqualTo(3);
        assertThat(scrape.value("pulse_jobs_moved_total", "to=\"retrying\"")).isEqualTo(1);
        assertThat(scrape.value("pulse_jobs_moved_total", "to=\"dead_lettered\""))
                .isEqualTo(2);
        assertThat(scrape.value("pulse_leases_lapsed_total")).isEqualTo(1);
        assertThat(scrape.value("pulse_jobs_lapsed_total")).isEqualTo(1);
        assertThat(scrape.value("pulse_jobs_promoted_total")).isGreaterThanOrEqualTo(1);
        assertThat(scrape.value("pulse_reports_total", "answer=\"applied\"")).isGreaterThanOrEqualTo(5);
    }

    @Test
    void timesAndBatchesAreSpreadOverBuckets() {
        double claimed = scrape.value("pulse_jobs_claimed_total");
        assertThat(scrape.value("pulse_job_start_seconds_count")).isEqualTo(claimed);
        assertThat(scrape.value("pulse_job_start_seconds_bucket", "le=\"+Inf\""))
                .isEqualTo(claimed);
        assertThat(scrape.value("pulse_job_start_seconds_bucket", "le=\"30.0\""))
                .isEqualTo(claimed);
        assertThat(scrape.value("pulse_attempt_seconds_count")).isEqualTo(claimed - 1); // one was never reported
        assertThat(scrape.value("pulse_batch_jobs_sum", "step=\"claim\"")).isEqualTo(claimed);
        assertThat(scrape.value("pulse_batch_jobs_sum", "step=\"submit\"")).isEqualTo(6);
    }

    @Test
    void theLeaderTellsWhatAllServersShare() {
        assertThat(scrape.value("pulse_leader")).isEqualTo(1);
        assertThat(scrape.value("pulse_jobs", "type=\"nobody\"", "status=\"pending\""))
                .isEqualTo(1);
        assertThat(scrape.value("pulse_jobs", "type=\"bad\"", "status=\"dead_lettered\""))
                .isEqualTo(1);
        assertThat(scrape.value("pulse_queue_jobs", "queue=\"quiet\"", "status=\"pending\""))
                .isEqualTo(1);
        assertThat(scrape.value("pulse_queue_oldest_seconds", "queue=\"quiet\""))
                .isPositive();
        assertThat(scrape.value("pulse_type_oldest_seconds", "type=\"nobody\"")).isPositive();
        assertThat(scrape.value("pulse_paused", "kind=\"dispatch\"")).isZero();
        assertThat(scrape.value("pulse_table_bytes", "table=\"turn\"")).isPositive();
        assertThat(scrape.value("pulse_clock_skew_seconds")).isBetween(-5.0, 5.0);
        assertThat(scrape.value("pulse_pool_connections", "pool=\"data\"", "state=\"most\""))
                .isEqualTo(8);
    }

    @Test
    void callsAreCountedByRouteAndCodeAndNeverByWhatACallerWrites() {
        assertThat(scrape.value("pulse_http_calls_seconds_count", "call=\"POST /jobs\"", "code=\"201\""))
                .isEqualTo(6);
        assertThat(scrape.value("pulse_http_calls_seconds_count", "call=\"none\"", "code=\"404\""))
                .isEqualTo(1);
        assertThat(scrape.sum("pulse_http_calls_seconds_count", "call=\"GET /jobs/{id}/wait\""))
                .isEqualTo(5);
        assertThat(scrape.sum("pulse_grpc_calls_seconds_count", "call=\"StreamJobs\""))
                .isEqualTo(1);
        assertThat(scrape.value("pulse_grpc_streams", "call=\"StreamJobs\"")).isZero();
        assertThat(scrape.toString()).doesNotContain("nowhere");
    }

    @Test
    void scrapesAtTheSameTimeGetTheSameAnswer() {
        List<CompletableFuture<Integer>> scrapes = IntStream.range(0, 20)
                .mapToObj(i -> CompletableFuture.supplyAsync(
                        () -> server.get("/metrics").status()))
                .toList();

        assertThat(scrapes).allMatch(one -> one.join() == 200);
    }
}
