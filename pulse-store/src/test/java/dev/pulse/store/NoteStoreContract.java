package dev.pulse.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pulse.model.Assignment;
import dev.pulse.model.JobLog;
import dev.pulse.model.JobProgress;
import dev.pulse.model.JobStatus;
import dev.pulse.model.LogLevel;
import dev.pulse.model.LogLine;
import dev.pulse.model.Note;
import dev.pulse.model.Outcome;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Progress and log lines: under whose token, in which order, how many. */
public abstract class NoteStoreContract extends StoreContract {
    private static Note note(Assignment of, @Nullable Integer percent, @Nullable String text, String... lines) {
        return new Note(of.facts().id(), of.token(), percent, text, lines(lines), 0);
    }

    private static List<Note.Line> lines(String... messages) {
        return Stream.of(messages)
                .map(message -> new Note.Line(LogLevel.INFO, message, Duration.ZERO))
                .toList();
    }

    private JobLog log(Assignment of) {
        return notes.read(of.facts().id(), 0, 10_000);
    }

    private static List<String> messages(JobLog log) {
        return log.lines().stream().map(LogLine::message).toList();
    }

    @Test
    void whatARunningAttemptTellsIsThereToRead() {
        Assignment one = fixture.job().running();
        Assignment two = fixture.job().running();

        notes.add(List.of(note(one, 10, "begun", "a", "b"), note(two, null, null, "x")));
        notes.add(List.of(note(one, 40, null, "c")));
        notes.add(List.of(note(one, null, null, "d")));

        JobLog log = log(one);
        assertThat(log.progress()).isEqualTo(new JobProgress(1, 40, null));
        assertThat(messages(log)).containsExactly("a", "b", "c", "d");
        assertThat(log.lines()).extracting(LogLine::n).isSorted();
        assertThat(log.lines()).extracting(LogLine::attempt).containsOnly(1);
        assertThat(log.lost()).isZero();
        assertThat(log(two).progress()).isNull();
        assertThat(messages(log(two))).containsExactly("x");
    }

    @Test
    void theTimeOfALineIsTheStoresLessItsAge() {
        Assignment job = fixture.job().running();

        notes.add(List.of(new Note(
                job.facts().id(),
                job.token(),
                null,
                null,
                List.of(new Note.Line(LogLevel.WARN, "late", Duration.ofSeconds(3))),
                0)));

        LogLine line = log(job).lines().getFirst();
        assertThat(line.level()).isEqualTo(LogLevel.WARN);
        assertThat(Duration.between(line.at(), servers.now())).isBetween(Duration.ofSeconds(3), Duration.ofSeconds(60));
    }

    @Test
    void aForgedTokenTellsNothing() {
        Assignment job = fixture.job().running();

        notes.add(List.of(
                new Note(job.facts().id(), JobFixture.forged(job.token()), 50, null, lines("lie"), 0),
                new Note(fixture.newId(), job.token(), 50, null, lines("lie"), 0)));

        assertThat(log(job)).isEqualTo(JobLog.NONE);
    }

    @Test
    void nothingIsTakenForAnUnknownJobAndNothingOfNothing() {
        notes.add(List.of());
        assertThat(notes.read(fixture.newId(), 0, 10)).isEqualTo(JobLog.NONE);
    }

    @Test
    void aNoteThatItsReportOvertookStillCounts() {
        Assignment job = fixture.job().running();
        fixture.end(job, new Outcome.Ack(null));

        notes.add(List.of(note(job, 100, "done", "the last line")));

        assertThat(log(job).progress()).isEqualTo(new JobProgress(1, 100, "done"));
        assertThat(messages(log(job))).containsExactly("the last line");
    }

    @Test
    void aLaterAttemptStartsFromNothingAndAnEarlierOneIsNotHeardAnyMore() {
        Assignment first = fixture.job().running();
        notes.add(List.of(note(first, 90, "nearly", "one")));
        fixture.end(first, new Outcome.Release());
        Assignment second = fixture.claimOne(first.facts().type());

        assertThat(log(second).progressOf(second.attempt())).isNull();
        notes.add(List.of(note(second, null, null, "two"), note(first, 95, null, "too late")));
        notes.add(List.of(note(first, 99, null, "later still")));

        JobLog log = log(second);
        assertThat(log.progress()).isNull();
        assertThat(messages(log)).containsExactly("one", "two");
        assertThat(log.lines()).extracting(LogLine::attempt).containsExactly(1, 2);
    }

    @Test
    void theFirstLinesOfAnAttemptAreKeptAndTheRestIsCounted() {
        Assignment job = fixture.job().running();
        String[] many = IntStream.range(0, 600).mapToObj(Integer::toString).toArray(String[]::new);

        notes.add(List.of(note(job, null, null, many)));
        notes.add(List.of(new Note(job.facts().id(), job.token(), null, null, lines(many), 7)));
        notes.add(List.of(note(job, null, null, many)));

        JobLog log = log(job);
        assertThat(log.lines()).hasSize(Note.MAX_LINES);
        assertThat(messages(log).getLast()).isEqualTo("399");
        assertThat(log.lost()).isEqualTo(800 + 7);
    }

    @Test
    void aFollowerReadsOnFromWhereItWas() {
        Assignment job = fixture.job().running();
        notes.add(List.of(note(job, null, null, "a", "b", "c")));

        JobLog start = notes.read(job.facts().id(), 0, 2);
        assertThat(messages(start)).containsExactly("a", "b");
        JobLog rest = notes.read(job.facts().id(), start.lines().getLast().n(), 2);
        assertThat(messages(rest)).containsExactly("c");
        assertThat(notes.read(job.facts().id(), rest.lines().getLast().n(), 2).lines())
                .isEmpty();
    }

    @Test
    void noteChangesNothingAboutTheJob() {
        Assignment job = fixture.job().running();
        notes.add(List.of(note(job, 50, null, "a")));

        assertThat(jobs.find(job.facts().id()).orElseThrow().status()).isEqualTo(JobStatus.RUNNING);
        fixture.end(job, new Outcome.Ack(null));
        assertThat(jobs.find(job.facts().id()).orElseThrow().status()).isEqualTo(JobStatus.COMPLETED);
    }

    @Test
    void theNotesOfJobsThatAreGoneAreDeletedInSteps() {
        List<UUID> gone = Stream.generate(() -> fixture.job().running())
                .limit(5)
                .map(job -> {
                    notes.add(List.of(note(job, 1, null, "a")));
                    fixture.end(job, new Outcome.Ack(null));
                    return job.facts().id();
                })
                .toList();
        Assignment stays = fixture.job().running();
        notes.add(List.of(note(stays, 1, null, "a")));
        gone.forEach(jobs::delete);

        int deleted = 0;
        for (int i = 0; i < 8; i++) {
            deleted += notes.tidy(2);
        }

        assertThat(deleted).isEqualTo(5);
        assertThat(gone).allSatisfy(id -> assertThat(notes.read(id, 0, 10)).isEqualTo(JobLog.NONE));
        assertThat(messages(log(stays))).containsExactly("a");
    }
}
