package dev.pulse.model;

import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Which queues a credential is for.
 *
 * @param patterns names of queues, or beginnings of names followed by {@code *}; at least one, at most 64
 */
public record QueueSet(Set<String> patterns) {
    /** Every queue, and what belongs to none. */
    public static final QueueSet ALL = new QueueSet(Set.of("*"));

    private static final int MAX_PATTERNS = 64;

    public QueueSet {
        if (patterns.isEmpty() || patterns.size() > MAX_PATTERNS) {
            throw new IllegalArgumentException(
                    "queues: 1 to " + MAX_PATTERNS + " names or beginnings with * are allowed, got " + patterns.size());
        }
        for (String pattern : patterns) {
            requireValid(pattern);
        }
        patterns = Collections.unmodifiableSet(new TreeSet<>(patterns));
    }

    /** The queues of these patterns; none means all. */
    public static QueueSet of(List<String> patterns) {
        return patterns.isEmpty() ? ALL : new QueueSet(Set.copyOf(patterns));
    }

    private static void requireValid(String pattern) {
        String name = pattern.endsWith("*") ? pattern.substring(0, pattern.length() - 1) : pattern;
        if (!pattern.equals("*") && !Limits.NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("queues: " + Text.shown(pattern) + ": " + Text.nameFault(name));
        }
    }

    public boolean isAll() {
        return patterns.contains("*");
    }

    public boolean covers(String queue) {
        for (String pattern : patterns) {
            boolean fits = pattern.endsWith("*")
                    ? queue.startsWith(pattern.substring(0, pattern.length() - 1))
                    : queue.equals(pattern);
            if (fits) {
                return true;
            }
        }
        return false;
    }

    /** Whether it names each of its queues in full. */
    public boolean isListed() {
        return patterns.stream().noneMatch(pattern -> pattern.endsWith("*"));
    }

    public boolean covers(Set<String> queues) {
        return queues.stream().allMatch(this::covers);
    }

    @Override
    public String toString() {
        return String.join(", ", patterns);
    }
}
