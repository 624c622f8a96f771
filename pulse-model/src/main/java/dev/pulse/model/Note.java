package dev.pulse.model;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a running attempt tells of itself: progress and log lines. It changes nothing about the job and is carried at most
 * once; a part that is lost is counted.
 *
 * @param token of the attempt
 * @param percent 0 to 100, or null where the progress has not changed
 * @param text goes with the percent, or null; cut to {@value #MAX_TEXT} characters
 * @param lines oldest first, at most {@value #MAX_LINES}
 * @param lost lines that were written and are not among these
 */
public record Note(
        UUID jobId,
        LeaseToken token,
        @Nullable Integer percent,
        @Nullable String text,
        List<Line> lines,
        long lost) {
    /** Lines that are kept of one attempt; the first ones. */
    public static final int MAX_LINES = 1_000;

    public static final int MAX_MESSAGE = 4_096;
    public static final int MAX_TEXT = 256;
    /** A line that claims to be older is taken to be as old as this. */
    private static final Duration MAX_AGE = Duration.ofHours(1);

    /**
     * One log line on its way.
     *
     * @param message cleaned as an error's message, and cut to {@value #MAX_MESSAGE} characters
     * @param age how long before the note was sent it was written; clocks of workers are never compared
     */
    public record Line(LogLevel level, String message, Duration age) {
        public Line {
            message = Text.cleaned(message, MAX_MESSAGE);
            age = age.isNegative() ? Duration.ZERO : age.compareTo(MAX_AGE) > 0 ? MAX_AGE : age;
        }
    }

    public Note {
        if (percent != null && (percent < 0 || percent > 100)) {
            throw new IllegalArgumentException("progress: 0 to 100 percent are allowed, got " + percent);
        }
        text = text == null ? null : Text.cleaned(text, MAX_TEXT);
        if (lines.size() > MAX_LINES) {
            lost += lines.size() - MAX_LINES;
            lines = lines.subList(0, MAX_LINES);
        }
        lines = List.copyOf(lines);
        if (lost < 0) {
            throw new IllegalArgumentException("lost lines: 0 or more, got " + lost);
        }
    }

    /** Both in one, this one being the older. */
    public Note plus(Note later) {
        List<Line> all = new ArrayList<>(lines);
        all.addAll(later.lines);
        boolean newer = later.percent != null;
        return new Note(
                jobId, token, newer ? later.percent : percent, newer ? later.text : text, all, lost + later.lost);
    }

    /** What is left of it when its lines could not be kept. */
    public Note withoutLines() {
        return new Note(jobId, token, percent, text, List.of(), lost + lines.size());
    }
}
