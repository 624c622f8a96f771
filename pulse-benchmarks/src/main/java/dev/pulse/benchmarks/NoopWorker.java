package dev.pulse.benchmarks;

import dev.pulse.model.Payload;
import dev.pulse.sdk.JobType;
import dev.pulse.sdk.Pulse;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The worker process of a load run: handlers that do nothing but note when they start. The first sixteen digits of a payload
 * are the submitter's monotonic clock, which on Linux is the same for all processes of a machine.
 *
 * <p>Commands on stdin: {@code begin} forgets, {@code count} says how many ran, {@code report} says the latencies.
 */
final class NoopWorker {
    private static final int MOST = 4_000_000;

    private static final AtomicInteger STARTED = new AtomicInteger();
    private static final long[] LATENCIES = new long[MOST];

    private NoopWorker() {}

    public static void main(String[] arguments) throws IOException {
        String address = arguments[0];
        int slots = Integer.parseInt(arguments[1]);
        try (Pulse pulse =
                Pulse.connect(address, options -> options.concurrency(slots).name("bench"))) {
            pulse.handle(JobType.of(Load.TYPE), (job, payload) -> note(payload));
            pulse.start();
            System.out.println("worker ready");
            serve();
        }
    }

    private static void note(Payload payload) {
        long sent = Long.parseLong(new String(payload.bytes(), 1, Load.STAMP_DIGITS, StandardCharsets.US_ASCII));
        int place = STARTED.getAndIncrement();
        if (place < MOST) {
            LATENCIES[place] = System.nanoTime() - sent;
        }
    }

    private static void serve() throws IOException {
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            switch (line) {
                case "begin" -> STARTED.set(0);
                case "count" -> System.out.println("count " + STARTED.get());
                case "report" -> System.out.println("report " + percentiles());
                default -> throw new IllegalArgumentException(line);
            }
        }
    }

    private static String percentiles() {
        return Latencies.of(Arrays.copyOf(LATENCIES, Math.min(MOST, STARTED.get())))
                .toString();
    }
}
