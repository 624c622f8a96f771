package dev.pulse.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pulse.model.Assignment;
import dev.pulse.model.JobLog;
import dev.pulse.model.JobProgress;
import dev.pulse.model.LogLevel;
import dev.pulse.model.LogLine;
import dev.pulse.model.Note;
import dev.pulse.model.OutcomePolicy;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class NoteStepTest {
    private final Replicas replicas = new Replicas();
    private final Replicas.Server server = replicas.server();
    private final WorkerDouble worker = new WorkerDouble();

    private Assignment running() {
        server.attach(worker, 1);
        server.submitted(replicas.job());
        server.settle();
        return worker.jobs.getLast();
    }

    private static Note note(Assignment of, @Nullable Integer percent, int lines) {
        return new Note(
                of.facts().id(),
                of.token(),
                percent,
                null,
                Collections.nCopies(lines, new Note.Line(LogLevel.INFO, "x".repeat(1_000), Duration.ZERO)),
                0);
    }

    private JobLog log(UUID id) {
        return replicas.memory.notes().read(id, 0, 10_000);
    }

    @Test
    void theNotesOfAllSessionsAreOneWrite() {
        Assignment one = running();
        Assignment two = running();

        server.roles.notebook.add(List.of(note(one, 10, 1)));
        server.roles.notebook.add(List.of(note(two, 20, 1), note(one, 30, 2)));
        server.settle();

        assertThat(replicas.watched.count("add")).isEqualTo(1);
        assertThat(log(one.facts().id()).progress()).isEqualTo(new JobProgress(1, 30, null));
        assertThat(log(one.facts().id()).lines())
                .hasSize(3)
                .extracting(LogLine::n)
                .isSorted();
        assertThat(log(two.facts().id()).progress()).isEqualTo(new JobProgress(1, 20, null));
    }

    @Test
    void nobodyWaitsForAStoreThatIsAwayAndTheLostLinesAreCounted() {
        Assignment job = running();
        server.roles.notebook.add(List.of(note(job, 10, 4)));
        replicas.watched.failBefore("add", arguments -> Replicas.unavailable());
        server.settleThroughTrouble();
        replicas.watched.heal();

        server.roles.notebook.add(List.of(note(job, null, 1)));
        server.settle();

        JobLog log = log(job.facts().id());
        assertThat(log.progress()).isEqualTo(new JobProgress(1, 10, null));
        assertThat(log.lines()).hasSize(1);
        assertThat(log.lost()).isEqualTo(4);
    }

    @Test
    void whatWaitsIsBounded() {
        Assignment job = running();
        for (int i = 0; i < 100; i++) {
            server.roles.notebook.add(List.of(note(job, null, 1_000)));
        }
        server.settle();

        JobLog log = log(job.facts().id());
        assertThat(log.lines()).hasSize(Note.MAX_LINES);
        assertThat(log.lost()).isEqualTo(100 * 1_000 - Note.MAX_LINES);
    }

    @Test
    void theNotesOfDeletedJobsGoInTime() {
        Assignment job = running();
        server.roles.notebook.add(List.of(note(job, 10, 1)));
        server.settle();
        replicas.memory.jobs().end(List.of(WorkerDouble.ack(job)), new OutcomePolicy(replicas.random)::decide);
        replicas.memory.jobs().delete(job.facts().id());

        replicas.time.advance(NoteConfig.DEFAULT.tidyEvery());
        server.settle();

        assertThat(log(job.facts().id())).isEqualTo(JobLog.NONE);
    }
}
