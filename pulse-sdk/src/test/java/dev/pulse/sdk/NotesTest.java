package dev.pulse.sdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pulse.model.LogLevel;
import dev.pulse.model.Note;
import dev.pulse.model.ReportAnswer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What handlers tell of their attempts, up to the broker. */
@Timeout(60)
class NotesTest {
    private final Fixture fixture = new Fixture();

    /** The notes that went out before the report of a handler that does this. */
    private List<Note> told(ReturningHandler<String> handler) {
        fixture.opened(handler);
        FakeBroker.Session session = fixture.broker.connect();
        session.assign(fixture.job(session));
        session.answer(ReportAnswer.APPLIED);
        List<Note> notes = new ArrayList<>();
        session.notes.drainTo(notes);
        return notes;
    }

    private static List<String> messages(List<Note> notes) {
        return notes.stream()
                .flatMap(note -> note.lines().stream())
                .map(Note.Line::message)
                .toList();
    }

    @Test
    void whatIsToldGoesOutBeforeTheReport() {
        List<Note> notes = told((job, payload) -> {
            job.progress(10);
            job.progress(40, "half");
            job.log("one");
            job.log(LogLevel.WARN, "two");
            return null;
        });

        assertThat(notes).hasSize(1);
        assertThat(notes.getFirst().percent()).isEqualTo(40);
        assertThat(notes.getFirst().text()).isEqualTo("half");
        assertThat(messages(notes)).containsExactly("one", "two");
    }

    @Test
    void aHandlerThatTellsNothingCostsNothing() {
        assertThat(told((job, payload) -> null)).isEmpty();
    }

    @Test
    void aRunningAttemptIsHeardOnceASecondAndNotAtEveryWord() throws InterruptedException {
        BlockingQueue<JobContext> contexts = new LinkedBlockingQueue<>();
        CountDownLatch end = new CountDownLatch(1);
        Worker worker = fixture.opened((job, payload) -> {
            contexts.add(job);
            end.await();
            return null;
        });
        FakeBroker.Session session = fixture.broker.connect();
        session.assign(fixture.job(session));
        JobContext job = FakeBroker.next(contexts);

        job.progress(1);
        job.log("a");
        worker.step();
        assertThat(session.notes).isEmpty();
        fixture.pass(worker, Duration.ofSeconds(1));
        assertThat(messages(List.copyOf(session.notes))).containsExactly("a");
        assertThat(session.notes.take().lines().getFirst().age()).isEqualTo(Duration.ofSeconds(1));

        fixture.pass(worker, Duration.ofSeconds(1));
        assertThat(session.notes).as("nothing new").isEmpty();

        session.disconnect();
        job.log("b");
        fixture.pass(worker, Duration.ofSeconds(1));
        assertThat(session.notes).as("nobody to tell").isEmpty();
        session.connect();
        fixture.pass(worker, Duration.ofSeconds(1));
        assertThat(messages(List.copyOf(session.notes))).containsExactly("b");
        end.countDown();
        session.answer(ReportAnswer.APPLIED);
    }

    @Test
    void whatIsTooMuchIsCountedAndNeverBlocks() {
        List<Note> notes = told((job, payload) -> {
            for (int i = 0; i < 10_000; i++) {
                job.log(i == 0 ? "x".repeat(10_000_000) : "line " + i);
            }
            return null;
        });

        assertThat(messages(notes)).hasSize(AttemptNotes.MAX_WAITING);
        assertThat(messages(notes).getFirst()).hasSize(Note.MAX_MESSAGE);
        assertThat(notes.getFirst().lost()).isEqualTo(10_000 - AttemptNotes.MAX_WAITING);
    }

    @Test
    void whatComesAfterTheEndIsNobodys() {
        List<JobContext> kept = new ArrayList<>();
        fixture.opened((job, payload) -> {
            kept.add(job);
            return null;
        });
        FakeBroker.Session session = fixture.broker.connect();
        session.assign(fixture.job(session));
        FakeBroker.Sent sent = session.report();

        kept.getFirst().log("too late");
        kept.getFirst().progress(99);
        sent.answer().complete(ReportAnswer.APPLIED);

        assertThat(session.notes).isEmpty();
    }

    @Test
    void aPercentageOutOfRangeIsRefusedAndNothingElseHappens() {
        assertThat(told((job, payload) -> {
                    assertThatThrownBy(() -> job.progress(101)).isInstanceOf(IllegalArgumentException.class);
                    assertThatThrownBy(() -> job.progress(-1)).isInstanceOf(IllegalArgumentException.class);
                    return null;
                }))
                .isEmpty();
    }

    @Test
    void theCurrentJobIsThatOfTheHandlersThreadAndOfWhatCarriesIt() {
        assertThat(JobContext.current()).isEmpty();
        List<Note> notes = told((job, payload) -> {
            assertThat(JobContext.current()).contains(job);
            Thread plain = Thread.ofVirtual().start(() -> JobContext.current().ifPresent(other -> other.log("no")));
            plain.join();
            Thread carrying = Thread.ofVirtual()
                    .start(job.carry(() -> JobContext.current().orElseThrow().log("yes")));
            carrying.join();
            return null;
        });
        assertThat(messages(notes)).containsExactly("yes");
    }

    @Test
    void whatIsLoggedThroughTheJdkGoesToTheJobToo() {
        JobLogHandler handler = new JobLogHandler();
        handler.publish(new LogRecord(Level.INFO, "nobody's"));
        List<Note> notes = told((job, payload) -> {
            LogRecord record = new LogRecord(Level.SEVERE, "{0} failed");
            record.setParameters(new Object[] {"it"});
            record.setThrown(new IllegalStateException());
            handler.publish(record);
            handler.publish(new LogRecord(Level.FINE, "detail"));
            return null;
        });
        assertThat(messages(notes)).containsExactly("it failed: java.lang.IllegalStateException", "detail");
        assertThat(notes.getFirst().lines())
                .extracting(Note.Line::level)
                .containsExactly(LogLevel.ERROR, LogLevel.DEBUG);
    }
}
