package dev.pulse.cli;

import dev.pulse.client.PulseClient;
import dev.pulse.model.IdSource;
import dev.pulse.model.Limits;
import dev.pulse.model.Payload;
import dev.pulse.model.Submission;
import dev.pulse.model.SubmissionBuilder;
import dev.pulse.sdk.JobType;
import dev.pulse.sdk.Pulse;
import dev.pulse.sdk.PulseOptions;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Locale;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * Load for a server, over the same protocol as everybody's, and what came of it. The jobs are real: they are stored, worked
 * and kept like all others, under a type of their own.
 */
@Command(
        name = "bench",
        description = {
            "Put load on a server and measure it: submits, work, and the way from one to the other.",
            "The jobs are real and stay until their retention ends."
        },
        synopsisSubcommandLabel = "COMMAND")
final class BenchCommand {
    private static final int MOST_JOBS = 10_000_000;
    private static final int MOST_AT_ONCE = 1_000;
    private static final double NANOS_PER_SECOND = 1e9;

    private BenchCommand() {}

    static CommandLine of(Shell shell, Words words) {
        return new Branches()
                .with("submit", () -> new SubmitLoad(shell, System::nanoTime))
                .with("work", () -> new WorkLoad(shell, System::nanoTime))
                .with("latency", () -> new Latency(shell, System::nanoTime))
                .below(new BenchCommand(), words);
    }

    /** What all three have in common. */
    abstract static class Load implements Callable<Integer> {
        final Shell shell;
        final LongSupplier ticker;

        @Spec
        private CommandSpec spec;

        @Mixin
        Remote remote = new Remote();

        @Option(
                names = "--type",
                paramLabel = "TYPE",
                defaultValue = "bench",
                description = "Default ${DEFAULT-VALUE}.")
        String type = "";

        @SuppressWarnings("NullAway.Init") // picocli sets the specification
        Load(Shell shell, LongSupplier ticker) {
            this.shell = shell;
            this.ticker = ticker;
        }

        void check(String flag, int value, int most) {
            if (value < 1 || value > most) {
                throw new ParameterException(spec.commandLine(), flag + ": 1 to " + most + ", got " + value);
            }
        }

        /** Jobs that differ by their id only. */
        Submission job(IdSource ids, Payload payload) {
            return new SubmissionBuilder(new Limits(Limits.HARD_PAYLOAD_BYTES))
                    .type(type)
                    .payload(payload)
                    .build(ids);
        }

        IdSource ids() {
            return new IdSource(shell.clock(), new SecureRandom());
        }

        Pulse connect(int slots) {
            return Pulse.connect(
                    remote.address(shell), remote.credentials(shell), (PulseOptions o) -> o.concurrency(slots));
        }

        void say(String what, long jobs, long nanos) {
            double seconds = nanos / NANOS_PER_SECOND;
            shell.out()
                    .println(String.format(
                            Locale.ROOT, "%s %d jobs in %.2f s: %.0f jobs/s", what, jobs, seconds, jobs / seconds));
        }

        static Payload payload(int bytes) {
            byte[] digits = new byte[bytes];
            Arrays.fill(digits, (byte) '1');
            return Payload.of(digits, Payload.JSON);
        }
    }

    /** Submits as fast as the callers get their answers. */
    @Command(
            name = "submit",
            description = "Submit jobs as fast as the server answers; tells the rate and how long a call took.")
    static final class SubmitLoad extends Load {
        @Option(names = "--jobs", paramLabel = "N", defaultValue = "10000", description = "Default ${DEFAULT-VALUE}.")
        private int jobs;

        @Option(
                names = "--concurrency",
                paramLabel = "N",
                defaultValue = "16",
                description = "Callers at once, each waiting for its answer; default ${DEFAULT-VALUE}.")
        private int concurrency;

        @Option(
                names = "--batch",
                paramLabel = "N",
                defaultValue = "1",
                description = "Jobs in a call, 1 to 1000; default ${DEFAULT-VALUE}.")
        private int batch;

        @Option(
                names = "--bytes",
                paramLabel = "N",
                defaultValue = "100",
                description = "Size of the payload; default ${DEFAULT-VALUE}.")
        private int bytes;

        SubmitLoad(Shell shell, LongSupplier ticker) {
            super(shell, ticker);
        }

        @Override
        public Integer call() throws InterruptedException {
            check("--jobs", jobs, MOST_JOBS);
            check("--concurrency", concurrency, MOST_AT_ONCE);
            check("--batch", batch, 1_000);
            check("--bytes", bytes, Limits.HARD_PAYLOAD_BYTES);
            int calls = Math.ceilDiv(jobs, batch);
            long[] spans = new long[calls];
            AtomicLong next = new AtomicLong();
            Payload payload = payload(bytes);
            try (PulseClient client = remote.connect(shell)) {
                client.counts(); // the connection is there before the clock runs
                long start = ticker.getAsLong();
                inParallel(() -> {
                    IdSource ids = ids();
                    for (int i = (int) next.getAndIncrement(); i < calls; i = (int) next.getAndIncrement()) {
                        int size = Math.min(batch, jobs - i * batch);
                        long before = ticker.getAsLong();
                        if (size == 1) {
                            client.submit(job(ids, payload));
                        } else {
                            client.submitAll(Stream.generate(() -> job(ids, payload))
                                    .limit(size)
                                    .toList());
                        }
                        spans[i] = ticker.getAsLong() - before;
                    }
                });
                say("submitted", jobs, ticker.getAsLong() - start);
            }
            shell.out().println("calls: " + Sample.of(spans));
            return Exit.OK;
        }

