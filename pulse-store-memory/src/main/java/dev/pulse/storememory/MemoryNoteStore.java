package dev.pulse.storememory;

import dev.pulse.model.JobLog;
import dev.pulse.model.JobProgress;
import dev.pulse.model.LogLine;
import dev.pulse.model.Note;
import dev.pulse.store.NoteStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Progress and log lines. Any thread; under the lock of {@link Tables}. */
final class MemoryNoteStore implements NoteStore {
    private final Tables tables;
    private final NavigableMap<UUID, Noted> notes = new TreeMap<>(Tables.BY_ID);
    private long lastLine;
    private UUID tidied = new UUID(0, 0);

    /** What is known of one job; the counts are of its last attempt that told anything. */
    private static final class Noted {
        int attempt;

        @Nullable
        JobProgress progress;

        long told;
        long lost;
        final List<LogLine> lines = new ArrayList<>();
    }

    MemoryNoteStore(Tables tables) {
        this.tables = tables;
    }

    @Override
    public void add(List<Note> some) {
        var unused = tables.locked(() -> {
            some.forEach(this::add);
            return some.size();
        });
    }

    private void add(Note note) {
        StoredJob job = tables.jobs.get(note.jobId());
        OptionalInt attempt = job == null ? OptionalInt.empty() : job.attemptOf(note.token());
        if (attempt.isEmpty()) {
            return;
        }
        Noted noted = notes.computeIfAbsent(note.jobId(), id -> new Noted());
        if (attempt.getAsInt() < noted.attempt) {
            return;
        }
        if (attempt.getAsInt() > noted.attempt) {
            noted.attempt = attempt.getAsInt();
            noted.progress = null;
            noted.told = 0;
            noted.lost = 0;
        }
        if (note.percent() != null) {
            noted.progress = new JobProgress(noted.attempt, note.percent(), note.text());
        }
        noted.lost += note.lost();
        for (Note.Line line : note.lines()) {
            if (++noted.told <= Note.MAX_LINES) {
                noted.lines.add(new LogLine(
                        ++lastLine, noted.attempt, tables.now().minus(line.age()), line.level(), line.message()));
            }
        }
    }

    @Override
    public JobLog read(UUID job, long after, int limit) {
        return tables.locked(() -> {
            Noted noted = notes.get(job);
            if (noted == null) {
                return JobLog.NONE;
            }
            List<LogLine> lines = noted.lines.stream()
                    .filter(line -> line.n() > after)
                    .limit(limit)
                    .toList();
            return new JobLog(noted.progress, noted.lost + Math.max(0, noted.told - Note.MAX_LINES), lines);
        });
    }

    @Override
    public int tidy(int jobs) {
        return tables.locked(() -> {
            int gone = 0;
            int seen = 0;
            for (Map.Entry<UUID, Noted> next = notes.higherEntry(tidied);
                    next != null && seen < jobs;
                    next = notes.higherEntry(tidied)) {
                tidied = next.getKey();
                seen++;
                if (!tables.jobs.containsKey(tidied)) {
                    notes.remove(tidied);
                    gone++;
                }
            }
            if (seen < jobs) {
                tidied = new UUID(0, 0);
            }
            return gone;
        });
    }
}
