package dev.pulse.engine;

import java.time.Duration;

/**
 * How what attempts tell of themselves is gathered.
 *
 * @param rowsMax most notes and lines that wait; what comes beyond is dropped
 * @param bytesMax most characters of theirs that wait
 * @param flushRows most notes and lines in one write
 * @param every how long they are gathered
 * @param tidyEvery how often the notes of some jobs are looked at for jobs that are gone
 * @param tidyJobs of how many
 */
record NoteConfig(int rowsMax, long bytesMax, int flushRows, Duration every, Duration tidyEvery, int tidyJobs) {
    static final NoteConfig DEFAULT =
            new NoteConfig(50_000, 32L << 20, 5_000, Duration.ofMillis(200), Duration.ofMinutes(1), 1_000);

    NoteConfig {
        Check.range("note.rows-max", rowsMax, 1, 10_000_000);
        Check.range("note.flush-rows", flushRows, 1, 100_000);
        Check.range("note.every", every, Duration.ofMillis(1), Duration.ofSeconds(60));
        Check.range("note.tidy-every", tidyEvery, Duration.ofSeconds(1), Duration.ofHours(24));
        Check.range("note.tidy-jobs", tidyJobs, 1, 100_000);
    }
}
