package dev.pulse.store;

import dev.pulse.model.JobLog;
import dev.pulse.model.Note;
import java.util.List;
import java.util.UUID;

/**
 * What attempts tell of themselves: progress and log lines. Apart from the turns, which it reads and never changes: a note
 * costs a job's life nothing. Any thread.
 */
public interface NoteStore {
    /**
     * Keeps what is told by attempts that run, or ended, under their tokens (I3); the rest is dropped. Of the lines of one
     * attempt the first {@link Note#MAX_LINES} are kept and the others counted. What a later attempt has told is not
     * overwritten.
     *
     * @param notes at most one for each token
     */
    void add(List<Note> notes);

    /**
     * The lines after the given one, with progress and losses.
     *
     * @param after the {@code n} of the last line seen; 0 for all
     */
    JobLog read(UUID job, long after, int limit);

    /** Looks at the notes of some more jobs and deletes those of jobs that are gone; returns how many jobs that were. */
    int tidy(int jobs);
}
