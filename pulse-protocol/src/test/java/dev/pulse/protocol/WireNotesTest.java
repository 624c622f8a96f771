package dev.pulse.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pulse.model.JobLog;
import dev.pulse.model.JobProgress;
import dev.pulse.model.LeaseToken;
import dev.pulse.model.LogLevel;
import dev.pulse.model.LogLine;
import dev.pulse.model.Note;
import dev.pulse.model.PulseException;
import dev.pulse.model.Violation;
import dev.pulse.protocol.v1.Wire;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class WireNotesTest {
    private static final UUID JOB = UUID.fromString("0198c0de-0000-7000-8000-00000000000a");
    private static final LeaseToken TOKEN = new LeaseToken(3, 7, new UUID(1, 2));

    @Test
    void notesComeBackAsTheyWent() {
        List<Note> notes = List.of(
                new Note(
                        JOB,
                        TOKEN,
                        0,
                        "",
                        List.of(
                                new Note.Line(LogLevel.ERROR, "a", Duration.ZERO),
                                new Note.Line(LogLevel.TRACE, "", Duration.ofMillis(1_500))),
                        9),
                new Note(JOB, TOKEN, null, null, List.of(), 0));

        assertThat(WireNotes.notes(notes.stream().map(WireNotes::note).toList()))
                .isEqualTo(notes);
    }

    @Test
    void aLogComesBackAsItWent() {
        JobLog log = new JobLog(
                new JobProgress(2, 100, null),
                5,
                List.of(new LogLine(1L << 40, 2, Instant.parse("2026-11-22T07:00:00.123456Z"), LogLevel.INFO, "x")));

        assertThat(WireNotes.log(WireNotes.log(log))).isEqualTo(log);
        assertThat(WireNotes.log(WireNotes.log(JobLog.NONE))).isEqualTo(JobLog.NONE);
    }

    @Test
    void everyFaultIsNamed() {
        Wire.Note good = WireNotes.note(new Note(JOB, TOKEN, 1, null, List.of(), 0));
        List<Wire.Note> bad = List.of(
                good.toBuilder().setToken("x").build(),
                good.toBuilder().setJobId("x").build(),
                good.toBuilder().setPercent(101).build(),
                good.toBuilder().setLost(-1).build(),
                good.toBuilder()
                        .addLines(Wire.NoteLine.newBuilder().setLevel("loud"))
                        .build());

        assertThatThrownBy(() -> WireNotes.notes(bad))
                .isInstanceOfSatisfying(
                        PulseException.class,
                        e -> assertThat(e.violations())
                                .extracting(Violation::field)
                                .containsExactly(
                                        "notes[0].token",
                                        "notes[1].job_id",
                                        "notes[2].percent",
                                        "notes[3].lost",
                                        "notes[4].level"));
        assertThatThrownBy(() -> WireNotes.notes(Collections.nCopies(WireNotes.MAX_NOTES + 1, good)))
                .isInstanceOf(PulseException.class);
    }
}
