package dev.pulse.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pulse.model.Outcome;
import dev.pulse.model.ReportAnswer;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ThrownTest {
    private final Fixture fixture = new Fixture();
    private final BlockingQueue<Object> heard = new LinkedBlockingQueue<>();
    private final WorkerListener listener = new WorkerListener() {
        @Override
        public void threw(JobContext job, Throwable thrown) {
            heard.add(thrown);
        }

        @Override
        public void ended(JobContext job, Outcome outcome, ReportAnswer answer) {
            heard.add(outcome.kind().wireName());
        }
    };

    private Worker opened(ReturningHandler<String> handler) {
        Worker worker = fixture.worker(handler, listener);
        worker.open();
        return worker;
    }

    @Test
    void theListenerHearsWhatAHandlerThrewAndThenItsOutcome() {
        IllegalStateException broken = new IllegalStateException("broken");
        opened((job, text) -> {
            throw broken;
        });
        FakeBroker.Session session = fixture.broker.connect();

        session.assign(fixture.job(session));
        session.answer(ReportAnswer.APPLIED);

        assertThat(FakeBroker.next(heard)).isSameAs(broken);
        assertThat(FakeBroker.next(heard)).isEqualTo("fail");
    }

    @Test
    void whatAHandlerThrowsBecauseItWasStoppedIsNoFailureOfItsOwn() {
        Worker worker = opened((job, text) -> {
            Thread.currentThread().join();
            return null;
        });
        FakeBroker.Session session = fixture.broker.connect();
        session.assign(fixture.job(session, Duration.ofSeconds(1)));

        fixture.pass(worker, Duration.ofSeconds(1));
        session.answer(ReportAnswer.APPLIED);

        assertThat(FakeBroker.next(heard)).isEqualTo("timeout");
    }
}
