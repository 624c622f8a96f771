package dev.pulse.examples;

import dev.pulse.model.Attempt;
import dev.pulse.model.Job;
import dev.pulse.model.JobStatus;
import dev.pulse.model.OutcomeKind;
import dev.pulse.sdk.JobRef;
import dev.pulse.sdk.Pulse;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import javax.imageio.ImageIO;

/**
 * Turns a folder of images into thumbnails, one job a file, done by a worker process. With {@code --kill} the worker is
 * killed by SIGKILL in the middle and another one started: all files are done all the same, and every run beyond the first
 * is printed with its cause.
 */
public final class Thumbnails {
    /** Short, so that the demonstration does not wait half a minute for the dead worker's jobs. */
    private static final Duration LEASE = Duration.ofSeconds(3);

    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final Duration SLOW = Duration.ofMillis(250);

    private final String address;
    private final PrintStream out;

    Thumbnails(String address, PrintStream out) {
        this.address = address;
        this.out = out;
    }

    public static void main(String[] args) throws Exception {
        List<String> words =
                Stream.of(args).filter(word -> !word.equals("--kill")).toList();
        if (words.size() != 2) {
            System.err.println("usage: Thumbnails [--kill] IMAGES THUMBNAILS");
            System.exit(2);
        }
        String address = System.getenv().getOrDefault("PULSE_ADDR", "localhost:50051");
        boolean kill = words.size() < args.length;
        boolean done = new Thumbnails(address, System.out).run(Path.of(words.get(0)), Path.of(words.get(1)), kill);
        System.exit(done ? 0 : 1);
    }

    /** Returns whether every image has its thumbnail and every extra run its cause. */
    boolean run(Path images, Path thumbnails, boolean kill) throws IOException, InterruptedException {
        List<Thumbnail> work = work(images, thumbnails);
        try (Pulse pulse = Pulse.connect(address)) {
            List<JobRef> refs = pulse.enqueueAll(Thumbnail.TYPE, work);
            out.println(refs.size() + " jobs submitted");
            if (kill) {
                try (WorkerProcess first = WorkerProcess.start(address, "worker-1", LEASE, SLOW, out)) {
                    first.awaitRunningAfter(work.size() / 3);
                    out.println("worker-1 killed (SIGKILL) in the middle of: " + String.join(", ", first.kill()));
                }
            }
            String last = kill ? "worker-2" : "worker-1";
            try (WorkerProcess worker = WorkerProcess.start(address, last, LEASE, Duration.ZERO, out)) {
                refs.forEach(ref -> ref.await(LIMIT));
            }
            return report(pulse, refs, work);
        }
    }

    private static List<Thumbnail> work(Path images, Path thumbnails) throws IOException {
        Files.createDirectories(thumbnails);
        try (Stream<Path> files = Files.list(images)) {
            return files.filter(file -> file.toString().matches(".*\\.(png|jpg|jpeg|gif)"))
                    .sorted()
                    .map(file -> new Thumbnail(
                            file.toAbsolutePath().toString(),
                            thumbnails
                                    .resolve(file.getFileName() + ".png")
                                    .toAbsolutePath()
                                    .toString()))
                    .toList();
        }
    }

    private boolean report(Pulse pulse, List<JobRef> refs, List<Thumbnail> work) throws IOException {
        int done = 0;
        int extra = 0;
        int unexplained = 0;
        for (int i = 0; i < refs.size(); i++) {
            Job job = pulse.jobs().find(refs.get(i).id()).orElseThrow();
            done += isDone(job, work.get(i)) ? 1 : 0;
            List<Attempt> earlier =
                    job.attempts().subList(0, Math.max(0, job.attempts().size() - 1));
            for (Attempt attempt : earlier) {
                extra++;
                unexplained += attempt.outcome() == null || attempt.outcome() == OutcomeKind.ACK ? 1 : 0;
                out.println(explained(work.get(i), attempt));
            }
        }
        out.println(done + " of " + refs.size() + " thumbnails done, " + extra + " extra runs, " + unexplained
                + " without a cause");
        return done == refs.size() && unexplained == 0;
    }

    private static boolean isDone(Job job, Thumbnail thumbnail) throws IOException {
        return job.status() == JobStatus.COMPLETED
                && ImageIO.read(Path.of(thumbnail.target()).toFile()) != null;
    }

    private static String explained(Thumbnail thumbnail, Attempt attempt) {
        String outcome = attempt.outcome() == null ? "open" : attempt.outcome().wireName();
        String error = attempt.error() == null ? "" : ": " + attempt.error().message();
        return Path.of(thumbnail.source()).getFileName() + " ran again because attempt " + attempt.number() + " on "
                + attempt.worker() + " ended by " + outcome + error;
    }
}
