package dev.pulse.logback;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.LoggerContext;
import dev.pulse.model.Assignment;
import dev.pulse.model.JobFacts;
import dev.pulse.model.Labels;
import dev.pulse.model.LeaseToken;
import dev.pulse.model.LogLevel;
import dev.pulse.model.Note;
import dev.pulse.model.Payload;
import dev.pulse.model.Policy;
import dev.pulse.model.ReportAnswer;
import dev.pulse.model.SessionSpec;
import dev.pulse.sdk.AttemptReport;
import dev.pulse.sdk.Broker;
import dev.pulse.sdk.BrokerListener;
import dev.pulse.sdk.BrokerSession;
import dev.pulse.sdk.Connection;
import dev.pulse.sdk.Heartbeat;
import dev.pulse.sdk.JobClient;
import dev.pulse.sdk.JobHandler;
import dev.pulse.sdk.JobType;
import dev.pulse.sdk.Pulse;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;

class JobLogAppenderTest {
    private static final JobType<Payload> TYPE = JobType.of("work");

    private final LoggerContext logback = new LoggerContext();
    private final Logger log = logback.getLogger("shop.Mailer");

    JobLogAppenderTest() {
        JobLogAppender appender = new JobLogAppender();
        appender.setContext(logback);
        appender.start();
        logback.getLogger("ROOT").addAppender(appender);
    }

    /** What one run of the handler told before its report. */
    private static List<Note.Line> told(JobHandler<Payload> handler) throws InterruptedException {
        OneJob broker = new OneJob();
        try (Pulse pulse = Pulse.over(broker, options -> {})) {
            pulse.handle(TYPE, handler);
            pulse.start();
            List<Note.Line> lines = broker.lines.poll(20, TimeUnit.SECONDS);
            assertThat(lines).isNotNull();
            return lines;
        }
    }

    @Test
    void whatAHandlerLogsGoesToItsJob() throws InterruptedException {
        List<Note.Line> lines = told((job, payload) -> {
            log.info("sending {} mails", 3);
            log.warn("slow", new IllegalStateException("busy"));
            log.trace("not at this level");
        });

        assertThat(lines).extracting(Note.Line::level).containsExactly(LogLevel.INFO, LogLevel.WARN);
        assertThat(lines)
                .extracting(Note.Line::message)
                .containsExactly("sending 3 mails", "slow: java.lang.IllegalStateException: busy");
    }

    @Test
    void otherThreadsTellOnlyWhatTheyCarry() throws InterruptedException {
        List<Note.Line> lines = told((job, payload) -> {
            Thread carrying = Thread.ofVirtual().start(job.carry(() -> log.info("carried")));
            carrying.join();
            Thread alone = Thread.ofPlatform().start(() -> log.info("not of this job"));
            alone.join();
            log.info("done");
        });

        assertThat(lines).extracting(Note.Line::message).containsExactly("carried", "done");
    }

    @Test
    void whatIsLoggedOutsideOfHandlersIsNobodys() throws InterruptedException {
        log.info("before");

        assertThat(told((job, payload) -> log.info("inside")))
                .extracting(Note.Line::message)
                .containsExactly("inside");
    }

    /** Gives one job, and hands over what was told by the time of its report. */
    private static final class OneJob implements Connection, Broker {
        final LinkedBlockingQueue<List<Note.Line>> lines = new LinkedBlockingQueue<>();

        @Override
        public JobClient jobs() {
            throw new UnsupportedOperationException();
        }

        @Override
        public Broker broker() {
            return this;
        }

        @Override
        public void close() {}

        @Override
        public BrokerSession open(SessionSpec spec, BrokerListener listener) {
            JobFacts facts = new JobFacts(
                    new UUID(0, 1),
                    TYPE.name(),
                    "default",
                    0,
                    Payload.EMPTY,
                    Labels.NONE,
                    Policy.DEFAULT,
                    null,
                    Instant.EPOCH);
            Assignment job = new Assignment(facts, new LeaseToken(1, 1, new UUID(1, 1)), spec.id(), 1, false);
            Thread.ofVirtual().start(() -> {
                listener.connecting();
                listener.connected();
                listener.assigned(List.of(job));
            });
            return new BrokerSession() {
                private volatile List<Note.Line> told = List.of();

                @Override
                public void grant(int credits) {}

                @Override
                public void note(List<Note> notes) {
                    told = notes.getFirst().lines();
                }

                @Override
                public CompletableFuture<ReportAnswer> report(AttemptReport report) {
                    lines.add(told);
                    return CompletableFuture.completedFuture(ReportAnswer.APPLIED);
                }

                @Override
                public CompletableFuture<Heartbeat> heartbeat(Set<LeaseToken> held) {
                    return CompletableFuture.completedFuture(new Heartbeat(Set.of(), false));
                }

                @Override
                public CompletableFuture<Void> close() {
                    return CompletableFuture.completedFuture(null);
                }
            };
        }
    }
}
