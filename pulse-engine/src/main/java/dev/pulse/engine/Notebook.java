package dev.pulse.engine;

import dev.pulse.model.LeaseToken;
import dev.pulse.model.Note;
import dev.pulse.store.NoteStore;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * Writes down what attempts tell of themselves: the notes of all sessions in one statement, a few times a second, apart
 * from everything that a job's life depends on. What finds no room, or no store, is dropped and counted; nobody waits for
 * it. Now and then it also deletes the notes of jobs that are gone. An agent.
 */
final class Notebook implements Agent {
    private record Entry(Note note) implements Inbox.Entry {
        @Override
        public int rows() {
            return 1 + note.lines().size();
        }

        @Override
        public long bytes() {
            long bytes = 0;
            for (Note.Line line : note.lines()) {
                bytes += line.message().length();
            }
            return bytes;
        }
    }

    private final NoteStore store;
    private final NoteConfig config;
    private final LongSupplier ticker;
    private final Inbox<Entry> inbox;
    /** What a failed write left behind, without its lines; at most one flush of them. The agent's thread only. */
    private Map<LeaseToken, Note> unwritten = new LinkedHashMap<>();

    private long tidyAt;

    Notebook(NoteStore store, NoteConfig config, LongSupplier ticker, Wake wake) {
        this.store = store;
        this.config = config;
        this.ticker = ticker;
        this.inbox = new Inbox<>(config.rowsMax(), config.bytesMax(), List.of(wake));
        this.tidyAt = ticker.getAsLong() + config.tidyEvery().toNanos();
    }

    @Override
    public String name() {
        return "notebook";
    }

    /** Any thread. Where there is no room for lines, the progress and the count of the lines may still find some. */
    void add(List<Note> notes) {
        for (Note note : notes) {
            if (!inbox.offer(new Entry(note))) {
                inbox.offer(new Entry(note.withoutLines()));
            }
        }
    }

    @Override
    public long rest() {
        return config.every().toNanos();
    }

    @Override
    public long patience(int done) {
        return unwritten.isEmpty()
                ? Math.max(1, tidyAt - ticker.getAsLong())
                : Duration.ofSeconds(1).toNanos();
    }

    @Override
    public int step() {
        tidy();
        List<Entry> some = inbox.take(config.flushRows(), Long.MAX_VALUE);
        Map<LeaseToken, Note> notes = unwritten;
        unwritten = new LinkedHashMap<>();
        for (Entry entry : some) {
            notes.merge(entry.note().token(), entry.note(), Note::plus);
        }
        if (notes.isEmpty()) {
            return 0;
        }
        try {
            store.add(List.copyOf(notes.values()));
        } catch (RuntimeException e) {
            notes.values().stream()
                    .limit(config.flushRows())
                    .forEach(note -> unwritten.put(note.token(), note.withoutLines()));
            throw e;
        }
        return notes.size();
    }

    private void tidy() {
        long now = ticker.getAsLong();
        if (now - tidyAt >= 0) {
            tidyAt = now + config.tidyEvery().toNanos();
            store.tidy(config.tidyJobs());
        }
    }

    void close() {
        inbox.close();
    }

    boolean isEmpty() {
        return inbox.rows() == 0;
    }
}