        /** The first failure of a caller is the command's. */
        private void inParallel(Runnable caller) throws InterruptedException {
            try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
                for (Future<?> one : IntStream.range(0, concurrency)
                        .<Future<?>>mapToObj(i -> callers.submit(caller))
                        .toList()) {
                    one.get();
                }
            } catch (ExecutionException e) {
                if (e.getCause() instanceof RuntimeException failure) {
                    throw failure;
                }
                throw new IllegalStateException(e.getCause());
            }
        }
    }

    /** Works on what is there with a handler that does nothing. */
    @Command(
            name = "work",
            description = "Work on jobs with a handler that does nothing, until so many are done; tells the rate.")
    static final class WorkLoad extends Load {
        @Option(names = "--jobs", paramLabel = "N", defaultValue = "10000", description = "Default ${DEFAULT-VALUE}.")
        private int jobs;

        @Option(
                names = "--concurrency",
                paramLabel = "N",
                defaultValue = "200",
                description = "Jobs at once; default ${DEFAULT-VALUE}.")
        private int concurrency;

        WorkLoad(Shell shell, LongSupplier ticker) {
            super(shell, ticker);
        }

        @Override
        public Integer call() throws InterruptedException {
            check("--jobs", jobs, MOST_JOBS);
            check("--concurrency", concurrency, MOST_AT_ONCE);
            CountDownLatch left = new CountDownLatch(jobs);
            AtomicLong first = new AtomicLong();
            try (Pulse pulse = connect(concurrency)) {
                pulse.handle(JobType.of(type), (job, payload) -> {
                    first.compareAndSet(0, ticker.getAsLong());
                    left.countDown();
                });
                Thread waiting = Thread.currentThread();
                Signals.drainOn(waiting::interrupt);
                pulse.start();
                left.await();
            } catch (InterruptedException e) {
                // Asked to stop: what was done until now is told.
            }
            long done = jobs - left.getCount();
            if (done == 0) {
                shell.out().println("worked on 0 jobs");
                return Exit.OTHER;
            }
            say("worked on", done, ticker.getAsLong() - first.get());
            return Exit.OK;
        }
    }

    /** The way of one job at a time, from the call to the handler. */
    @Command(
            name = "latency",
            description =
                    "Submit one job at a time and tell how long it took until its handler ran, in the same process.")
    static final class Latency extends Load {
        private static final int LONGEST_SECONDS = 60;
        /** Compilers and caches get these. */
        private static final int WARM_UP = 50;

        @Option(names = "--jobs", paramLabel = "N", defaultValue = "200", description = "Default ${DEFAULT-VALUE}.")
        private int jobs;

        Latency(Shell shell, LongSupplier ticker) {
            super(shell, ticker);
        }

        @Override
        public Integer call() throws InterruptedException {
            check("--jobs", jobs, MOST_JOBS);
            IdSource ids = ids();
            Payload payload = Payload.of("null".getBytes(StandardCharsets.UTF_8), Payload.JSON);
            SynchronousQueue<Started> started = new SynchronousQueue<>();
            long[] spans = new long[jobs];
            try (PulseClient client = remote.connect(shell);
                    Pulse pulse = connect(1)) {
                pulse.handle(
                        JobType.of(type),
                        (job, nothing) -> started.offer(
                                new Started(job.id(), ticker.getAsLong()), LONGEST_SECONDS, TimeUnit.SECONDS));
                pulse.start();
                for (int i = -WARM_UP; i < jobs; i++) {
                    Submission job = job(ids, payload);
                    long before = ticker.getAsLong();
                    client.submit(job);
                    Started own = await(started, job.id());
                    if (own == null) {
                        shell.err()
                                .println(
                                        "pulse: job " + job.id() + " was not started within " + LONGEST_SECONDS + " s");
                        return Exit.OTHER;
                    }
                    if (i >= 0) {
                        spans[i] = own.at() - before;
                    }
                }
            }
            shell.out().println("submit to start: " + Sample.of(spans));
            return Exit.OK;
        }

        /** Jobs of others under the same type are let go by. */
        private static @Nullable Started await(SynchronousQueue<Started> started, UUID id) throws InterruptedException {
            Started one = started.poll(LONGEST_SECONDS, TimeUnit.SECONDS);
            while (one != null && !one.id().equals(id)) {
                one = started.poll(LONGEST_SECONDS, TimeUnit.SECONDS);
            }
            return one;
        }
    }

    private record Started(UUID id, long at) {}
}
