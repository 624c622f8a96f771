package dev.pulse.torture;

import dev.pulse.model.Payload;
import dev.pulse.model.ReportAnswer;
import dev.pulse.sdk.JobContext;
import dev.pulse.sdk.JobType;
import dev.pulse.sdk.Outcomes;
import dev.pulse.sdk.Pulse;
import dev.pulse.sdk.WorkerListener;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A worker process made to be killed. Types: {@value #PLAIN} runs as many milliseconds as its payload says;
 * {@value #KILLER} kills the process that runs it.
 *
 * <p>Arguments: address, name, journal, lease, slots. Says each report that did not count on stdout.
 */
final class Victim {
    static final String PLAIN = "torture";
    static final String KILLER = "torture-killer";

    /** By its payload: 0 is dead-lettered on its first attempt, 1 fails on it; the rest completes after a moment. */
    static final String MOODY = "torture-moody";

    private Victim() {}

    public static void main(String[] arguments) throws IOException {
        String name = arguments[1];
        try (OutputStream journal = new Journal(Path.of(arguments[2])).open();
                Pulse pulse = Pulse.connect(
                        arguments[0],
                        options -> options.name(name)
                                .leaseTtl(Duration.parse(arguments[3]))
                                .concurrency(Integer.parseInt(arguments[4]))
                                .listener(new Teller()))) {
            pulse.handle(JobType.of(PLAIN), (job, payload) -> run(journal, name, job, payload));
            pulse.handle(JobType.of(KILLER), (job, payload) -> {
                Journal.append(journal, new Journal.Run(job.id(), job.attempt(), name));
                Runtime.getRuntime().halt(137);
            });
            pulse.handleReturning(JobType.of(MOODY), (job, payload) -> moody(job, payload.text()));
            System.out.println("victim ready");
            pulse.run();
        }
    }

    private static @Nullable Object moody(JobContext job, String mood) throws InterruptedException {
        Thread.sleep(20);
        if (job.attempt() == 1 && mood.equals("0")) {
            return Outcomes.deadLetter("in a mood");
        }
        if (job.attempt() == 1 && mood.equals("1")) {
            throw new IllegalStateException("not now");
        }
        return null;
    }

    private static void run(OutputStream journal, String name, JobContext job, Payload payload)
            throws InterruptedException {
        Journal.append(journal, new Journal.Run(job.id(), job.attempt(), name));
        Thread.sleep(Long.parseLong(payload.text()));
    }

    private static final class Teller implements WorkerListener {
        @Override
        public void ended(JobContext job, dev.pulse.model.Outcome outcome, ReportAnswer answer) {
            if (answer != ReportAnswer.APPLIED) {
                System.out.println("refused " + answer.wireName() + " " + job.id() + " attempt " + job.attempt());
            }
        }

        @Override
        public void dropped(JobContext job, dev.pulse.model.@Nullable Outcome outcome, String why) {
            System.out.println("dropped " + job.id() + " attempt " + job.attempt() + ": " + why);
        }
    }
}
