package dev.pulse.torture;

import dev.pulse.model.Job;
import dev.pulse.model.JobStatus;
import dev.pulse.model.Submission;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Stream;

/**
 * {@code ./dev torture python}: the Python worker of the examples, over plain HTTP, killed and started again in the middle of
 * its jobs, and the server with it once. Every job completes, every extra run has a recorded cause, and a worker that is asked
 * to leave finishes what it runs.
 */
final class PythonTorture {
    private static final int WORKERS = 2;
    private static final Duration LEAVES_WITHIN = Duration.ofSeconds(20);

    private final int jobs;
    private final int kills;
    private final Duration killEvery;
    private final Random random;

    /**
     * @param kills of workers; after the second one, or the only one, the server is killed as well
     * @param killEvery how long the workers work between two kills
     */
    PythonTorture(int jobs, int kills, Duration killEvery, long seed) {
        this.jobs = jobs;
        this.kills = kills;
        this.killEvery = killEvery;
        this.random = new Random(seed);
    }

    boolean run() throws IOException, InterruptedException {
        System.out.println("python: " + jobs + " jobs, " + WORKERS + " workers over HTTP, " + kills + " kills");
        try (Stage stage = new Stage(1)) {
            List<Proc> workers = new ArrayList<>();
            for (int i = 0; i < WORKERS; i++) {
                workers.add(worker(stage, "python-" + i));
            }
            List<Submission> submitted = new ArrayList<>();
            for (int i = 0; i < jobs; i++) {
                submitted.add(Stage.job(Victim.PLAIN, 20 + random.nextInt(200)));
            }
            stage.client(0).submitAll(submitted);
            kill(stage, workers);
            List<Job> ended = new ArrayList<>();
            for (Submission job : submitted) {
                ended.add(stage.awaitFinal(job.id()));
            }
            boolean left = leave(workers);
            Verdict verdict = new Verdict(ended, stage.journal().read());
            System.out.println("python: workers killed " + kills + ", the server once; " + verdict
                    + "; workers left in good order: " + left);
            return left && verdict.isGood() && verdict.statuses().getOrDefault(JobStatus.COMPLETED, 0) == jobs;
        }
    }

    private void kill(Stage stage, List<Proc> workers) throws IOException, InterruptedException {
        for (int i = 0; i < kills; i++) {
            int before = stage.journal().read().size();
            Proc.Await.until("jobs run", () -> runs(stage) > before);
            Thread.sleep(killEvery.toMillis());
            Proc victim = workers.get(random.nextInt(WORKERS));
            System.out.println("  kill -9 " + victim.name());
            victim.kill();
            victim.start();
            if (i == Math.min(1, kills - 1)) {
                Proc server = stage.servers().getFirst();
                System.out.println("  kill -9 " + server.name());
                server.kill();
                server.start();
                server.awaitSaid("pulse ready", 2);
            }
        }
    }

    private static int runs(Stage stage) {
        try {
            return stage.journal().read().size();
        } catch (IOException e) {
            return 0; // not there yet
        }
    }

    /** Whether both end by themselves, with exit code 0. */
    private static boolean leave(List<Proc> workers) throws IOException, InterruptedException {
        boolean left = true;
        for (Proc worker : workers) {
            worker.terminate();
            left &= worker.exitWithin(LEAVES_WITHIN) == 0 && worker.said().contains("victim done");
        }
        return left;
    }

    private static Proc worker(Stage stage, String name) throws IOException, InterruptedException {
        Path program = stage.folder().resolve("victim.py");
        try (InputStream source = PythonTorture.class.getResourceAsStream("victim.py")) {
            Files.write(program, Objects.requireNonNull(source).readAllBytes());
        }
        List<String> command = List.of(
                "python3",
                program.toString(),
                name,
                stage.folder().resolve("journal").toString());
        return stage.foreignWorker(
                name,
                command,
                Map.of(
                        "PYTHONPATH",
                        examples().toString(),
                        "PYTHONDONTWRITEBYTECODE",
                        "1",
                        "PULSE_URL",
                        stage.url(0),
                        "no_proxy",
                        "127.0.0.1"));
    }

    /** Where the worker is that users read, seen from the root and from this module's folder. */
    private static Path examples() {
        return Stream.of(Path.of("examples/http-workers"), Path.of("../examples/http-workers"))
                .filter(Files::isDirectory)
                .findFirst()
                .orElseThrow(() -> new AssertionError("examples/http-workers is not here; run from the root"))
                .toAbsolutePath();
    }
}
