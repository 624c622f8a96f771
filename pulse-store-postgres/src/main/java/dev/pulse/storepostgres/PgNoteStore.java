package dev.pulse.storepostgres;

import dev.pulse.model.JobLog;
import dev.pulse.model.JobProgress;
import dev.pulse.model.LogLevel;
import dev.pulse.model.LogLine;
import dev.pulse.model.Note;
import dev.pulse.store.NoteStore;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Progress and log lines in PostgreSQL. Written on the data pool, in one statement a batch; read on the query pool. */
final class PgNoteStore implements NoteStore {
    private static final UUID START = new UUID(0, 0);

    private final Database data;
    private final Database queries;
    /** Where the walk of {@link #tidy} goes on; each server walks for itself, which costs little and needs no leader. */
    private volatile UUID tidied = START;

    /** One line with its place in its note. */
    private record Told(UUID token, int ordinal, Note.Line line) {}

    /** What job_progress holds. */
    private record Noted(@Nullable JobProgress progress, long lost) {}

    private record Walk(@Nullable UUID last, int seen, int removed) {}

    PgNoteStore(Database data, Database queries) {
        this.data = data;
        this.queries = queries;
    }

    @Override
    public void add(List<Note> notes) {
        if (notes.isEmpty()) {
            return;
        }
        List<Told> lines = new ArrayList<>();
        for (Note note : notes) {
            for (int i = 0; i < note.lines().size(); i++) {
                lines.add(new Told(note.token().secret(), i + 1, note.lines().get(i)));
            }
        }
        data.write(calls -> calls.sql(Statement.NOTE_ADD)
                .setColumn("job_ids", "uuid", notes, Note::jobId)
                .setColumn("lanes", "int4", notes, note -> note.token().lane())
                .setColumn("seqs", "int8", notes, note -> note.token().seq())
                .setColumn("tokens", "uuid", notes, note -> note.token().secret())
                .setColumn("percents", "int4", notes, Note::percent)
                .setColumn("texts", "text", notes, Note::text)
                .setColumn("counts", "int4", notes, note -> note.lines().size())
                .setColumn("losses", "int8", notes, Note::lost)
                .setColumn("line_tokens", "uuid", lines, Told::token)
                .setColumn("ordinals", "int4", lines, Told::ordinal)
                .setColumn("ages", "int8", lines, told -> told.line().age().toMillis())
                .setColumn("levels", "text", lines, told -> told.line().level().wireName())
                .setColumn("messages", "text", lines, told -> told.line().message())
                .set("max_lines", (long) Note.MAX_LINES)
                .update());
    }

    @Override
    public JobLog read(UUID job, long after, int limit) {
        return queries.read(calls -> {
            Noted noted = calls.sql(Statement.NOTE_FIND).set("job_id", job).first(PgNoteStore::noted);
            if (noted == null) {
                return JobLog.NONE;
            }
            List<LogLine> lines = calls.sql(Statement.LOG_LIST)
                    .set("job_id", job)
                    .set("after", after)
                    .set("limit", (long) limit)
                    .list(PgNoteStore::line);
            return new JobLog(noted.progress(), noted.lost(), lines);
        });
    }

    private static Noted noted(ResultSet row) throws SQLException {
        long lost = row.getLong("lost") + Math.max(0, row.getLong("lines") - Note.MAX_LINES);
        int percent = row.getInt("percent");
        return new Noted(
                row.wasNull() ? null : new JobProgress(row.getInt("attempt"), percent, row.getString("note")), lost);
    }

    private static LogLine line(ResultSet row) throws SQLException {
        String level = row.getString("level");
        return new LogLine(
                row.getLong("n"),
                row.getInt("attempt"),
                Objects.requireNonNull(Sql.instant(row, "at")),
                LogLevel.fromWire(level).orElseThrow(() -> new IllegalStateException("no level: " + level)),
                row.getString("message"));
    }

    @Override
    public int tidy(int jobs) {
        Walk walk = data.write(calls -> calls.sql(Statement.NOTE_TIDY)
                .set("after", tidied)
                .set("limit", (long) jobs)
                .first(row -> new Walk(row.getObject("last", UUID.class), row.getInt("seen"), row.getInt("removed"))));
        if (walk == null) {
            return 0;
        }
        tidied = walk.last() == null || walk.seen() < jobs ? START : walk.last();
        return walk.removed();
    }
}
