package dev.pulse.torture;

import dev.pulse.client.PulseClient;
import dev.pulse.localpostgres.LocalPostgres;
import dev.pulse.localpostgres.LocalPostgresConfig;
import dev.pulse.model.IdSource;
import dev.pulse.model.Job;
import dev.pulse.model.Limits;
import dev.pulse.model.Payload;
import dev.pulse.model.PulseException;
import dev.pulse.model.Submission;
import dev.pulse.model.SubmissionBuilder;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;

/** One PostgreSQL, some servers, some workers: the processes of a scenario, and what a scenario asks of them. */
final class Stage implements AutoCloseable {
    private final Path folder = Files.createTempDirectory("pulse-torture");
    private final LocalPostgres postgres = LocalPostgres.start(LocalPostgresConfig.in(folder.resolve("data")));
    /** One a server where the scenario wants to cut them; else none. */
    private final List<Wire> wires = new ArrayList<>();

    private final List<Proc> servers = new ArrayList<>();
    private final List<String> addresses = new ArrayList<>();
    private final List<Integer> httpPorts = new ArrayList<>();
    private final List<PulseClient> clients = new ArrayList<>();
    private final List<Proc> workers = new ArrayList<>();
    private final Journal journal = new Journal(folder.resolve("journal"));

    Stage(int serverCount) throws IOException, InterruptedException {
        this(serverCount, false);
    }

    /** With a wire between each server and the database. */
    static Stage wired(int serverCount) throws IOException, InterruptedException {
        return new Stage(serverCount, true);
    }

    private Stage(int serverCount, boolean wired) throws IOException, InterruptedException {
        for (int i = 0; i < serverCount; i++) {
            int grpc = freePort();
            httpPorts.add(freePort());
            addresses.add("127.0.0.1:" + grpc);
            servers.add(new Proc(
                    "server-" + i,
                    folder,
                    "dev.pulse.cli.Main",
                    List.of("server"),
                    Map.of(
                            "PULSE_DATABASE_URL", wired ? throughWire() : postgres.jdbcUrl(),
                            "PULSE_GRPC_ADDR", "127.0.0.1:" + grpc,
                            "PULSE_HTTP_ADDR", "127.0.0.1:" + httpPorts.get(i))));
            clients.add(PulseClient.connect(addresses.get(i)));
        }
        for (Proc server : servers) {
            server.awaitSaid("pulse ready", 1);
        }
    }

    private String throughWire() throws IOException {
        Wire wire = new Wire(postgres.port());
        wires.add(wire);
        return postgres.jdbcUrl().replace(":" + postgres.port() + "/", ":" + wire.port() + "/");
    }

    /** That server's way to the database. */
    Wire wire(int server) {
        return wires.get(server);
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    Proc worker(String name, Duration lease, int slots) throws IOException, InterruptedException {
        Proc worker = new Proc(
                name,
                folder,
                Victim.class.getName(),
                List.of(
                        addresses.get(workers.size() % addresses.size()),
                        name,
                        folder.resolve("journal").toString(),
                        lease.toString(),
                        Integer.toString(slots)),
                Map.of());
        workers.add(worker);
        worker.awaitSaid("victim ready", 1);
        return worker;
    }

    /** A worker in another language. Its process, like the others, ends with the stage. */
    Proc foreignWorker(String name, List<String> command, Map<String, String> environment)
            throws IOException, InterruptedException {
        Proc worker = new Proc(name, folder, command, environment);
        workers.add(worker);
        worker.awaitSaid("victim ready", 1);
        return worker;
    }

    /** Where that server speaks gRPC. */
    String address(int server) {
        return addresses.get(server);
    }

    /** Where that server speaks HTTP. */
    String url(int server) {
        return "http://127.0.0.1:" + httpPorts.get(server);
    }

    /** A consumer of a subscription. Its process, like a worker's, ends with the stage. */
    Proc eventVictim(String name, String subscription, Path events, Duration lease)
            throws IOException, InterruptedException {
        Proc victim = new Proc(
                name,
                folder,
                EventVictim.class.getName(),
                List.of(
                        addresses.get(workers.size() % addresses.size()),
                        subscription,
                        events.toString(),
                        lease.toString()),
                Map.of());
        workers.add(victim);
        victim.awaitSaid("victim ready", 1);
        return victim;
    }

    List<Proc> servers() {
        return servers;
    }

    List<Proc> workers() {
        return workers;
    }

    String jdbcUrl() {
        return postgres.jdbcUrl();
    }

    PulseClient client(int i) {
        return clients.get(i % clients.size());
    }

    HttpWorker httpWorker(Duration lease) throws IOException, InterruptedException {
        return new HttpWorker(httpPorts.getFirst(), Victim.PLAIN, lease);
    }

    Journal journal() {
        return journal;
    }

    Path folder() {
        return folder;
    }

    /** Kills every process of the database at once; its launcher starts it again on the same port. */
    void killPostgres() throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-9", Long.toString(postgres.postmasterPid()))
                .inheritIO()
                .start()
                .waitFor();
    }

    static Submission job(String type, long millis) {
        return new SubmissionBuilder(Limits.DEFAULT)
                .type(type)
                .payload(Payload.json(Long.toString(millis)))
                .build(new IdSource(InstantSource.system(), ThreadLocalRandom.current()));
    }

    /** The same job again until somebody acknowledges it: its id makes that safe. Returns how often it was sent. */
    int submit(int first, Submission job) throws InterruptedException {
        for (int sent = 1; ; sent++) {
            try {
                client(first + sent).submit(job);
                return sent;
            } catch (PulseException e) {
                if (!e.code().retryable()) {
                    throw e;
                }
                Thread.sleep(100);
            }
        }
    }

    /** The job as it ended; as it is, where that does not come. */
    Job awaitFinal(UUID id) throws InterruptedException {
        Job[] last = new Job[1];
        try {
            Proc.Await.until("job " + id + " is final", () -> {
                try {
                    last[0] = find(id);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    return true;
                }
                return last[0].status().isFinal();
            });
        } catch (AssertionError e) {
            System.out.println("  " + e.getMessage() + ": " + last[0]);
        }
        return last[0];
    }

    /** The job with its history, from whichever server answers. */
    Job find(UUID id) throws InterruptedException {
        for (int tries = 0; tries < 100; tries++) {
            try {
                return client(tries).find(id).orElseThrow(() -> new AssertionError("job " + id + " is lost"));
            } catch (PulseException e) {
                Thread.sleep(100);
            }
        }
        throw new AssertionError("no server answers");
    }

    @Override
    public void close() {
        workers.forEach(Proc::close);
        clients.forEach(PulseClient::close);
        servers.forEach(Proc::close);
        wires.forEach(Wire::close);
        postgres.close();
    }
}
