package dev.pulse.benchmarks;

import dev.pulse.client.ClientConfig;
import dev.pulse.client.PulseClient;
import dev.pulse.client.ServerAddress;
import dev.pulse.localpostgres.LocalPostgres;
import dev.pulse.localpostgres.LocalPostgresConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutionException;

/**
 * The first figures of Pulse: PostgreSQL, server, worker and submitters in processes of their own on one machine, over
 * gRPC, no-op handlers, {@code fsync} and {@code synchronous_commit} on. Each measure is the median of its rounds; what
 * went before it in the same database is part of the method.
 */
public final class Bench {
    private static final int SUBMITTERS = 32;
    private static final int SLOTS = 1_000;
    private static final int ROUNDS = 3;

    private final int jobs;
    private final Path folder;
    private final String databaseUrl;
    private final Child server;
    private final Child worker;
    private final PulseClient client;

    private Bench(int jobs, Path folder, String databaseUrl, Child server, Child worker, PulseClient client) {
        this.jobs = jobs;
        this.folder = folder;
        this.databaseUrl = databaseUrl;
        this.server = server;
        this.worker = worker;
        this.client = client;
    }

    /** @param arguments how many jobs a round has; default 100000 */
    public static void main(String[] arguments)
            throws IOException, InterruptedException, ExecutionException, SQLException {
        int jobs = arguments.length == 0 ? 100_000 : Integer.parseInt(arguments[0]);
        Path folder = Files.createTempDirectory("pulse-bench");
        try (LocalPostgres postgres = LocalPostgres.start(LocalPostgresConfig.in(folder.resolve("data")));
                Child server = server(postgres, folder, "server")) {
            String address = server.await("pulse ready").replaceAll(".*grpc=", "");
            try (Child worker = new Child(
                            List.of(),
                            NoopWorker.class.getName(),
                            List.of(address, Integer.toString(SLOTS)),
                            Map.of(),
                            folder.resolve("worker.log"));
                    PulseClient client = PulseClient.connect(twoConnections(address))) {
                worker.await("worker ready");
                new Bench(jobs, folder, postgres.jdbcUrl(), server, worker, client).run();
            }
        }
    }

    private static ClientConfig twoConnections(String address) {
        ClientConfig one = ClientConfig.to(ServerAddress.parse(address));
        return new ClientConfig(
                one.address(),
                2,
                one.submitsUnderWay(),
                one.callTimeout(),
                one.bulkTimeout(),
                one.maxMessageBytes(),
                one.reconnectFirst(),
                one.reconnectMost());
    }

    /** A server on that database, on ports of its own choice. */
    static Child server(LocalPostgres postgres, Path folder, String name) throws IOException {
        return new Child(
                List.of(),
                "dev.pulse.cli.Main",
                List.of("server"),
                Map.of(
                        "PULSE_DATABASE_URL", postgres.jdbcUrl(),
                        "PULSE_HTTP_ADDR", "0",
                        "PULSE_GRPC_ADDR", "0"),
                folder.resolve(name + ".log"));
    }

    private void run() throws IOException, InterruptedException, ExecutionException, SQLException {
        print(
                "machine",
                Runtime.getRuntime().availableProcessors() + " processors, Java " + Runtime.version() + ", logs in "
                        + folder);
        endToEnd(jobs / 5); // warm-up: compilers of three processes
        double[] submits = new double[ROUNDS];
        double[] singles = new double[ROUNDS];
        double[] batches = new double[ROUNDS];
        for (int round = 0; round < ROUNDS; round++) {
            submits[round] = jobs / new Load(client, "parked").singles(jobs, SUBMITTERS);
            print("submit", "%.0f jobs/s from %d callers, one job a call", submits[round], SUBMITTERS);
            DatabaseCounters before = settledCounters();
            singles[round] = endToEnd(jobs);
            print(
                    "end to end",
                    "%.0f jobs/s, one job a call; %s",
                    singles[round],
                    settledCounters().minus(before).per(jobs));
            before = settledCounters();
            batches[round] = endToEndInBatches(jobs);
            print(
                    "end to end",
                    "%.0f jobs/s, 500 jobs a call; %s",
                    batches[round],
                    settledCounters().minus(before).per(jobs));
        }
        print("idle latency", latency(500, 50));
        print("latency at half load", latency((int) (median(singles) * 10), median(singles) / 2));
        print("server heap", heap());
        print(
                "median",
                "submit %.0f/s, end to end %.0f/s single, %.0f/s batched",
                median(submits),
                median(singles),
                median(batches));
    }

    private double endToEnd(int n) throws IOException, InterruptedException, ExecutionException {
        worker.say("begin");
        long start = System.nanoTime();
        new Load(client, Load.TYPE).singles(n, SUBMITTERS);
        awaitStarted(n);
        return n / ((System.nanoTime() - start) / 1e9);
    }

    private double endToEndInBatches(int n) throws IOException, InterruptedException, ExecutionException {
        worker.say("begin");
        long start = System.nanoTime();
        new Load(client, Load.TYPE).batches(n, 4, 500);
        awaitStarted(n);
        return n / ((System.nanoTime() - start) / 1e9);
    }

    private String latency(int n, double perSecond) throws IOException, InterruptedException, ExecutionException {
        worker.say("begin");
        new Load(client, Load.TYPE).paced(n, perSecond);
        awaitStarted(n);
        worker.say("report");
        return String.format(Locale.ROOT, "submit to handler start at %.0f jobs/s: ", perSecond)
                + worker.await("report");
    }

    private void awaitStarted(int n) throws IOException, InterruptedException {
        int started = 0;
        while (started < n) {
            Thread.sleep(5);
            worker.say("count");
            started = Integer.parseInt(worker.await("count"));
        }
    }

    /** Backends hand their counts in at most once a second. */
    private DatabaseCounters settledCounters() throws InterruptedException, SQLException {
        Thread.sleep(1_500);
        return DatabaseCounters.read(databaseUrl);
    }

    private String heap() throws IOException {
        Process jcmd = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                        Long.toString(server.pid()),
                        "GC.heap_info")
                .start();
        return new String(jcmd.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8)
                .lines()
                .skip(1)
                .limit(2)
                .map(String::strip)
                .reduce("", (a, b) -> a + " " + b);
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }

    private static void print(String what, String format, Object... values) {
        System.out.printf(
                Locale.ROOT,
                "%-22s %s%n",
                what,
                values.length == 0 ? format : String.format(Locale.ROOT, format, values));
    }
}
