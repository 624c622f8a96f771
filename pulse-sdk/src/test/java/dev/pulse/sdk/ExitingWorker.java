package dev.pulse.sdk;

import dev.pulse.model.IdSource;
import dev.pulse.model.Outcome;
import dev.pulse.model.ReportAnswer;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/** A process whose handler calls System.exit while a shutdown hook closes its worker; prints what the worker reported. */
final class ExitingWorker {
    private ExitingWorker() {}

    public static void main(String[] args) {
        FakeBroker broker = new FakeBroker();
        Codecs codecs = new Codecs(List.of());
        Handler<String> handler = new Handler<>(Fixture.TYPE, codecs.forClass(String.class), (job, payload) -> {
            System.exit(0);
            return null;
        });
        Duration soon = Duration.ofMillis(50);
        Worker worker = new Worker(
                new WorkerConfig("exiting", 1, Set.of(), Duration.ofSeconds(30), soon, soon),
                Set.of(Fixture.TYPE.name()),
                new AttemptRunner(Map.of(Fixture.TYPE.name(), handler), codecs),
                broker,
                new WorkerListener() {},
                new IdSource(InstantSource.system(), new Random(1)),
                new PulseRuntime(InstantSource.system(), System::nanoTime, new Random(1), WorkerThreads.own()));
        worker.start();
        FakeBroker.Session session = broker.connect();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            session.closed.complete(null);
            worker.drain();
            FakeBroker.Sent sent = session.report();
            Outcome outcome = sent.report().outcome();
            System.out.println(
                    outcome instanceof Outcome.Fail fail ? fail.error().type() : outcome.toString());
            sent.answer().complete(ReportAnswer.APPLIED);
        }));
        session.assign(new Fixture().job(session));
    }
}
