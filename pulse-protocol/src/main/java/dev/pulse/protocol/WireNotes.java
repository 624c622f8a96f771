package dev.pulse.protocol;

import dev.pulse.model.ErrorCode;
import dev.pulse.model.JobLog;
import dev.pulse.model.JobProgress;
import dev.pulse.model.LeaseToken;
import dev.pulse.model.LogLevel;
import dev.pulse.model.LogLine;
import dev.pulse.model.Note;
import dev.pulse.model.PulseException;
import dev.pulse.protocol.v1.Wire;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Progress and log lines between wire and model. Pure. */
public final class WireNotes {
    /** Notes in one message (I8). */
    public static final int MAX_NOTES = 10_000;

    private WireNotes() {}

    public static Wire.Note note(Note note) {
        Wire.Note.Builder message = Wire.Note.newBuilder()
                .setJobId(note.jobId().toString())
                .setToken(note.token().text())
                .setLost(note.lost());
        if (note.percent() != null) {
            message.setPercent(note.percent());
        }
        if (note.text() != null) {
            message.setText(note.text());
        }
        for (Note.Line line : note.lines()) {
            message.addLines(Wire.NoteLine.newBuilder()
                    .setLevel(line.level().wireName())
                    .setMessage(line.message())
                    .setAge(WireValues.duration(line.age())));
        }
        return message.build();
    }

    /**
     * Reads notes.
     *
     * @throws PulseException naming every fault, as {@code notes[3].token}
     */
    public static List<Note> notes(List<Wire.Note> messages) {
        if (messages.size() > MAX_NOTES) {
            throw new PulseException(ErrorCode.TOO_MANY_ITEMS, "notes: " + messages.size() + ", at most " + MAX_NOTES);
        }
        List<Note> notes = new ArrayList<>(messages.size());
        Faults faults = new Faults();
        for (int i = 0; i < messages.size(); i++) {
            Wire.Note message = messages.get(i);
            Note note = faults.read("notes[" + i + "].", () -> note(message));
            if (note != null) {
                notes.add(note);
            }
        }
        faults.throwIfAny();
        return notes;
    }

    private static Note note(Wire.Note message) {
        LeaseToken token = LeaseToken.parse(message.getToken())
                .orElseThrow(() -> PulseException.invalid("token", "not a token as an assignment carried it"));
        if (message.hasPercent() && (message.getPercent() < 0 || message.getPercent() > 100)) {
            throw PulseException.invalid("percent", "0 to 100 are allowed, got " + message.getPercent());
        }
        if (message.getLost() < 0) {
            throw PulseException.invalid("lost", "0 or more, got " + message.getLost());
        }
        return new Note(
                WireValues.id("job_id", message.getJobId()),
                token,
                message.hasPercent() ? message.getPercent() : null,
                message.hasText() ? message.getText() : null,
                message.getLinesList().stream().map(WireNotes::line).toList(),
                message.getLost());
    }

    private static Note.Line line(Wire.NoteLine line) {
        LogLevel level = line.getLevel().isEmpty() ? LogLevel.INFO : level(line.getLevel());
        Duration age = line.hasAge() ? WireValues.wait("age", line.getAge()) : Duration.ZERO;
        return new Note.Line(level, line.getMessage(), age);
    }

    private static LogLevel level(String name) {
        return LogLevel.fromWire(name)
                .orElseThrow(() -> PulseException.invalid("level", "trace, debug, info, warn or error is expected"));
    }

    public static Wire.GetJobLogsResponse log(JobLog log) {
        Wire.GetJobLogsResponse.Builder message =
                Wire.GetJobLogsResponse.newBuilder().setLost(log.lost());
        if (log.progress() != null) {
            message.setProgress(progress(log.progress()));
        }
        for (LogLine line : log.lines()) {
            message.addLines(Wire.LogLine.newBuilder()
                    .setN(line.n())
                    .setAttempt(line.attempt())
                    .setAt(WireValues.timestamp(line.at()))
                    .setLevel(line.level().wireName())
                    .setMessage(line.message()));
        }
        return message.build();
    }

    public static JobLog log(Wire.GetJobLogsResponse message) {
        return new JobLog(
                message.hasProgress() ? progress(message.getProgress()) : null,
                message.getLost(),
                message.getLinesList().stream()
                        .map(line -> new LogLine(
                                line.getN(),
                                line.getAttempt(),
                                WireValues.instant("at", line.getAt()),
                                level(line.getLevel()),
                                line.getMessage()))
                        .toList());
    }

    public static Wire.Progress progress(JobProgress progress) {
        Wire.Progress.Builder message =
                Wire.Progress.newBuilder().setAttempt(progress.attempt()).setPercent(progress.percent());
        @Nullable String text = progress.text();
        if (text != null) {
            message.setText(text);
        }
        return message.build();
    }

    private static JobProgress progress(Wire.Progress message) {
        return new JobProgress(
                message.getAttempt(), message.getPercent(), message.hasText() ? message.getText() : null);
    }
}
