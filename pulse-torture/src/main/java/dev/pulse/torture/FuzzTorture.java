package dev.pulse.torture;

import dev.pulse.client.PulseClient;
import dev.pulse.model.ErrorCode;
import dev.pulse.model.Job;
import dev.pulse.model.Limits;
import dev.pulse.model.Payload;
import dev.pulse.model.PulseException;
import dev.pulse.model.Submission;
import dev.pulse.model.SubmissionBuilder;
import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Nonsense at every door of one server, from a seed: each answer has to be one that is documented, nothing that was
 * acknowledged may be missing afterwards, the server must log no error, its heap must be what it was, and a good caller must
 * be served all the while.
 */
final class FuzzTorture {
    private static final int CALLERS = 32;
    private static final int SHOWN = 12;
    private static final int WARM_UP = 2_000;
    private static final int KEEP_EVERY = 50;
    private static final long HEAP_SLACK_KIB = 24 << 10;
    /** Sessions without a word of their lease have the default one; all have lapsed after this. */
    private static final Duration SESSIONS_LAPSE = Duration.ofSeconds(45);

    private final int requests;
    private final long seed;
    private final Queue<String> defects = new ConcurrentLinkedQueue<>();
    private final FuzzWords.Acknowledged acknowledged = new FuzzWords.Acknowledged();
    private final FuzzWords.Acknowledged kept = new FuzzWords.Acknowledged();

    private interface Door {
        void step() throws Exception;
    }

    private interface Doors {
        Door open(FuzzWords words) throws Exception;
    }

    FuzzTorture(int requests, long seed) {
        this.requests = requests;
        this.seed = seed;
    }

    /** @param requests how many at each door */
    static boolean run(int requests, long seed, boolean settles)
            throws IOException, InterruptedException, ExecutionException {
        return new FuzzTorture(requests, seed).run(settles);
    }

    private boolean run(boolean settles) throws IOException, InterruptedException, ExecutionException {
        Torture.say("fuzz: " + requests + " requests at each door, seed " + seed);
        try (Stage stage = new Stage(1)) {
            int http = URI.create(stage.url(0)).getPort();
            ManagedChannel channel = NettyChannelBuilder.forTarget(stage.address(0))
                    .usePlaintext()
                    .maxInboundMessageSize(64 << 20)
                    .build();
            Doors rest = words -> new FuzzRest(http, words, acknowledged, defects::add)::step;
            Doors grpc = words -> new FuzzGrpc(channel, words, acknowledged, defects::add)::step;
            try {
                pour("warm-up", rest, stage, Math.min(WARM_UP, requests), seed - 1);
                pour("warm-up", grpc, stage, Math.min(WARM_UP, requests), seed - 2);
                settle(settles);
                long before = heap(stage);
                pour("rest", rest, stage, requests, seed);
                pour("grpc", grpc, stage, requests, seed + 1);
                settle(settles);
                long after = heap(stage);
                return verdict(stage, before, after);
            } finally {
                channel.shutdownNow();
            }
        }
    }

    private static void settle(boolean settles) throws InterruptedException {
        if (settles) {
            Thread.sleep(SESSIONS_LAPSE);
        }
    }

    /** Sends them all, and a good job now and then in between. */
    private void pour(String name, Doors doors, Stage stage, int count, long first)
            throws InterruptedException, ExecutionException {
        long started = System.nanoTime();
        AtomicInteger left = new AtomicInteger(count);
        try (ExecutorService callers = Executors.newFixedThreadPool(CALLERS)) {
            java.util.List<Future<?>> running = new java.util.ArrayList<>();
            for (int i = 0; i < CALLERS; i++) {
                long own = first * 1_000 + i;
                running.add(callers.submit(() -> {
                    Door door = doors.open(new FuzzWords(new Random(own)));
                    for (int at = left.getAndDecrement(); at > 0; at = left.getAndDecrement()) {
                        door.step();
                        if (at % KEEP_EVERY == 0) {
                            keep(stage.client(0));
                        }
                    }
                    return null;
                }));
            }
            for (Future<?> one : running) {
                one.get();
            }
        }
        Torture.say("fuzz: " + name + " " + count + " in " + (System.nanoTime() - started) / 1_000_000
                + " ms, defects so far " + defects.size());
    }

    private void keep(PulseClient client) {
        try {
            Submission job = new SubmissionBuilder(Limits.DEFAULT)
                    .type("kept")
                    .queue("kept")
                    .payload(Payload.json("{\"kept\":true}"))
                    .build(new dev.pulse.model.IdSource(
                            java.time.InstantSource.system(), java.util.concurrent.ThreadLocalRandom.current()));
            client.submit(job);
            kept.add(job.id().toString());
        } catch (PulseException e) {
            defects.add("a good submit was refused: " + e.getMessage());
        }
    }

    private boolean verdict(Stage stage, long before, long after) throws IOException {
        PulseClient client = stage.client(0);
        int missing = missing(client, acknowledged.ids()) + missing(client, kept.ids());
        String log = stage.servers().getFirst().said();
        long errors = log.lines().filter(line -> line.contains(" ERROR ")).count();
        boolean flat = before < 0 || after - before < HEAP_SLACK_KIB;
        boolean serves = serves(client);
        defects.stream().limit(SHOWN).forEach(one -> Torture.say("DEFECT " + one));
        log.lines().filter(line -> line.contains(" ERROR ")).limit(SHOWN).forEach(line -> Torture.say("LOG " + line));
        Torture.say("fuzz: defects " + defects.size() + ", error logs " + errors + ", acknowledged "
                + (acknowledged.ids().size() + kept.ids().size()) + ", missing " + missing + ", heap after collection "
                + before + " KiB before, " + after + " KiB after, next good request " + (serves ? "works" : "FAILS"));
        return defects.isEmpty() && errors == 0 && missing == 0 && flat && serves;
    }

    private int missing(PulseClient client, Set<UUID> ids) {
        int missing = 0;
        for (UUID id : ids) {
            try {
                Job job = client.find(id).orElse(null);
                missing += job == null ? 1 : 0;
            } catch (PulseException e) {
                defects.add("an acknowledged job could not be read: " + e.getMessage());
            }
        }
        return missing;
    }

    private static boolean serves(PulseClient client) {
        try {
            return client.counts() != null;
        } catch (PulseException e) {
            return e.code() == ErrorCode.INTERNAL;
        }
    }

    /** What the server's heap holds after a full collection; −1 where this Java has no tool to ask with. */
    private static long heap(Stage stage) throws IOException, InterruptedException {
        String pid = Long.toString(stage.servers().getFirst().pid());
        Path tool = Path.of(System.getProperty("java.home"), "bin", "jcmd");
        if (!tool.toFile().canExecute()) {
            return -1;
        }
        said(tool, pid, "GC.run");
        Matcher used = Pattern.compile("total \\d+K, used (\\d+)K").matcher(said(tool, pid, "GC.heap_info"));
        long sum = 0;
        while (used.find()) {
            sum += Long.parseLong(used.group(1));
        }
        return sum;
    }

    private static String said(Path tool, String... arguments) throws IOException, InterruptedException {
        java.util.List<String> command = new java.util.ArrayList<>(java.util.List.of(tool.toString()));
        command.addAll(java.util.List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return text;
    }
}
