package dev.pulse.model;

import java.time.Instant;
import java.util.List;

/**
 * What a rule is going to do.
 *
 * @param items its next occurrences, in their order
 * @param notes for people: what happens at the coming changes of the clock, and what else may surprise
 * @param words the rule in English
 */
public record SchedulePreview(List<Instant> items, List<String> notes, String words) {
    public SchedulePreview {
        items = List.copyOf(items);
        notes = List.copyOf(notes);
    }
}
