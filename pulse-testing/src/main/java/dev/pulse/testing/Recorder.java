package dev.pulse.testing;

import dev.pulse.model.Submission;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;

/** What was enqueued, and which of it the test ignores. Any thread. */
final class Recorder {
    /** One submission and what became of it at the door. */
    record Entry(Submission job, boolean ignored) {}

    private final List<Entry> entries = new CopyOnWriteArrayList<>();
    private final List<Predicate<Submission>> rules = new CopyOnWriteArrayList<>();

    Ignoring ignore(Predicate<Submission> rule) {
        // A wrapper, so that closing one of two equal rules leaves the other.
        Predicate<Submission> own = job -> rule.test(job);
        rules.add(own);
        return new Ignoring(() -> rules.remove(own));
    }

    boolean isIgnored(Submission job) {
        return rules.stream().anyMatch(rule -> rule.test(job));
    }

    void note(Submission job, boolean ignored) {
        entries.add(new Entry(job, ignored));
    }

    List<Entry> entries() {
        return List.copyOf(entries);
    }

    void clear() {
        entries.clear();
    }
}
